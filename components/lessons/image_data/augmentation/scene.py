"""Everything that a visitor can set on the augmentation of a photo, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

NINE = 9
"""Pictures in one draw: what a network sees of one photo in as many epochs."""
DRAWS = 20
SLOWEST, MAX_SPEED = 0.2, 4

LIMITS = {"rotation": 180.0, "zoom": 0.5, "across": 0.5, "down": 0.5, "contrast": 0.9, "brightness": 0.9}
"""How far each slider goes, either way: degrees of rotation, else shares, as Keras's layers take them."""


@dataclass(frozen=True)
class AugmentationScene(SceneTexts):
    """A setting of all controls. At first the amounts are those with which the course's convnet was trained.

    Attributes:
        flip: left and right are exchanged.
        rotation: degrees, counter-clockwise.
        zoom: change of how much of the side is seen, as a share: above 0 more of it, so that all becomes smaller.
        across, down: the move to the right and down, as a share of the side.
        contrast: change of contrast, as a share: 0.2 is a factor of 1.2.
        brightness: what is added, as a share of white.
        position: number of the random draw, from 0.
        speed: draws a second while playing.
    """

    flip: bool = True
    rotation: float = 12.0
    zoom: float = 0.2
    across: float = 0.08
    down: float = 0.08
    contrast: float = 0.2
    brightness: float = 0.1
    position: int = 0
    speed: float = 1.0

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            flip=read.flag("flip"),
            **{name: read.number(name, -limit, limit) for name, limit in LIMITS.items()},
            position=read.whole("position", 0, DRAWS - 1),
            speed=read.number("speed", SLOWEST, MAX_SPEED),
        )
