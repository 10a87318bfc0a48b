"""A small dense layer with numbers that can be followed by hand: 3 inputs, 2 units, sigmoid."""

import numpy as np

from models.arithmetic import activation

X = np.array([0.5, 2.0, 1.0])
"""The inputs, (3,)."""
W = np.array([[1.0, -0.5], [0.5, 0.25], [-1.0, 1.5]])
"""The weights as Keras keeps them in `layer.kernel`: (3 inputs, 2 units)."""
B = np.array([0.25, -2.0])
"""The bias of each unit, (2,)."""


def sums() -> np.ndarray:
    """Return xW + b, float64 (2,)."""
    z: np.ndarray = X @ W + B
    return z


def outputs() -> np.ndarray:
    """Return σ(xW + b), float64 (2,)."""
    return activation("sigmoid", sums())
