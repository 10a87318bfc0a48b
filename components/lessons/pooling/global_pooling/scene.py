"""Everything that a visitor can set on the animation of global average pooling, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Literal

from components.scene import Playing, choice, whole
from models.pretrained.first_layer import FILTERS

SIDES = (64, 128, 224)
CLASSES = (2, 10, 1000)
TOP_SPEED = 60

Maps = Literal["first", "last"]
MAPS: tuple[Maps, ...] = ("first", "last")


@dataclass(frozen=True)
class GlobalPoolingScene(Playing):
    """All settings of the animation.

    Attributes:
        side: pixels a side of the square photo that enters the network.
        maps: whose maps the two heads are compared on: the "first" layer's, which are shown, or the "last" ones.
        classes: how many classes the compared Dense layers tell apart.
        position: index of the map that is averaged, from 0.
        speed: maps a second while playing.
    """

    side: int = choice(224, SIDES)
    maps: Maps = choice("first", MAPS)
    classes: int = choice(2, CLASSES)
    position: int = whole(0, 0, FILTERS - 1)
    speed: int = whole(4, 1, TOP_SPEED)
