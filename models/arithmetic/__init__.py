"""The arithmetic of a convnet's layers in NumPy: small, exact and without TensorFlow.

Every function here is compared with TensorFlow or Keras in tests/unit.
"""

from models.arithmetic.activation import ACTIVATIONS, activation, activation_derivative
from models.arithmetic.convolution import Axis, Padding, axis_geometry, convolution_axis, convolve, output_size
from models.arithmetic.losses import (
    CEILING,
    EPSILON,
    binary_crossentropy,
    categorical_crossentropy,
    crossentropy_push,
    crossentropy_slope,
    mean_squared_error,
    smoothed_targets,
    softmax,
    squared_push,
    squared_slope,
)
from models.arithmetic.pooling import PoolingMode, enlarge, global_average_pool, pool

__all__ = [
    "ACTIVATIONS",
    "CEILING",
    "EPSILON",
    "Axis",
    "Padding",
    "PoolingMode",
    "activation",
    "activation_derivative",
    "axis_geometry",
    "binary_crossentropy",
    "categorical_crossentropy",
    "convolution_axis",
    "convolve",
    "crossentropy_push",
    "crossentropy_slope",
    "enlarge",
    "global_average_pool",
    "mean_squared_error",
    "output_size",
    "pool",
    "smoothed_targets",
    "softmax",
    "squared_push",
    "squared_slope",
]
