"""Everything that a visitor can set where pooling works on a whole picture, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Final, Literal

from components.scene import Playing, choice, whole
from models.pretrained.first_layer import FILTERS

SIDE = 96
SIZES = (2, 3, 4, 8)
SOURCES: Final = ("photo", "map", "noise", "lines")
VIEWS: Final = ("result", "lost", "shift")
MAX_SPEED = 4000
THE_END = (SIDE // min(SIZES)) ** 2 - 1


@dataclass(frozen=True)
class PictureScene(Playing):
    """All settings.

    Attributes:
        source: the photo, one of the first layer's maps of it, the photo with noise, or drawn thin lines.
        map: which of the 32 maps, from 0; used where `source` is "map".
        size: rows and columns of the window, and its stride.
        view: "result" (enlarged back), "lost" (its distance from the picture), or "shift" (how far the answers move
            when the picture moves by one pixel).
        position: index of the window's stop, row by row; at first the last, so that the maps are full.
        speed: stops a second while playing; 0 for the player's own pace, which begins slowly.
    """

    source: Literal["photo", "map", "noise", "lines"] = choice("photo", SOURCES)
    map: int = whole(7, 0, FILTERS - 1)
    size: int = choice(4, SIZES)
    view: Literal["result", "lost", "shift"] = choice("result", VIEWS)
    position: int = whole(THE_END, 0, THE_END)
    speed: int = whole(0, 0, MAX_SPEED)

    def unused(self) -> tuple[str, ...]:
        """Return the field of the map's index while another picture is shown."""
        return () if self.source == "map" else ("map",)
