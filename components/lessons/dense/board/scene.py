"""Everything that a visitor can set on the board of a dense layer, as one value that fits into a URL."""

import re
from dataclasses import dataclass

import numpy as np

from components.networks.network_parameters import network_parameter
from components.scene import NUMBER, Scene, choice, text, tidied, whole

ORDERS = ("sides", "strength", "for", "against")
WHICH = ("best", "last")
MOST_WEIGHT = 10.0
"""Largest absolute value of a weight or a bias that a visitor can set."""
MOST_CHANGES = 60
"""Most changes in a link: more would make it too long to be sent."""
_LAYER = r"[\w .:/-]{0,120}"
_PLACE = re.compile(r"\d{1,6}")


def read_silent(text: str) -> tuple[int, ...]:
    """Return the indices of features in a text such as "3_17", sorted, each once; invalid parts are ignored."""
    return tuple(sorted({int(part) for part in text.split("_") if _PLACE.fullmatch(part)}))[:MOST_CHANGES]


def read_weights(text: str) -> dict[int, float]:
    """Return feature → weight of a text such as "3~0.25_17~-1"; invalid parts are ignored."""
    found = {}
    for part in text.split("_"):
        place, _, number = part.partition("~")
        if _PLACE.fullmatch(place) and (value := _number(number)) is not None:
            found[int(place)] = value
    return dict(sorted(found.items())[:MOST_CHANGES])


def _number(text: str) -> float | None:
    if not NUMBER.fullmatch(text) or not np.isfinite(float(text)):
        return None
    return float(f"{np.clip(float(text), -MOST_WEIGHT, MOST_WEIGHT):.6g}") + 0.0


def _tidy_silent(given: str) -> str:
    return "_".join(map(str, read_silent(given)))


def _tidy_weights(given: str) -> str:
    return "_".join(f"{feature}~{value:.6g}" for feature, value in read_weights(given).items())


def _tidy_bias(given: str) -> str | None:
    bias = _number(given)
    return None if bias is None else f"{bias:.6g}"


@dataclass(frozen=True)
class DenseScene(Scene):
    """All settings of the board.

    Attributes:
        network: a network that comes with the course, or "run:" and a run's name.
        which: for a run, its best or last epoch.
        layer: the dense layer, "" for the network's last one.
        map: index of its unit, −1 for the one with the largest output.
        order: the strongest terms of each side, all by strength, those that push towards the unit first, or those
            against it.
        page: index of the page of terms that is shown.
        feature: the input whose map is shown large, −1 for the first one of the page.
        silent: inputs whose term is 0, as `read_silent` reads them.
        weights: moved weights of the unit, as `read_weights` reads them.
        bias: the moved bias as a number, "" for the network's own.
    """

    network: str = network_parameter("convnet")
    which: str = choice("best", WHICH)
    layer: str = text("", _LAYER)
    map: int = whole(-1, -1, 99_999)
    order: str = choice("sides", ORDERS)
    page: int = whole(0, 0, 9_999)
    feature: int = whole(-1, -1, 999_999)
    silent: str = tidied("", _tidy_silent)
    weights: str = tidied("", _tidy_weights)
    bias: str = tidied("", _tidy_bias)
