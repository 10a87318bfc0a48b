"""Everything that a visitor can set where pooling works on a whole picture, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from components.scene.parameters import SceneReader, SceneTexts
from models.pretrained.first_layer import FILTERS

SIDE = 96
SIZES = (2, 3, 4, 8)
SOURCES = ("photo", "map", "noise", "lines")
VIEWS = ("result", "lost", "shift")
MAX_SPEED = 4000
THE_END = (SIDE // min(SIZES)) ** 2 - 1


@dataclass(frozen=True)
class PictureScene(SceneTexts):
    """A setting of all controls.

    Attributes:
        source: the photo, one of the first layer's maps of it, the photo with noise, or drawn thin lines.
        map: which of the 32 maps, from 0; used where `source` is "map".
        size: rows and columns of the window, and its stride.
        view: "result" (enlarged back), "lost" (its distance from the picture), or "shift" (how far the answers move
            when the picture moves by one pixel).
        position: number of the window's stop, row by row; at first the last, so that the maps are full.
        speed: stops a second while playing.
    """

    source: Literal["photo", "map", "noise", "lines"] = "photo"
    map: int = 7
    size: int = 4
    view: Literal["result", "lost", "shift"] = "result"
    position: int = THE_END
    speed: int = 120

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            source=read.choice("source", SOURCES),
            map=read.whole("map", 0, FILTERS - 1),
            size=read.choice("size", SIZES),
            view=read.choice("view", VIEWS),
            position=read.whole("position", 0, THE_END),
            speed=read.whole("speed", 1, MAX_SPEED),
        )

    def to_params(self) -> dict[str, str]:
        """Return the parameters that differ from the default; the map's number only while it is in use."""
        params = super().to_params()
        if self.source != "map":
            params.pop("map", None)
        return params
