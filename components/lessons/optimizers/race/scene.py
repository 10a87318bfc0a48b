"""Everything that a visitor can set on the race, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Self

from components.scene import Playing, choice, flag, number, whole
from models.arithmetic.loss_surfaces import SURFACES
from models.arithmetic.optimizer_updates import RULES

STEPS = 200
MAX_SPEED = 60
LOWEST_RATE, HIGHEST_RATE = 1e-4, 10.0

RUNNERS: Mapping[str, str] = MappingProxyType({"slow": "sgd", "fast": "sgd"} | {name: name for name in RULES})
"""Who can take part in a race → its rule. SGD has three places, so that three learning rates can be compared."""

START: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"bowl": (-2.4, 1.5), "ravine": (-2.5, 0.9), "beale": (0.5, -1.5), "saddle": (0.02, 1.6), "digits": (-4.0, 3.0)}
)
"""The default start of a race, by surface."""


def _rates(*rates: float) -> Mapping[str, float]:
    return MappingProxyType(dict(zip(RUNNERS, map(float, rates), strict=True)))


RATES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "bowl": _rates(0.01, 0.51, 0.2, 0.02, 0.02, 0.3, 0.03, 5, 0.1),
        "ravine": _rates(0.002, 0.021, 0.018, 0.008, 0.008, 0.3, 0.03, 5, 0.1),
        "beale": _rates(0.001, 0.1, 0.02, 0.005, 0.005, 0.3, 0.03, 5, 0.1),
        "saddle": _rates(0.005, 1.02, 0.05, 0.01, 0.02, 0.1, 0.03, 2, 0.03),
        "digits": _rates(0.01, 2, 0.3, 0.03, 0.05, 1, 0.05, 10, 0.1),
    }
)
"""Learning rates by surface, in the order of `RUNNERS`: for "slow" one that is too small, for "fast" one that is too
large, for the others one with which each comes well down within `STEPS` steps. They were found by trial."""


@dataclass(frozen=True)
class Story:
    """One step of the story that the page tells: who runs where.

    Attributes:
        surface: the story begins on it.
        runners: of `RUNNERS`, who takes part.
        optimizer: the one whose steps are written out at first.
        position: the step at which the picture is first seen.
        noise: whether it begins with gradients of batches.
    """

    surface: str
    runners: tuple[str, ...]
    optimizer: str
    position: int
    noise: bool = False


STORIES: Mapping[str, Story] = MappingProxyType(
    {
        "1": Story("bowl", ("slow", "sgd", "fast"), "sgd", 10),
        "2": Story("ravine", ("sgd", "momentum", "nesterov"), "momentum", 60),
        "3": Story("ravine", ("sgd", "momentum", "adam"), "adam", 30),
        "4": Story("ravine", tuple(RULES), "adam", 30),
        "5": Story("digits", ("sgd", "momentum", "adam"), "sgd", 150, noise=True),
    }
)
"""The stories by number."""

FIRST = STORIES["1"]


_WIDEST = max(surface.width for surface in SURFACES.values())
_HIGHEST = max(surface.height for surface in SURFACES.values())


def _rate(name: str) -> float:
    return number(RATES[FIRST.surface][name], LOWEST_RATE, HIGHEST_RATE)


@dataclass(frozen=True)
class RaceScene(Playing):
    """All settings of the race.

    Attributes:
        story: one of `STORIES`: who takes part.
        surface: one of `models.arithmetic.loss_surfaces.SURFACES`.
        noise: on the surface "digits": every step gets the gradient of a batch, not of all pictures.
        x, y: the weights at the start, on the map.
        slow … adam: the learning rate of each of `RUNNERS`.
        optimizer: the runner whose steps are written out.
        position: steps taken, 0 to `STEPS`.
        speed: steps a second while playing.
    """

    story: str = choice("1", tuple(STORIES))
    surface: str = choice(FIRST.surface, tuple(SURFACES))
    noise: bool = flag(False)
    x: float = number(START[FIRST.surface][0], -_WIDEST, _WIDEST)
    y: float = number(START[FIRST.surface][1], -_HIGHEST, _HIGHEST)
    slow: float = _rate("slow")
    fast: float = _rate("fast")
    sgd: float = _rate("sgd")
    momentum: float = _rate("momentum")
    nesterov: float = _rate("nesterov")
    adagrad: float = _rate("adagrad")
    rmsprop: float = _rate("rmsprop")
    adadelta: float = _rate("adadelta")
    adam: float = _rate("adam")
    optimizer: str = choice(FIRST.optimizer, tuple(RUNNERS))
    position: int = whole(FIRST.position, 0, STEPS)
    speed: int = whole(12, 1, MAX_SPEED)

    leader = "surface"

    @classmethod
    def at_first(cls, surface: str) -> Self:
        """Return the default scene of a surface: each has a start and learning rates of its own."""
        x, y = START[surface]
        rates: Mapping[str, Any] = RATES[surface]
        return cls(surface=surface, x=x, y=y, **rates)

    @classmethod
    def of_story(cls, name: str) -> Self:
        """Return the scene with which one of `STORIES` begins."""
        story = STORIES[name]
        first = cls.at_first(story.surface)
        return replace(first, story=name, optimizer=story.optimizer, noise=story.noise, position=story.position)

    def fitted(self) -> Self:
        """Return the scene with a start on the surface's map, and with the chosen runner among those who take part."""
        width, height = SURFACES[self.surface].width, SURFACES[self.surface].height
        story, optimizer = self.story, self.optimizer
        if optimizer not in STORIES[story].runners:  # a link to an optimizer alone shows it among all
            story, optimizer = ("4", optimizer) if optimizer in RULES else (story, "sgd")
        return replace(
            self,
            story=story,
            optimizer=optimizer,
            noise=self.noise and self.surface == "digits",
            x=min(max(self.x, -width), width),
            y=min(max(self.y, -height), height),
        )

    def unused(self) -> tuple[str, ...]:
        """Return the learning rates of those who do not take part."""
        return tuple(name for name in RUNNERS if name not in self.rates)

    @property
    def rates(self) -> dict[str, float]:
        """The learning rates of those who take part, in the order of the story."""
        return {name: getattr(self, name) for name in STORIES[self.story].runners}


if missing := set(RUNNERS) - {field.name for field in fields(RaceScene)}:
    raise TypeError(f"RaceScene has no learning rate for {', '.join(sorted(missing))}.")
