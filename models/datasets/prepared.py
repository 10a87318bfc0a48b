"""Pictures as one array on the disk: decoded once, upright and at the network's size, then only mapped into memory.

The first epoch of a first run waits for this; every later start, a resumed one above all, begins at once.
"""

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from models import kept_arrays, storage
from models.datasets import DatasetError, Skipped, pixels_digest
from models.disk import why
from models.pictures.photo import MAX_BYTES, PhotoError, decode
from models.pictures.resize import Resize, resize
from models.progress import Progress
from models.storage import cache_dir, write_text

DECODE_SIDE = 512
"""Photos are first shrunk to this longest side, like a visitor's photo."""

PORTION = 64
"""Pictures after which progress is told."""

_LOOKS = 3

_VERSION = 2  # of the files; to be increased when decoding or resizing changes


class Prepared(NamedTuple):
    """The pictures that could be used, and the other items.

    Attributes:
        images: uint8 (n, side, side, channels), memory-mapped and read-only.
        kept: int64 (n,): for each picture, the index of the requested item.
        skipped: the items that could not be used.
        digests: `models.datasets.pixels_digest` of each picture; None if an earlier version has prepared them.
    """

    images: np.ndarray
    kept: np.ndarray
    skipped: tuple[Skipped, ...]
    digests: tuple[str, ...] | None = None


def file_mark(file: Path | str) -> tuple[int, int, int]:
    """Return `models.storage.file_mark` without the file's number, which a copied folder does not keep."""
    return storage.file_mark(file)[1:]


def photos(
    files: Sequence[Path],
    names: Sequence[str],
    *,
    side: int,
    how: Resize,
    progress: Progress | None,
    folder: Path | None = None,
) -> Prepared:
    """Return photos from the disk as one array, prepared now or earlier.

    Args:
        files: the photos.
        names: a name for each photo, in case it cannot be used.
        side: width and height of the result in pixels.
        how: what happens to a photo that is not square.
        progress: called with the progress of the preparation.
        folder: where they come from. If its photos were prepared before, only those that have changed since are
            decoded.

    Raises:
        DatasetError: there is no space for the array.
    """

    def read(number: int) -> np.ndarray:
        try:
            if files[number].exists() and not files[number].is_file():  # reading a pipe would never end
                raise PhotoError("This is no ordinary file: a photo is needed.")
            with files[number].open("rb") as file:
                data = file.read(MAX_BYTES + 1)  # enough for `decode` to refuse a video
        except OSError as error:
            raise PhotoError(f"This file cannot be read: {error.strerror}.") from error
        return resize(decode(data, max_side=DECODE_SIDE).pixels, side, how)

    marks = []
    for name, file in zip(names, files, strict=True):
        place = os.path.abspath(file)  # noqa: PTH100 - links are left as they are
        marks.append(_digest(json.dumps([name, place, *file_mark(file)]), 8))
    family = json.dumps(["photos", side, how, DECODE_SIDE])
    key = json.dumps([family, marks])
    shape = (side, side, 3)
    if folder is None:
        return prepare(key, read, names, shape=shape, doing="reading photos", progress=progress)
    latest = latest_file(family, os.path.abspath(folder))  # noqa: PTH100
    return prepare(key, read, names, shape=shape, doing="reading photos", progress=progress, marks=marks, latest=latest)


def latest_file(*family: str) -> Path:
    """Return the file that holds the name of the latest preparation of a family, for `prepare`."""
    return cache_dir() / f"{_digest(json.dumps([_VERSION, *family]))}.latest"


