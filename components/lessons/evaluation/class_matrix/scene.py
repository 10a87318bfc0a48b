"""Everything that a visitor can set on the matrix of many classes, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from components.scene.parameters import SceneReader, SceneTexts

MAX_CLASSES = 100
SHOWN = ("counts", "row", "column", "all")


@dataclass(frozen=True)
class MatrixScene(SceneTexts):
    """A setting of the matrix.

    Attributes:
        show: what stands in the cells, one of `SHOWN`: photos, or percent of the row, the column or all.
        position: number of the cell that is open, from 1, row by row; 0 for none, as at first with another network.
        speed: nothing plays here.
    """

    show: str = "counts"
    position: int = 0
    speed: ClassVar[float] = 0.0

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(show=read.choice("show", SHOWN), position=read.whole("position", 0, MAX_CLASSES**2))

    def cell(self, classes: int) -> tuple[int, int] | None:
        """Return true class and answer of the open cell; None for no cell, or one that the matrix does not have."""
        return divmod(self.position - 1, classes) if 0 < self.position <= classes**2 else None
