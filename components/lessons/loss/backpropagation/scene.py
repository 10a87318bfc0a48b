"""What a visitor can set on the picture of backpropagation, as one value that fits into a URL."""

from dataclasses import dataclass

from components.lessons.loss.backpropagation.texts import STEPS
from components.scene import Playing, choice, number, whole

LIMIT = 3
"""Largest absolute value of the two weights that are dragged."""

RATES = ("0.5", "2", "20")
"""A step of the last one is too long."""
COUNT = len(STEPS)
SLOPES = next(place for place, step in enumerate(STEPS) if step["name"] == "first")
"""The step after which the slope of every weight is known."""

MAX_SPEED = 4


@dataclass(frozen=True)
class BackpropagationScene(Playing):
    """All settings.

    Attributes:
        w: the weight from the first input to the first hidden neuron, −3 to 3, tenths.
        v: the weight from the first hidden neuron to the output, −3 to 3, tenths.
        label: the true class, 1 or 0.
        rate: the learning rate of the one update.
        position: index of the step, in the order of `STEPS`.
        speed: steps a second while playing.
    """

    w: float = number(0.5, -LIMIT, LIMIT, decimals=1)
    v: float = number(1.4, -LIMIT, LIMIT, decimals=1)
    label: int = choice(1, (1, 0))
    rate: str = choice("2", RATES)
    position: int = whole(SLOPES, 0, COUNT - 1)
    speed: float = number(0.5, 0.2, MAX_SPEED, decimals=1)
