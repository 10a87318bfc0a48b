"""Everything that a visitor can set on the picture of an epoch, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Playing, choice, whole

EPOCHS = (1, 2)
"""Two epochs are enough to see that each has an order of its own."""
TOP_SPEED = 20


@dataclass(frozen=True)
class EpochScene(Playing):
    """All settings of the animation.

    Attributes:
        epoch: which epoch passes by, counted from 1.
        position: index of the batch that is in the network, from 0.
        speed: batches a second while playing.
    """

    epoch: int = choice(1, EPOCHS)
    position: int = whole(0, 0, 10**6)
    speed: int = whole(1, 1, TOP_SPEED)
