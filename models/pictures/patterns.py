"""Pictures that show what a layer does: drawn thin lines, and noise that is put on a photo."""

import cv2
import numpy as np


def thin_lines(side: int) -> np.ndarray:
    """Draw lines of one pixel: bright ones on a dark ground on the left, dark ones on a bright ground on the right.

    Args:
        side: pixels, an even number from 92: on smaller pictures the lines would touch.

    Returns:
        uint8 array (side, side, 3), 0 and 255 only. Both halves have the same lines.

    Raises:
        ValueError: `side` is below 92 or odd.
    """
    if side < 92 or side % 2:
        raise ValueError(f"The lines need an even side of at least 92 pixels, not {side}.")
    half = np.zeros((side, side // 2), np.uint8)
    width = side // 2
    centre = (width // 2, side // 4)
    cv2.circle(half, centre, width // 3, 255, 1)
    cv2.line(half, (centre[0] - width // 3 - 3, centre[1]), (centre[0] + width // 3 + 3, centre[1]), 255, 1)
    for number in range(4):
        cv2.line(half, (4 + 3 * number * width // 16, side // 2 + 3), (4 + 3 * number * width // 16, side - 5), 255, 1)
    cv2.line(half, (width * 11 // 16, side - 6), (width - 5, side // 2 + 4), 255, 1)
    return np.repeat(np.hstack([half, 255 - half])[..., np.newaxis], 3, axis=2)


def salt_and_pepper(pixels: np.ndarray, share: float, *, seed: int = 0) -> np.ndarray:
    """Turn some pixels of a picture white or black, on average half of them each.

    Args:
        pixels: uint8 array (height, width, channels).
        share: share of all pixels, from 0 to 1.
        seed: decides which pixels.

    Returns:
        A new uint8 array of the same shape.

    Raises:
        ValueError: `share` is not from 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"A share goes from 0 to 1, but this one is {share}.")
    generator = np.random.default_rng(seed)
    height, width = pixels.shape[:2]
    places = generator.choice(height * width, round(share * height * width), replace=False)
    noisy = pixels.reshape(height * width, -1).copy()
    noisy[places] = generator.choice(np.array([0, 255], np.uint8), (len(places), 1))
    return noisy.reshape(pixels.shape)
