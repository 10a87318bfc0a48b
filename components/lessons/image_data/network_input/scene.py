"""Everything that a visitor can set on the way from a photo to a network's input, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Literal

from components.scene import Playing, choice, number, whole
from models.pictures.network_input import SCALES, Range
from models.pictures.resize import RESIZES, Resize

SIDES = (224, 112, 96, 64, 32)
STEPS = 5
SLOWEST, MAX_SPEED = 0.2, 4


@dataclass(frozen=True)
class InputScene(Playing):
    """All settings.

    Attributes:
        side: width and height of the square that the network takes, in pixels.
        how: what happens to a photo that is not square.
        range: of the numbers that the network takes: 0 to 1, or −1 to 1.
        position: index of the step, from 0; at first the last, so that all are seen.
        speed: steps a second while playing.
    """

    side: int = choice(224, SIDES)
    how: Resize = choice("crop", RESIZES)
    range: Literal["unit", "signed"] = choice("signed", tuple(SCALES))
    position: int = whole(STEPS - 1, 0, STEPS - 1)
    speed: float = number(0.5, SLOWEST, MAX_SPEED)

    @property
    def to(self) -> Range:
        """The range by its name in `models.pictures.network_input`."""
        return self.range
