"""Everything that a visitor can set on the board of a dense layer, as one value that fits into a URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from components.scene.parameters import NUMBER, SceneReader, SceneTexts

ORDERS = ("strength", "for", "against")
WHICH = ("best", "last")
MOST_WEIGHT = 10.0
"""A weight or a bias can be moved from minus this to this."""
MOST_CHANGES = 60
"""More would make no link that can be sent."""
_NAME = re.compile(r"(run:)?[\w .-]{1,100}")
_LAYER = re.compile(r"[\w .:/-]{0,120}")
_PLACE = re.compile(r"\d{1,6}")


def read_silent(text: str) -> tuple[int, ...]:
    """Return the numbers of features in a text such as "3_17", each once, in order; what is no number is left out."""
    return tuple(sorted({int(part) for part in text.split("_") if _PLACE.fullmatch(part)}))[:MOST_CHANGES]


def read_weights(text: str) -> dict[int, float]:
    """Return feature → weight of a text such as "3~0.25_17~-1"; what makes no sense is left out."""
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


@dataclass(frozen=True)
class DenseScene(SceneTexts):
    """A setting of the board.

    Attributes:
        network: a network that comes with the course, or "run:" and a run's name.
        which: of a run, the best or the last epoch.
        layer: the dense layer, "" for the network's last one.
        map: its unit, −1 for the one that answers most.
        order: terms by strength, those that push towards the unit first, or those against it.
        page: which of them are shown; 0 for the first.
        feature: the input whose map is shown large, −1 for the first of the page.
        silent: inputs whose term is 0, as `read_silent` reads them.
        weights: moved weights of the unit, as `read_weights` reads them.
        bias: the moved bias as a number, "" for the network's own.
        position: no animation has a place here.
        speed: likewise.
    """

    network: str = "convnet"
    which: str = "best"
    layer: str = ""
    map: int = -1
    order: str = "strength"
    page: int = 0
    feature: int = -1
    silent: str = ""
    weights: str = ""
    bias: str = ""

    position: ClassVar[int] = 0
    speed: ClassVar[float] = 1.0

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        network, layer = params.get("network", ""), params.get("layer", "")
        bias = _number(params.get("bias", ""))
        return cls(
            network=network if _NAME.fullmatch(network) else cls.network,
            which=read.choice("which", WHICH),
            layer=layer if _LAYER.fullmatch(layer) else cls.layer,
            map=read.whole("map", -1, 99_999),
            order=read.choice("order", ORDERS),
            page=read.whole("page", 0, 9_999),
            feature=read.whole("feature", -1, 999_999),
            silent="_".join(map(str, read_silent(params.get("silent", "")))),
            weights="_".join(f"{one}~{value:.6g}" for one, value in read_weights(params.get("weights", "")).items()),
            bias="" if bias is None else f"{bias:.6g}",
        )
