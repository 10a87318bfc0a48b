"""Measure a dataset's pictures one by one, in portions, so that the work can stop in between."""

import hashlib
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.answers import PictureFacts
from models.datasets import DatasetError, Part
from models.datasets.prepared import DECODE_SIDE, file_mark
from models.pictures.photo import MAX_BYTES, PhotoError, decode, original_size

PORTION = 64
"""Number of pictures after which the work may be interrupted."""

GREY = np.array([0.2989, 0.5870, 0.1140])
"""The weights of red, green and blue in `keras.ops.image.rgb_to_grayscale`, by ITU-R 601."""

Looked = Generator[tuple[int, int], None, PictureFacts]


class Files:
    """The files that pictures were decoded from, in the pictures' order.

    Args:
        paths: one for each picture.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def read(self, place: int) -> bytes:
        """Return a file's bytes.

        Raises:
            DatasetError: the file is gone.
        """
        try:
            with self._paths[place].open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            raise DatasetError(f"{self._paths[place].name} cannot be read any more ({error.strerror}).") from error

    def marks(self) -> list[tuple[int, int, int]]:
        """Return `models.datasets.prepared.file_mark` of every file."""
        return [file_mark(path) for path in self._paths]


def brightness(images: np.ndarray, maximum: int) -> np.ndarray:
    """Return the mean of each picture in grey, from 0 for black to 1 for white.

    Args:
        images: uint8 (n, side, side, 1) or (n, side, side, 3), 0 to `maximum`.
        maximum: the value of a white pixel.

    Returns:
        float32 (n,).
    """
    means = images.mean(axis=(1, 2), dtype=np.float64)
    grey = means @ GREY if images.shape[-1] == 3 else means[:, 0]
    result: np.ndarray = (grey / maximum).astype(np.float32)
    return result


def look_through(parts: Sequence[Part], maximum: int, files: Files | None) -> Looked:
    """Yield (steps done, steps in all) and return "sizes", "brightness" and "twins"; see `models.survey.survey`.

    Args:
        parts: the pictures.
        maximum: the value of a white pixel.
        files: the files of the pictures; None for pictures without files: their sizes are those of their arrays.

    Raises:
        DatasetError: a file is gone.
    """
    count = sum(len(part) for part in parts)
    sizes = np.zeros((count, 2), np.int32)
    bright = np.zeros(count, np.float32)
    contents: list[bytes] = []
    pixels: list[bytes] = []
    for part in parts:
        for begin in range(0, len(part), PORTION):
            images = np.asarray(part.images[begin : begin + PORTION])
            first = len(pixels)
            bright[first : first + len(images)] = brightness(images, maximum)
            sizes[first : first + len(images)] = images.shape[2], images.shape[1]
            pixels += [hashlib.blake2b(image.tobytes()).digest() for image in images]
            if files is not None:
                for place in range(first, len(pixels)):
                    data = files.read(place)
                    contents.append(hashlib.blake2b(data).digest())
                    sizes[place] = _size(data, sizes[place])
            yield len(pixels), count
    twins = [("bytes", places) for places in _same(enumerate(contents))]
    candidates = _same(enumerate(pixels))
    if files is None:
        twins += [("pixels", places) for places in candidates]
    else:
        # If the resized squares differ, so do the pictures. The others are compared as they were before resizing.
        for number, group in enumerate(candidates):
            yield count + number, count + len(candidates)
            if len({contents[place] for place in group}) == 1:
                continue  # the same bytes: already reported
            decoded = [(place, _decoded(files.read(place))) for place in group]
            for places in _same(decoded):
                if len({contents[place] for place in places}) > 1:
                    twins.append(("pixels", places))
    return {"sizes": sizes, "brightness": bright, "twins": twins}


def _size(data: bytes, otherwise: np.ndarray) -> Sequence[int]:
    try:
        return original_size(data)
    except PhotoError:  # the file has changed since the pictures were prepared
        return [int(length) for length in otherwise]


def _decoded(data: bytes) -> str:
    try:
        return decode(data, max_side=DECODE_SIDE).digest
    except PhotoError:
        return hashlib.blake2b(data).hexdigest()


def _same(marks: Iterable[tuple[int, Any]]) -> list[list[int]]:
    """Groups of at least two places with the same mark, in order."""
    groups: dict[Any, list[int]] = {}
    for place, mark in marks:
        groups.setdefault(mark, []).append(place)
    return [places for places in groups.values() if len(places) > 1]
