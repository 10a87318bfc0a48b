"""The arithmetic of a convnet's layers in NumPy: small, exact and without TensorFlow.

Every function here is compared with TensorFlow or Keras in tests/unit.
"""

from models.arithmetic.activation import ACTIVATIONS, activation, activation_derivative
from models.arithmetic.convolution import Axis, Padding, axis_geometry, convolve, output_size
from models.arithmetic.pooling import PoolingMode, enlarge, global_average_pool, pool

__all__ = [
    "ACTIVATIONS",
    "Axis",
    "Padding",
    "PoolingMode",
    "activation",
    "activation_derivative",
    "axis_geometry",
    "convolve",
    "enlarge",
    "global_average_pool",
    "output_size",
    "pool",
]
