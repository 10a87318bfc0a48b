"""Everything that a visitor can set where an activation meets a feature map, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Playing, choice, number, whole
from models.arithmetic import ACTIVATIONS
from models.pretrained.first_layer import FILTERS

SIDE = 96
MOST_EVEN = -1
"""Stands for the map that the photo divides most evenly at 0; see `models.arithmetic.activation.most_even`."""
STEPS = 100
LARGEST_BIAS = 4
MAX_SPEED = 200
ELEMENTWISE = tuple(name for name in ACTIVATIONS if name != "softmax")
"""Softmax looks at several numbers together; on a map, an activation looks at each number alone."""


@dataclass(frozen=True)
class MapScene(Playing):
    """All settings.

    Attributes:
        activation: one of `ELEMENTWISE`.
        map: index of one of the first layer's 32 maps; `MOST_EVEN` for the one that shows the most on this photo.
        bias: added to every number before the activation.
        position: per cent of the way from before to after the activation.
        speed: per cent a second while playing.
    """

    activation: str = choice("relu", ELEMENTWISE)
    map: int = whole(MOST_EVEN, MOST_EVEN, FILTERS - 1)
    bias: float = number(0.0, -LARGEST_BIAS, LARGEST_BIAS)
    position: int = whole(STEPS, 0, STEPS)
    speed: int = whole(50, 1, MAX_SPEED)
