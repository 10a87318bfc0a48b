"""Everything that a visitor can set on the activation curve, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from components.scene.parameters import SceneReader, SceneTexts
from models.arithmetic import ACTIVATIONS

LIMIT = 6
STEP = 0.01
COUNT = round(2 * LIMIT / STEP) + 1
MAX_SPEED = 600


@dataclass(frozen=True)
class CurveScene(SceneTexts):
    """A setting of all controls of the activation curve.

    Attributes:
        activation: one of `models.arithmetic.ACTIVATIONS`.
        second, third: the other two inputs of softmax; the first one is x.
        position: number of the input x, from −6 in steps of 0.01.
        speed: steps of x a second while playing.
    """

    activation: str = "relu"
    second: float = 1.0
    third: float = 0.0
    position: int = round((1.5 + LIMIT) / STEP)
    speed: int = 150

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            activation=read.choice("activation", ACTIVATIONS),
            second=read.number("second", -LIMIT, LIMIT),
            third=read.number("third", -LIMIT, LIMIT),
            position=read.whole("position", 0, COUNT - 1),
            speed=read.whole("speed", 1, MAX_SPEED),
        )

    def to_params(self) -> dict[str, str]:
        """Return the parameters that differ from the default; softmax's other inputs only while they are in use."""
        params = super().to_params()
        if self.activation != "softmax":
            params.pop("second", None)
            params.pop("third", None)
        return params


def inputs() -> np.ndarray:
    """Return every input x of the slider: float64 (1201,), −6.00 to 6.00."""
    return np.arange(-LIMIT * 100, LIMIT * 100 + 1) / 100
