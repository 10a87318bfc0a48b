"""Everything that a visitor can set in the toy training, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from components.scene.parameters import SceneReader, SceneTexts
from models.experiments.toy import KINDS, Activation, Kind

UNITS = (2, 4, 8, 16)
KerasName = Literal["relu", "tanh", "sigmoid"]
ACTIVATIONS: dict[KerasName, Activation] = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}
"""By Keras's names, which the course uses, with scikit-learn's."""
MAX_RUN = 999
MAX_SPEED = 240


@dataclass(frozen=True)
class ToyScene(SceneTexts):
    """A setting of all controls of the toy training.

    Attributes:
        points: which two classes.
        units: of the hidden layer.
        activation: of the hidden layer on the right, by Keras's name.
        run: 0 before the visitor has pressed Train, then the number of the training and its seed.
        position: epochs shown, less one.
        speed: epochs a second while playing.
    """

    points: Kind = "circles"
    units: int = 8
    activation: KerasName = "relu"
    run: int = 0
    position: int = 0
    speed: int = 40

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            points=read.choice("points", KINDS),
            units=read.choice("units", UNITS),
            activation=read.choice("activation", tuple(ACTIVATIONS)),
            run=read.whole("run", 0, MAX_RUN),
            position=read.whole("position", 0, 10**6),
            speed=read.whole("speed", 1, MAX_SPEED),
        )

    @property
    def problem(self) -> tuple[str, int, str, int]:
        """What the trainings depend on."""
        return self.points, self.units, self.activation, self.run
