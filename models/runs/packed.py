"""What lies in a run's own archives, .keras and .npz, of which a few bytes may unpack to gigabytes.

This is for a process with bounds (`models.limited_process`), never for that of the pages.
"""

import math
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from models.datasets.photos import MAX_PICTURES, SIDE
from models.runs.bounds import shortened

NETWORK_BYTES = 500 * 2**20
"""Largest network, unpacked: 130 million weights."""

DESCRIPTION_BYTES = 16 * 2**20
"""Largest description of a network's layers."""

PICTURE_BYTES = 2**20
"""Largest of a run's own pictures: 224 × 224 pixels are 150,000 bytes at most."""

MOST_PARTS = 20_000
"""Most arrays of a file, and most layers and weights of a network."""

_PNG = b"\x89PNG\r\n\x1a\n"
_WEIGHTS = "model.weights.h5"
_HEADER_BYTES = 2**14
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class PackedError(ValueError):
    """A file that is larger inside than any run's, or leads out of itself. `str()` ends the sentence "best.keras …"."""


def check_network(file: Path) -> int | None:
    """Check a .keras file, and return the number of the network's parameters, or None if it cannot be told.

    Raises:
        PackedError: it is larger inside than it may be, or leads to other files.
        zipfile.BadZipFile, OSError: it is damaged.
    """
    check_sizes(file, NETWORK_BYTES)
    with zipfile.ZipFile(file) as archive:
        if any(one.file_size > DESCRIPTION_BYTES for one in archive.infolist() if one.filename.endswith(".json")):
            raise PackedError("describes its layers at more length than any network.")
    return count_parameters(file)


def count_parameters(file: Path) -> int | None:
    """Return the number of parameters in a .keras file, as `keras.Model.count_params` counts them, without TensorFlow.

    Returns:
        None if the file is missing, damaged, or not a .keras file.

    Raises:
        PackedError: its weights are larger than they may be, or lie in other files.
    """
    import h5py

    total, size, parts = 0, 0, 0

    # What these return ends the visit; HDF5 lets no exception through.
    def look(_: str, link: Any) -> str | None:
        nonlocal parts
        parts += 1
        if parts > MOST_PARTS:
            return f"has more than {MOST_PARTS:,} parts."
        return None if isinstance(link, h5py.HardLink) else "leads to another file or to another of its own parts."

    def add(name: str, thing: Any) -> str | None:
        nonlocal total, size
        if not isinstance(thing, h5py.Dataset):
            return None
        if thing.external or thing.is_virtual:
            return "has its weights in another file."
        count = int(thing.size or 0)
        size += count * thing.dtype.itemsize
        # Random seeds, the optimizer's variables and metrics are no part of the network.
        if name.startswith("layers/") and "seed_generator" not in name:
            total += count
        return f"has more than {NETWORK_BYTES / 2**20:.0f} MB of weights." if size > NETWORK_BYTES else None

    try:
        # Beside the file: the system's own folder may lie in memory.
        with tempfile.TemporaryFile(dir=file.parent) as weights:
            with zipfile.ZipFile(file) as archive, archive.open(_WEIGHTS) as packed:
                _copy(packed, weights, NETWORK_BYTES)
            with h5py.File(weights, "r") as opened:
                problem = opened.visititems_links(look) or opened.visititems(add)
    except PackedError:
        raise
    except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile):
        return None
    if problem:
        raise PackedError(problem)
    return total


def check_arrays(file: Path, most: int) -> None:
    """Check a .npz file: every array is as large as it says, and all of them together are not too large.

    Raises:
        PackedError: it is larger inside than it may be.
        zipfile.BadZipFile, OSError: it is damaged.
    """
    check_sizes(file, most)
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as packed:
                claimed = _claimed_bytes(packed)
            if claimed > entry.file_size:
                raise PackedError(f"holds {shortened(entry.filename, 40)!r}, which says that it is larger than it is.")


def check_pictures(file: Path) -> None:
    """Check a pictures.npz: at most as many PNG files as a visitor adds, and none larger than the course makes them.

    Raises:
        PackedError: it holds something else.
        zipfile.BadZipFile, OSError: it is damaged.
    """
    with zipfile.ZipFile(file) as archive:
        pictures = [entry for entry in archive.infolist() if entry.filename != "classes.npy"]
        if len(pictures) > MAX_PICTURES:
            raise PackedError(f"holds more than {MAX_PICTURES:,} pictures.")
        for entry in pictures:
            with archive.open(entry) as packed:
                begin = packed.read(_HEADER_BYTES)
            at = begin.find(_PNG)
            height, width = (int.from_bytes(begin[at + place : at + place + 4]) for place in (20, 16))
            if at < 0 or entry.file_size > PICTURE_BYTES or not (1 <= height <= SIDE and 1 <= width <= SIDE):
                raise PackedError(f"holds {shortened(entry.filename, 40)!r}, which is no picture that was added here.")


def check_sizes(file: Path, most: int) -> None:
    """Check what a zip file unpacks to, by reading all of it: the sizes that it names may be false.

    Raises:
        PackedError: it is more than `most` bytes, or packed in a way that neither Keras nor NumPy uses.
        zipfile.BadZipFile, OSError: it is damaged.
    """
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_PARTS:
            raise PackedError(f"has more than {MOST_PARTS:,} parts.")
        if any(entry.compress_type not in _WAYS or entry.flag_bits & 1 for entry in entries):
            raise PackedError("is packed in a way that neither Keras nor NumPy uses.")
        if sum(entry.file_size for entry in entries) > most:
            raise PackedError(f"unpacks to more than {most / 2**20:,.0f} MB.")
        for entry in entries:
            with archive.open(entry) as packed:
                most -= _copy(packed, None, most)


def _copy(source: IO[bytes], target: IO[bytes] | None, most: int) -> int:
    """Read a file to its end, write it to another one if there is one, and return its size."""
    size = 0
    while piece := source.read(2**20):
        size += len(piece)
        if size > most:
            raise PackedError(f"unpacks to more than {most / 2**20:,.0f} MB.")
        if target is not None:
            target.write(piece)
    return size


def _claimed_bytes(packed: IO[bytes]) -> int:
    """How much memory NumPy would take for an array; 0 for what is none."""
    try:
        version = np.lib.format.read_magic(packed)
        readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        shape, _, kind = readers[version](packed, max_header_size=_HEADER_BYTES)
    except (ValueError, KeyError):
        return 0
    return math.prod(shape) * kind.itemsize
