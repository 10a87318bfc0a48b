"""Everything that a visitor can set on the way from a photo to a network's input, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from components.scene.parameters import SceneReader, SceneTexts
from models.pictures.network_input import SCALES, Range
from models.pictures.resize import RESIZES, Resize

SIDES = (224, 112, 96, 64, 32)
STEPS = 5
SLOWEST, MAX_SPEED = 0.2, 4


@dataclass(frozen=True)
class InputScene(SceneTexts):
    """A setting of all controls.

    Attributes:
        side: width and height of the square that the network takes, in pixels.
        how: what happens to a photo that is not square.
        range: of the numbers that the network takes: 0 to 1, or −1 to 1.
        position: number of the step, from 0; at first the last, so that all are seen.
        speed: steps a second while playing.
    """

    side: int = 224
    how: Resize = "crop"
    range: Literal["unit", "signed"] = "signed"
    position: int = STEPS - 1
    speed: float = 0.5

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            side=read.choice("side", SIDES),
            how=read.choice("how", RESIZES),
            range=read.choice("range", tuple(SCALES)),
            position=read.whole("position", 0, STEPS - 1),
            speed=read.number("speed", SLOWEST, MAX_SPEED),
        )

    @property
    def to(self) -> Range:
        """The range by the name that `models.pictures.network_input` has for it."""
        return self.range
