"""Everything that a visitor can set on the picture of an epoch, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

EPOCHS = (1, 2)
"""Two are enough to see that each has an order of its own."""
TOP_SPEED = 20


@dataclass(frozen=True)
class EpochScene(SceneTexts):
    """A setting of all controls of the animation.

    Attributes:
        epoch: which epoch passes by, counted from 1.
        position: number of the batch that is in the network, from 0.
        speed: batches a second while playing.
    """

    epoch: int = 1
    position: int = 0
    speed: int = 1

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            epoch=read.choice("epoch", EPOCHS),
            position=read.whole("position", 0, 10**6),
            speed=read.whole("speed", 1, TOP_SPEED),
        )
