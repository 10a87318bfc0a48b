"""EfficientNet-Lite0 once more, in NumPy and 64 bits, without Keras: the figures that the Keras network has to give.

Shapes, and whether a block expands, come from the tensors themselves, so that a wrong table of the network's blocks
would show. Only the strides are written down, as the tensors do not tell them.
"""

from collections.abc import Mapping

import numpy as np

BLOCKS_OF_STRIDE_2 = (1, 3, 5, 11)
EPSILON = 1e-3


def features_and_probabilities(pixels: np.ndarray, tensors: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The 1280 features and 1000 probabilities of one picture.

    Args:
        pixels: (side, side, 3), RGB, 0 to 255.
        tensors: name → tensor, as PyTorch saved them.
    """
    x = (pixels.astype(np.float64) - 127) / 128
    x = relu6(normalise(convolve(x, tensors["_conv_stem.weight"], stride=2), tensors, "_bn0"))
    for number in range(16):
        block = f"_blocks.{number}"
        stride = 2 if number in BLOCKS_OF_STRIDE_2 else 1
        before = x
        if f"{block}._expand_conv.weight" in tensors:
            x = relu6(normalise(convolve(x, tensors[f"{block}._expand_conv.weight"]), tensors, f"{block}._bn0"))
        x = convolve_depthwise(x, tensors[f"{block}._depthwise_conv.weight"], stride=stride)
        x = relu6(normalise(x, tensors, f"{block}._bn1"))
        x = normalise(convolve(x, tensors[f"{block}._project_conv.weight"]), tensors, f"{block}._bn2")
        if x.shape == before.shape:
            x = x + before
    x = relu6(normalise(convolve(x, tensors["_conv_head.weight"]), tensors, "_bn1"))
    features = x.mean(axis=(0, 1))
    logits = tensors["_fc.weight"].astype(np.float64) @ features + tensors["_fc.bias"]
    exponentials = np.exp(logits - logits.max())
    return features, exponentials / exponentials.sum()


def windows(x: np.ndarray, kernel: int, stride: int) -> np.ndarray:
    """Windows (rows, columns, channels, kernel, kernel) of "same" padding, with an odd zero after the picture."""
    zeros = []
    for size in x.shape[:2]:
        needed = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        zeros.append((needed // 2, needed - needed // 2))
    padded = np.pad(x, (*zeros, (0, 0)))
    return np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), axis=(0, 1))[::stride, ::stride]


def convolve(x: np.ndarray, weight: np.ndarray, *, stride: int = 1) -> np.ndarray:
    """Convolve with a weight (filters, channels, kernel, kernel)."""
    return np.tensordot(windows(x, weight.shape[-1], stride), weight.astype(np.float64), axes=((2, 3, 4), (1, 2, 3)))


def convolve_depthwise(x: np.ndarray, weight: np.ndarray, *, stride: int) -> np.ndarray:
    """Convolve each channel with its own part of a weight (channels, 1, kernel, kernel)."""
    return np.einsum("yxcij,cij->yxc", windows(x, weight.shape[-1], stride), weight[:, 0].astype(np.float64))


def normalise(x: np.ndarray, tensors: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    gamma, beta, mean, variance = (
        tensors[f"{name}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    return gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta


def relu6(x: np.ndarray) -> np.ndarray:
    return np.clip(x, 0, 6)
