"""The photo as the array that it is: a loupe, its numbers, the three planes, and NumPy's own print of the place."""

from pathlib import Path
from typing import TypedDict

from components.browser import Texts, encode_array
from components.lessons.image_data.pixel_inspector.scene import LOUPE, MAX_SPEED, InspectorScene
from components.lessons.image_data.pixel_inspector.texts import CHOICES, TEXTS, facts
from components.photo import CAPTIONS, remembered
from components.player import animation, register
from models.pictures.most_varied import most_varied_place
from models.pictures.photo import Photo

KEY = "pixel_inspector"

_mount = register(KEY, Path(__file__).resolve().parent)


class InspectorMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    topSpeed: int
    digest: str
    start: int
    height: int
    width: int
    pixels: str
    facts: list[str]


def payload(photo: Photo, first: tuple[int, int]) -> InspectorMessage:
    """Return everything that the browser needs to show any pixel of the photo: all of them, uint8, row by row.

    Args:
        first: row and column of the pixel at which the loupe lies before one is chosen.
    """
    height, width, _ = photo.pixels.shape
    row, column = first
    return {
        "texts": TEXTS | {"photo": CAPTIONS[photo.source]},
        "choices": CHOICES,
        "topSpeed": MAX_SPEED,
        "digest": photo.digest,
        "start": row * width + column,
        "height": height,
        "width": width,
        "pixels": encode_array(photo.pixels, "u1"),
        "facts": facts(photo),
    }


def pixel_inspector(photo: Photo) -> InspectorScene:
    """Draw the inspector of `photo` and return the scene that it shows."""
    first = remembered(photo, "most varied place", lambda: most_varied_place(photo.pixels, LOUPE))
    return animation(_mount, KEY, InspectorScene, lambda _: payload(photo, first), subject=photo.digest)
