"""pretrained/torch_file.py: tensors come out as they were saved, and nothing in the file can do anything else."""

import pickle
import random
import struct
import tracemalloc
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.pretrained.torch_file import MAGIC, read_tensors

STORAGES = {
    "FloatStorage": np.float32,
    "DoubleStorage": np.float64,
    "HalfStorage": np.float16,
    "LongStorage": np.int64,
    "IntStorage": np.int32,
}


@dataclass(frozen=True)
class Saved:
    """One tensor as a state dict holds it: a view into a storage."""

    storage: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int = 0


# The pickle of a state dict names classes of PyTorch, which is not installed, so the opcodes are assembled here. A
# fragment is the pickle of a plain value without its two-byte header and its final STOP.


def plain(value: object) -> bytes:
    return pickle.dumps(value, protocol=2)[2:-1]


def name_of(module: str, name: str) -> bytes:
    return pickle.GLOBAL + f"{module}\n{name}\n".encode()


def sequence(*fragments: bytes) -> bytes:
    return pickle.MARK + b"".join(fragments) + pickle.TUPLE


def whole(fragment: bytes) -> bytes:
    return pickle.PROTO + b"\x02" + fragment + pickle.STOP


EMPTY_DICT = name_of("collections", "OrderedDict") + pickle.EMPTY_TUPLE + pickle.REDUCE


def tensor(saved: Saved, kind: str, count: int) -> bytes:
    storage = sequence(plain("storage"), name_of("torch", kind), *map(plain, (saved.storage, "cpu", count, None)))
    arguments = sequence(
        storage + pickle.BINPERSID, *map(plain, (saved.offset, saved.shape, saved.strides, False)), EMPTY_DICT
    )
    return name_of("torch._utils", "_rebuild_tensor_v2") + arguments + pickle.REDUCE


def state_dict(tensors: Mapping[str, Saved], storages: Mapping[str, tuple[str, np.ndarray]]) -> bytes:
    items = b""
    for name, saved in tensors.items():
        kind, numbers = storages[saved.storage]
        items += plain(name) + tensor(saved, kind, len(numbers))
    return EMPTY_DICT + pickle.MARK + items + pickle.SETITEMS


def torch_file(tensors: Mapping[str, Saved], storages: Mapping[str, tuple[str, np.ndarray]]) -> bytes:
    """The bytes that `torch.save(state_dict, …, _use_new_zipfile_serialization=False)` writes."""
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    head = whole(plain(MAGIC)) + whole(plain(1001)) + whole(plain(system))
    head += whole(state_dict(tensors, storages)) + whole(plain(list(storages)))
    for kind, numbers in storages.values():
        head += struct.pack("<q", len(numbers)) + numbers.astype(np.dtype(STORAGES[kind]).newbyteorder("<")).tobytes()
    return head


@pytest.fixture
def write(tmp_path):
    def write(data: bytes) -> Path:
        path = tmp_path / "weights.pth"
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("kind", STORAGES)
def test_every_kind_of_number_keeps_its_type_and_value(write, kind):
    numbers = np.array([0, 1, -2, 3, 1024, -6]).astype(STORAGES[kind])
    path = write(torch_file({"weight": Saved("7", (2, 3), (3, 1))}, {"7": (kind, numbers)}))
    (weight,) = read_tensors(path).values()
    assert weight.dtype == STORAGES[kind]
    np.testing.assert_array_equal(weight, numbers.reshape(2, 3))


def test_a_tensor_that_is_stored_transposed_comes_out_upright(write):
    numbers = np.arange(24, dtype=np.float32)
    path = write(torch_file({"weight": Saved("a", (4, 3, 2), (1, 8, 4))}, {"a": ("FloatStorage", numbers)}))
    weight = read_tensors(path)["weight"]
    np.testing.assert_array_equal(weight, numbers.reshape(3, 2, 4).transpose(2, 0, 1))
    assert weight.flags.c_contiguous


