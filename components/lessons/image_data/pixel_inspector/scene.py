"""Everything that a visitor can set on the pixel inspector, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from components.scene.parameters import SceneReader, SceneTexts

CHANNELS = ("R", "G", "B")
PLANES = ("tinted", "grey")
MAX_SPEED = 4000
MAX_SIDE = 512
"""Longest side of a visitor's photo, as `models.pictures.photo.decode` keeps it."""

MIDDLE = -1
"""The position of a photo that nobody has looked into yet: its middle, wherever that is."""


@dataclass(frozen=True)
class InspectorScene(SceneTexts):
    """A setting of all controls.

    Attributes:
        numbers: the channel whose numbers stand in the loupe.
        planes: how the three planes are painted: in their own colour, or as brightness.
        position: number of the chosen pixel, row by row; `MIDDLE` at first.
        speed: pixels a second while playing.
    """

    numbers: Literal["R", "G", "B"] = "R"
    planes: Literal["tinted", "grey"] = "tinted"
    position: int = MIDDLE
    speed: int = 30

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            numbers=read.choice("numbers", CHANNELS),
            planes=read.choice("planes", PLANES),
            position=read.whole("position", MIDDLE, MAX_SIDE**2 - 1),
            speed=read.whole("speed", 1, MAX_SPEED),
        )
