"""Which number of which network's layer is looked at, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Self

from components.networks.network_parameters import network_parameter
from components.scene import Playing, choice, text, whole

PREFIX = "step-"
"""Stands before every parameter in a URL: the page that shows a step has parameters of its own."""

STRONGEST = -1
WHICH = ("best", "last")
MAX_SPEED = 4000
MOST_PLACES = 10**6
_LAYER = r"[\w .:/-]{1,120}"


@dataclass(frozen=True)
class StepScene(Playing):
    """All settings.

    Attributes:
        network: a network that comes with the course, or "run:" and a run's name; "" for no step at all.
        which: for a run, its best or last epoch.
        layer: the layer's name.
        map: index of the layer's map.
        input: index of the map that it is computed from; `STRONGEST` for the one that contributes most.
        position: index of the number on the map, row by row.
        speed: numbers a second while playing.
    """

    network: str = network_parameter("")
    which: str = choice("best", WHICH)
    layer: str = text("", _LAYER)
    map: int = whole(0, 0, 99_999)
    input: int = whole(STRONGEST, STRONGEST, 99_999)
    position: int = whole(0, 0, MOST_PLACES)
    speed: int = whole(30, 1, MAX_SPEED)

    def fitted(self) -> Self:
        """Return the scene, or one without a step if a link does not name both network and layer."""
        return self if self.network and self.layer else type(self)()
