"""What networks learn from: one module a dataset, found by its name. Adding a dataset is adding one file.

A module `my_pets.py` has `INFO` (an `Info`) and `load(request)`, and is the dataset "my-pets" everywhere.
"""

import hashlib
import importlib
import pkgutil
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from models.datasets.spelling import composed, shown
from models.pictures.resize import Resize
from models.progress import Progress


class DatasetError(ValueError):
    """A dataset that cannot be used. `str()` is a sentence for the visitor, with names as they can be shown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(shown(sentence))


class Info(NamedTuple):
    """Facts about a dataset before it is opened.

    Attributes:
        name: as on the command line.
        title: for people.
        side: default width and height of its pictures in pixels; None: the network's.
        channels: 3 for red, green and blue, 1 for grey.
        argument: what has to follow the colon ("PATH"), or "" if nothing has to.
        drawn: drawn by this project, not photographed.
    """

    name: str
    title: str
    side: int | None = None
    channels: int = 3
    argument: str = ""
    drawn: bool = False


class Skipped(NamedTuple):
    """A file that could not be used, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Request:
    """How a dataset is to be loaded.

    Attributes:
        side: width and height of every picture in pixels.
        argument: what follows the colon.
        resize: what happens to a picture that is not square.
        progress: called with the progress of a long preparation.
    """

    side: int
    argument: str = ""
    resize: Resize = "squash"
    progress: Progress | None = None


@dataclass(frozen=True, eq=False)
class Part:
    """The pictures for training, for validation or for the test.

    Attributes:
        images: uint8 (n, side, side, channels), read-only, perhaps memory-mapped. A frozen base's features may take
            their place (`models.training.features`): float32 (n, features).
        labels: int64 (n,), each an index into the dataset's classes.
        names: what identifies each picture: its path below the folder, as it can be shown, or a number.
        digests: `pixels_digest` of each picture, where it is known without reading them. They belong to `images`: who
            replaces these has to replace or drop them.
    """

    images: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]
    digests: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if not len(self.images) == len(self.labels) == len(self.names):
            raise ValueError(f"{len(self.images)} images, {len(self.labels)} labels and {len(self.names)} names")

    def __len__(self) -> int:
        return len(self.labels)

    def pixels(self) -> tuple[str, ...]:
        """Return `pixels_digest` of each picture. Where they are not known, the pictures are read, at 1 GB a second."""
        return self.digests if self.digests is not None else tuple(pixels_digest(image) for image in self.images)


def pixels_digest(image: np.ndarray) -> str:
    """Return a digest of a picture's pixels, 32 hexadecimal digits."""
    return hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=16).hexdigest()


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures with labels, in three parts without common pictures. A part may be empty.

    Attributes:
        name: as on the command line.
        title: for people.
        classes: names of the classes; a label is an index into them.
        maximum: the value of a white pixel.
        drawn: drawn by this project, not photographed.
        skipped: files that could not be used.
        divided: the dataset comes with a division into parts; otherwise this project has divided it.
        remarks: sentences on how it was read: what was taken as what, and what was left out.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    train: Part
    validation: Part
    test: Part
    maximum: int = 255
    drawn: bool = False
    skipped: tuple[Skipped, ...] = ()
    divided: bool = True
    remarks: tuple[str, ...] = ()

    @property
    def channels(self) -> int:
        """3 for colour, 1 for grey."""
        return int(self.train.images.shape[-1])

    def digest(self, *parts: str) -> str:
        """Return a digest of the classes and of some parts' pictures, pixels, labels and names: 64 hexadecimal digits.

        Two datasets with the same digest show the same pictures, whenever and on whatever machine they were opened. It
        is computed once for each `Dataset` object.

        Args:
            parts: of `PARTS`.
        """
        known = _digests.setdefault(self, {})
        if parts not in known:
            digest = hashlib.sha256(repr((tuple(map(composed, self.classes)), self.maximum)).encode())
            for name in parts:
                part: Part = getattr(self, name)
                names = "\n".join(map(composed, part.names))
                digest.update(f"{name} {part.images.shape}\n{names}".encode(errors="surrogateescape"))
                digest.update(part.labels.astype(np.int64).tobytes())
                digest.update("".join(part.pixels()).encode())
            known[parts] = digest.hexdigest()
        return known[parts]

    def fingerprint(self) -> str:
        """Return a digest of what a training looks at: the classes, and the pictures for training and validation."""
        return PIXELS + self.digest("train", "validation")[: 32 - len(PIXELS)]

    def fits(self, fingerprint: str | None) -> bool:
        """Return whether these are the pictures of a fingerprint.

        Runs of earlier versions have noted one without pixels. It is compared as it was then: by the pictures' names,
        labels, number and size.
        """
        if fingerprint is None or fingerprint.startswith(PIXELS):
            return fingerprint == self.fingerprint()
        digest = hashlib.sha256(repr((self.classes, self.maximum)).encode())
        for part in (self.train, self.validation):
            digest.update("\n".join(part.names).encode(errors="surrogateescape"))
            digest.update(part.labels.tobytes())
            digest.update(repr(part.images.shape).encode())
        return fingerprint == digest.hexdigest()[:32]

    def part(self, name: str) -> Part:
        """Return the part named train, validation or test, or all three as one.

        Raises:
            DatasetError: no such part, or it is empty.
        """
        if name == "all":
            found = joined([part for part in (self.train, self.validation, self.test) if len(part)] or [self.train])
        elif name in PARTS:
            found = getattr(self, name)
        else:
            raise DatasetError(f'A dataset has the parts {", ".join(PARTS)} and all, but no "{name}".')
        if not len(found):
            raise DatasetError(f"The {name} part of {self.title} has no pictures.")
        return found


