"""Everything that a visitor can set on the three programs, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts
from models.experiments.three_programs import PROGRAMS, ROWS

MAX_SPEED = 8


@dataclass(frozen=True)
class ProgramsScene(SceneTexts):
    """What is looked at.

    Attributes:
        program: the one that is shown where there is no room for three.
        position: number of the row.
        speed: rows a second while playing.
    """

    program: str = PROGRAMS[0]
    position: int = ROWS.index("conv1")
    speed: int = 1

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            program=read.choice("program", PROGRAMS),
            position=read.whole("position", 0, len(ROWS) - 1),
            speed=read.whole("speed", 1, MAX_SPEED),
        )
