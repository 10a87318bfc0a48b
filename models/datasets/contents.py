"""What lies in a folder, without what systems and programs leave there. Links are followed, and lead nowhere twice."""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from models.datasets import DatasetError
from models.datasets.prepared import file_mark
from models.datasets.spelling import UNREADABLE, is_shown_as_it_is, shown

SYSTEM_FOLDERS = frozenset(
    {
        *("__macosx", "network trash folder", "temporary items"),
        *("$recycle.bin", "recycler", "recycled", "system volume information", "found.000"),
        *("@eadir", "@tmp", "@recycle", "@recently-snapshot", "@sharebin", "#recycle", "#snapshot"),
        *("lost+found", "__pycache__"),
    }
)
"""Folders that macOS, Windows, network storage, Linux and Python leave behind, in small letters."""

SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "picasa.ini", "icon\r"})
"""Files that systems and programs leave behind, in small letters."""

SUFFIXES = {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".heif"),
}
"""Endings of photos. They count only for the question what a folder is: whether a file is a photo, its content says."""

MOST_ENTRIES = 300_000
"""Most files and folders that are looked at: twelve times those of Dogs vs. Cats."""

MOST_OTHERS = 50_000
"""After so many files, at least one in a hundred is named like a photo, or this is no folder of photos."""

DEEPEST = 40
"""Most folders inside of each other."""

TOO_LARGE = "too large"
"""The state of a folder that is beyond these limits."""


class TooLargeError(DatasetError):
    """A folder, such as `/` or a home, with far more in it than a dataset has."""


def left_by_systems(name: str) -> bool:
    """Return whether a file or folder of this name is hidden, or left behind by a system or a program."""
    return name.startswith(".") or name.lower() in SYSTEM_FOLDERS or name.lower() in SYSTEM_FILES


def _visible(name: str) -> bool:
    return not left_by_systems(name)


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what lies in a folder directly, by name.

    Raises:
        DatasetError: it cannot be read.
    """
    try:
        with os.scandir(folder) as found:
            return sorted((entry for entry in found if _visible(entry.name)), key=lambda entry: entry.name)
    except OSError as error:
        raise DatasetError(f"The folder {folder.name} cannot be read ({error.strerror}).") from error


def subfolders(folder: Path) -> list[Path]:
    """Return the folders in a folder that hold any file, however deep. A link to the folder or above it is none."""
    place = folder.resolve()
    above = {str(place), *map(str, place.parents)}
    return [
        folder / entry.name
        for entry in entries(folder)
        if is_folder(entry)
        and not (entry.is_symlink() and os.path.realpath(entry.path) in above)
        and _holds_files(folder / entry.name)
    ]


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder or a link to one. A link that leads to itself is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _holds_files(folder: Path) -> bool:
    """Whether there is any file below it. Of thousands, only the first is looked at."""
    waiting, seen = [str(folder)], set()
    while waiting:
        place = waiting.pop()
        real = os.path.realpath(place)  # a link may lead back to where it lies
        if real in seen:
            continue
        seen.add(real)
        try:
            with os.scandir(place) as found:
                for entry in found:
                    if _visible(entry.name):
                        if not is_folder(entry):
                            return True
                        waiting.append(entry.path)
        except OSError:
            continue
    return False


def is_photo(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is named like a photo."""
    try:
        return _named_like_a_photo(entry.name) and _visible(entry.name) and entry.is_file()
    except OSError:  # a link that leads to itself
        return False


