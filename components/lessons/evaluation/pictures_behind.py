"""The pictures behind a judgement: a dataset's, the visitor's own, or of scores that come along.

Drawn pets are drawn anew when somebody comes to see them. Photos whose scores come along without them are shown where
they are on this machine; elsewhere a silhouette of what each shows stands in its place.
"""

import hashlib
from functools import cache

import cv2
import numpy as np

from components.lessons.evaluation.own_photos import TITLE, OwnPictures
from components.networks.pictures import THUMBNAIL_SIDE, Pictures, pictures_of, small_url
from components.networks.score_job import Asked
from components.photo.uploads import jpeg_url
from models.datasets import Skipped
from models.evaluation.class_names import pet
from models.evaluation.shipped_scores import DIGITS, PET_PHOTOS, photo, shipped
from models.evaluation.stored_scores import Judged
from models.pictures.pet_drawing import SPECIES, draw_pet

_CANVAS = 4 * THUMBNAIL_SIDE  # drawn large and shrunk: smooth edges
_GROUND, _INK = (214, 218, 224), (92, 100, 112)  # grey: a silhouette is no picture of either class's colour


class ShippedPictures:
    """The pictures of scores that come along; see `components.networks.pictures.Pictures`.

    Args:
        judged: what `models.evaluation.shipped_scores.shipped` returned.
    """

    def __init__(self, judged: Judged) -> None:
        self._judged = judged
        self.skipped: tuple[Skipped, ...] = ()
        self.subject = hashlib.sha256(f"{judged.weights} {judged.pictures}".encode()).hexdigest()[:16]

    def raw(self, number: int) -> np.ndarray:
        """Return a picture as the network received it, uint8 (side, side, 3).

        Raises:
            IndexError: there is no such picture, or it is not on this machine.
        """
        judged = self._judged
        if not 0 <= number < len(judged):
            raise IndexError("There is no such picture.")
        if judged.dataset == PET_PHOTOS:
            found = photo(judged, number)
            if found is None:
                raise IndexError("This photo is not on this machine.")
            return found
        kind = pet(judged.classes[judged.labels[number]])
        return draw_pet(SPECIES[SPECIES.index(kind or "cat")], side=judged.side, seed=int(judged.names[number]))

    def shown(self, number: int) -> np.ndarray:
        """Return the same for display."""
        return self.raw(number)

    def thumbnail(self, number: int) -> str:
        """Return a small picture as a data URL: the picture, or a silhouette of what it shows."""
        try:
            return small_url(self.shown(number))
        except IndexError:
            kind = pet(self._judged.classes[self._judged.labels[number]])
            return jpeg_url(silhouette(kind or "cat"))


AnyPictures = Pictures | OwnPictures | ShippedPictures


def pictures_behind(judged: Judged, asked: Asked) -> AnyPictures:
    """Return the pictures of a judgement.

    Args:
        judged: the judgement.
        asked: the request to the engine about its network, for the visitor's own photos.
    """
    if judged.dataset == TITLE:
        return OwnPictures(judged, asked)
    if judged.dataset != DIGITS and shipped(judged.weights, judged.dataset, judged.part) is judged:
        return ShippedPictures(judged)
    return pictures_of(judged)


def photos_are_missing(judged: Judged) -> bool:
    """Return whether silhouettes stand for the photos of this judgement."""
    return judged.dataset == PET_PHOTOS and photo(judged, 0) is None


@cache
def silhouette(kind: str) -> np.ndarray:
    """Return the head of a cat or of a dog as a silhouette, uint8 (side, side, 3)."""
    canvas = np.full((_CANVAS, _CANVAS, 3), _GROUND, np.uint8)

    def spot(x: float, y: float, wide: float, high: float, turned: float = 0) -> None:
        middle = (round(x * _CANVAS), round(y * _CANVAS))
        axes = (round(wide * _CANVAS), round(high * _CANVAS))
        cv2.ellipse(canvas, middle, axes, turned, 0, 360, _INK, -1)

    if kind == "cat":
        spot(0.5, 0.58, 0.29, 0.25)
        for side in (-1, 1):
            ear = [(0.5 + side * x, y) for x, y in ((0.275, 0.14), (0.05, 0.36), (0.285, 0.52))]
            cv2.fillPoly(canvas, [np.array([(round(x * _CANVAS), round(y * _CANVAS)) for x, y in ear])], _INK)
    else:
        spot(0.5, 0.44, 0.21, 0.24)
        spot(0.5, 0.66, 0.14, 0.2)
        for side in (-1, 1):
            spot(0.5 + side * 0.25, 0.45, 0.095, 0.24, side * -14)
    return cv2.resize(canvas, (THUMBNAIL_SIDE, THUMBNAIL_SIDE), interpolation=cv2.INTER_AREA)
