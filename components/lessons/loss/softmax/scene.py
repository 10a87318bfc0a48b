"""Everything that a visitor can set on the softmax board, as one value that fits into a URL."""

from dataclasses import dataclass, replace
from typing import Self

from components.scene import Playing, number, whole

CLASSES = ("cars", "motorcycles", "trucks", "buses", "bicycles")
FEWEST = 3
LIMIT = 10
LOWEST, STEP = 0.1, 0.1
"""The first temperature and the step to the next."""
COUNT = 100
MAX_SPEED = 60


@dataclass(frozen=True)
class SoftmaxScene(Playing):
    """All settings of the softmax board.

    Attributes:
        classes: number of classes that take part, the first ones of `CLASSES`.
        label: index of the true class.
        z1, z2, z3, z4, z5: their logits, −10 to 10.
        position: index of the temperature, from 0.1 in steps of 0.1.
        speed: temperatures a second while playing.
    """

    classes: int = whole(3, FEWEST, len(CLASSES))
    label: int = whole(0, 0, len(CLASSES) - 1)
    z1: float = number(2.0, -LIMIT, LIMIT)
    z2: float = number(1.0, -LIMIT, LIMIT)
    z3: float = number(-1.0, -LIMIT, LIMIT)
    z4: float = number(0.0, -LIMIT, LIMIT)
    z5: float = number(-2.0, -LIMIT, LIMIT)
    position: int = whole(9, 0, COUNT - 1)
    speed: int = whole(12, 1, MAX_SPEED)

    def fitted(self) -> Self:
        """Return the scene with a label that is one of the classes that take part."""
        return replace(self, label=min(self.label, self.classes - 1))

    @property
    def logits(self) -> tuple[float, ...]:
        """The logits of the classes that take part."""
        return (self.z1, self.z2, self.z3, self.z4, self.z5)[: self.classes]
