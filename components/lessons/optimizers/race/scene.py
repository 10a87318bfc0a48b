"""Everything that a visitor can set on the race, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Self

from components.scene import Playing, choice, number, whole
from models.arithmetic.loss_surfaces import SURFACES
from models.arithmetic.optimizer_updates import RULES

STEPS = 200
MAX_SPEED = 60
LOWEST_RATE, HIGHEST_RATE = 1e-4, 10.0

START: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"bowl": (-2.4, 1.5), "ravine": (-2.5, 0.9), "beale": (0.5, -1.5), "saddle": (0.02, 1.6), "digits": (-4.0, 3.0)}
)
"""The default start of a race, by surface."""


def _rates(
    sgd: float, momentum: float, nesterov: float, adagrad: float, rmsprop: float, adadelta: float, adam: float
) -> Mapping[str, float]:
    rates = map(float, (sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam))
    return MappingProxyType(dict(zip(RULES, rates, strict=True)))


RATES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "bowl": _rates(0.02, 0.01, 0.01, 0.3, 0.03, 5, 0.1),
        "ravine": _rates(0.018, 0.008, 0.008, 0.3, 0.03, 5, 0.1),
        "beale": _rates(0.02, 0.005, 0.005, 0.3, 0.03, 5, 0.1),
        "saddle": _rates(0.05, 0.01, 0.02, 0.1, 0.03, 2, 0.03),
        "digits": _rates(0.3, 0.03, 0.05, 1, 0.05, 10, 0.1),
    }
)
"""Learning rates with which each optimizer makes progress within `STEPS` steps, by surface; found by trial."""


_WIDEST = max(surface.width for surface in SURFACES.values())
_HIGHEST = max(surface.height for surface in SURFACES.values())


def _rate(name: str) -> float:
    return number(RATES["ravine"][name], LOWEST_RATE, HIGHEST_RATE)


@dataclass(frozen=True)
class RaceScene(Playing):
    """All settings of the race.

    Attributes:
        surface: one of `models.arithmetic.loss_surfaces.SURFACES`.
        x, y: the weights at the start, on the map.
        sgd … adam: the learning rate of each optimizer, by the names of `models.arithmetic.optimizer_updates.RULES`.
        optimizer: whose steps are written out.
        position: steps taken, 0 to `STEPS`.
        speed: steps a second while playing.
    """

    surface: str = choice("ravine", tuple(SURFACES))
    x: float = number(START["ravine"][0], -_WIDEST, _WIDEST)
    y: float = number(START["ravine"][1], -_HIGHEST, _HIGHEST)
    sgd: float = _rate("sgd")
    momentum: float = _rate("momentum")
    nesterov: float = _rate("nesterov")
    adagrad: float = _rate("adagrad")
    rmsprop: float = _rate("rmsprop")
    adadelta: float = _rate("adadelta")
    adam: float = _rate("adam")
    optimizer: str = choice("adam", tuple(RULES))
    position: int = whole(30, 0, STEPS)
    speed: int = whole(12, 1, MAX_SPEED)

    leader = "surface"

    @classmethod
    def at_first(cls, surface: str) -> Self:
        """Return the default scene of a surface: each has a start and learning rates of its own."""
        x, y = START[surface]
        rates: Mapping[str, Any] = RATES[surface]
        return cls(surface=surface, x=x, y=y, **rates)

    def fitted(self) -> Self:
        """Return the scene with a start that is on the surface's map."""
        width, height = SURFACES[self.surface].width, SURFACES[self.surface].height
        return replace(self, x=min(max(self.x, -width), width), y=min(max(self.y, -height), height))

    @property
    def rates(self) -> dict[str, float]:
        """The learning rates by optimizer."""
        return {name: getattr(self, name) for name in RULES}


if missing := set(RULES) - {field.name for field in fields(RaceScene)}:
    raise TypeError(f"RaceScene has no learning rate for {', '.join(sorted(missing))}.")
