"""Where a picture varies most: a place worth a first look."""

import numpy as np
from numpy.typing import NDArray


def most_varied_place(pixels: NDArray[np.uint8], side: int) -> tuple[int, int]:
    """Return row and column of the pixel in the middle of the window in which the numbers vary most.

    Args:
        pixels: uint8 array (height, width, channels).
        side: odd number of pixels along a side of the window; a smaller picture is one window along that side.

    Returns:
        The middle of the window with the largest variance, averaged over the channels; the first one of equals.
    """
    height, width = pixels.shape[:2]
    tall, wide = min(side, height), min(side, width)
    numbers = pixels.astype(np.float64)
    count = tall * wide
    variance = _sums(numbers**2, tall, wide) / count - (_sums(numbers, tall, wide) / count) ** 2
    row, column = np.unravel_index(variance.mean(axis=2).round(6).argmax(), variance.shape[:2])
    return int(row) + tall // 2, int(column) + wide // 2


def _sums(numbers: NDArray[np.float64], tall: int, wide: int) -> NDArray[np.float64]:
    """Return the sum of every window that lies inside, by differences of running sums (an integral image)."""
    running: NDArray[np.float64] = np.pad(numbers, ((1, 0), (1, 0), (0, 0))).cumsum(axis=0).cumsum(axis=1)
    return running[tall:, wide:] - running[:-tall, wide:] - running[tall:, :-wide] + running[:-tall, :-wide]
