"""Everything that a visitor can set on the board of the threshold, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import NUMBER, SceneReader, SceneTexts

CELLS = ("tn", "fp", "fn", "tp")
PERCENTS = ("row", "column", "all")
MAX_COST = 1000
MAX_PHOTO = 10_000_000


@dataclass(frozen=True)
class ThresholdScene(SceneTexts):
    """A setting of all controls of the board.

    Attributes:
        threshold: 0 to 1; what scores above it is called positive. With all its digits, because a photo's own score can
            be the threshold.
        cell: the chosen cell of the matrix, one of `CELLS`, or "".
        photo: the photo that is open, from 0, or −1.
        percent: what the cells' percentages are of, one of `PERCENTS`.
        cover: the cells are covered until they are pressed.
        missed, alarm: what a missed positive and a false alarm cost.
        positives, negatives: percent of either class that are kept, 1 to 100.
        position, speed: nothing plays here.
    """

    threshold: float = 0.5
    cell: str = ""
    photo: int = -1
    percent: str = "row"
    cover: bool = False
    missed: float = 5.0
    alarm: float = 1.0
    positives: int = 100
    negatives: int = 100
    position: int = 0
    speed: int = 1

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        text = params.get("threshold", "").strip()
        return cls(
            threshold=min(max(float(text), 0.0), 1.0) + 0.0 if NUMBER.fullmatch(text) else cls.threshold,
            cell=read.choice("cell", CELLS),
            photo=read.whole("photo", -1, MAX_PHOTO),
            percent=read.choice("percent", PERCENTS),
            cover=read.flag("cover"),
            missed=read.number("missed", 0, MAX_COST),
            alarm=read.number("alarm", 0, MAX_COST),
            positives=read.whole("positives", 1, 100),
            negatives=read.whole("negatives", 1, 100),
        )

    def all_params(self) -> dict[str, str]:
        """Return every parameter as text, the threshold with all its digits."""
        return super().all_params() | {"threshold": repr(self.threshold)}
