"""What augmentation does to a photo: six changes by exact amounts, and nine times at random, as a training sees it."""

from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.image_data.augmentation.scene import DRAWS, LIMITS, MAX_SPEED, NINE, SLOWEST, AugmentationScene
from components.lessons.image_data.augmentation.texts import EXACT_LINES, RANDOM_LINES, SLIDERS, TEXTS
from components.player import animation, register
from models.pictures.photo import Photo
from models.pictures.resize import resize

KEY = "augmentation"
SIDE, SMALL_SIDE = 224, 112
"""Width and height, in pixels, of the picture that is changed by exact amounts, and of the nine random ones."""

CHANCES = 7
"""Random numbers for one picture: flip, rotation, zoom, across, down, contrast, brightness."""

_mount = register(KEY, Path(__file__).resolve().parent)


class Slider(TypedDict):
    """A slider of one amount: how far it goes either way, and what its number means above and below 0."""

    name: str
    label: str
    limit: float
    above: str
    below: str
    usual: str


class AugmentationMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    slowest: float
    topSpeed: int
    digest: str
    side: int
    pixels: str
    smallSide: int
    smallPixels: str
    draws: int
    nine: int
    random: str
    sliders: list[Slider]
    exactLines: dict[str, str]
    randomLines: dict[str, str]


def payload(photo: Photo) -> AugmentationMessage:
    """Return everything that the browser needs to change the photo by any amounts, and at random."""
    usual = AugmentationScene().all_params()
    return {
        "texts": TEXTS,
        "choices": {},
        "slowest": SLOWEST,
        "topSpeed": MAX_SPEED,
        "digest": photo.digest,
        "side": SIDE,
        "pixels": encode_array(resize(photo.pixels, SIDE, "crop"), "u1"),
        "smallSide": SMALL_SIDE,
        "smallPixels": encode_array(resize(photo.pixels, SMALL_SIDE, "crop"), "u1"),
        "draws": DRAWS,
        "nine": NINE,
        "random": encode_array(chances(), "f8"),
        "sliders": [
            {"name": name, "label": label, "limit": LIMITS[name], "above": above, "below": below, "usual": usual[name]}
            for name, (label, above, below) in SLIDERS.items()
        ],
        "exactLines": EXACT_LINES,
        "randomLines": RANDOM_LINES,
    }


def chances() -> np.ndarray:
    """Return the random numbers of all draws, float64 (pictures, `CHANCES`), from 0 to 1, the same in every visit.

    As in a training (`models.datasets.batches.training_batches`), each epoch's numbers come from its own generator.
    """
    return np.concatenate(
        [np.random.default_rng([0, epoch, 0, 1]).random((1, CHANCES)) for epoch in range(DRAWS * NINE)]
    )


def augmentation(photo: Photo) -> AugmentationScene:
    """Draw the changes of `photo` and return the scene that they show."""
    return animation(_mount, KEY, AugmentationScene, lambda _: payload(photo), subject=photo.digest, prefix="augment-")
