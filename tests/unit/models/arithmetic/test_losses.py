"""Losses, their slopes and softmax equal Keras's and TensorFlow's, at random values and at the extremes."""

import numpy as np
import pytest

from components.lessons.loss.softmax import TEMPERATURES, shares, slopes
from components.lessons.loss.softmax.scene import SoftmaxScene
from models.arithmetic import (
    EPSILON,
    binary_crossentropy,
    categorical_crossentropy,
    crossentropy_push,
    crossentropy_slope,
    mean_squared_error,
    softmax,
    squared_push,
    squared_slope,
)

RANDOM = np.random.default_rng(0)
P = np.concatenate([RANDOM.random(50), [0, 1, 1e-9, 1 - 1e-9, 1e-6, 0.5]])
Z = np.concatenate([RANDOM.normal(0, 5, 50), [0, 40, -40, 700, -700, 1e-9]])
Y = RANDOM.integers(0, 2, 56).astype(float)
LABELS = np.eye(5)[RANDOM.integers(0, 5, 40)]
LOGITS = RANDOM.normal(0, 6, (40, 5))
LOGITS[0] = [500, -500, 0, 0, 0]


def column(library, array):
    return library.tf.constant(array[:, np.newaxis], dtype="float64")


def test_binary_crossentropy_is_keras_s(library):
    for numbers, from_logits in ((P, False), (Z, True)):
        expected = library.keras.losses.binary_crossentropy(
            column(library, Y), column(library, numbers), from_logits=from_logits
        )
        assert binary_crossentropy(Y, numbers, from_logits=from_logits) == pytest.approx(expected.numpy(), abs=1e-6)


def test_categorical_and_sparse_crossentropy_are_keras_s(library):
    losses, tf = library.keras.losses, library.tf
    for numbers, from_logits in ((softmax(LOGITS), False), (LOGITS, True)):
        found = categorical_crossentropy(LABELS, numbers, from_logits=from_logits)
        y, p = tf.constant(LABELS), tf.constant(numbers)
        assert found == pytest.approx(losses.categorical_crossentropy(y, p, from_logits=from_logits).numpy(), abs=1e-6)
        sparse = losses.sparse_categorical_crossentropy(LABELS.argmax(1), p, from_logits=from_logits).numpy()
        assert found == pytest.approx(sparse, abs=2e-6)


def test_softmax_and_squared_error_are_keras_s(library):
    keras, tf = library.keras, library.tf
    for temperature in (0.1, 1, 10):
        expected = keras.activations.softmax(tf.constant(LOGITS / temperature)).numpy()
        assert softmax(LOGITS, temperature=temperature) == pytest.approx(expected, abs=1e-6)
    p = softmax(LOGITS)
    expected = keras.losses.mean_squared_error(tf.constant(LABELS), tf.constant(p)).numpy()
    assert mean_squared_error(LABELS, p) == pytest.approx(expected, abs=1e-6)


def test_slopes_and_pushes_are_tensorflow_s(library):
    tf, losses = library.tf, library.keras.losses
    y, p, z = (column(library, array) for array in (Y, P, Z))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([p, z])
        by_p = losses.binary_crossentropy(y, p), losses.mean_squared_error(y, p)
        by_z = losses.binary_crossentropy(y, z, from_logits=True), losses.mean_squared_error(y, tf.sigmoid(z))
    for function, loss in zip((crossentropy_slope, squared_slope), by_p, strict=True):
        assert function(Y, P) == pytest.approx(tape.gradient(loss, p).numpy()[:, 0], rel=1e-6, abs=1e-6)
    for push, loss in zip((crossentropy_push, squared_push), by_z, strict=True):
        assert push(Y, Z) == pytest.approx(tape.gradient(loss, z).numpy()[:, 0], abs=1e-6)


def test_the_slopes_of_a_softmax_at_a_temperature_are_tensorflow_s(library):
    tf = library.tf
    scene = SoftmaxScene(4, 2, 1.5, -2.0, 0.3, 4.0)
    found = slopes(shares(scene), np.eye(4)[2])
    for temperature in (0.1, 0.5, 1.0, 3.0, 10.0):
        z = tf.constant([scene.logits], dtype="float64")
        with tf.GradientTape() as tape:
            tape.watch(z)
            loss = library.keras.losses.categorical_crossentropy(np.eye(4)[[2]], z / temperature, from_logits=True)
        place = int(np.abs(TEMPERATURES - temperature).argmin())
        assert TEMPERATURES[place] == pytest.approx(temperature)
        assert found[place] == pytest.approx(tape.gradient(loss, z).numpy()[0], abs=1e-6)


def test_what_keras_clips_is_flat():
    y = np.ones(3)
    assert binary_crossentropy(y, np.array([0, 1e-9, EPSILON])) == pytest.approx(-np.log(EPSILON))
    assert crossentropy_slope(y, np.array([0, 1e-9, 1e-8])).tolist() == [0, 0, 0]


def test_bad_input_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="between 0 and 1"):
        binary_crossentropy(np.ones(1), np.array([1.2]))
    with pytest.raises(ValueError, match="same shape"):
        mean_squared_error(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="above 0"):
        softmax(np.ones(3), temperature=0)
