"""Everything that a visitor can set on the neuron, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Playing, choice, number, whole

ACTIVATIONS = ("sigmoid", "relu", "tanh", "linear")
LIMIT = 4
"""Largest absolute value of a weight or the bias."""

COUNT = 101
"""Number of values of the first input, 0 to 1 in hundredths. Playing steps through them."""

MAX_SPEED = 100


@dataclass(frozen=True)
class NeuronScene(Playing):
    """All settings.

    Attributes:
        x2, x3: the second and third input, 0 to 1, hundredths.
        w1, w2, w3: their weights, −4 to 4, tenths.
        b: the bias, −4 to 4, tenths.
        activation: the function applied to the sum.
        position: the first input in hundredths.
        speed: hundredths a second while playing.
    """

    x2: float = number(0.8, 0, 1, decimals=2)
    x3: float = number(0.1, 0, 1, decimals=2)
    w1: float = number(2.5, -LIMIT, LIMIT, decimals=1)
    w2: float = number(1.5, -LIMIT, LIMIT, decimals=1)
    w3: float = number(-3.5, -LIMIT, LIMIT, decimals=1)
    b: float = number(-1.5, -LIMIT, LIMIT, decimals=1)
    activation: str = choice("sigmoid", ACTIVATIONS)
    position: int = whole(90, 0, COUNT - 1)
    speed: int = whole(30, 1, MAX_SPEED)

    @property
    def inputs(self) -> tuple[float, float, float]:
        """All three inputs."""
        return self.position / 100, self.x2, self.x3

    @property
    def weights(self) -> tuple[float, float, float]:
        """All three weights."""
        return self.w1, self.w2, self.w3
