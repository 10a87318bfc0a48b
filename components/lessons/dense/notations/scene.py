"""Which part of a dense layer is highlighted in all notations, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from components.scene.parameters import SceneReader, SceneTexts

PARTS = ("x", "w", "b", "s", "y")
"""Inputs, weights, bias, activation (σ) and output."""


@dataclass(frozen=True)
class NotationScene(SceneTexts):
    """What is highlighted.

    Attributes:
        part: one of `PARTS`, "" for none.
        position: no animation has a place here.
        speed: likewise.
    """

    part: str = ""

    position: ClassVar[int] = 0
    speed: ClassVar[float] = 1.0

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        return cls(part=SceneReader(cls, params).choice("part", PARTS))
