"""Which part of a dense layer is highlighted in all notations, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Scene, choice

PARTS = ("x", "w", "b", "s", "y")
"""Inputs, weights, bias, activation (σ) and output."""


@dataclass(frozen=True)
class NotationScene(Scene):
    """What is highlighted.

    Attributes:
        part: one of `PARTS`, "" for none.
    """

    part: str = choice("", ("", *PARTS))
