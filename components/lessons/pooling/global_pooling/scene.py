"""Everything that a visitor can set on the animation of global average pooling, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from components.scene.parameters import SceneReader, SceneTexts
from models.pretrained.first_layer import FILTERS

SIDES = (64, 128, 224)
CLASSES = (2, 10, 1000)
TOP_SPEED = 60

Maps = Literal["first", "last"]
MAPS: tuple[Maps, ...] = ("first", "last")


@dataclass(frozen=True)
class GlobalPoolingScene(SceneTexts):
    """A setting of all controls of the animation.

    Attributes:
        side: pixels a side of the square photo that enters the network.
        maps: whose maps the two heads are compared on: the "first" layer's, which are shown, or the "last" ones.
        classes: how many classes the compared Dense layers tell apart.
        position: number of the map that is averaged, from 0.
        speed: maps a second while playing.
    """

    side: int = 224
    maps: Maps = "first"
    classes: int = 2
    position: int = 0
    speed: int = 4

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            side=read.choice("side", SIDES),
            maps=read.choice("maps", MAPS),
            classes=read.choice("classes", CLASSES),
            position=read.whole("position", 0, FILTERS - 1),
            speed=read.whole("speed", 1, TOP_SPEED),
        )
