"""Everything that a visitor can set on the softmax board, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

CLASSES = ("cars", "motorcycles", "trucks", "buses", "bicycles")
FEWEST = 3
LIMIT = 10
LOWEST, STEP = 0.1, 0.1
"""The first temperature and the way from one to the next."""
COUNT = 100
MAX_SPEED = 60


@dataclass(frozen=True)
class SoftmaxScene(SceneTexts):
    """A setting of all controls of the softmax board.

    Attributes:
        classes: how many classes take part, the first ones of `CLASSES`.
        label: number of the true class.
        z1, z2, z3, z4, z5: their logits, −10 to 10.
        position: number of the temperature, from 0.1 in steps of 0.1.
        speed: temperatures a second while playing.
    """

    classes: int = 3
    label: int = 0
    z1: float = 2.0
    z2: float = 1.0
    z3: float = -1.0
    z4: float = 0.0
    z5: float = -2.0
    position: int = 9
    speed: int = 12

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        classes = read.whole("classes", FEWEST, len(CLASSES))
        return cls(
            classes=classes,
            label=min(read.whole("label", 0, len(CLASSES) - 1), classes - 1),
            z1=read.number("z1", -LIMIT, LIMIT),
            z2=read.number("z2", -LIMIT, LIMIT),
            z3=read.number("z3", -LIMIT, LIMIT),
            z4=read.number("z4", -LIMIT, LIMIT),
            z5=read.number("z5", -LIMIT, LIMIT),
            position=read.whole("position", 0, COUNT - 1),
            speed=read.whole("speed", 1, MAX_SPEED),
        )

    @property
    def logits(self) -> tuple[float, ...]:
        """The logits of the classes that take part."""
        return (self.z1, self.z2, self.z3, self.z4, self.z5)[: self.classes]
