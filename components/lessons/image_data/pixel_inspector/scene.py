"""Everything that a visitor can set on the pixel inspector, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Final, Literal

from components.scene import Playing, choice, whole

CHANNELS: Final = ("R", "G", "B")
PLANES: Final = ("tinted", "grey")
MAX_SPEED = 4000
MAX_SIDE = 512
"""Longest side of a visitor's photo, as `models.pictures.photo.decode` keeps it."""

MOST_VARIED = -1
"""The position before a pixel is chosen: where the photo varies most, so that the loupe has something to show."""
LOUPE = 9
"""Pixels along a side of the loupe."""


@dataclass(frozen=True)
class InspectorScene(Playing):
    """All settings.

    Attributes:
        numbers: the channel whose numbers are shown in the loupe.
        planes: how the three planes are painted: in their own colour, or as brightness.
        position: index of the chosen pixel, row by row; `MOST_VARIED` at first.
        speed: pixels a second while playing.
    """

    numbers: Literal["R", "G", "B"] = choice("R", CHANNELS)
    planes: Literal["tinted", "grey"] = choice("tinted", PLANES)
    position: int = whole(MOST_VARIED, MOST_VARIED, MAX_SIDE**2 - 1)
    speed: int = whole(30, 1, MAX_SPEED)