PARTS = ("train", "validation", "test")

PIXELS = "px"
"""How a fingerprint begins that knows the pictures' pixels."""

_digests: "weakref.WeakKeyDictionary[Dataset, dict[tuple[str, ...], str]]" = weakref.WeakKeyDictionary()


def joined(parts: list[Part]) -> Part:
    """Return several parts as one. A single part is returned as it is."""
    if len(parts) == 1:
        return parts[0]
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    names = tuple(name for part in parts for name in part.names)
    known = [part.digests for part in parts if part.digests is not None]
    return Part(images, labels, names, sum(known, ()) if len(known) == len(parts) else None)


def empty_part(side: int, channels: int = 3) -> Part:
    """Return a part without pictures."""
    return Part(np.zeros((0, side, side, channels), np.uint8), np.zeros(0, np.int64), ())


def names() -> tuple[str, ...]:
    """Return the names of all datasets, without opening any."""
    return tuple(sorted(info(module).name for module in _modules()))


def info(name: str) -> Info:
    """Return the facts about a dataset without opening it. Whatever follows a colon is ignored.

    Raises:
        DatasetError: no such dataset.
    """
    found: Info = _module(name.partition(":")[0]).INFO
    return found


def load(name: str, *, side: int, resize: Resize = "squash", progress: Progress | None = None) -> Dataset:
    """Open a dataset.

    Args:
        name: "drawn-pets", "folder:/home/me/photos" …
        side: width and height of every picture in pixels.
        resize: what happens to a picture that is not square.
        progress: called with the progress of a long preparation.

    Raises:
        DatasetError: no such dataset, or it cannot be used; the text says why.
    """
    base, _, argument = name.partition(":")
    wanted = info(base).argument
    if wanted and not argument:
        raise DatasetError(f"The dataset {base} needs {wanted} behind a colon: {base}:{wanted}.")
    opened: Dataset = _module(base).load(Request(side, argument, resize, progress))
    return opened


def file_of(dataset: str, name: str) -> Path | None:
    """Return the file that a picture was decoded from, or None if the dataset's pictures have no files.

    Args:
        dataset: its name, as in `load`.
        name: the picture's name in its part.

    Raises:
        DatasetError: no such dataset.
    """
    base, _, argument = dataset.partition(":")
    find: Callable[[str, str], Path] | None = getattr(_module(base), "file_of", None)
    return find(argument, name) if find is not None else None


_SPARING = 20
"""A dataset's files are looked at again after so many times as long as the last look took: 5 % of the time at most."""

_QUICK = 0.002
"""Seconds: files that are looked at in less are looked at each time."""

_MOST_STATES = 50
_states: dict[str, tuple[float, str]] = {}  # dataset → when to look again, and what was found
_states_lock = threading.Lock()


def state(dataset: str) -> str:
    """Return a text that changes when a file of a dataset is added, removed, or replaced by another one.

    No file is read: names, sizes and times tell. 25,000 files take 0.2 seconds, and are then looked at every 4.

    Args:
        dataset: its name, as in `load`.

    Returns:
        "" for a dataset without files, and for one that does not exist. Of a folder that is far too large to be one, it
        only says that.
    """
    base, _, argument = dataset.partition(":")
    look: Callable[[str], str] | None = getattr(_module(base), "state", None) if base in _modules() else None
    if look is None:
        return ""
    with _states_lock:
        begun = time.monotonic()
        due, found = _states.pop(dataset, (begun, ""))
        if due <= begun:
            found = look(argument)
            ended = time.monotonic()
            due = ended + _SPARING * (ended - begun) if ended - begun > _QUICK else ended
        while len(_states) >= _MOST_STATES:
            del _states[next(iter(_states))]
        _states[dataset] = (due, found)
    return found


@cache
def _modules() -> list[str]:
    """Names of the modules in this folder that hold a dataset. The others are tools."""
    found = [module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)]
    return [name for name in found if name not in TOOLS]


TOOLS = {
    *("batches", "contents", "description", "download", "layout", "part-names", "pipeline", "prepared", "spelling"),
    "unpack",
}


def _module(name: str) -> Any:  # a module with INFO and load
    known = _modules()
    if name not in known:
        raise DatasetError(f'There is no dataset "{name}": choose from {", ".join(sorted(known))}.')
    return importlib.import_module(f"models.datasets.{name.replace('-', '_')}")
