"""`photos`: a visitor's own pictures, two to five classes, as one block of bytes that never needs to touch a disk."""

import io
import zipfile
from collections.abc import Sequence

import cv2
import numpy as np

from models.datasets import Dataset, DatasetError, Info, Part, Request, Skipped, empty_part
from models.pictures.photo import Photo, PhotoError, decode
from models.pictures.resize import Resize, resize

INFO = Info("photos", "Your own photos")

SIDE = 224
"""Longest side, in pixels, of a picture that is handed over or stored."""

CLASSES = (2, 5)
"""Fewest and most classes that a network learns to tell apart."""

JUDGED_CLASSES = (1, 10)
"""Fewest and most classes of pictures for evaluating a trained network."""

MAX_PICTURES = 1000
MAX_PACKED_BYTES = 256 * 2**20
"""Most bytes of all pictures together, unpacked: 1,000 of `SIDE` by `SIDE` pixels have 151 MB before they are PNG."""

VALIDATION_SHARE = 5
"""One picture in this many is for validation, in every class that has at least as many."""


def load(request: Request) -> Dataset:  # noqa: ARG001 - as every dataset
    """Refuse: these pictures belong to a visitor and come with a run.

    Raises:
        DatasetError: always.
    """
    raise DatasetError("Own photos are added on the course's pages: on the command line, use folder:PATH.")


def pack(pictures: Sequence[tuple[str, Photo]], limits: tuple[int, int] = CLASSES) -> bytes:
    """Return pictures with their classes as bytes, at most 224 pixels wide or high and without any metadata.

    Args:
        pictures: (class, photo), at most 1,000.
        limits: fewest and most classes that may have pictures.

    Raises:
        DatasetError: fewer or more classes, or too many pictures.
    """
    _check(sorted({kind for kind, _ in pictures}), len(pictures), limits)
    entries: dict[str, np.ndarray] = {"classes": np.array([kind for kind, _ in pictures])}
    for number, (_, photo) in enumerate(pictures):
        scale = min(1.0, SIDE / max(photo.pixels.shape[:2]))
        height, width = (max(16, round(length * scale)) for length in photo.pixels.shape[:2])
        small = cv2.resize(photo.pixels, (width, height), interpolation=cv2.INTER_AREA)
        _, png = cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        entries[f"picture{number:04d}"] = png
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **entries)
    return file.getvalue()


def unpack(pictures: bytes, *, side: int, how: Resize, limits: tuple[int, int] = CLASSES) -> Dataset:
    """Return packed pictures as a dataset. In every class, one in five is for validation.

    A picture's name contains a digest of its pixels, so that other pictures have other names and another fingerprint.

    Args:
        pictures: what `pack` returned.
        side: width and height of the result in pixels.
        how: what happens to a picture that is not square.
        limits: as for `pack`.

    Raises:
        DatasetError: the bytes are damaged, or as `pack`.
    """
    try:
        _check_unpacked(pictures)
        with np.load(io.BytesIO(pictures), allow_pickle=False) as file:
            kinds = [str(kind) for kind in file["classes"]]
            files = [file[f"picture{number:04d}"].tobytes() for number in range(len(kinds))]
    except Exception as error:
        raise DatasetError("The pictures of this run are damaged.") from error
    classes = tuple(sorted(set(kinds)))
    _check(list(classes), len(files), limits)
    images, labels, names, digests, skipped = [], [], [], [], []
    for number, data in enumerate(files):
        try:
            photo = decode(data)
        except PhotoError as error:
            skipped.append(Skipped(f"{kinds[number]}/{number}", str(error)))
            continue
        images.append(resize(photo.pixels, side, how))
        labels.append(classes.index(kinds[number]))
        names.append(f"{kinds[number]}/{number}-{photo.digest[:16]}")
        digests.append(photo.digest)
    validation = _validation(labels, digests)

    def part(chosen: list[int]) -> Part:
        if not chosen:
            return empty_part(side)
        stack = np.stack([images[place] for place in chosen])
        return Part(stack, np.array([labels[place] for place in chosen]), tuple(names[place] for place in chosen))

    rest = [place for place in range(len(labels)) if place not in validation]
    return Dataset(
        name="photos",
        title=INFO.title,
        classes=classes,
        train=part(rest),
        validation=part(sorted(validation)),
        test=empty_part(side),
        skipped=tuple(skipped),
        divided=False,
    )


def _check_unpacked(pictures: bytes) -> None:
    """Raise ValueError for a file, brought in with a run perhaps, that unpacks to more than pictures have."""
    with zipfile.ZipFile(io.BytesIO(pictures)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_PACKED_BYTES:
            raise ValueError("more than pictures have")


def _validation(labels: list[int], digests: list[str]) -> set[int]:
    """Indices of the validation pictures: those with the smallest digests of their class, which is a random choice."""
    chosen: set[int] = set()
    for label in set(labels):
        places = [place for place, other in enumerate(labels) if other == label]
        chosen.update(sorted(places, key=digests.__getitem__)[: len(places) // VALIDATION_SHARE])
    return chosen


def _check(classes: list[str], count: int, limits: tuple[int, int]) -> None:
    fewest, most = limits
    if not fewest <= len(classes) <= most:
        raise DatasetError(f"Own photos need {fewest} to {most} classes with pictures, and here are {len(classes)}.")
    if count > MAX_PICTURES:
        raise DatasetError(f"At most {MAX_PICTURES:,} own photos are taken, and here are {count:,}.")
