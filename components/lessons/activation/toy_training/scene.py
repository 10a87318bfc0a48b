"""Everything that a visitor can set in the toy training, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Literal

from components.scene import Playing, choice, whole
from models.experiments.toy import KINDS, Activation, Kind

UNITS = (2, 4, 8, 16)
KerasName = Literal["relu", "tanh", "sigmoid"]
ACTIVATIONS: dict[KerasName, Activation] = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}
"""Keras's name, which the course uses → scikit-learn's."""
MAX_RUN = 999
MAX_SPEED = 240


@dataclass(frozen=True)
class ToyScene(Playing):
    """All settings of the toy training.

    Attributes:
        points: the pattern of the two classes.
        units: number of units in the hidden layer.
        activation: of the hidden layer on the right, by Keras's name.
        run: 0 before the visitor has pressed Train, then the number of the training and its seed.
        position: number of epochs shown, minus one.
        speed: epochs a second while playing.
    """

    points: Kind = choice("circles", KINDS)
    units: int = choice(8, UNITS)
    activation: KerasName = choice("relu", tuple(ACTIVATIONS))
    run: int = whole(0, 0, MAX_RUN)
    position: int = whole(0, 0, 10**6)
    speed: int = whole(40, 1, MAX_SPEED)

    @property
    def problem(self) -> tuple[str, int, str, int]:
        """What the trainings depend on."""
        return self.points, self.units, self.activation, self.run
