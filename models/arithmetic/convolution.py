"""Convolution: where a window stops, and the dot product at each stop."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Padding = Literal["valid", "same"]


@dataclass(frozen=True)
class Axis:
    """The stops of a window along one axis of a picture.

    Attributes:
        size: pixels of the picture along this axis.
        output: number of stops, which is the size of the feature map along this axis.
        before, after: zeros added at the start and at the end.
        reach: pixels from the first to the last pixel that one window reads.
        unreached: pixels at the end that no window reads.
    """

    size: int
    output: int
    before: int
    after: int
    reach: int
    unreached: int


def axis_geometry(size: int, kernel: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> Axis:
    """Return the stops of a window of `kernel` weights along an axis of `size` pixels, as Keras places them.

    Raises:
        ValueError: a number is below 1, `padding` is unknown, or no window fits; the text says which.

    Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016, sections 2, 4 and 5;
    TensorFlow, "Neural network ops, notes on padding" (an odd zero goes to the end).
    """
    for name, value in (("size", size), ("kernel size", kernel), ("stride", stride), ("dilation", dilation)):
        if value < 1:
            raise ValueError(f"The {name} is {value}, but it must be at least 1.")
    reach = (kernel - 1) * dilation + 1
    if padding == "same":
        output = -(-size // stride)
        zeros = max((output - 1) * stride + reach - size, 0)
        before, after = zeros // 2, zeros - zeros // 2
    elif padding == "valid":
        if reach > size:
            raise ValueError(
                f"No window fits: it reaches over {reach} pixels, but the picture has only {size} along this side."
            )
        output = (size - reach) // stride + 1
        before = after = 0
    else:
        raise ValueError(f'The padding is {padding!r}, but Keras knows "valid" and "same".')
    last_read = (output - 1) * stride + reach - before
    return Axis(size, output, before, after, reach, max(size - last_read, 0))


def convolution_axis(size: int, kernel: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> Axis:
    """Return the stops of a Conv2D layer's window: `axis_geometry`, with Keras's own restrictions.

    Raises:
        ValueError: stride and dilation are both above 1, or see `axis_geometry`.
    """
    if stride > 1 and dilation > 1:
        raise ValueError(
            f"Keras refuses stride {stride} together with dilation {dilation}: "
            "in Conv2D at least one of `strides` and `dilation_rate` must be 1."
        )
    return axis_geometry(size, kernel, stride=stride, padding=padding, dilation=dilation)


def output_size(size: int, kernel: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    """Return the number of window positions along an axis of `size` pixels.

    Valid padding gives ⌊(size − ((kernel − 1) · dilation + 1)) / stride⌋ + 1, same padding gives ⌈size / stride⌉.

    Raises:
        ValueError: see `axis_geometry`.
    """
    return axis_geometry(size, kernel, stride=stride, padding=padding, dilation=dilation).output


def convolve(
    image: np.ndarray,
    kernel: np.ndarray,
    *,
    bias: float = 0.0,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
) -> np.ndarray:
    """Slide `kernel` over `image` and take the dot product at each stop, as a Conv2D layer with one filter does.

    Args:
        image: array (height, width, channels), any range; (height, width) counts as one channel.
        kernel: array (rows, columns, channels), or (rows, columns) for one channel; not flipped
            (cross-correlation, as in Keras).
        bias: added to every sum.
        stride: pixels between two stops, at least 1.
        padding: "valid" (only whole windows) or "same" (zeros outside, TensorFlow's placement).
        dilation: distance in pixels between two neighbouring weights, at least 1.

    Returns:
        float32 array (output height, output width): the feature map before activation.

    Raises:
        ValueError: wrong number of dimensions, the channels of kernel and image differ, stride and dilation are both
            above 1 (Keras refuses it), or no window fits; the text says which.

    Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016, sections 2 and 4.
    """
    image = np.asarray(image, dtype=np.float64)
    kernel = np.asarray(kernel, dtype=np.float64)
    image = image[..., np.newaxis] if image.ndim == 2 else image
    kernel = kernel[..., np.newaxis] if kernel.ndim == 2 else kernel
    if image.ndim != 3 or kernel.ndim != 3:
        raise ValueError(
            f"Image and kernel need 2 or 3 dimensions, but they have the shapes {image.shape} and {kernel.shape}."
        )
    if image.shape[2] != kernel.shape[2]:
        raise ValueError(
            f"The kernel has weights for {kernel.shape[2]} channels, but the image has {image.shape[2]}: "
            "a filter needs one plane of weights for each channel."
        )
    rows = convolution_axis(image.shape[0], kernel.shape[0], stride=stride, padding=padding, dilation=dilation)
    columns = convolution_axis(image.shape[1], kernel.shape[1], stride=stride, padding=padding, dilation=dilation)
    padded = np.pad(image, ((rows.before, rows.after), (columns.before, columns.after), (0, 0)))
    total = np.full((rows.output, columns.output), float(bias))
    # One pass for each weight, over all stops at once; in float64, so that the order of the terms does not matter.
    for row in range(kernel.shape[0]):
        for column in range(kernel.shape[1]):
            top, left = row * dilation, column * dilation
            pixels = padded[
                top : top + (rows.output - 1) * stride + 1 : stride,
                left : left + (columns.output - 1) * stride + 1 : stride,
            ]
            total += pixels @ kernel[row, column]
    return total.astype(np.float32)
