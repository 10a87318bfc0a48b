"""`folder:PATH`: photos of the disk, one folder a class."""

import hashlib
from pathlib import Path

import numpy as np

from models.datasets import PARTS, Dataset, DatasetError, Info, Part, Request, empty_part, prepared
from models.datasets.contents import real_path
from models.datasets.contents import state as state_of_files
from models.datasets.layout import Layout, Listed, layout, no_pictures, without_training
from models.datasets.spelling import composed, shown
from models.figures import number_of
from models.storage import typed_path

INFO = Info("folder", "A folder of photos", argument="PATH")

TEST_PERCENT = 10
VALIDATION_PERCENT = 15
"""Share of a folder without its own division, in percent; the rest is for training."""

MOST_LETTERS = 200
"""Of a path that does not exist and is longer than this, both ends are said."""


def load(request: Request) -> Dataset:
    """Open a folder with one folder a class, or with folders of that kind for training, validation and test.

    `models.datasets.layout` says how folders are read. A folder without its own division is divided by a hash of each
    file's name, so that a file is always in the same part, whatever else is there; so are the training photos of one
    that brings no validation. Files that are no usable photos are listed in `skipped`. Links are followed.

    Raises:
        DatasetError: no such folder, one that fits no rule, fewer than two classes with usable photos, or, in a folder
            with a division, a class without any for training.
    """
    root = _root(request.argument)
    found = layout(root)
    files, parts, classes = _sorted_out(root, found)
    names = [file.name for file in files]
    ready = prepared.photos(
        [file.path for file in files],
        names,
        side=request.side,
        how=request.resize,
        progress=request.progress,
        folder=root,
    )
    kept = ready.kept.tolist()
    usable = tuple(kind for kind in classes if kind in {files[number].kind for number in kept})
    if len(usable) < 2:
        first = ready.skipped[0].reason
        why = f": {first}" if len(ready.skipped) == 1 else f", the first because: {first}"
        raise DatasetError(
            f"In {root}, {'only one' if usable else 'none'} of {len(classes):,} classes has photos that can be read. "
            f"{number_of(len(ready.skipped), 'file')} cannot be used{why}"
        )
    part_of = np.array([parts[number] for number in kept])
    labels = np.array([usable.index(files[number].kind) for number in kept], np.int64)
    remarks = _remarks(found) + _unreadable(found, classes, usable, part_of, labels)
    remarks += _lacking(found, usable, part_of, labels)

    def part(name: str) -> Part:
        places = np.flatnonzero(part_of == name)
        if not len(places):
            return empty_part(request.side)
        images = ready.images[places[0] : places[-1] + 1]
        digests = None if ready.digests is None else ready.digests[places[0] : places[-1] + 1]
        return Part(images, labels[places], tuple(names[kept[place]] for place in places), digests)

    return Dataset(
        name=f"folder:{request.argument}",
        title=shown(root.resolve().name),
        classes=usable,
        train=part("train"),
        validation=part("validation"),
        test=part("test"),
        skipped=ready.skipped,
        divided=bool(found.parts),
        remarks=remarks,
    )


def listed(argument: str) -> Dataset:
    """Return what `load` would open, without decoding a photo: every file counts, and pictures have no pixels.

    Raises:
        DatasetError: as `load`, as far as it can be known.
    """
    root = _root(argument)
    found = layout(root)
    files, parts, classes = _sorted_out(root, found)
    part_of = np.array(parts)
    labels = np.array([classes.index(file.kind) for file in files], np.int64)

    def part(name: str) -> Part:
        places = np.flatnonzero(part_of == name)
        own = tuple(files[place].name for place in places)
        return Part(np.zeros((len(own), 0, 0, 3), np.uint8), labels[places], own)

    return Dataset(
        name=f"folder:{argument}",
        title=shown(root.resolve().name),
        classes=classes,
        train=part("train"),
        validation=part("validation"),
        test=part("test"),
        divided=bool(found.parts),
        remarks=_remarks(found) + _lacking(found, classes, part_of, labels),
    )


def file_of(argument: str, name: str) -> Path:
    """Return the file of a picture.

    Args:
        argument: the folder, as it was given.
        name: the picture's name in its part.
    """
    return real_path(name, _path(argument))


