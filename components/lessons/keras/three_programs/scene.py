"""Everything that a visitor can set on the three programs, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Playing, choice, whole
from models.experiments.three_programs import PROGRAMS, ROWS

MAX_SPEED = 8


@dataclass(frozen=True)
class ProgramsScene(Playing):
    """All settings of the three programs.

    Attributes:
        program: the program that is shown where there is no room for three.
        position: index of the row.
        speed: rows a second while playing.
    """

    program: str = choice(PROGRAMS[0], PROGRAMS)
    position: int = whole(ROWS.index("conv1"), 0, len(ROWS) - 1)
    speed: int = whole(1, 1, MAX_SPEED)
