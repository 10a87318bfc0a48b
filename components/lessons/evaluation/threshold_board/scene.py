"""Everything that a visitor can set on the board of the threshold, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Scene, choice, flag, number, whole

CELLS = ("tn", "fp", "fn", "tp")
PERCENTS = ("row", "column", "all")
MAX_COST = 1000
MAX_PHOTO = 10_000_000


@dataclass(frozen=True)
class ThresholdScene(Scene):
    """All settings of the board.

    Attributes:
        threshold: 0 to 1; photos that score above it are called positive. It has all its digits, because a photo's own
            score can be the threshold.
        cell: the chosen cell of the matrix, one of `CELLS`, or "".
        photo: index of the open photo, or −1.
        percent: what the cells' percentages are of, one of `PERCENTS`.
        cover: the cells are covered until they are pressed.
        missed, alarm: what a missed positive and a false alarm cost.
        positives, negatives: percentage of either class that is kept, 1 to 100.
    """

    threshold: float = number(0.5, 0, 1, exact=True)
    cell: str = choice("", ("", *CELLS))
    photo: int = whole(-1, -1, MAX_PHOTO)
    percent: str = choice("row", PERCENTS)
    cover: bool = flag(False)
    missed: float = number(5.0, 0, MAX_COST)
    alarm: float = number(1.0, 0, MAX_COST)
    positives: int = whole(100, 1, 100)
    negatives: int = whole(100, 1, 100)

    resets = ("cell", "photo")