def test_tensors_share_a_storage_and_begin_where_their_offset_says(write):
    numbers = np.arange(10, dtype=np.float32)
    tensors = {
        "all": Saved("a", (10,), (1,)),
        "tail": Saved("a", (2, 2), (2, 1), offset=6),
        "column": Saved("a", (3,), (3,), offset=1),
        "scalar": Saved("a", (), (), offset=9),
        "repeated": Saved("a", (2, 3), (1, 0), offset=4),
    }
    read = read_tensors(write(torch_file(tensors, {"a": ("FloatStorage", numbers)})))
    assert list(read) == list(tensors)
    np.testing.assert_array_equal(read["all"], numbers)
    np.testing.assert_array_equal(read["tail"], [[6, 7], [8, 9]])
    np.testing.assert_array_equal(read["column"], [1, 4, 7])
    np.testing.assert_array_equal(read["scalar"], 9)
    np.testing.assert_array_equal(read["repeated"], [[4, 4, 4], [5, 5, 5]])
    read["all"][:] = -1.0
    np.testing.assert_array_equal(read["tail"], [[6, 7], [8, 9]])


MIXED = torch_file(
    {
        "conv.weight": Saved("2", (2, 2), (1, 2)),
        "bn.count": Saved("0", (1,), (1,)),
        "fc.bias": Saved("1", (3,), (1,), offset=1),
    },
    {
        "0": ("LongStorage", np.array([40])),
        "1": ("DoubleStorage", np.array([9.0, 0.25, 0.5, 0.75])),
        "2": ("FloatStorage", np.array([1.0, 2.0, 3.0, 4.0])),
    },
)


def test_each_tensor_finds_its_storage_whatever_the_order(write):
    read = read_tensors(write(MIXED))
    np.testing.assert_array_equal(read["conv.weight"], [[1, 3], [2, 4]])
    np.testing.assert_array_equal(read["bn.count"], [40])
    np.testing.assert_array_equal(read["fc.bias"], [0.25, 0.5, 0.75])


def test_only_the_named_tensors_are_read_in_the_order_of_the_names(write):
    read = read_tensors(write(MIXED), ["conv.weight", "bn.count"])
    assert list(read) == ["conv.weight", "bn.count"]
    np.testing.assert_array_equal(read["conv.weight"], [[1, 3], [2, 4]])


def test_an_unknown_name_is_a_key_error(write):
    with pytest.raises(KeyError, match=r"conv\.bias"):
        read_tensors(write(MIXED), ["conv.weight", "conv.bias"])


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"PK\x03\x04" + bytes(60), b"\x89HDF\r\n\x1a\n", whole(plain(12)), whole(plain([MAGIC]))],
    ids=["empty", "text", "newer zip", "hdf5", "another number", "a list"],
)
def test_another_kind_of_file_is_refused_by_its_name(write, data):
    with pytest.raises(ValueError, match=r"weights\.pth is not a legacy PyTorch file"):
        read_tensors(write(data))


def test_a_file_that_ends_too_early_is_refused_wherever_it_ends(write):
    for length in range(len(MIXED)):
        with pytest.raises(ValueError, match=r"weights\.pth"):
            read_tensors(write(MIXED[:length]))


@pytest.mark.parametrize(
    ("numbers", "saved"),
    [
        (4, Saved("a", (5,), (1,))),
        (4, Saved("a", (2,), (1,), offset=3)),
        (4, Saved("a", (1,), (1,), offset=4)),
        (4, Saved("a", (2, 2), (3, 1))),
        (4, Saved("a", (2,), (-1,))),
        (4, Saved("a", (1,), (1,), offset=-1)),
        (0, Saved("a", (1,), (1,))),
        (0, Saved("a", (2, 2), (1, 2))),
        (0, Saved("a", (), ())),
    ],
    ids=str,
)
def test_a_tensor_that_reaches_outside_its_storage_is_refused(write, numbers, saved):
    storages = {"a": ("FloatStorage", np.arange(numbers, dtype=np.float32))}
    with pytest.raises(ValueError, match=r"weights\.pth"):
        read_tensors(write(torch_file({"weight": saved}, storages)))


