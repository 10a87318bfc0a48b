"""models/arithmetic/gradient_flow.py: the gradients of the same network in Keras, and factors that make them up."""

import numpy as np
import pytest

from models.arithmetic import activation, activation_derivative
from models.arithmetic.gradient_flow import GradientFlow, Network, draw_network, glorot_limit, gradient_flows

NAMES = ("sigmoid", "tanh", "relu")
DEPTHS = (1, 2, 10, 30)
ARRAYS = (
    "sizes",
    "shares",
    "mean_derivatives",
    "derivative_factors",
    "weight_factors",
    "derivative_products",
    "weight_products",
)


def root_mean_square(numbers: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(numbers))))


def gradient_flow(name: str, *, depth: int, **settings: int) -> GradientFlow:
    return gradient_flows(name, deepest=depth, **settings)[-1]


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_at_every_layer_is_that_of_keras(library, name, depth):
    network = draw_network(depth=depth, seed=3)
    flow = gradient_flow(name, depth=depth, seed=3)
    dense = library.keras.layers.Dense
    layers = [dense(64, activation=name, dtype="float64") for _ in network.kernels]
    read_out = dense(1, dtype="float64")
    outputs = [library.tf.constant(network.inputs)]
    for layer, kernel in zip([*layers, read_out], [*network.kernels, network.read_out], strict=True):
        layer.build(outputs[0].shape)
        layer.set_weights([kernel, np.zeros(kernel.shape[1])])
    with library.tf.GradientTape() as tape:
        tape.watch(outputs[0])
        for layer in layers:
            outputs.append(layer(outputs[-1]))
        loss = library.tf.reduce_sum(read_out(outputs[-1]))
    gradients = [gradient.numpy() for gradient in tape.gradient(loss, outputs)]
    sizes = [root_mean_square(gradient) for gradient in gradients]
    np.testing.assert_allclose(flow.sizes, sizes[1:], rtol=1e-6)
    np.testing.assert_allclose(flow.shares[0], sizes[1] / sizes[-1], rtol=1e-6)
    for number, kernel in enumerate(network.kernels):
        slopes = activation_derivative(name, outputs[number].numpy() @ kernel)
        after_derivatives = root_mean_square(gradients[number + 1] * slopes)
        np.testing.assert_allclose(flow.mean_derivatives[number], slopes.mean(), rtol=1e-6)
        np.testing.assert_allclose(flow.derivative_factors[number], after_derivatives / sizes[number + 1], rtol=1e-6)
        np.testing.assert_allclose(flow.weight_factors[number], sizes[number] / after_derivatives, rtol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_times_weights_is_the_share_that_arrives(name):
    flow = gradient_flow(name, depth=30, seed=7)
    np.testing.assert_allclose(flow.derivative_products * flow.weight_products, flow.shares, rtol=1e-12)
    np.testing.assert_allclose(flow.derivative_products[0], np.prod(flow.derivative_factors[1:]), rtol=1e-12)
    np.testing.assert_allclose(flow.weight_products[26], np.prod(flow.weight_factors[27:]), rtol=1e-12)
    assert (flow.derivative_products[-1], flow.weight_products[-1], flow.shares[-1]) == (1, 1, 1)


def test_kernels_lie_within_the_limit_that_keras_draws_from(library):
    for fan_in, fan_out in ((64, 64), (64, 1), (7, 30)):
        draws = [library.keras.initializers.GlorotUniform(seed=seed)((fan_in, fan_out)) for seed in range(50)]
        largest = float(np.max(np.abs(draws)))
        limit = glorot_limit(fan_in, fan_out)
        # The largest draw is close to the limit and does not exceed it, except in float32's last digit.
        assert 0.99 * limit < largest < 1.000001 * limit
        assert np.std(draws) == pytest.approx(limit / np.sqrt(3), rel=0.03)
    network = draw_network(depth=30)
    largest = np.abs(network.kernels).max()
    assert 0.999 * glorot_limit(64, 64) < largest <= glorot_limit(64, 64)
    assert np.std(network.kernels) == pytest.approx(glorot_limit(64, 64) / np.sqrt(3), rel=0.01)
    assert 0.9 * glorot_limit(64, 1) < np.abs(network.read_out).max() <= glorot_limit(64, 1)


def test_dense_of_keras_draws_its_kernel_so_by_default(library):
    layer = library.keras.layers.Dense(64)
    assert type(layer.kernel_initializer).__name__ == "GlorotUniform"
    assert type(layer.bias_initializer).__name__ == "Zeros"


def test_a_deeper_network_begins_with_the_same_layers():
    shallow, deep = draw_network(depth=2, seed=5), draw_network(depth=9, seed=5)
    np.testing.assert_array_equal(shallow.inputs, deep.inputs)
    np.testing.assert_array_equal(shallow.read_out, deep.read_out)
    np.testing.assert_array_equal(shallow.kernels, deep.kernels[:2])
    assert not np.array_equal(draw_network(depth=2, seed=6).kernels, shallow.kernels)


@pytest.mark.parametrize("name", NAMES)
def test_all_depths_at_once_are_what_each_depth_is_alone(name):
    flows = gradient_flows(name, deepest=12, seed=2)
    assert [len(flow.sizes) for flow in flows] == list(range(1, 13))
    for depth in (1, 5, 12):
        alone = gradient_flow(name, depth=depth, seed=2)
        for array in ARRAYS:
            assert getattr(alone, array).dtype == np.float64
            np.testing.assert_array_equal(getattr(flows[depth - 1], array), getattr(alone, array))


def test_sigmoid_vanishes_and_the_others_last_longer_whatever_the_weights():
    for seed in range(10):
        sigmoid, tanh, relu = (gradient_flow(name, depth=10, seed=seed) for name in NAMES)
        assert sigmoid.derivative_factors.max() <= 0.25
        assert sigmoid.shares[0] < 1e-5
        assert relu.shares[0] > 0.01
        assert tanh.shares[0] > relu.shares[0]


def all_off(network: Network) -> bool:
    outputs = network.inputs
    for kernel in network.kernels:
        outputs = activation("relu", outputs @ kernel)
    return not outputs.any()


def test_relu_that_stops_everything_leaves_zeros_and_no_nan():
    blocked = next(seed for seed in range(50) if all_off(draw_network(depth=3, width=1, samples=1, seed=seed)))
    flow = gradient_flow("relu", depth=3, width=1, samples=1, seed=blocked)
    assert all(np.isfinite(getattr(flow, array)).all() for array in ARRAYS)
    np.testing.assert_array_equal(flow.shares[:2], [0, 0])
    np.testing.assert_array_equal(flow.derivative_products * flow.weight_products, flow.shares)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"depth": 0}, "depth is 0"),
        ({"depth": 2, "width": 0}, "width is 0"),
        ({"depth": 2, "samples": -1}, "number of samples is -1"),
    ],
)
def test_a_number_below_one_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        gradient_flow("relu", **settings)


def test_softmax_and_unknown_activations_are_refused():
    with pytest.raises(ValueError, match="all units together"):
        gradient_flow("softmax", depth=2)
    with pytest.raises(ValueError, match="no activation 'step'"):
        gradient_flow("step", depth=2)
    with pytest.raises(ValueError, match="depth is 0"):
        gradient_flows("relu", deepest=0)
