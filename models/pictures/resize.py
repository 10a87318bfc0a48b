"""A picture of any size → the square that a network takes: squashed, cropped or padded."""

from typing import Literal, get_args

import numpy as np
from PIL import Image

Resize = Literal["squash", "crop", "pad"]
"""squash: the whole picture, out of proportion. crop: the largest centred square. pad: the whole picture on black."""

RESIZES: tuple[Resize, ...] = get_args(Resize)


def resize(pixels: np.ndarray, side: int, how: Resize = "squash") -> np.ndarray:
    """Return the picture as a square, resized bilinearly with antialiasing.

    A saved network does the same with `keras.ops.image.resize`; the results differ only by the rounding to integers.

    Args:
        pixels: uint8 array (height, width, 3) or (height, width, 1).
        side: width and height of the result in pixels.
        how: what happens to a picture that is not square.

    Returns:
        uint8 array (side, side, channels).

    Raises:
        ValueError: an unknown `how`.
    """
    pixels = cut(pixels, how)
    if pixels.shape[:2] == (side, side):
        return np.ascontiguousarray(pixels)
    grey = pixels.shape[2] == 1
    image = Image.fromarray(pixels[:, :, 0] if grey else pixels)
    resized = np.asarray(image.resize((side, side), Image.Resampling.BILINEAR))
    return np.ascontiguousarray(resized[:, :, None] if grey else resized)


def cut(pixels: np.ndarray, how: Resize) -> np.ndarray:
    """Return the picture cropped or padded, before it is resized.

    Args:
        pixels: uint8 array (height, width, channels).
        how: "crop" or "pad" returns a square; "squash" returns the picture as it is.

    Raises:
        ValueError: an unknown `how`.
    """
    if how not in RESIZES:
        raise ValueError(f"A picture can be resized by {', '.join(RESIZES)}, not by {how!r}.")
    if how == "crop":
        return _centred_square(pixels)
    return _padded_square(pixels) if how == "pad" else pixels


def _centred_square(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    short = min(height, width)
    top, left = int((height - short) / 2), int((width - short) / 2)
    return np.ascontiguousarray(pixels[top : top + short, left : left + short])


def _padded_square(pixels: np.ndarray) -> np.ndarray:
    """The picture with equal margins, as in Keras. If the difference is odd, it is one pixel off a square."""
    height, width = pixels.shape[:2]
    long = max(height, width)
    down, across = (long - height) // 2, (long - width) // 2
    return np.pad(pixels, ((down, down), (across, across), (0, 0)))