def test_a_tensor_without_numbers_is_read(write):
    path = write(torch_file({"weight": Saved("a", (0, 3), (3, 1))}, {"a": ("FloatStorage", np.empty(0))}))
    assert read_tensors(path)["weight"].shape == (0, 3)


@pytest.mark.parametrize(
    "named", [pickle.LONG_BINPUT + struct.pack("<I", 2**26), pickle.BYTEARRAY8 + struct.pack("<Q", 2**30)]
)
def test_a_size_that_a_file_only_names_takes_no_memory(tmp_path, named):
    path = tmp_path / "weights.pth"
    path.write_bytes(pickle.PROTO + b"\x05" + pickle.NONE + named + pickle.STOP)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="legacy PyTorch file"):
            read_tensors(path)
        assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    finally:
        tracemalloc.stop()


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(MIXED) - 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_a_damaged_file_is_read_or_refused_but_nothing_else_happens(tmp_path_factory, damage):
    data = bytearray(MIXED)
    for place, value in damage:
        data[place] = value
    path = tmp_path_factory.mktemp("damaged") / "weights.pth"
    path.write_bytes(data)
    try:
        read = read_tensors(path)
    except ValueError:
        return
    assert all(isinstance(tensor, np.ndarray) for tensor in read.values())


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("builtins", "getattr"),
        ("subprocess", "Popen"),
        ("torch", "load"),
        ("torch._utils", "_rebuild_parameter"),
        ("builtins", "FloatStorage"),
        ("collections", "defaultdict"),
        ("models.pretrained.torch_file", "read_tensors"),
    ],
)
def test_a_foreign_class_in_the_file_is_refused_and_does_not_run(write, tmp_path, module, name):
    trace = tmp_path / "ran"
    call = name_of(module, name) + sequence(plain(f"touch {trace}")) + pickle.REDUCE
    good = whole(plain(MAGIC)) + whole(plain(1001)) + whole(plain({}))
    for data in (whole(call), good + whole(call), good + whole(EMPTY_DICT) + whole(call)):
        with pytest.raises(ValueError, match=rf"{module}\.{name} has no place in a file of weights"):
            read_tensors(write(data))
    assert not trace.exists()


def test_the_attack_of_the_test_above_would_succeed_elsewhere(tmp_path):
    trace = tmp_path / "ran"
    pickle.loads(whole(name_of("os", "mkdir") + sequence(plain(str(trace))) + pickle.REDUCE))
    assert trace.exists()


def test_a_path_of_attributes_does_not_lead_out_of_an_allowed_class(write):
    # Protocol 4 resolves dotted names: collections.OrderedDict.__init__.__globals__ must not be found that way.
    header = pickle.PROTO + b"\x04"
    name = plain("collections") + plain("OrderedDict.__init__") + pickle.STACK_GLOBAL
    with pytest.raises(ValueError, match="has no place in a file of weights"):
        read_tensors(write(header + name + pickle.STOP))


def test_a_hundred_random_views_are_those_of_numpy(write):
    generator = random.Random(5)
    for _ in range(100):
        numbers = np.arange(generator.randint(1, 200), dtype=np.float32)
        shape = tuple(generator.randint(1, 4) for _ in range(generator.randint(0, 4)))
        strides = tuple(generator.randint(0, 9) for _ in shape)
        reach = sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        if reach >= len(numbers):
            continue
        offset = generator.randint(0, len(numbers) - reach - 1)
        data = torch_file({"weight": Saved("a", shape, strides, offset)}, {"a": ("FloatStorage", numbers)})
        expected = [
            offset + sum(place * stride for place, stride in zip(index, strides, strict=True))
            for index in np.ndindex(*shape)
        ]
        np.testing.assert_array_equal(read_tensors(write(data))["weight"].ravel(), expected)