def state(argument: str) -> str:
    """Return a text that changes when any file in the folder does; "" if there is no such folder."""
    return state_of_files(_path(argument))


def _path(argument: str) -> Path:
    return typed_path(argument)


def _root(argument: str) -> Path:
    root = _path(argument)
    try:
        if root.is_dir():
            return root
    except PermissionError:
        raise DatasetError(f"The folder {_short(root)} may not be looked into: choose one that may be read.") from None
    except (OSError, ValueError):  # too long, or links that lead to themselves
        pass
    raise DatasetError(f"There is no folder {_short(root)}: name one that holds a folder of photos for each class.")


def _short(path: Path) -> str:
    """A path in a sentence: of one that is much too long, both ends."""
    text = str(path)
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS // 2]} … {text[-MOST_LETTERS // 4 :]}"


def _sorted_out(root: Path, found: Layout) -> tuple[list[Listed], list[str], tuple[str, ...]]:
    """The files, the part of each, and the classes. Each part is one slice, so that it stays memory-mapped."""
    pairs = [(_part(file, found.parts), file) for file in found.files]
    pairs.sort(key=lambda pair: pair[0])
    classes = tuple(sorted({file.kind for file in found.files}))
    if len(classes) < 2:
        raise DatasetError(
            f"{root} holds {'one class only' if classes else 'no class'}: at least two folders with photos are needed, "
            f"each named for its class, such as cats and dogs. {' '.join(found.remarks)}".rstrip()
        )
    return [file for _, file in pairs], [part for part, _ in pairs], classes


def _part(file: Listed, brought: tuple[str, ...]) -> str:
    """The part of a file. What a folder brings is kept; where it brings no validation, the lot decides."""
    if file.part == "train" and "validation" not in brought:
        return "validation" if _drawn_lot(file.below) == "validation" else "train"
    return file.part or _drawn_lot(file.below)


def _remarks(found: Layout) -> tuple[str, ...]:
    if not found.parts or "validation" in found.parts:
        return found.remarks
    return (
        f"There is no validation part: about {VALIDATION_PERCENT}\u00a0% of the training photos, chosen by a hash of "
        "their names, are for validation.",
        *found.remarks,
    )


def _unreadable(
    found: Layout, classes: tuple[str, ...], usable: tuple[str, ...], part_of: np.ndarray, labels: np.ndarray
) -> tuple[str, ...]:
    """Remarks on classes of which no file can be read: in no part, or in one. Raises DatasetError."""
    remarks = [f"No file of {kind} can be read: it is no class." for kind in classes if kind not in usable]
    there = {part: {usable[label] for label in set(labels[part_of == part].tolist())} for part in PARTS}
    if "train" in found.parts and there["train"] < set(usable):
        strange = {kind: [part for part in PARTS if kind in there[part]] for kind in usable}
        strange = {kind: parts for kind, parts in strange.items() if "train" not in parts}
        raise without_training(strange, sorted(there["train"]))
    for part in found.parts[1:]:
        meant = {file.kind for file in found.files if file.part == part} & set(usable)
        remarks += [f"No file of {kind} in the {part} part can be read." for kind in sorted(meant - there[part])]
    return tuple(remarks)


def _lacking(found: Layout, classes: tuple[str, ...], part_of: np.ndarray, labels: np.ndarray) -> tuple[str, ...]:
    """Remarks on classes that the lot has left out of a part. `layout` says it of the parts that a folder brings."""
    remarks = []
    for part in PARTS[1:]:
        there = set(labels[part_of == part].tolist())
        missing = [kind for label, kind in enumerate(classes) if label not in there]
        if part not in found.parts and there and missing:
            remarks.append(no_pictures(part, missing))
    return tuple(remarks)


def _drawn_lot(name: str) -> str:
    lot = int.from_bytes(hashlib.sha256(composed(name).encode(errors="surrogateescape")).digest()[:4], "big") % 100
    if lot < TEST_PERCENT:
        return "test"
    return "validation" if lot < TEST_PERCENT + VALIDATION_PERCENT else "train"
