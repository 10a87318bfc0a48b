"""Everything that a visitor can set on the matrix of many classes, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Scene, choice, whole

MAX_CLASSES = 100
SHOWN = ("counts", "row", "column", "all")


@dataclass(frozen=True)
class MatrixScene(Scene):
    """A setting of the matrix.

    Attributes:
        show: what stands in the cells, one of `SHOWN`: photos, or percent of the row, the column or all.
        cell: number of the open cell, from 1, row by row; 0 for none, as after a change of network. Links call it
            position.
    """

    show: str = choice("counts", SHOWN)
    cell: int = whole(0, 0, MAX_CLASSES**2, name="position")

    resets = ("cell",)

    def open_cell(self, classes: int) -> tuple[int, int] | None:
        """Return true class and answer of the open cell; None for no cell, or one that the matrix does not have."""
        return divmod(self.cell - 1, classes) if 0 < self.cell <= classes**2 else None
