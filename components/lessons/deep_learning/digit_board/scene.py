"""What is on the digit board, as one value that fits into a URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from components.scene.parameters import SceneReader, SceneTexts
from models.pictures.digit_drawing import BLOCK, SIDE

SIGNS = "0123456789abcdefg"
"""A sign for each count of ink, 0 to 16."""


@dataclass(frozen=True)
class DigitScene(SceneTexts):
    """The picture that the network reads.

    Attributes:
        ink: 64 signs, row by row, or "" for none.
        taken: the number of the digit of the data that it is, from 0, or −1 for a drawing.
        position, speed: not used: nothing plays here.
    """

    ink: str = ""
    taken: int = 3
    position: int = 0
    speed: int = 1

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        ink = params.get("ink", "")
        if not re.fullmatch(f"[{SIGNS}]{{{SIDE * SIDE}}}", ink):
            ink = ""
        return cls(ink=ink, taken=-1 if ink else read.whole("taken", -1, 9))


def write_ink(counts: np.ndarray) -> str:
    """Return counts of ink, (8, 8) of 0 to 16, as 64 signs."""
    return "".join(SIGNS[min(max(int(count), 0), BLOCK * BLOCK)] for count in np.asarray(counts).ravel())


def read_ink(ink: str) -> np.ndarray:
    """Return what `write_ink` wrote: uint8 (8, 8)."""
    return np.array([SIGNS.index(sign) for sign in ink], np.uint8).reshape(SIDE, SIDE)
