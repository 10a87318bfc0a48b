"""Which number of which network's layer is looked at, as one value that fits into a URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

PREFIX = "step-"
"""Stands before every parameter in a URL: the page that shows a step has parameters of its own."""

STRONGEST = -1
WHICH = ("best", "last")
MAX_SPEED = 4000
MOST_PLACES = 10**6
_NAME = re.compile(r"(run:)?[\w .-]{1,100}")
_LAYER = re.compile(r"[\w .:/-]{1,120}")


@dataclass(frozen=True)
class StepScene(SceneTexts):
    """A setting of all controls.

    Attributes:
        network: a network that comes with the course, or "run:" and a run's name; "" for no step at all.
        which: of a run, the best or the last epoch.
        layer: the layer's name.
        map: number of the map that the layer makes.
        input: number of the map that it is made from; `STRONGEST` for the one that matters most.
        position: number of the number on the map, row by row.
        speed: numbers a second while playing.
    """

    network: str = ""
    which: str = "best"
    layer: str = ""
    map: int = 0
    input: int = STRONGEST
    position: int = 0
    speed: int = 30

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        network, layer = params.get("network", ""), params.get("layer", "")
        if not _NAME.fullmatch(network) or not _LAYER.fullmatch(layer):
            return cls()
        return cls(
            network=network,
            which=read.choice("which", WHICH),
            layer=layer,
            map=read.whole("map", 0, 99_999),
            input=read.whole("input", STRONGEST, 99_999),
            position=read.whole("position", 0, MOST_PLACES),
            speed=read.whole("speed", 1, MAX_SPEED),
        )
