"""Everything that a visitor can set on the picture of vanishing gradients, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

DEEPEST = 30
SEEDS = 100
MAX_SPEED = 30


@dataclass(frozen=True)
class VanishingScene(SceneTexts):
    """A setting of all controls.

    Attributes:
        depth: number of Dense layers, 1 to 30.
        seed: of the weights, 0 to 99.
        position: how many layers the gradient has passed on its way back: 0 (it is at the last layer's outputs) to
            depth − 1 (it has arrived at the first layer's); more means that it has arrived, as at first.
        speed: layers a second while playing.
    """

    depth: int = 10
    seed: int = 0
    position: int = DEEPEST - 1
    speed: int = 4

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            depth=read.whole("depth", 1, DEEPEST),
            seed=read.whole("seed", 0, SEEDS - 1),
            position=read.whole("position", 0, DEEPEST - 1),
            speed=read.whole("speed", 1, MAX_SPEED),
        )
