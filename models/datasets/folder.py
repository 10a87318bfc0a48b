"""`folder:PATH`: photos of the disk, one folder a class."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.datasets import Dataset, DatasetError, Info, Part, Request, empty_part, prepared

INFO = Info("folder", "A folder of photos", argument="PATH")

TEST_PERCENT = 10
VALIDATION_PERCENT = 15
"""Share of a folder without its own division, in percent; the rest is for training."""


def load(request: Request) -> Dataset:
    """Open a folder with one folder a class, or with folders `train`, `validation` and perhaps `test` of that kind.

    A folder without its own division is divided by a hash of each file's name, so that a file is always in the same
    part, whatever else is there. Files that are no usable photos are listed in `skipped`. Links are followed.

    Raises:
        DatasetError: no such folder, or fewer than two classes with usable photos.
    """
    root = Path(os.path.expanduser(request.argument))  # noqa: PTH111 - a home that nobody has stays a name
    if not root.is_dir():
        raise DatasetError(f"There is no folder {root}: name one that holds a folder of photos for each class.")
    divided = {name: root / folder for name, folder in _divisions(root).items()}
    found = [(part or _drawn_lot(name), kind, name, file) for part, kind, name, file in _list(divided or {"": root})]
    found.sort(key=lambda item: item[0])  # each part is one slice of the array, so that it stays memory-mapped
    classes = tuple(sorted({kind for _, kind, _, _ in found}))
    if len(classes) < 2:
        raise DatasetError(
            f"{root} holds {'one class only' if classes else 'no class'}: at least two folders with photos are needed, "
            "each named for its class, such as cats and dogs."
        )
    names = [name for _, _, name, _ in found]
    ready = prepared.photos(
        [file for *_, file in found], names, side=request.side, how=request.resize, progress=request.progress
    )
    labels = np.array([classes.index(found[number][1]) for number in ready.kept], np.int64)
    kept_classes = {classes[label] for label in set(labels.tolist())}
    if len(kept_classes) < 2:
        raise DatasetError(
            f"In {root}, only {len(kept_classes)} of {len(classes)} classes has photos that can be read. "
            f"{len(ready.skipped)} files were skipped, the first because: {ready.skipped[0].reason}"
        )
    parts = np.array([found[number][0] for number in ready.kept])
    kept_names = [found[number][2] for number in ready.kept]

    def part(name: str) -> Part:
        places = np.flatnonzero(parts == name)
        if not len(places):
            return empty_part(request.side)
        images = ready.images[places[0] : places[-1] + 1]
        return Part(images, labels[places], tuple(kept_names[place] for place in places))

    return Dataset(
        name=f"folder:{request.argument}",
        title=root.resolve().name,
        classes=classes,
        train=part("train"),
        validation=part("validation"),
        test=part("test"),
        skipped=ready.skipped,
        divided=bool(divided),
    )


def file_of(argument: str, name: str) -> Path:
    """Return the file of a picture.

    Args:
        argument: the folder, as it was given.
        name: the picture's name in its part.
    """
    return Path(os.path.expanduser(argument)) / name  # noqa: PTH111 - as above


def _divisions(root: Path) -> dict[str, str]:
    """Part → folder, if there are folders for training and validation, else nothing."""
    present = {entry.name.lower(): entry.name for entry in sorted(root.iterdir()) if entry.is_dir()}
    validation = next((present[name] for name in ("validation", "val", "valid") if name in present), None)
    if "train" not in present or validation is None:
        return {}
    return {"train": present["train"], "validation": validation} | (
        {"test": present["test"]} if "test" in present else {}
    )


def _list(parts: dict[str, Path]) -> list[tuple[str, str, str, Path]]:
    """(part, class, name, file) of every file, in an order that is the same on every machine."""
    found = []
    for part, folder in parts.items():
        for kind in sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")):
            for file in sorted(_files(kind)):
                name = "/".join(filter(None, (part and folder.name, kind.name, file.relative_to(kind).as_posix())))
                found.append((part, kind.name, name, file))
    return found


def _files(folder: Path) -> Iterator[Path]:
    # A link to a folder above would bring other classes' photos into this one.
    seen = {str(parent) for parent in folder.resolve().parents}
    for path, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(path)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(path, name) for name in files if not name.startswith(".") and name.lower() != "thumbs.db")


def _drawn_lot(name: str) -> str:
    lot = int.from_bytes(hashlib.sha256(name.encode(errors="surrogateescape")).digest()[:4], "big") % 100
    if lot < TEST_PERCENT:
        return "test"
    return "validation" if lot < TEST_PERCENT + VALIDATION_PERCENT else "train"
