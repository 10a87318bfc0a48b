"""How small is too small? The sizes, the two controls, and how often two networks were right at each: measured once.

`python -m models.experiments.size_measuring` measures. Nothing here needs TensorFlow.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np

from models.pictures.resize import resize

SIDES = (16, 32, 64, 128, 224)
"""Width and height, in pixels, to which the middle of a photo is brought."""

BLURRED, GREY = "blurred", "grey"
CONTROLS = (BLURRED, GREY)
"""Pictures of the largest size in which no animal can be seen: what a network says of them it says without seeing."""

VIEWS = (*map(str, SIDES), *CONTROLS)
"""What a network is asked about: a photo at each size, and the controls."""

NETWORKS = ("convnet", "efficientnet-lite0-pets")

BLUR = 28.0
"""Standard deviation of the blur in pixels, an eighth of the side: nothing but a few patches of colour is left."""

SHIPPED = Path(__file__).resolve().with_suffix(".json")


class RightCount(TypedDict):
    """Of the photos of one class, the number of which a network was right, at each of `VIEWS`."""

    photos: int
    right: dict[str, int]


class SizeStudy(TypedDict):
    """What was measured, as the JSON file holds it. "networks" is network → "cat" or "dog" → counts."""

    data: str
    command: str
    networks: dict[str, dict[str, RightCount]]


def view(pixels: np.ndarray, name: str) -> np.ndarray:
    """Return the middle of a photo at a size, or one of the controls.

    Args:
        pixels: uint8 (height, width, 3).
        name: one of `VIEWS`.

    Returns:
        uint8 (side, side, 3).
    """
    if name == GREY:
        return np.full((SIDES[-1], SIDES[-1], 3), 128, np.uint8)
    if name == BLURRED:
        # The edge is continued as its mirror image: a dark border would be something to see.
        return cv2.GaussianBlur(resize(pixels, SIDES[-1], "crop"), (0, 0), BLUR, borderType=cv2.BORDER_REFLECT_101)
    return resize(pixels, int(name), "crop")


@lru_cache(maxsize=1)
def shipped_study() -> SizeStudy:
    """Return what was measured on the photos that do not come along."""
    study: SizeStudy = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return study
