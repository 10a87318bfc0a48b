"""Everything that a visitor can set where two linear layers become one, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from components.scene.parameters import SceneReader, SceneTexts

LIMIT = 4
STEP = 0.1
COUNT = round(2 * LIMIT / STEP) + 1
SEEDS = 100
MAX_SPEED = 120


@dataclass(frozen=True)
class CollapseScene(SceneTexts):
    """A setting of all controls.

    Attributes:
        relu: whether ReLU stands between the two layers.
        seed: which weights were drawn.
        position: number of the input x, from −4 in steps of 0.1.
        speed: steps of x a second while playing.
    """

    relu: bool = False
    seed: int = 0
    position: int = round((1 + LIMIT) / STEP)
    speed: int = 20

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            relu=read.flag("relu"),
            seed=read.whole("seed", 0, SEEDS - 1),
            position=read.whole("position", 0, COUNT - 1),
            speed=read.whole("speed", 1, MAX_SPEED),
        )


def inputs() -> np.ndarray:
    """Return every input x of the slider: float64 (81,), −4.0 to 4.0."""
    return np.arange(-LIMIT * 10, LIMIT * 10 + 1) / 10
