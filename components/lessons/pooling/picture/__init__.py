"""Pooling on a whole picture: the photo, a real feature map of it, noise or thin lines."""

from functools import cache
from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.pooling.picture.scene import MAX_SPEED, SIDE, PictureScene
from components.lessons.pooling.picture.texts import CHOICES, TEXTS, facts, look, source_name
from components.photo import first_layer_maps
from components.player import animation, register
from models.arithmetic import PoolingMode
from models.arithmetic.pooling_study import study_pooling
from models.pictures.patterns import salt_and_pepper, thin_lines
from models.pictures.photo import Photo
from models.pretrained.first_layer import relu6

KEY = "pooling_picture"
NOISE_SHARE = 0.05

_mount = register(KEY, Path(__file__).resolve().parent)


class PictureMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    topSpeed: int
    side: int
    channels: int
    picture: str
    whole: bool
    scale: float
    shown: dict[PoolingMode, str]
    shownScale: float
    facts: list[str]
    look: str
    max: str
    average: str


def payload(photo: Photo, scene: PictureScene) -> PictureMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed."""
    wide, clean = _picture(photo, scene)
    result = study_pooling(wide, size=scene.size, clean=clean)
    picture = result.picture
    shown = {"lost": result.lost, "shift": result.moved}.get(scene.view, {})
    strongest = max((float(shown[mode].max()) for mode in shown), default=0.0)
    return {
        "texts": TEXTS | {"source": source_name(photo, scene)},
        "choices": CHOICES,
        "topSpeed": MAX_SPEED,
        "side": SIDE,
        "channels": picture.shape[2],
        "picture": encode_array(picture, "u1" if picture.dtype == np.uint8 else "f4"),
        "whole": picture.dtype == np.uint8,
        "scale": 255.0 if picture.dtype == np.uint8 else max(float(picture.max()), 1e-6),
        "max": encode_array(result.pooled["max"], "f4"),
        "average": encode_array(result.pooled["average"], "f4"),
        "shown": {mode: encode_array(shown[mode], "f4") for mode in shown},
        "shownScale": strongest,
        "facts": facts(result, scene),
        "look": look(result, scene),
    }


def pooling_picture(photo: Photo) -> PictureScene:
    """Draw the pictures of `photo` and return the scene that they show."""
    return animation(
        _mount, KEY, PictureScene, lambda scene: payload(photo, scene), subject=photo.digest, prefix="picture-"
    )


def _picture(photo: Photo, scene: PictureScene) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the picture, one column wider than shown (so that it can move), and the same picture without noise."""
    if scene.source == "map":
        # A stride of 2 lies between photo and map: two more pixels are one more column.
        maps = relu6(first_layer_maps(photo, 2 * SIDE + 2))
        return maps[:SIDE, :, scene.map : scene.map + 1], None
    if scene.source == "lines":
        return _wide_lines(), None
    wide = photo.square(SIDE + 1)[:SIDE]
    if scene.source == "noise":
        return salt_and_pepper(wide, NOISE_SHARE), wide[:, :SIDE]
    return wide, None


@cache
def _wide_lines() -> np.ndarray:
    lines = thin_lines(SIDE)
    return np.hstack([lines, lines[:, -1:]])
