"""How many parameters a network's head has: Flatten + Dense, and global average pooling + Dense."""

from typing import NamedTuple


class MapsShape(NamedTuple):
    """Height, width and number of the maps that reach a head."""

    height: int
    width: int
    channels: int


def flatten_parameters(shape: MapsShape, classes: int) -> int:
    """Return the parameters of Flatten + Dense: a weight for each number of each map and class, a bias a class."""
    return shape.height * shape.width * shape.channels * classes + classes


def pooling_parameters(shape: MapsShape, classes: int) -> int:
    """Return the parameters of GlobalAveragePooling2D + Dense: a weight for each map and class, a bias a class."""
    return shape.channels * classes + classes
