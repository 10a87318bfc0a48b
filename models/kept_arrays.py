"""Arrays that are computed once and then only mapped into memory, each with a list of what belongs to it.

NAME.json is the list, and names its array's file, NAME-0123abcd.npy. No such file is ever written twice: a new array
has a new name, and the list, which nobody keeps open, is exchanged in one step. So no process ever writes to, replaces
or waits for a file that another one has mapped, which Windows would refuse. An array that no list names any more is
deleted as soon as nobody has it mapped.
"""

import contextlib
import json
import os
import re
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from models import disk
from models.storage import write_text, write_whole

CACHE_BYTES = 8 * 2**30
"""Largest size of all arrays together. Beyond it, the least recently used ones are deleted."""

STRAY_SECONDS = 3600.0
"""An array without a list, or half a file, belongs to a process at work if it is younger."""

_ARRAY = re.compile(r"(?P<list>.+?)(-[0-9a-f]{8})?\.npy")


def opened(list_file: Path) -> tuple[dict[str, Any], np.ndarray] | None:
    """Return a list and its array, mapped and read-only; None if they are not there, or damaged.

    Earlier versions named the array as its list, NAME.npy.
    """
    try:
        listed = json.loads(list_file.read_text(encoding="utf-8"))
        array = np.lib.format.open_memmap(_array_of(list_file, listed), mode="r")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    with contextlib.suppress(OSError):  # a read-only cache will do, too
        os.utime(list_file)
    return listed, array


def keep(list_file: Path, listed: Mapping[str, object], write: Callable[[IO[bytes]], Any]) -> None:
    """Store an array with its list, in place of earlier ones of this name. Makes the folder.

    Args:
        list_file: the list's file, NAME.json.
        listed: what belongs to the array, as JSON without NaN; the key "array" is reserved.
        write: is called with a binary file to write the array to, as `numpy.save` does.

    Raises:
        OSError: no space, or no right to write there. What was stored before is as it was.
    """
    list_file.parent.mkdir(parents=True, exist_ok=True)
    before = _named(list_file)
    array_file = list_file.with_name(f"{list_file.stem}-{uuid.uuid4().hex[:8]}.npy")
    write_whole(array_file, write)
    try:
        write_text(list_file, json.dumps({**listed, "array": array_file.name}, allow_nan=False))
    except BaseException:
        with contextlib.suppress(OSError):
            array_file.unlink()
        raise
    # Not whatever else lies there: another process may be about to name it.
    if before is not None:
        with contextlib.suppress(OSError):  # somebody has it mapped
            before.unlink()


def forget_old_ones(folder: Path, keep: set[Path]) -> None:
    """Delete the least recently used arrays until the rest fits into `CACHE_BYTES`, and what killed processes left.

    Args:
        folder: the arrays' folder. The time of each NAME.json is that of its last use.
        keep: NAME.json files of arrays that are needed now.
    """
    files = disk.entries(folder)
    arrays: dict[Path, list[Path]] = {path: [] for path in files if path.suffix == ".json"}
    for path in (path for path in files if path.suffix == ".npy"):
        list_file = _list_of(path)
        if list_file in arrays:
            arrays[list_file].append(path)
        else:
            disk.sweep(folder, path.name, older_than=STRAY_SECONDS)
    for list_file, own in arrays.items():
        named = _named(list_file) if len(own) > 1 else None
        for path in own if named else ():
            if path != named:
                disk.sweep(folder, path.name, older_than=STRAY_SECONDS)
    disk.sweep(folder, ".*.tmp", older_than=STRAY_SECONDS)
    found = []
    for list_file, own in arrays.items():
        with contextlib.suppress(OSError):  # another process may delete it at the same time
            size = sum(path.stat().st_size for path in own if path.exists())
            found.append((list_file.stat().st_mtime, size, list_file))
    total = 0
    for _, size, list_file in sorted(found, reverse=True):
        total += size
        if total > CACHE_BYTES and list_file not in keep:
            with contextlib.suppress(OSError):
                if (named := _named(list_file)) is not None:
                    named.unlink(missing_ok=True)  # Windows refuses while it is mapped: then its list stays, too
                list_file.unlink(missing_ok=True)
            for path in arrays[list_file]:
                if path != named:
                    with contextlib.suppress(OSError):
                        path.unlink(missing_ok=True)


def _named(list_file: Path) -> Path | None:
    """The array that a list names; None if it cannot be read."""
    try:
        return _array_of(list_file, json.loads(list_file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _array_of(list_file: Path, listed: dict[str, Any]) -> Path:
    array_file = list_file.with_name(listed.get("array", f"{list_file.stem}.npy"))
    if _list_of(array_file) != list_file:
        raise ValueError(f"{list_file.name} names no array of its own")
    return array_file


def _list_of(array_file: Path) -> Path | None:
    """The list to which an array belongs by its name."""
    named = _ARRAY.fullmatch(array_file.name)
    return array_file.with_name(f"{named['list']}.json") if named else None
