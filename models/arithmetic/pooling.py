"""Pooling: one number for each window of a map, chosen or averaged. Nothing in it is learned."""

from typing import Literal

import numpy as np

from models.arithmetic.convolution import Padding, axis_geometry

PoolingMode = Literal["max", "average"]


def pool(
    image: np.ndarray,
    *,
    size: int,
    stride: int | None = None,
    padding: Padding = "valid",
    mode: PoolingMode = "max",
) -> np.ndarray:
    """Slide a window over a map and keep its largest number or its mean, separately for each channel.

    Args:
        image: array (height, width) or (height, width, channels), any range.
        size: rows and columns of the window, at least 1.
        stride: pixels between two stops; None means `size`, as in Keras.
        padding: "valid" (only whole windows) or "same" (the window may extend beyond the edge; as in Keras, what is
            outside counts neither for the maximum nor for the mean).
        mode: "max" (MaxPooling2D) or "average" (AveragePooling2D).

    Returns:
        float32 array (output height, output width), with the channels if `image` has them.

    Raises:
        ValueError: wrong number of dimensions, an unknown mode or padding, or no window fits; the text says which.

    Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016, section 3.
    """
    image = np.asarray(image, dtype=np.float32)
    if image.ndim not in (2, 3):
        raise ValueError(f"A map needs 2 or 3 dimensions, but this one has the shape {image.shape}.")
    if mode not in ("max", "average"):
        raise ValueError(f'The mode is {mode!r}, but there are "max" and "average".')
    step = size if stride is None else stride
    rows = axis_geometry(image.shape[0], size, stride=step, padding=padding)
    columns = axis_geometry(image.shape[1], size, stride=step, padding=padding)
    zeros = ((rows.before, rows.after), (columns.before, columns.after), *((0, 0),) * (image.ndim - 2))
    # What is outside does not count: -inf never is the maximum, and the mean is over the counted numbers only.
    padded = np.pad(image.astype(np.float64), zeros, constant_values=-np.inf if mode == "max" else 0)
    inside = np.pad(np.ones(image.shape[:2]), zeros[:2])
    total = np.full((rows.output, columns.output, *image.shape[2:]), -np.inf if mode == "max" else 0.0)
    count = np.zeros((rows.output, columns.output))
    for top in range(size):
        for left in range(size):
            stops = (
                slice(top, top + (rows.output - 1) * step + 1, step),
                slice(left, left + (columns.output - 1) * step + 1, step),
            )
            if mode == "max":
                np.maximum(total, padded[stops], out=total)
            else:
                total += padded[stops]
                count += inside[stops]
    if mode == "average":
        total /= count[(..., *((np.newaxis,) * (image.ndim - 2)))]
    return total.astype(np.float32)


def enlarge(image: np.ndarray, size: int) -> np.ndarray:
    """Repeat each number `size` times down and across, as UpSampling2D does, so that a pooled map has its old size.

    Args:
        image: array (height, width) or (height, width, channels).
        size: at least 1.

    Returns:
        An array (size · height, size · width), with the channels if `image` has them, of the same type.

    Raises:
        ValueError: `size` is below 1.
    """
    if size < 1:
        raise ValueError(f"The size is {size}, but it must be at least 1.")
    return np.asarray(image).repeat(size, axis=0).repeat(size, axis=1)


def global_average_pool(image: np.ndarray) -> np.ndarray:
    """Return the mean of each channel of a map, as GlobalAveragePooling2D does.

    Args:
        image: array (height, width, channels).

    Returns:
        float32 array (channels,).

    Raises:
        ValueError: the map has no channel axis.
    """
    image = np.asarray(image)
    if image.ndim != 3:
        raise ValueError(f"Global average pooling needs (height, width, channels), but this map has {image.shape}.")
    result: np.ndarray = image.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)
    return result
