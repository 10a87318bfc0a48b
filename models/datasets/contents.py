"""What lies in a folder, without what systems and programs leave there. Links are followed, and lead nowhere twice."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from models.datasets import DatasetError
from models.datasets.prepared import file_mark

SYSTEM_FOLDERS = {"__macosx", "__pycache__", "@eadir", "$recycle.bin", "system volume information", "lost+found"}
SYSTEM_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}

SUFFIXES = {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".heif"),
}
"""Endings of photos. They count only for the question what a folder is: whether a file is a photo, its content says."""


def _visible(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in SYSTEM_FOLDERS | SYSTEM_FILES


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
        if entry.is_dir()
        and not (entry.is_symlink() and os.path.realpath(entry.path) in above)
        and _holds_files(folder / entry.name)
    ]


def _holds_files(folder: Path, depth: int = 0) -> bool:
    """Whether there is any file below it. Of thousands, only the first is looked at."""
    folders = []
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if _visible(entry.name):
                    if not entry.is_dir():
                        return True
                    folders.append(folder / entry.name)
    except OSError:
        return False
    return depth < _DEEPEST_FILE and any(_holds_files(one, depth + 1) for one in folders)


_DEEPEST_FILE = 20  # a link may lead back to where it lies


def is_photo(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is named like a photo."""
    return Path(entry.name).suffix.lower() in SUFFIXES and _visible(entry.name) and entry.is_file()


def has_photos(folder: Path) -> bool:
    """Return whether photos lie in a folder directly."""
    with os.scandir(folder) as found:
        return any(map(is_photo, found))


def state(root: Path) -> str:
    """Return a digest of the names, sizes and times of all files below a folder, "" if there is no such folder."""
    if not root.is_dir():
        return ""
    digest = hashlib.blake2b(digest_size=16)
    for path, names in _walk(root):
        lines = (f"{name}\0{file_mark(os.path.join(path, name))}" for name in names)  # noqa: PTH118 - a Path is slow
        digest.update("\n".join([path, *lines]).encode(errors="surrogateescape"))
    return digest.hexdigest()


def files(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder, however deep, in an order that is the same on every machine."""
    found = ((*Path(path).relative_to(folder).parts, name) for path, names in _walk(folder) for name in names)
    return (Path(folder, *parts) for parts in sorted(found))


def _walk(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder with the names of its files."""
    # A link to a folder above would bring other classes' photos into this one.
    seen = {str(parent) for parent in folder.resolve().parents}
    for path, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(path)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(filter(_visible, folders))
        yield path, sorted(filter(_visible, names))