class _Earlier:
    """The pictures that were prepared the last time, found by their marks.

    Args:
        latest: a file that holds the name of that preparation.
        shape: (height, width, channels).
    """

    def __init__(self, latest: Path, shape: tuple[int, int, int]) -> None:
        self._latest, self._shape = latest, shape
        self._images: np.ndarray | None = None
        self._lock = threading.Lock()
        self._places: dict[str, int] | None = None

    def picture(self, mark: str) -> np.ndarray | None:
        """Return the picture that had this mark; None if there was none."""
        with self._lock:
            if self._places is None:
                self._places = self._read()
        place = self._places.get(mark)
        return None if place is None or self._images is None else np.asarray(self._images[place])

    def _read(self) -> dict[str, int]:
        try:
            stem = self._latest.read_text(encoding="ascii")
            list_file = cache_dir() / f"{stem}.json"
            marks = json.loads(list_file.read_text(encoding="utf-8"))["marks"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        found = _open(list_file, self._shape)
        if found is None or not isinstance(marks, list) or found.kept.max(initial=-1) >= len(marks):
            return {}
        self._images = found.images
        return {str(marks[number]): place for place, number in enumerate(found.kept.tolist())}


def _digest(text: str, size: int = 16) -> str:
    return hashlib.blake2b(text.encode(errors="surrogateescape"), digest_size=size).hexdigest()


def prepare(
    key: str,
    read: Callable[[int], np.ndarray],
    names: Sequence[str],
    *,
    shape: tuple[int, int, int],
    doing: str,
    progress: Progress | None = None,
    marks: Sequence[str] = (),
    latest: Path | None = None,
) -> Prepared:
    """Return `read(0)`, `read(1)` … as one array, from the disk if this key has been prepared before.

    Args:
        key: a text that differs whenever the pictures would.
        read: number → uint8 array of `shape`; raises PhotoError for one that cannot be used. Called from several
            threads.
        names: one for each picture.
        shape: (height, width, channels).
        doing: the name of the task for `progress`.
        progress: called with the progress of the preparation.
        marks: a text for each picture that differs whenever it would, to be stored with the array.
        latest: a file in the cache that holds the name of the array that was prepared last, of which the pictures with
            the same marks are copied, and is to hold this one's from now on (`latest_file`).

    Raises:
        DatasetError: there is no space for the array.
    """
    digest = hashlib.sha256(f"{_VERSION} {shape} {key}".encode()).hexdigest()[:32]
    list_file = cache_dir() / f"{digest}.json"
    found = _open(list_file, shape)
    if found is not None:
        return found
    try:
        list_file.parent.mkdir(parents=True, exist_ok=True)
        earlier = None if latest is None else _Earlier(latest, shape)

        def read_or_copy(number: int) -> np.ndarray:
            copied = None if earlier is None else earlier.picture(marks[number])
            return read(number) if copied is None else copied

        _make(list_file, read_or_copy, names, shape, doing, progress, marks)
        if latest is not None:
            write_text(latest, digest)
    except OSError as error:
        size = len(names) * int(np.prod(shape)) / 2**20
        raise DatasetError(
            f"The pictures could not be prepared in the cache folder, where they need {size:,.0f} MB: {why(error)}"
        ) from error
    kept_arrays.forget_old_ones(list_file.parent, keep={list_file})
    # Whoever prepares the same at the same time may just have exchanged the array for an equal one.
    for _ in range(_LOOKS):
        if (made := _open(list_file, shape)) is not None:
            return made
    raise DatasetError(
        "The prepared pictures cannot be read: delete the folder cache in the runs folder and try again."
    )


def _open(list_file: Path, shape: tuple[int, int, int]) -> Prepared | None:
    """What was prepared earlier, or None."""
    found = kept_arrays.opened(list_file)
    if found is None:
        return None
    listed, images = found
    try:
        kept = np.array(listed["kept"], np.int64)
        skipped = tuple(Skipped(*item) for item in listed["skipped"])
        digests = tuple(map(str, listed["digests"])) if "digests" in listed else None
    except (ValueError, KeyError, TypeError):
        return None
    if images.dtype != np.uint8 or images.shape != (len(kept), *shape) or len(digests or kept) != len(kept):
        return None
    return Prepared(images, kept, skipped, digests)


def _make(
    list_file: Path,
    read: Callable[[int], np.ndarray],
    names: Sequence[str],
    shape: tuple[int, int, int],
    doing: str,
    progress: Progress | None,
    marks: Sequence[str],
) -> None:
    if progress:
        progress(doing, 0, len(names))  # before any work, so that a caller without time for it can raise here
    kept: list[int] = []
    skipped: list[Skipped] = []
    digests: list[str] = []

    def attempt(number: int) -> np.ndarray | PhotoError:
        try:
            return read(number)
        except PhotoError as error:
            return error

    # A file without a name: it is gone when this process ends, however it ends.
    with tempfile.TemporaryFile(dir=list_file.parent) as raw:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for start in range(0, len(names), PORTION):  # all at once, the results would fill the memory
                portion = range(start, min(start + PORTION, len(names)))
                for number, result in zip(portion, pool.map(attempt, portion), strict=True):
                    if isinstance(result, PhotoError):
                        skipped.append(Skipped(names[number], str(result)))
                    else:
                        raw.write(np.ascontiguousarray(result).tobytes())
                        digests.append(pixels_digest(result))
                        kept.append(number)
                if progress:
                    progress(doing, portion.stop, len(names))

        def write(file: IO[bytes]) -> None:
            # The count is known only at the end, but NumPy's header, which holds it, comes first.
            header = {"descr": "|u1", "fortran_order": False, "shape": (len(kept), *shape)}
            np.lib.format.write_array_header_1_0(file, header)
            raw.seek(0)
            shutil.copyfileobj(raw, file, 2**22)

        listed = {"kept": kept, "skipped": skipped, "digests": digests} | ({"marks": list(marks)} if marks else {})
        kept_arrays.keep(list_file, listed, write)
