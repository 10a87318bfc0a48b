"""Read tensors out of a legacy PyTorch file without PyTorch and without running code from the file.

Such a file is five pickles (magic number, protocol, system info, state dict, list of storage keys), then, for each key,
an int64 count and that many little-endian numbers. Only what a state dict needs may be unpickled.
"""

import math
import pickle
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, NamedTuple

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C
STORAGE_TYPES = {
    "FloatStorage": np.dtype("<f4"),
    "DoubleStorage": np.dtype("<f8"),
    "HalfStorage": np.dtype("<f2"),
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
}


class _Storage(NamedTuple):
    key: str
    dtype: np.dtype


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _rebuild_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_unused: Any
) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


class _StateDictUnpickler(pickle._Unpickler):  # noqa: SLF001
    """Unpickles an OrderedDict of tensors; any other class in the file is an error, so no foreign code can run.

    It is the one in Python: the one in C makes room for twice the largest place that a file names, so that four damaged
    bytes take tens of gigabytes.
    """

    # An array of bytes takes the memory that the file names, before anything is read; a state dict has none.
    dispatch: ClassVar[dict[int, Any]] = {
        code: load
        for code, load in pickle._Unpickler.dispatch.items()  # noqa: SLF001
        if code != pickle.BYTEARRAY8[0]
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if module == "torch" and name in STORAGE_TYPES:
            return STORAGE_TYPES[name]
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights.")

    def persistent_load(self, pid: Any) -> _Storage:
        _kind, dtype, key, _device, _count, *_view = pid
        return _Storage(key, dtype)


def _load(file: BinaryIO) -> Any:
    return _StateDictUnpickler(file).load()


def read_tensors(path: Path, names: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """Return the named tensors of a legacy PyTorch file, or all of them.

    Args:
        path: the file.
        names: state dict keys; None means every key.

    Returns:
        name → array with the tensor's shape, dtype and values (strides are honoured).

    Raises:
        ValueError: not a legacy PyTorch file, or damaged.
        KeyError: a name is not in the file.
    """
    with path.open("rb") as file:
        try:
            if _load(file) != MAGIC:
                raise ValueError(f"{path.name} is not a legacy PyTorch file.")  # noqa: TRY301
            _load(file)  # protocol
            _load(file)  # system info
            state: dict[str, _Tensor] = _load(file)
            keys: list[str] = _load(file)
            dtypes = {tensor.storage.key: tensor.storage.dtype for tensor in state.values()}
        except Exception as error:  # damaged pickles raise any exception, even MemoryError and OverflowError
            raise ValueError(f"{path.name} is not a legacy PyTorch file: {error}") from error
        wanted = {name: state[name] for name in (state if names is None else names)}
        needed = {tensor.storage.key for tensor in wanted.values()}
        if not needed <= set(keys) <= set(dtypes):
            raise ValueError(f"{path.name} is damaged: its lists of tensors and of storages differ.")
        storages: dict[str, np.ndarray] = {}
        end = path.stat().st_size
        for key in keys:
            count = file.read(8)
            size = int.from_bytes(count, "little") * dtypes[key].itemsize
            if len(count) < 8 or file.tell() + size > end:
                raise ValueError(f"{path.name} ends too early: it was not copied or downloaded whole.")
            if key in needed:
                storages[key] = np.frombuffer(file.read(size), dtypes[key])
            else:
                file.seek(size, 1)
    try:
        return {name: _view(tensor, storages[tensor.storage.key]) for name, tensor in wanted.items()}
    except (TypeError, ValueError, OverflowError, MemoryError) as error:
        raise ValueError(f"{path.name} is damaged: {error}") from error


def _view(tensor: _Tensor, storage: np.ndarray) -> np.ndarray:
    """Return the tensor as a contiguous array. The file holds some of them transposed, as only their strides show."""
    last = tensor.offset + sum((size - 1) * step for size, step in zip(tensor.shape, tensor.strides, strict=True))
    # NumPy itself does not check a view into an empty buffer.
    if 0 not in tensor.shape and (min(tensor.offset, *tensor.strides, 0) < 0 or last >= len(storage)):
        raise ValueError("a tensor reaches outside its storage.")
    if math.prod(tensor.shape) > len(storage):  # steps of 0 would make any number of numbers out of one
        raise ValueError("a tensor has more numbers than its storage.")
    strides = tuple(step * storage.dtype.itemsize for step in tensor.strides)
    return np.ndarray(tensor.shape, storage.dtype, storage, tensor.offset * storage.dtype.itemsize, strides).copy()
