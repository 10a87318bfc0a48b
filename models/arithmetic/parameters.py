"""How many parameters a network's head has: Flatten + Dense, and global average pooling + Dense."""

from typing import NamedTuple


class MapsShape(NamedTuple):
    """Height, width and number of the maps that go into a head."""

    height: int
    width: int
    channels: int


def flatten_parameters(shape: MapsShape, classes: int) -> int:
    """Return the number of parameters of Flatten + Dense: height · width · maps + 1 (a bias) for each class."""
    return shape.height * shape.width * shape.channels * classes + classes


def pooling_parameters(shape: MapsShape, classes: int) -> int:
    """Return the number of parameters of GlobalAveragePooling2D + Dense: maps + 1 (a bias) for each class."""
    return shape.channels * classes + classes
