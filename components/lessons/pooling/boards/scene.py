"""Everything that a visitor can set on the pooling boards, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from components.lessons.pooling.boards.grid import COURSE_GRIDS, GridError, parse_grid, write_grid
from components.scene import Playing, choice, flag, number, tidied, whole
from models.arithmetic import Padding

SIZES = (1, 2, 3, 4)
STRIDES: Final = ("none", "1", "2", "3", "4")
SLOWEST, MAX_SPEED = 0.2, 30


def _tidy_grid(given: str) -> str | None:
    try:
        return write_grid(parse_grid(given))
    except GridError:
        return None


@dataclass(frozen=True)
class PoolingScene(Playing):
    """All settings of the pooling boards.

    Attributes:
        grid: the numbers as text (see `write_grid`).
        size: rows and columns of the window.
        stride: "none" (as large as the window, Keras's default) or a number of cells.
        padding: as in Keras's pooling layers.
        guess: whether answers stay hidden until the visitor has guessed.
        position: index of the window's stop, row by row from 0.
        speed: stops a second while playing.
    """

    grid: str = tidied(COURSE_GRIDS["max"], _tidy_grid)
    size: int = choice(2, SIZES)
    stride: Literal["none", "1", "2", "3", "4"] = choice("none", STRIDES)
    padding: Padding = choice("valid", ("valid", "same"))
    guess: bool = flag(False)
    position: int = whole(0, 0, 63)
    speed: float = number(0.5, SLOWEST, MAX_SPEED)

    @property
    def strides(self) -> int | None:
        """The stride as `models.arithmetic.pool` and Keras take it."""
        return None if self.stride == "none" else int(self.stride)

    @property
    def step(self) -> int:
        """Cells between two stops."""
        return self.strides or self.size

    def fits(self) -> bool:
        """Return whether a window fits into the grid."""
        return self.padding == "same" or min(self.numbers().shape) >= self.size

    def numbers(self) -> np.ndarray:
        """Return the grid, float64 (rows, columns)."""
        return parse_grid(self.grid)
