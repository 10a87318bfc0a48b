"""Activation functions and their derivatives, as Keras computes them."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

LEAKY_SLOPE = 0.2
"""Keras's default `negative_slope` of leaky ReLU."""

FAINTEST = 1e-3
"""A map whose numbers differ by less counts as the same everywhere."""


class _Activation(NamedTuple):
    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


# NumPy has no error function. SciPy has one, but importing it would take half as long as starting the whole app.
_erf = np.frompyfunc(math.erf, 1, 1)


def _normal_share(x: np.ndarray) -> np.ndarray:
    """Return the share of a standard normal distribution below x."""
    return 0.5 * (1 + np.asarray(_erf(x / math.sqrt(2)), dtype=np.float64))


def _sigmoid(x: np.ndarray) -> np.ndarray:
    # 1 / (1 + e^-x), written so that no power overflows.
    return 0.5 * (1 + np.tanh(x / 2))


def _softmax(x: np.ndarray) -> np.ndarray:
    # The largest x is subtracted first: it cancels out, and no power overflows.
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    result: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return result


# At a kink there is no derivative. TensorFlow takes that of one side, and so does this table: the left one for ReLU
# and leaky ReLU, the right one for ELU (where both are 1).
_ACTIVATIONS: Mapping[str, _Activation] = MappingProxyType(
    {
        "linear": _Activation(lambda x: x, np.ones_like),
        "relu": _Activation(lambda x: np.maximum(x, 0), lambda x: np.where(x > 0, 1.0, 0.0)),
        "sigmoid": _Activation(_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x)),
        "tanh": _Activation(np.tanh, lambda x: 1 - np.tanh(x) ** 2),
        "leaky_relu": _Activation(
            lambda x: np.where(x > 0, x, LEAKY_SLOPE * x), lambda x: np.where(x > 0, 1.0, LEAKY_SLOPE)
        ),
        "elu": _Activation(
            lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
            lambda x: np.where(x >= 0, 1.0, np.exp(np.minimum(x, 0))),
        ),
        "gelu": _Activation(
            lambda x: x * _normal_share(x),
            lambda x: _normal_share(x) + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi),
        ),
        "swish": _Activation(lambda x: x * _sigmoid(x), lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x))),
        "softmax": _Activation(_softmax, lambda x: _softmax(x) * (1 - _softmax(x))),
    }
)

ACTIVATIONS = tuple(_ACTIVATIONS)
"""The names of the activations, in the course's order."""


def activation(name: str, x: np.ndarray) -> np.ndarray:
    """Return an activation function's value for every number, as `keras.activations` computes it.

    Args:
        name: one of `ACTIVATIONS`. Leaky ReLU has Keras's slope of 0.2, ELU has an alpha of 1, GELU is the exact one.
        x: numbers of any shape; softmax is taken over the last axis.

    Returns:
        float64 array of the same shape.

    Raises:
        ValueError: an unknown name, or softmax of a single number.
    """
    return _look_up(name, x).value(np.asarray(x, dtype=np.float64))


def activation_derivative(name: str, x: np.ndarray) -> np.ndarray:
    """Return an activation's derivative by its own input, as TensorFlow computes it.

    At a kink, it is TensorFlow's choice: 0 for ReLU, 0.2 for leaky ReLU, 1 for ELU. Softmax has a derivative for each
    pair of an input and an output; this is the diagonal, ∂yᵢ/∂xᵢ = yᵢ · (1 − yᵢ).

    Args:
        name: one of `ACTIVATIONS`.
        x: numbers of any shape.

    Returns:
        float64 array of the same shape.

    Raises:
        ValueError: an unknown name, or softmax of a single number.
    """
    return _look_up(name, x).slope(np.asarray(x, dtype=np.float64))


def _look_up(name: str, x: np.ndarray) -> _Activation:
    if name not in _ACTIVATIONS:
        raise ValueError(f"There is no activation {name!r} here; there are {', '.join(ACTIVATIONS)}.")
    if name == "softmax" and np.ndim(x) == 0:
        raise ValueError("Softmax shares out one whole among several numbers, so it needs more than a single one.")
    return _ACTIVATIONS[name]


def most_even(maps: np.ndarray) -> int:
    """Return the index of the map whose share of numbers below 0 is nearest to one half: there ReLU shows the most.

    Maps that are the same everywhere (`FAINTEST`) are chosen only if all are.

    Args:
        maps: (height, width, channels), before the activation.
    """
    share = (maps < 0).mean(axis=(0, 1))
    flat = np.ptp(maps, axis=(0, 1)) < FAINTEST
    return int((np.abs(share - 0.5) + flat).argmin())
