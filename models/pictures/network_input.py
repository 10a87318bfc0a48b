"""From a decoded photo to the batch that a network takes: every array on the way, as Keras's layers compute it."""

from typing import Literal, NamedTuple

import numpy as np

from models.pictures.resize import Resize, cut, resize

Range = Literal["unit", "signed"]
"""unit: 0 to 1. signed: −1 to 1."""

SCALES: dict[Range, tuple[float, float]] = {"unit": (1 / 255, 0.0), "signed": (1 / 127.5, -1.0)}
"""Factor and offset of the Rescaling layer for each range."""


class Stages(NamedTuple):
    """The arrays between a photo and a network, in order.

    Attributes:
        photo: uint8 (height, width, 3).
        cut: uint8, the photo cropped or padded to a square, or as it was.
        resized: uint8 (side, side, 3).
        rescaled: float32 (side, side, 3), 0 to 1 or −1 to 1.
        batch: float32 (1, side, side, 3).
    """

    photo: np.ndarray
    cut: np.ndarray
    resized: np.ndarray
    rescaled: np.ndarray
    batch: np.ndarray


def network_input(pixels: np.ndarray, *, side: int, how: Resize, to: Range) -> Stages:
    """Return every array between a photo and a network.

    Args:
        pixels: uint8 array (height, width, 3), 0 to 255.
        side: width and height of the network's square input in pixels.
        how: what happens to a photo that is not square.
        to: the range of the network's input.

    Raises:
        ValueError: an unknown `how`.
    """
    resized = resize(pixels, side, how)
    factor, offset = (np.float32(number) for number in SCALES[to])
    rescaled = resized.astype(np.float32) * factor + offset
    return Stages(pixels, cut(pixels, how), resized, rescaled, rescaled[np.newaxis])
