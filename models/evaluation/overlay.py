"""A heatmap laid over the photo that it is about, in squares. NumPy and OpenCV only: a page draws with it.

The photo turns grey, so that every colour comes from the map: black and violet is where nothing spoke for the class,
rose and cream where most did. Where the network's square leaves out a part of the photo, that part stays grey.
"""

import cv2
import numpy as np

from models.pictures.photo import grey
from models.pictures.resize import RESIZES, Resize

COLOURS = (
    *("#000004", "#180f3d", "#440f76", "#721f81", "#9e2f7f"),
    *("#cd4071", "#f1605d", "#fd9668", "#feca8d", "#fcfdbf"),
)
"""The colours of 0, 1/9 … 1. Each is lighter than the one before, so that the order survives colour-blindness and a
grey print. None of them is the orange of cats or the blue of dogs.

Source: magma by Smith & van der Walt, matplotlib 1.5 (CC0), in ten steps as in Plotly."""

_TABLE = np.array([[int(colour[place : place + 2], 16) for place in (1, 3, 5)] for colour in COLOURS], np.float64)


def coloured(heat: np.ndarray) -> np.ndarray:
    """Return the colours of numbers from 0 to 1, interpolated between `COLOURS`.

    Args:
        heat: (height, width); numbers outside 0 to 1 have the colour of 0 or 1.

    Returns:
        uint8 (height, width, 3).
    """
    places = np.clip(heat, 0, 1) * (len(_TABLE) - 1)
    steps = np.arange(len(_TABLE))
    return (
        np.stack([np.interp(places, steps, _TABLE[:, channel]) for channel in range(3)], axis=-1)
        .round()
        .astype(np.uint8)
    )


def overlay(pixels: np.ndarray, heat: np.ndarray, alpha: float = 0.5, resize: Resize = "squash") -> np.ndarray:
    """Return a photo in grey under a heatmap, each of whose numbers is an even rectangle.

    A map has few numbers, 4 × 4 from a network with photos of 112 pixels: enlarged smoothly it would look as if the
    network had pointed at an eye.

    Args:
        pixels: uint8 (height, width, 3) or (height, width, 1): the photo before it was resized to a square.
        heat: float (h, w), 0 to 1: the map for the network's square.
        alpha: 0 shows the photo in grey, 1 the map alone.
        resize: how the photo became that square; see `models.pictures.resize`. If it was cropped, the map covers only
            the middle.

    Returns:
        uint8 (height, width, 3).

    Raises:
        ValueError: invalid shapes, alpha or resize.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (1, 3) or 0 in pixels.shape:
        raise ValueError(f"A photo is uint8 (height, width, 3 or 1), but this is {pixels.dtype} {pixels.shape}.")
    if heat.ndim != 2 or 0 in heat.shape or not np.isfinite(heat).all():
        raise ValueError(f"A heatmap has finite numbers in a shape (height, width), not {heat.shape}.")
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha is a share from 0 to 1, not {alpha}.")
    if resize not in RESIZES:
        raise ValueError(f"A photo becomes a square by {', '.join(RESIZES)}, not by {resize!r}.")
    height, width = pixels.shape[:2]
    plain = pixels if pixels.shape[2] == 1 else grey(pixels)[..., np.newaxis]
    result = np.repeat(plain, 3, axis=2)
    top, left, bottom, right = 0, 0, height, width  # of the network's square, in the photo's pixels
    if resize == "crop":
        short = min(height, width)
        top, left = (height - short) // 2, (width - short) // 2
        bottom, right = top + short, left + short
    elif resize == "pad":
        down, across = (max(height, width) - height) // 2, (max(height, width) - width) // 2
        top, left, bottom, right = -down, -across, height + down, width + across
    large = cv2.resize(heat.astype(np.float32), (right - left, bottom - top), interpolation=cv2.INTER_NEAREST)
    seen = slice(max(top, 0), min(bottom, height)), slice(max(left, 0), min(right, width))
    heat_there = large[seen[0].start - top : seen[0].stop - top, seen[1].start - left : seen[1].stop - left]
    mixed = (1 - alpha) * result[seen] + alpha * coloured(heat_there)
    result[seen] = np.rint(mixed).astype(np.uint8)
    return result
