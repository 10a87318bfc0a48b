"""Everything that a visitor can set on the pooling boards, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from components.lessons.pooling.boards.grid import COURSE_GRIDS, GridError, parse_grid, write_grid
from components.scene.parameters import SceneReader, SceneTexts
from models.arithmetic import Padding

SIZES = (1, 2, 3, 4)
STRIDES = ("none", "1", "2", "3", "4")
SLOWEST, MAX_SPEED = 0.2, 30


@dataclass(frozen=True)
class PoolingScene(SceneTexts):
    """A setting of all controls of the pooling boards.

    Attributes:
        grid: the numbers as text (see `write_grid`).
        size: rows and columns of the window.
        stride: "none" (as large as the window, Keras's default) or a number of cells.
        padding: as in Keras's pooling layers.
        guess: whether answers stay hidden until somebody has guessed.
        position: number of the window's stop, row by row from 0.
        speed: stops a second while playing.
    """

    grid: str = COURSE_GRIDS["max"]
    size: int = 2
    stride: Literal["none", "1", "2", "3", "4"] = "none"
    padding: Padding = "valid"
    guess: bool = False
    position: int = 0
    speed: float = 0.5

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        try:
            grid = write_grid(parse_grid(params.get("grid", cls.grid)))
        except GridError:
            grid = cls.grid
        return cls(
            grid=grid,
            size=read.choice("size", SIZES),
            stride=read.choice("stride", STRIDES),
            padding=read.choice("padding", ("valid", "same")),
            guess=read.flag("guess"),
            position=read.whole("position", 0, 63),
            speed=read.number("speed", SLOWEST, MAX_SPEED),
        )

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
