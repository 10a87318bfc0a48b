"""Global average pooling of real maps: each of 32 maps of the photo becomes one number, and what that saves."""

import math
from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.pooling.global_pooling.head import HeadComparison, comparison
from components.lessons.pooling.global_pooling.scene import CLASSES, SIDES, TOP_SPEED, GlobalPoolingScene
from components.lessons.pooling.global_pooling.texts import TEXTS
from components.photo import first_layer_maps
from components.player import animation, register
from models.arithmetic import global_average_pool, pool
from models.pictures.photo import Photo
from models.pretrained.first_layer import relu6

KEY = "global-pooling"
LARGEST_NUMBER = 6
"""The largest number that ReLU6 lets through; it gets the full colour."""
LARGEST_SHOWN = 64
"""Largest side, in pixels, of a map that is sent to the browser: a tile of the sheet has no room for more."""

_mount = register("global_pooling", Path(__file__).resolve().parent)


class GlobalPoolingMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    shownSide: int
    maps: str
    means: str
    largest: int
    tallest: int
    mapShape: str
    count: str
    topSpeed: int
    comparison: HeadComparison


def payload(layer: np.ndarray, scene: GlobalPoolingScene) -> GlobalPoolingMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    Args:
        layer: what `models.pretrained.first_layer.first_layer` made of the photo, before ReLU6.
        scene: the visitor's settings.

    `means` are float32, of the full maps. `maps` are uint8 (32, shown side, shown side), 255 for `LARGEST_NUMBER`; a
    map that is too large is shown as means of 2 × 2 numbers.
    """
    maps = relu6(layer)
    side = maps.shape[0]
    shown = maps if side <= LARGEST_SHOWN else pool(maps, size=2, mode="average")
    bytes_shown = np.rint(shown * (255 / LARGEST_NUMBER)).astype(np.uint8)
    means = global_average_pool(maps)
    return {
        "texts": TEXTS,
        "choices": {
            "side": [[str(value), str(value)] for value in SIDES],
            "maps": [["first", "first maps"], ["last", "last maps"]],
            "classes": [[str(value), f"{value:,}"] for value in CLASSES],
        },
        "shownSide": shown.shape[0],
        "maps": encode_array(bytes_shown.transpose(2, 0, 1), "u1"),
        "means": encode_array(means, "f4"),
        "largest": LARGEST_NUMBER,
        "tallest": max(math.ceil(float(means.max())), 1),
        "mapShape": f"{side} × {side} each",
        "count": f"{side} × {side} = {side * side:,}",
        "topSpeed": TOP_SPEED,
        "comparison": comparison(scene),
    }


def global_pooling_maps(photo: Photo) -> GlobalPoolingScene:
    """Draw the animation on `photo` and return the scene that it shows."""
    return animation(
        _mount,
        KEY,
        GlobalPoolingScene,
        lambda scene: payload(first_layer_maps(photo, scene.side), scene),
        subject=photo.digest,
        prefix="gap-",
    )
