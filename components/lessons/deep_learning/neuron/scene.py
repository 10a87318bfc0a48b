"""Everything that a visitor can set on the neuron, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

ACTIVATIONS = ("sigmoid", "relu", "tanh", "linear")
LIMIT = 4
"""Largest weight and bias, either way."""

COUNT = 101
"""Values of the first input: 0 to 1 in hundredths. Playing walks through them."""

MAX_SPEED = 100


@dataclass(frozen=True)
class NeuronScene(SceneTexts):
    """A setting of all controls.

    Attributes:
        x2, x3: the second and third input, 0 to 1, hundredths.
        w1, w2, w3: their weights, −4 to 4, tenths.
        b: the bias, −4 to 4, tenths.
        activation: what is done with the sum.
        position: the first input in hundredths.
        speed: hundredths a second while playing.
    """

    x2: float = 0.8
    x3: float = 0.1
    w1: float = 2.5
    w2: float = 1.5
    w3: float = -3.5
    b: float = -1.5
    activation: str = "sigmoid"
    position: int = 90
    speed: int = 30

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)

        def tenths(name: str) -> float:
            return round(read.number(name, -LIMIT, LIMIT), 1) + 0.0

        return cls(
            x2=round(read.number("x2", 0, 1), 2),
            x3=round(read.number("x3", 0, 1), 2),
            w1=tenths("w1"),
            w2=tenths("w2"),
            w3=tenths("w3"),
            b=tenths("b"),
            activation=read.choice("activation", ACTIVATIONS),
            position=read.whole("position", 0, COUNT - 1),
            speed=read.whole("speed", 1, MAX_SPEED),
        )

    @property
    def inputs(self) -> tuple[float, float, float]:
        """All three inputs."""
        return self.position / 100, self.x2, self.x3

    @property
    def weights(self) -> tuple[float, float, float]:
        """All three weights."""
        return self.w1, self.w2, self.w3
