"""Everything that a visitor can set on the augmentation of a photo, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Playing, flag, number, whole

NINE = 9
"""Pictures in one draw: what a network sees of one photo in as many epochs."""
DRAWS = 20
SLOWEST, MAX_SPEED = 0.2, 4

LIMITS = {"rotation": 180.0, "zoom": 0.5, "across": 0.5, "down": 0.5, "contrast": 0.9, "brightness": 0.9}
"""How far each slider goes, either way: degrees of rotation, else shares, as Keras's layers take them."""


@dataclass(frozen=True)
class AugmentationScene(Playing):
    """All settings. At first the amounts are those with which the course's convnet was trained.

    Attributes:
        flip: left and right are exchanged.
        rotation: degrees, counter-clockwise.
        zoom: change of the visible part of the side, as a share: above 0, more is visible and everything gets smaller.
        across, down: the move to the right and down, as a share of the side.
        contrast: change of contrast, as a share: 0.2 is a factor of 1.2.
        brightness: what is added, as a share of white.
        position: index of the random draw, from 0.
        speed: draws a second while playing.
    """

    flip: bool = flag(True)
    rotation: float = number(12.0, -LIMITS["rotation"], LIMITS["rotation"])
    zoom: float = number(0.2, -LIMITS["zoom"], LIMITS["zoom"])
    across: float = number(0.08, -LIMITS["across"], LIMITS["across"])
    down: float = number(0.08, -LIMITS["down"], LIMITS["down"])
    contrast: float = number(0.2, -LIMITS["contrast"], LIMITS["contrast"])
    brightness: float = number(0.1, -LIMITS["brightness"], LIMITS["brightness"])
    position: int = whole(0, 0, DRAWS - 1)
    speed: float = number(1.0, SLOWEST, MAX_SPEED)
