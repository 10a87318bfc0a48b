"""What a visitor can set on the drawn network, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Playing, choice, whole
from models.experiments.digit_neurons import HIDDEN

CLASSES = 10
COUNT = HIDDEN + CLASSES + 1
"""Playing lets one neuron after another light up; the last position is the whole network."""

LINES = ("products", "weights")
MAX_SPEED = 20


@dataclass(frozen=True)
class DigitNeuronsScene(Playing):
    """All settings.

    Attributes:
        lines: what the lines show: each weight times what comes through it, or the weight alone.
        position: the neuron that computes, the hidden ones first; the last position is all of them.
        speed: neurons a second while playing.
    """

    lines: str = choice("products", LINES)
    position: int = whole(COUNT - 1, 0, COUNT - 1)
    speed: int = whole(2, 1, MAX_SPEED)
