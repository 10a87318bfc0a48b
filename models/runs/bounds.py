"""A run's files, read with bounds: whoever brought a run may have written anything into them, of any size.

A page reads the files of every run there is. None of them may cost it more memory or time than an honest one.
"""

import json
import math
import zipfile
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import TypeGuard

import numpy as np

SMALL_BYTES = 64 * 2**10
"""Most that is read of state.json, of a wish and of the like."""

CONFIG_BYTES = 2**20
RECORD_BYTES = 16 * 2**20
"""Most that is read of data.json and machine.json: a thousand skipped files have long names and reasons."""

MOST_WORDS = 500
"""Longest sentence about a run that a page shows, in characters."""

WHOLE = 2**53
"""Whole numbers below it are exact as floats, too."""

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def text_of(path: Path, most: int) -> str:
    """Return the text of a file.

    Args:
        path: the file.
        most: its largest size in bytes.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger, or no UTF-8.
    """
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"{path.name} is larger than that of any run.")
    return data.decode()


def parsed(text: str | bytes) -> object:
    """Return what a JSON text says.

    Raises:
        ValueError: it is no JSON, or too deeply nested.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("It is nested too deeply.") from error


def json_of(path: Path, most: int) -> object:
    """Return what a JSON file says; None if it is not there, is too large or damaged."""
    try:
        return parsed(text_of(path, most))
    except (OSError, ValueError):
        return None


def is_number(value: object, low: float = -math.inf, high: float = math.inf) -> TypeGuard[float]:
    """Return whether a value from JSON is a float or a whole number that fits into one, and lies within bounds."""
    number = isinstance(value, float) or (type(value) is int and abs(value) < WHOLE)
    return number and low <= value <= high  # type: ignore[operator]


def is_count(value: object, most: int = WHOLE - 1) -> TypeGuard[int]:
    """Return whether a value from JSON is a whole number from 0 up to `most`."""
    return type(value) is int and 0 <= value <= most


def shortened(text: str, most: int = MOST_WORDS) -> str:
    """Return a text, cut if it is longer than a page shows."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def said(value: object) -> str:
    """Return a value as an error names it: `repr`, cut after 100 characters."""
    try:
        return shortened(repr(value), 100)
    except (RecursionError, ValueError):  # a whole number of thousands of digits is not written either
        return f"a {type(value).__name__}"


def arrays_of(path: Path, names: Collection[str], most: int, entries: int = 64) -> dict[str, np.ndarray]:
    """Return arrays of a .npz file, as `numpy.load` does, but never more memory than bounds allow.

    Args:
        path: the file.
        names: the arrays; all of them have to be there.
        most: bytes that they may have together.
        entries: most arrays of the file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged or too large, lacks an array, or has one that holds objects.
    """
    found = {}
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            if len(archive.filelist) > entries:
                raise ValueError(f"{path.name} holds {len(archive.filelist)} arrays.")
            for name in names:
                entry = archive.getinfo(f"{name}.npy")
                # Python's other readers give as much at once as their input unpacks to.
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise ValueError(f"{path.name} is packed in a way that NumPy does not use.")
                with archive.open(entry) as packed:
                    data = packed.read(most + 1)
                most -= len(data)
                if most < 0:
                    raise ValueError(f"{path.name} is larger than that of any run.")
                found[name] = array_in(data)
    except (KeyError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path.name} is damaged.") from error
    return found


def array_in(data: bytes) -> np.ndarray:
    """Return the array in the bytes of a .npy file.

    Raises:
        ValueError: they are damaged, hold objects, or fewer numbers than they say.
    """
    file = BytesIO(data)
    version = np.lib.format.read_magic(file)
    if version not in _HEADERS:
        raise ValueError("An array of another version of NumPy.")
    shape, fortran, kind = _HEADERS[version](file)
    size = math.prod(shape)
    if kind.hasobject or not kind.itemsize or size * kind.itemsize != len(data) - file.tell():
        raise ValueError("An array that is not what its header says.")
    flat = np.frombuffer(data, kind, size, file.tell()) if size else np.zeros(0, kind)
    return flat.reshape(shape, order="F" if fortran else "C").copy()
