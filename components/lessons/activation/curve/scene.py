"""Everything that a visitor can set on the activation curve, as one value that fits into a URL."""

from dataclasses import dataclass

import numpy as np

from components.scene import Playing, choice, number, whole
from models.arithmetic import ACTIVATIONS

LIMIT = 6
STEP = 0.01
COUNT = round(2 * LIMIT / STEP) + 1
MAX_SPEED = 600


@dataclass(frozen=True)
class CurveScene(Playing):
    """All settings of the activation curve.

    Attributes:
        activation: one of `models.arithmetic.ACTIVATIONS`.
        second, third: the other two inputs of softmax; the first one is x.
        position: index of the input x, from −6 in steps of 0.01.
        speed: steps of x a second while playing.
    """

    activation: str = choice("relu", ACTIVATIONS)
    second: float = number(1.0, -LIMIT, LIMIT)
    third: float = number(0.0, -LIMIT, LIMIT)
    position: int = whole(round((1.5 + LIMIT) / STEP), 0, COUNT - 1)
    speed: int = whole(150, 1, MAX_SPEED)

    def unused(self) -> tuple[str, ...]:
        """Return the other inputs, which only softmax has."""
        return () if self.activation == "softmax" else ("second", "third")


def inputs() -> np.ndarray:
    """Return every input x of the slider: float64 (1201,), −6.00 to 6.00."""
    return np.arange(-LIMIT * 100, LIMIT * 100 + 1) / 100
