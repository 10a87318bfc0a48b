"""Everything that a visitor can set where an activation meets a feature map, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts
from models.arithmetic import ACTIVATIONS
from models.pretrained.first_layer import FILTERS

SIDE = 96
STEPS = 100
LARGEST_BIAS = 4
MAX_SPEED = 200
ELEMENTWISE = tuple(name for name in ACTIVATIONS if name != "softmax")
"""Softmax looks at several numbers together; on a map, an activation looks at each number alone."""


@dataclass(frozen=True)
class MapScene(SceneTexts):
    """A setting of all controls.

    Attributes:
        activation: one of `ELEMENTWISE`.
        map: which of the first layer's 32 maps, from 0.
        bias: added to every number before the activation.
        position: per cent of the way from before the activation to behind it.
        speed: per cent a second while playing.
    """

    activation: str = "relu"
    map: int = 7
    bias: float = 0.0
    position: int = STEPS
    speed: int = 50

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            activation=read.choice("activation", ELEMENTWISE),
            map=read.whole("map", 0, FILTERS - 1),
            bias=read.number("bias", -LARGEST_BIAS, LARGEST_BIAS),
            position=read.whole("position", 0, STEPS),
            speed=read.whole("speed", 1, MAX_SPEED),
        )
