"""How much of the loss's gradient is left at each layer of a deep stack of Dense layers, before any training."""

import math
from dataclasses import dataclass

import numpy as np

from models.arithmetic.activation import activation, activation_derivative


@dataclass(frozen=True)
class Network:
    """A stack of Dense layers of equal width as Keras initialises them: GlorotUniform kernels, all biases zero.

    Attributes:
        inputs: float64 array (samples, width), drawn from the standard normal distribution.
        read_out: float64 array (width, 1), the kernel of a last Dense(1) without activation. It turns the stack's
            outputs into one number for each sample; the sum of these numbers is the loss.
        kernels: for each layer, the first one first, a float64 array (width inputs, width units).
    """

    inputs: np.ndarray
    read_out: np.ndarray
    kernels: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class GradientFlow:
    """The size of the gradient at each layer on its way back through a network; element 0 is the first layer.

    The gradient at a layer is ∂loss/∂(the layer's outputs). Its size is the root mean square over all units and
    samples. On its way back through a layer, it is multiplied by the derivatives f′(z), unit by unit, and then by the
    layer's kernel. Each of the two changes its size by a factor, so that at every layer, exactly,
    `shares` = `derivative_products` · `weight_products`.

    Attributes:
        sizes: float64 array (depth,), the gradient's size at each layer.
        shares: float64 array (depth,), the sizes relative to the last layer, where it is 1.
        mean_derivatives: float64 array (depth,), the mean of f′(z) over units and samples.
        derivative_factors: float64 array (depth,), size of the gradient after the layer's f′(z) / size before. It is
            between the smallest and the largest |f′(z)|: at most 0.25 for sigmoid.
        weight_factors: float64 array (depth,), size after the layer's kernel / size before.
        derivative_products: float64 array (depth,), the product of the `derivative_factors` of all later layers,
            through which the gradient has come; 1 at the last layer.
        weight_products: float64 array (depth,), the same for the `weight_factors`.
    """

    sizes: np.ndarray
    shares: np.ndarray
    mean_derivatives: np.ndarray
    derivative_factors: np.ndarray
    weight_factors: np.ndarray
    derivative_products: np.ndarray
    weight_products: np.ndarray


def glorot_limit(fan_in: int, fan_out: int) -> float:
    """Return the limit of GlorotUniform, the default of Keras's Dense, which draws uniformly from −limit to +limit.

    Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010,
    equation 16: √6 / √(fan_in + fan_out).
    """
    return math.sqrt(6 / (fan_in + fan_out))


def draw_network(*, depth: int, width: int = 64, samples: int = 64, seed: int = 0) -> Network:
    """Draw a random network. With the same seed, a deeper one begins with the same layers, inputs and read-out.

    Raises:
        ValueError: depth, width or samples is below 1; the text says which.
    """
    for name, value in (("depth", depth), ("width", width), ("number of samples", samples)):
        if value < 1:
            raise ValueError(f"The {name} is {value}, but it must be at least 1.")
    random = np.random.default_rng(seed)
    inputs = random.standard_normal((samples, width))
    # Before the layers, so that it does not depend on their number.
    read_out = random.uniform(-1, 1, (width, 1)) * glorot_limit(width, 1)
    limit = glorot_limit(width, width)
    return Network(inputs, read_out, tuple(random.uniform(-limit, limit, (width, width)) for _ in range(depth)))


def gradient_flows(
    name: str, *, deepest: int, width: int = 64, samples: int = 64, seed: int = 0
) -> tuple[GradientFlow, ...]:
    """Propagate the loss's gradient back through layers Dense(width, activation=name), as GradientTape does.

    Args:
        name: an activation that works on each unit by itself: any of `ACTIVATIONS` except softmax.
        deepest: number of layers of the deepest network, without the read-out.
        width: units of each layer, and numbers in each input.
        samples: number of inputs in the batch.
        seed: decides the inputs, the read-out and the kernels, which are the same for every activation.

    Returns:
        The flow for every depth from 1 to `deepest`. The forward pass is made only once.

    Raises:
        ValueError: an unknown activation, softmax, or a number below 1; the text says which.
    """
    network = draw_network(depth=deepest, width=width, samples=samples, seed=seed)
    derivatives = _derivatives(name, network)
    return tuple(_backward(network, derivatives, depth) for depth in range(1, deepest + 1))


def _derivatives(name: str, network: Network) -> list[np.ndarray]:
    """Make the forward pass and return f′(z) of every layer, each (samples, width)."""
    if name == "softmax":
        raise ValueError("Softmax has no derivative for each unit by itself: its outputs depend on all units together.")
    outputs = network.inputs
    derivatives = []
    for kernel in network.kernels:
        z = outputs @ kernel
        derivatives.append(activation_derivative(name, z))
        outputs = activation(name, z)
    return derivatives


def _backward(network: Network, derivatives: list[np.ndarray], depth: int) -> GradientFlow:
    """Make the backward pass from the read-out after layer number `depth`."""
    gradient = np.tile(network.read_out.T, (len(network.inputs), 1))
    sizes, derivative_factors, weight_factors = np.ones((3, depth))
    for layer in range(depth - 1, -1, -1):
        sizes[layer] = _size(gradient)
        after_derivatives = gradient * derivatives[layer]
        gradient = after_derivatives @ network.kernels[layer].T
        derivative_factors[layer] = _factor(_size(after_derivatives), sizes[layer])
        weight_factors[layer] = _factor(_size(gradient), _size(after_derivatives))
    return GradientFlow(
        sizes=sizes,
        shares=sizes / sizes[-1],
        mean_derivatives=np.array([slopes.mean() for slopes in derivatives[:depth]]),
        derivative_factors=derivative_factors,
        weight_factors=weight_factors,
        derivative_products=_product_of_later(derivative_factors),
        weight_products=_product_of_later(weight_factors),
    )


def _size(gradient: np.ndarray) -> float:
    return math.sqrt(np.mean(gradient * gradient))


def _factor(after: float, before: float) -> float:
    return after / before if before > 0 else 0.0


def _product_of_later(factors: np.ndarray) -> np.ndarray:
    return np.append(np.cumprod(factors[:0:-1])[::-1], 1.0)
