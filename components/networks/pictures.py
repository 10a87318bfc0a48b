"""The pictures behind a judgement, as a page shows them: small ones for strips, large ones, and their names."""

import hashlib
from collections.abc import Sequence

import cv2
import numpy as np

from components.engine.shared_job import keep_newest
from components.networks.open_datasets import opened
from components.photo.uploads import jpeg_url
from models.datasets import Dataset, DatasetError, Part, Skipped
from models.evaluation.stored_scores import Judged, pictures_digest, pieces

THUMBNAIL_SIDE = 96


class PartPictures:
    """The pictures of a dataset's part, in its order.

    Args:
        parts: the part, in one or several pieces.
        maximum: the value of a white pixel.
        subject: a digest that identifies these pictures.
        skipped: files of the dataset that could not be used.
    """

    def __init__(self, parts: Sequence[Part], *, maximum: int, subject: str, skipped: tuple[Skipped, ...] = ()) -> None:
        self._parts, self._maximum = parts, maximum
        self.subject, self.skipped = subject, skipped

    def __bool__(self) -> bool:
        return bool(self._parts)

    def raw(self, number: int) -> np.ndarray:
        """Return a picture as the dataset has it, uint8 (side, side, channels), 0 to the dataset's maximum.

        Raises:
            IndexError: there is no such picture.
        """
        for part in self._parts:
            if 0 <= number < len(part):
                return np.asarray(part.images[number])
            number -= len(part)
        raise IndexError("There is no such picture.")

    def shown(self, number: int) -> np.ndarray:
        """Return a picture for display, uint8 (side, side, 3), 0 to 255."""
        pixels = self.raw(number)
        if self._maximum != 255:
            pixels = (pixels.astype(np.float32) * (255 / self._maximum)).round().clip(0, 255).astype(np.uint8)
        return pixels.repeat(3, axis=-1) if pixels.shape[-1] == 1 else pixels

    def thumbnail(self, number: int) -> str:
        """Return a small picture as a data URL, "" if there is none."""
        try:
            return small_url(self.shown(number))
        except IndexError:
            return ""


class Pictures(PartPictures):
    """The pictures of a judgement, in its order; none if they have been changed or deleted since.

    Args:
        judged: the judgement.
        dataset: its dataset as it is now, or None if it is not at hand.
    """

    def __init__(self, judged: Judged, dataset: Dataset | None) -> None:
        subject = hashlib.sha256(f"{judged.weights} {judged.pictures}".encode()).hexdigest()[:16]
        if dataset is None or not _are_in(judged, dataset):
            super().__init__([], maximum=255, subject=subject)
        else:
            parts = pieces(dataset, judged.part)
            super().__init__(parts, maximum=dataset.maximum, subject=subject, skipped=tuple(dataset.skipped))


def is_at_hand(judged: Judged) -> bool:
    """Return whether the very pictures that were judged lie there now, pixel by pixel, and are prepared."""
    dataset = opened(judged.dataset, judged.side, judged.resize)
    return dataset is not None and _are_in(judged, dataset)


def _are_in(judged: Judged, dataset: Dataset) -> bool:
    try:
        return pictures_digest(dataset, judged.part) == judged.pictures
    except DatasetError:  # the part has no pictures any more
        return False


def small_url(pixels: np.ndarray) -> str:
    """Return a square picture, uint8 (side, side, 3), `THUMBNAIL_SIDE` pixels wide, as a data URL."""
    return jpeg_url(_small(pixels))


def _small(pixels: np.ndarray) -> np.ndarray:
    side = pixels.shape[0]
    if side >= THUMBNAIL_SIDE:
        return cv2.resize(pixels, (THUMBNAIL_SIDE, THUMBNAIL_SIDE), interpolation=cv2.INTER_AREA)
    # A digit of 8 pixels stays a picture of squares.
    times = THUMBNAIL_SIDE // side
    return pixels.repeat(times, axis=0).repeat(times, axis=1)


_kept: dict[int, tuple[Judged, Dataset, Pictures]] = {}
_MOST_KEPT = 8


def pictures_of(judged: Judged) -> Pictures:
    """Return the pictures of a judgement as they lie there now, opened once for all visitors.

    They are none while they are not prepared, and if they are no longer those that were judged.
    """
    dataset = opened(judged.dataset, judged.side, judged.resize)
    before = _kept.get(id(judged))
    if before is not None and before[0] is judged and before[1] is dataset:
        return before[2]
    found = Pictures(judged, dataset)
    if dataset is not None:
        keep_newest(_kept, id(judged), (judged, dataset, found), most=_MOST_KEPT)
    return found
