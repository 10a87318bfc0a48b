"""An activation on a real feature map of the photo: before and after, with the histogram that moves between them."""

from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.activation.curve.texts import WORDS
from components.lessons.activation.feature_map.scene import (
    ELEMENTWISE,
    LARGEST_BIAS,
    MAX_SPEED,
    MOST_EVEN,
    SIDE,
    STEPS,
    MapScene,
)
from components.lessons.activation.feature_map.texts import TEXTS, facts, map_label
from components.photo import first_layer_maps
from components.player import animation, register
from models.arithmetic import activation
from models.arithmetic.activation import most_even
from models.pictures.photo import Photo
from models.pretrained.first_layer import FILTERS

KEY = "activation_map"

_mount = register(KEY, Path(__file__).resolve().parent)


def before_and_after(maps: np.ndarray, scene: MapScene) -> tuple[np.ndarray, np.ndarray]:
    """Return a map before and after its activation.

    Args:
        maps: what `models.pretrained.first_layer.first_layer` made of the photo, (height, width, 32).

    Returns:
        Two float32 arrays (height, width).
    """
    before = maps[:, :, map_of(maps, scene)] + np.float32(scene.bias)
    return before, activation(scene.activation, before).astype(np.float32)


def map_of(maps: np.ndarray, scene: MapScene) -> int:
    """Return the index of the map that a scene shows: the chosen one, or this photo's most even one."""
    return most_even(maps) if scene.map == MOST_EVEN else scene.map


class FeatureMapMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    pointed: list[int]
    side: int
    steps: int
    topSpeed: int
    largestBias: int
    before: str
    after: str
    low: float
    high: float
    facts: list[str]


def payload(maps: np.ndarray, scene: MapScene) -> FeatureMapMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed."""
    before, after = before_and_after(maps, scene)
    label = WORDS[scene.activation].label
    return {
        "texts": TEXTS | {"after": f"After {label}"},
        "choices": {
            "activation": [[name, WORDS[name].label] for name in ELEMENTWISE],
            "map": [
                [str(MOST_EVEN), map_label(most_even(maps))],
                *([str(index), str(index + 1)] for index in range(FILTERS)),
            ],
        },
        "pointed": [int(place) for place in np.unravel_index(before.argmin(), before.shape)],
        "side": before.shape[0],
        "steps": STEPS,
        "topSpeed": MAX_SPEED,
        "largestBias": LARGEST_BIAS,
        "before": encode_array(before, "f4"),
        "after": encode_array(after, "f4"),
        "low": float(min(before.min(), after.min())),
        "high": float(max(before.max(), after.max())),
        "facts": facts(before, after, scene, label),
    }


def activation_map(photo: Photo) -> MapScene:
    """Draw the map of `photo` before and after the activation and return the scene that it shows."""
    return animation(
        _mount,
        KEY,
        MapScene,
        lambda scene: payload(first_layer_maps(photo, 2 * SIDE), scene),
        subject=photo.digest,
        prefix="map-",
    )
