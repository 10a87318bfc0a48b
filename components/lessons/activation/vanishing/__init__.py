"""Vanishing gradients: the loss's gradient travels back through a deep network, and with sigmoid little arrives."""

from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.activation.vanishing.scene import DEEPEST, MAX_SPEED, SEEDS, VanishingScene
from components.lessons.activation.vanishing.texts import SERIES, TEXTS
from components.player import animation, register
from models.arithmetic.gradient_flow import gradient_flows

KEY = "vanishing"

_mount = register("vanishing", Path(__file__).resolve().parent)

ARRAYS = {
    "shares": "shares",
    "means": "mean_derivatives",
    "factors": "derivative_factors",
    "derivativeProducts": "derivative_products",
    "weightProducts": "weight_products",
}
"""What the browser gets: its name there → its name in `GradientFlow`."""


class FlowArrays(TypedDict):
    """The arrays of `GradientFlow`, float32 (3 activations, 30 depths, 30 layers); see `payload`."""

    shares: str
    means: str
    factors: str
    derivativeProducts: str
    weightProducts: str


class VanishingMessage(FlowArrays):
    """What the browser is sent; see `payload`."""

    choices: dict[str, list[list[str]]]
    texts: Texts
    series: tuple[dict[str, str], ...]
    deepest: int
    seeds: int
    topSpeed: int


def payload(scene: VanishingScene) -> VanishingMessage:
    """Return everything that the browser needs to play a scene, whatever its depth, position and speed.

    Row `depth − 1` of the arrays holds the network of `depth` layers, and zeros where it has no layer.
    """
    return {
        "choices": {},
        "texts": TEXTS,
        "series": SERIES,
        "deepest": DEEPEST,
        "seeds": SEEDS,
        "topSpeed": MAX_SPEED,
        **_flows(scene.seed),
    }


@lru_cache(maxsize=SEEDS)
def _flows(seed: int) -> FlowArrays:
    arrays = {name: np.zeros((len(SERIES), DEEPEST, DEEPEST)) for name in ARRAYS}
    for number, series in enumerate(SERIES):
        for flow in gradient_flows(series["name"], deepest=DEEPEST, seed=seed):
            depth = len(flow.shares)
            for name, attribute in ARRAYS.items():
                arrays[name][number, depth - 1, :depth] = getattr(flow, attribute)
    encoded = {name: encode_array(array, "f4") for name, array in arrays.items()}
    return {
        "shares": encoded["shares"],
        "means": encoded["means"],
        "factors": encoded["factors"],
        "derivativeProducts": encoded["derivativeProducts"],
        "weightProducts": encoded["weightProducts"],
    }


def vanishing_gradients() -> VanishingScene:
    """Draw the picture and return the scene that it shows."""
    return animation(_mount, KEY, VanishingScene, payload, subject=KEY, prefix="vanishing-")