def _named_like_a_photo(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 - a Path is slow


def has_photos(folder: Path) -> bool:
    """Return whether photos lie in a folder directly."""
    return any(map(is_photo, entries(folder)))


def state(root: Path) -> str:
    """Return a digest of the names, sizes and times of all files below a folder, "" if there is no such folder.

    It is `TOO_LARGE` for a folder of which `check_size` says so.
    """
    if not os.path.isdir(root):  # noqa: PTH112 - a Path raises errors for a name that is too long
        return ""
    digest = hashlib.blake2b(digest_size=16)
    try:
        found = _all_of(root)
    except TooLargeError:
        return TOO_LARGE
    for path, names in found:
        lines = (f"{name}\0{file_mark(os.path.join(path, name))}" for name in names)  # noqa: PTH118 - a Path is slow
        digest.update("\n".join([path, *lines]).encode(errors="surrogateescape"))
    return digest.hexdigest()


def check_size(root: Path) -> None:
    """Look once through a folder, without reading a file.

    Raises:
        TooLargeError: it holds far more than a dataset; the text says what. Where that took long to find out, it is
            not found out again for a while.
    """
    until, known = _refused.get(str(root), (0.0, ""))
    if time.monotonic() < until:
        raise TooLargeError(known)
    _all_of(root)


_SLOW = 0.2
"""Seconds: what was refused after a longer look is remembered."""

_refused: dict[str, tuple[float, str]] = {}  # folder → until when, and what was said


def _all_of(root: Path) -> list[tuple[str, list[str]]]:
    """All that `_walk` yields. Raises TooLargeError."""
    begun = time.monotonic()
    try:
        return list(_walk(root))
    except TooLargeError as error:
        took = time.monotonic() - begun
        if took > _SLOW:
            _refused.clear()  # a page asks for one folder again and again
            _refused[str(root)] = (begun + 20 * took, str(error))
        raise


def files(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder, however deep, in an order that is the same on every machine."""
    found = []
    for path, names in _walk(folder):
        above = Path(path).relative_to(folder).parts
        found += [((*above, name), path) for name in names]
    return (Path(path, parts[-1]) for parts, path in sorted(found))


def _walk(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder with the names of its files. Raises TooLargeError."""
    real = os.path.realpath(folder)
    # A link to a folder above would bring other classes' photos into this one.
    seen = set(map(str, Path(real).parents))
    waiting = [(str(folder), real, 0)]
    count, photos, others = 0, 0, 0
    while waiting:
        path, real, depth = waiting.pop()
        if real in seen:
            continue
        seen.add(real)
        folders, names = _folders_and_files(path)
        count += len(folders) + len(names)
        here = sum(map(_named_like_a_photo, names))
        photos, others = photos + here, others + len(names) - here
        too_much = ""
        if count > MOST_ENTRIES:
            too_much = f"holds more than {MOST_ENTRIES:,} files and folders"
        elif others > MOST_OTHERS and others > 99 * photos:
            few = f"only {photos:,} {'is named like a photo' if photos == 1 else 'are named like photos'}"
            too_much = f"is no folder of photos: of the first {others + photos:,} files in it, {few}"
        elif folders and depth == DEEPEST:
            too_much = f"holds more than {DEEPEST} folders inside of each other"
        if too_much:
            raise TooLargeError(f"{folder} {too_much}. Choose the folder of the photos itself.")
        yield path, names
        for one in reversed(folders):
            # Where no link is followed, the real path needs no look at the disk.
            inner = os.path.realpath(one.path) if one.is_symlink() else f"{real.rstrip(os.sep)}{os.sep}{one.name}"
            waiting.append((one.path, inner, depth + 1))


def _folders_and_files(path: str) -> tuple[list[os.DirEntry[str]], list[str]]:
    """The folders in a folder, and the names of the files, both in the order of their names."""
    folders, names = [], []
    with contextlib.suppress(OSError), os.scandir(path) as found:
        for entry in found:
            if _visible(entry.name):
                if is_folder(entry):
                    folders.append(entry)
                else:
                    names.append(entry.name)
    return sorted(folders, key=lambda entry: entry.name), sorted(names)


# Names that cannot be shown -------------------------------------------------------------------------------------------


def shown_path(below: str, root: Path) -> str:
    """Return a file's path below a folder, with slashes, as it can be shown; `real_path` finds the file by it.

    Where two names in one folder would be shown alike, the second one gets a number.
    """
    if is_shown_as_it_is(below):
        return below
    parts, place = [], root
    for name in below.split("/"):
        parts.append(_spelt(place).shown.get(name, name))
        place /= name
    return "/".join(map(shown, parts))


def real_path(name: str, root: Path) -> Path:
    """Return where a file lies that `shown_path` has named. One that is gone has no other place than its name says."""
    if UNREADABLE not in name:
        return root / name
    place = root
    for part in name.split("/"):
        place /= _spelt(place).real.get(part, part) if UNREADABLE in part else part
    return place


class _Spelt(NamedTuple):
    """Name → how it is shown, and back, of those in a folder that are not shown as they are."""

    shown: dict[str, str]
    real: dict[str, str]


def _spelt(folder: Path) -> _Spelt:
    return _spelt_then(str(folder), file_mark(folder))


@lru_cache(256)
def _spelt_then(folder: str, _mark: tuple[int, int, int]) -> _Spelt:
    try:
        lying = sorted(os.listdir(folder))  # noqa: PTH208 - texts are wanted
    except OSError:
        lying = []
    odd = [name for name in lying if not is_shown_as_it_is(name)]
    taken = set(lying).difference(odd)
    found = _Spelt({}, {})
    for name in odd:
        stem, ending = os.path.splitext(shown(name))  # noqa: PTH122 - a name, no path
        own, number = stem + ending, 1
        while own in taken:
            number += 1
            own = f"{stem} ({number}){ending}"
        taken.add(own)
        found.shown[name], found.real[own] = own, name
    return found
