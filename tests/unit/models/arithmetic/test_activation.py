"""models/arithmetic/activation.py: values and derivatives are those of Keras and TensorFlow, at the kinks too."""

import numpy as np
import pytest

from models.arithmetic import ACTIVATIONS, activation, activation_derivative

INPUTS = np.concatenate([np.linspace(-8, 8, 321), [0.0, -0.0, 1e-7, -1e-7, 30, -30, 80, -80]])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_are_those_of_keras(library, name):
    x = library.tf.constant(INPUTS.reshape(7, -1), dtype="float64")
    expected = np.asarray(getattr(library.keras.activations, name)(x))
    np.testing.assert_allclose(activation(name, INPUTS.reshape(7, -1)), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_derivatives_are_those_of_the_gradient_tape(library, name):
    x = library.tf.constant(INPUTS, dtype="float64")
    with library.tf.GradientTape() as tape:
        tape.watch(x)
        y = getattr(library.keras.activations, name)(x)
    np.testing.assert_allclose(activation_derivative(name, INPUTS), tape.gradient(y, x), rtol=1e-6, atol=1e-6)


def test_the_derivative_of_softmax_is_the_diagonal_of_its_jacobian(library):
    x = library.tf.constant([[0.3, -1.0, 2.5, 0.0]], dtype="float64")
    with library.tf.GradientTape() as tape:
        tape.watch(x)
        y = library.keras.activations.softmax(x)
    diagonal = np.diag(np.asarray(tape.jacobian(y, x))[0, :, 0, :])
    np.testing.assert_allclose(activation_derivative("softmax", x.numpy()[0]), diagonal, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_very_large_inputs_overflow_nowhere(name):
    values = activation(name, np.array([-1e4, 0.0, 1e4]))
    slopes = activation_derivative(name, np.array([-1e4, 0.0, 1e4]))
    assert np.isfinite(values).all()
    assert np.isfinite(slopes).all()


def test_softmax_adds_up_to_one_and_needs_company():
    assert activation("softmax", np.array([1.0, 2.0, 3.0])).sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="more than a single one"):
        activation("softmax", np.array(3.0))


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="'step' here; there are linear, relu, sigmoid"):
        activation("step", INPUTS)
