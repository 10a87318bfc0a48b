"""Losses, their slopes and softmax equal Keras's and TensorFlow's, at random values and at the extremes."""

from typing import Any

import numpy as np
import pytest

from components.lessons.loss.backpropagation import weights
from components.lessons.loss.backpropagation.scene import BackpropagationScene
from components.lessons.loss.softmax import TEMPERATURES, shares, slopes
from components.lessons.loss.softmax.scene import SoftmaxScene
from models.arithmetic import (
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
from tests.node import in_node

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
    for numbers, from_logits in ((np.minimum(P, CEILING), False), (Z, True)):
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
    inside = np.minimum(P, CEILING)  # float64, which TensorFlow computes in here, would clip a little later
    y, p, z = (column(library, array) for array in (Y, inside, Z))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([p, z])
        by_p = losses.binary_crossentropy(y, p), losses.mean_squared_error(y, p)
        by_z = losses.binary_crossentropy(y, z, from_logits=True), losses.mean_squared_error(y, tf.sigmoid(z))
    for function, loss in zip((crossentropy_slope, squared_slope), by_p, strict=True):
        assert function(Y, inside) == pytest.approx(tape.gradient(loss, p).numpy()[:, 0], rel=1e-6, abs=1e-6)
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


def test_a_probability_stops_where_keras_clips_it_in_float32(library):
    """The two ends differ: in float32, 1 − 1e-7 is 1 − 1.19e-7."""
    for label, p in ((1, 0.0), (1, 1e-9), (0, 1.0), (0, 1 - 1e-9), (1, 1.0), (0, 0.0)):
        y, predicted = np.array([float(label)]), np.array([p])
        expected = float(library.keras.losses.binary_crossentropy(y.astype("float32"), predicted.astype("float32")))
        assert binary_crossentropy(y, predicted)[0] == pytest.approx(expected, abs=1e-5)
    assert f"{binary_crossentropy(np.ones(1), np.zeros(1))[0]:.2f}" == "16.12"
    assert f"{binary_crossentropy(np.zeros(1), np.ones(1))[0]:.2f}" == "15.94"


@pytest.mark.parametrize(("smoothing", "classes"), [(0.05, 10), (0.05, 2), (0.1, 3), (0.0, 4), (0.9, 2)])
def test_smoothed_targets_are_those_of_keras(library, smoothing, classes):
    truth, other = smoothed_targets(smoothing, classes)
    assert truth + (classes - 1) * other == pytest.approx(1)
    p = softmax(RANDOM.normal(0, 2, classes))
    smooth = library.keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
    targets = np.where(np.eye(classes)[1] == 1, truth, other)
    found = categorical_crossentropy(targets[np.newaxis], p[np.newaxis])[0]
    assert found == pytest.approx(float(smooth(np.eye(classes)[[1]], p[np.newaxis])), abs=1e-6)
    if classes == 2:
        binary = library.keras.losses.BinaryCrossentropy(label_smoothing=smoothing)
        expected = float(binary(np.ones((1, 1)), p[np.newaxis, :1]))
        assert binary_crossentropy(np.array([truth]), p[:1])[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("smoothing", "classes", "words"), [(-0.1, 2, "between 0 and 1"), (0.1, 1, "at least two")])
def test_smoothing_that_makes_no_sense_is_refused(smoothing, classes, words):
    with pytest.raises(ValueError, match=words):
        smoothed_targets(smoothing, classes)


BACKPROPAGATE = """
import { backward, forward, stepped } from "./lessons/loss/backpropagation/gradients.js";
answer(told.map(({ network, label, rate }) => {
  const there = forward(network, label);
  const back = backward(network, there, label);
  const next = stepped(network, back, rate);
  return { there, back, next, again: forward(next, label) };
}));
"""


def backpropagated() -> list[dict[str, Any]]:
    """Networks, labels and rates: those of the page at its corners, and random ones."""
    scenes = [BackpropagationScene(), *(BackpropagationScene(w=w, v=v, label=0) for w in (-3, 3) for v in (-3, 0))]
    told: list[dict[str, Any]] = [
        {"network": weights(scene), "label": scene.label, "rate": float(scene.rate)} for scene in scenes
    ]
    for label in (0, 1, 0, 1):
        shapes: dict[str, tuple[int, ...]] = {"inputs": (2,), "kernel": (2, 2), "bias": (2,), "readOut": (2,)}
        network = {name: RANDOM.normal(0, 3, shape).tolist() for name, shape in shapes.items()}
        told.append({"network": network | {"readOutBias": RANDOM.normal()}, "label": label, "rate": 20.0})
    return told


def test_backpropagation_is_tensorflow_s_gradient_tape(library):
    tf, losses = library.tf, library.keras.losses
    told = backpropagated()
    for case, found in zip(told, in_node(BACKPROPAGATE, told), strict=True):
        names = ("kernel", "bias", "readOut", "readOutBias")
        values = {name: tf.Variable(case["network"][name], dtype="float64") for name in names}
        y = tf.constant([[float(case["label"])]], dtype="float64")
        inputs = tf.constant([case["network"]["inputs"]], dtype="float64")

        def run(y=y, values=values, inputs=inputs):
            z = inputs @ values["kernel"] + values["bias"]
            h = tf.sigmoid(z)
            end = tf.reduce_sum(h * values["readOut"], axis=1, keepdims=True) + values["readOutBias"]
            return z, h, end, losses.binary_crossentropy(y, end, from_logits=True)[0]

        with tf.GradientTape(persistent=True) as tape:
            z, h, end, loss = run()
        there, back = found["there"], found["back"]
        for mine, theirs in (("z", z[0]), ("h", h[0]), ("end", end[0, 0]), ("loss", loss)):
            assert there[mine] == pytest.approx(theirs.numpy(), abs=1e-6), mine
        assert there["p"] == pytest.approx(tf.sigmoid(end)[0, 0].numpy(), abs=1e-6)
        for mine, theirs in (("z", z), ("h", h)):
            assert back[mine] == pytest.approx(tape.gradient(loss, theirs).numpy()[0], abs=1e-6), mine
        assert back["end"] == pytest.approx(tape.gradient(loss, end).numpy()[0, 0], abs=1e-6)
        for name, variable in values.items():
            slope = tape.gradient(loss, variable).numpy()
            np.testing.assert_allclose(back[name], slope, rtol=0, atol=1e-6, err_msg=name)
            variable.assign_sub(case["rate"] * slope)
            np.testing.assert_allclose(found["next"][name], variable.numpy(), rtol=0, atol=1e-5, err_msg=name)
        assert found["again"]["loss"] == pytest.approx(run()[3].numpy(), abs=1e-5)


def test_one_step_lowers_the_loss_at_the_usual_rate_and_too_long_a_step_may_raise_it():
    [usual, long] = in_node(
        BACKPROPAGATE,
        [
            {"network": weights(BackpropagationScene()), "label": 1, "rate": float(BackpropagationScene().rate)},
            {"network": weights(BackpropagationScene(w=3, v=3, label=0)), "label": 0, "rate": 20.0},
        ],
    )
    assert usual["again"]["loss"] < usual["there"]["loss"] - 0.1
    assert long["again"]["loss"] != pytest.approx(long["there"]["loss"])
