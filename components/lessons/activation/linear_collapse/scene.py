"""Everything that a visitor can set where two linear layers become one, as one value that fits into a URL."""

from dataclasses import dataclass

import numpy as np

from components.scene import Playing, flag, whole

LIMIT = 4
STEP = 0.1
COUNT = round(2 * LIMIT / STEP) + 1
SEEDS = 100
MAX_SPEED = 120


@dataclass(frozen=True)
class CollapseScene(Playing):
    """All settings.

    Attributes:
        relu: whether ReLU stands between the two layers.
        seed: decides which weights are drawn.
        position: index of the input x, from −4 in steps of 0.1.
        speed: steps of x a second while playing.
    """

    relu: bool = flag(False)
    seed: int = whole(0, 0, SEEDS - 1)
    position: int = whole(round((1 + LIMIT) / STEP), 0, COUNT - 1)
    speed: int = whole(20, 1, MAX_SPEED)


def inputs() -> np.ndarray:
    """Return every input x of the slider: float64 (81,), −4.0 to 4.0."""
    return np.arange(-LIMIT * 10, LIMIT * 10 + 1) / 10
