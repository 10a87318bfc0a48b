"""Everything that a visitor can set on the picture of vanishing gradients, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Playing, whole

DEEPEST = 30
SEEDS = 100
MAX_SPEED = 30


@dataclass(frozen=True)
class VanishingScene(Playing):
    """All settings.

    Attributes:
        depth: number of Dense layers, 1 to 30.
        seed: of the weights, 0 to 99.
        position: how many layers the gradient has passed on its way back: 0 (it is at the last layer's outputs) to
            depth − 1 (it has arrived at the first layer's); more means that it has arrived, as at first.
        speed: layers a second while playing.
    """

    depth: int = whole(10, 1, DEEPEST)
    seed: int = whole(0, 0, SEEDS - 1)
    position: int = whole(DEEPEST - 1, 0, DEEPEST - 1)
    speed: int = whole(4, 1, MAX_SPEED)
