"""What is on the digit board, as one value that fits into a URL."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from components.scene import Scene, text, whole
from models.pictures.digit_drawing import BLOCK, SIDE

SIGNS = "0123456789abcdefg"
"""A character for each amount of ink, 0 to 16."""


@dataclass(frozen=True)
class DigitScene(Scene):
    """The picture that the network reads.

    Attributes:
        ink: 64 characters, row by row, or "" for an empty board.
        taken: index of the sample digit, or −1 for a drawing.
    """

    ink: str = text("", f"([{SIGNS}]{{{SIDE * SIDE}}})?")
    taken: int = whole(3, -1, 9)

    def fitted(self) -> Self:
        """Return the scene with a drawing or a sample digit, not both."""
        return replace(self, taken=-1) if self.ink else self


def write_ink(counts: np.ndarray) -> str:
    """Return amounts of ink, (8, 8) of 0 to 16, as 64 characters."""
    return "".join(SIGNS[min(max(int(count), 0), BLOCK * BLOCK)] for count in np.asarray(counts).ravel())


def read_ink(ink: str) -> np.ndarray:
    """Return what `write_ink` wrote: uint8 (8, 8)."""
    return np.array([SIGNS.index(sign) for sign in ink], np.uint8).reshape(SIDE, SIDE)
