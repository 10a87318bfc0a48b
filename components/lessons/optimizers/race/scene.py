"""Everything that a visitor can set on the race, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Self

from components.scene.parameters import NUMBER, SceneReader, SceneTexts
from models.arithmetic.loss_surfaces import SURFACES
from models.arithmetic.optimizer_updates import RULES

STEPS = 200
MAX_SPEED = 60
LOWEST_RATE, HIGHEST_RATE = 1e-4, 10.0

START: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"bowl": (-2.4, 1.5), "ravine": (-2.5, 0.9), "beale": (0.5, -1.5), "saddle": (0.02, 1.6), "digits": (-4.0, 3.0)}
)
"""Where a race begins at first, by surface."""


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
"""Learning rates with which each optimizer gets somewhere within `STEPS` steps: found by trying, by surface."""


@dataclass(frozen=True)
class RaceScene(SceneTexts):
    """A setting of all controls of the race.

    Attributes:
        surface: one of `models.arithmetic.loss_surfaces.SURFACES`.
        x, y: the weights at the start, on the map.
        sgd … adam: the learning rate of each optimizer, by the names of `models.arithmetic.optimizer_updates.RULES`.
        optimizer: whose steps are written out.
        position: steps taken, 0 to `STEPS`.
        speed: steps a second while playing.
    """

    surface: str = "ravine"
    x: float = START["ravine"][0]
    y: float = START["ravine"][1]
    sgd: float = RATES["ravine"]["sgd"]
    momentum: float = RATES["ravine"]["momentum"]
    nesterov: float = RATES["ravine"]["nesterov"]
    adagrad: float = RATES["ravine"]["adagrad"]
    rmsprop: float = RATES["ravine"]["rmsprop"]
    adadelta: float = RATES["ravine"]["adadelta"]
    adam: float = RATES["ravine"]["adam"]
    optimizer: str = "adam"
    position: int = 30
    speed: int = 12

    @classmethod
    def at_first(cls, surface: str) -> Self:
        """Return the scene as a surface is first seen: each has a start and learning rates of its own."""
        x, y = START[surface]
        rates: Mapping[str, Any] = RATES[surface]
        return cls(surface=surface, x=x, y=y, **rates)

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the surface's default."""
        surface = SceneReader(cls, params).choice("surface", tuple(SURFACES))
        texts = cls.at_first(surface).all_params()
        numbers = {"x", "y", *RULES}
        texts |= {name: text for name, text in params.items() if name not in numbers or NUMBER.fullmatch(text.strip())}
        read = SceneReader(cls, texts)
        width, height = SURFACES[surface].width, SURFACES[surface].height
        return cls(
            surface=surface,
            x=read.number("x", -width, width),
            y=read.number("y", -height, height),
            **{name: read.number(name, LOWEST_RATE, HIGHEST_RATE) for name in RULES},
            optimizer=read.choice("optimizer", tuple(RULES)),
            position=read.whole("position", 0, STEPS),
            speed=read.whole("speed", 1, MAX_SPEED),
        )

    def to_params(self) -> dict[str, str]:
        """Return the parameters that differ from the surface's first scene."""
        first = type(self).at_first(self.surface).all_params()
        default = type(self).surface
        texts = self.all_params()
        return {name: text for name, text in texts.items() if text != (default if name == "surface" else first[name])}

    @property
    def rates(self) -> dict[str, float]:
        """The learning rates by optimizer."""
        return {name: getattr(self, name) for name in RULES}


if missing := set(RULES) - {field.name for field in fields(RaceScene)}:
    raise TypeError(f"RaceScene has no learning rate for {', '.join(sorted(missing))}.")
