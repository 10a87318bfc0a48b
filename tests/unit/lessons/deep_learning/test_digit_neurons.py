"""The drawn network: what the browser computes is what scikit-learn answers, and its figures are those of its file."""

import base64

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from components.lessons.deep_learning.digit_board import NETWORK, sample_digits
from components.lessons.deep_learning.digit_neurons import payload, words
from components.lessons.deep_learning.digit_neurons.scene import COUNT
from models import weights
from models.datasets import Request, digits
from models.experiments.digit_neurons import EPOCHS, HIDDEN, MAXIMUM, digit_neurons, record, train
from tests.node import in_node

BLANK = np.zeros((8, 8), np.uint8)
FULL = np.full((8, 8), MAXIMUM, np.uint8)
NOISE = np.random.default_rng(0).integers(0, MAXIMUM + 1, (8, 8)).astype(np.uint8)
PICTURES = np.stack([*sample_digits(), BLANK, FULL, NOISE])

COMPUTE = """
import { decodeArray } from "./browser/numbers.js";
import { forward, sumOf } from "./lessons/deep_learning/digit_neurons/forward.js";
const network = { kernels: told.kernels.map((kernel) => decodeArray(kernel, Float64Array)), biases: told.biases };
answer(told.pictures.map((counts) => {
  const signals = forward(network, counts, told.maximum);
  return { ...signals, neurons: Array.from({ length: 26 }, (_, neuron) => sumOf(network, signals, neuron)) };
}));
"""


@pytest.fixture(scope="module")
def classifier() -> MLPClassifier:
    """scikit-learn's network with the weights that are drawn."""
    network = digit_neurons()
    told = MLPClassifier((HIDDEN,), activation="logistic", max_iter=1, random_state=0)
    told.partial_fit(PICTURES[:10].reshape(10, -1), np.arange(10), classes=np.arange(10))
    told.coefs_, told.intercepts_ = list(network.kernels), list(network.biases)
    return told


@pytest.fixture(scope="module")
def computed() -> list[dict]:
    """What the browser makes of every picture."""
    message = payload(PICTURES[0])
    told = {name: message[name] for name in ("kernels", "biases", "maximum")}
    found: list[dict] = in_node(COMPUTE, told | {"pictures": [picture.ravel().tolist() for picture in PICTURES]})
    return found


def test_the_browser_and_the_model_answer_as_scikit_learn_does(classifier, computed):
    expected = classifier.predict_proba(PICTURES.reshape(len(PICTURES), -1) / MAXIMUM)
    np.testing.assert_allclose([signals["probabilities"] for signals in computed], expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(digit_neurons().probabilities(PICTURES), expected, rtol=0, atol=1e-12)


def test_every_sample_digit_is_read_rightly(computed):
    assert [int(np.argmax(signals["probabilities"])) for signals in computed[:10]] == list(range(10))


def test_the_products_of_every_neuron_and_its_bias_are_its_sum(computed):
    network = digit_neurons()
    for picture, signals in zip(PICTURES, computed, strict=True):
        inputs = picture.ravel() / MAXIMUM
        z = inputs @ network.kernels[0] + network.biases[0]
        hidden = 1 / (1 + np.exp(-z))
        sums = np.concatenate([z, hidden @ network.kernels[1] + network.biases[1]])
        answers = np.concatenate([hidden, signals["probabilities"]])
        for neuron, (sum_, answer) in enumerate(zip(sums, answers, strict=True)):
            told = signals["neurons"][neuron]
            assert told["z"] == pytest.approx(sum_, abs=1e-12)
            assert told["answer"] == pytest.approx(answer, abs=1e-12)
            assert sum(told["products"]) + told["bias"] == pytest.approx(sum_, abs=1e-12)
            assert len(told["weights"]) == (64 if neuron < HIDDEN else HIDDEN)


def test_the_file_holds_what_scikit_learn_trains_and_how_good_that_is(classifier):
    data = digits.load(Request(side=8))
    inputs = data.test.images.reshape(len(data.test.labels), -1) / MAXIMUM
    network = digit_neurons()
    assert (network.training_digits, network.test_digits) == (len(data.train.labels), len(data.test.labels))
    assert network.test_correct == int((classifier.predict(inputs) == data.test.labels).sum())
    assert network.parameter_count == 64 * 16 + 16 + 16 * 10 + 10
    again = train()
    assert again.n_iter_ == EPOCHS
    # Another machine adds in another order: the weights may differ in their last digits, and a few answers with them.
    assert np.mean(again.predict(inputs) == classifier.predict(inputs)) > 0.98
    assert record(again)["test_correct"] == pytest.approx(network.test_correct, abs=3)


def test_the_sample_digits_are_none_that_the_network_learned_from():
    learned = digits.load(Request(side=8)).train.images[..., 0]
    for digit in sample_digits():
        assert not (learned == digit).all(axis=(1, 2)).any()


def test_an_empty_board_has_no_counts_and_a_digit_has_its_own():
    assert payload(None)["counts"] is None
    assert payload(PICTURES[4])["counts"] == PICTURES[4].ravel().tolist()
    assert payload(None)["count"] == COUNT == 27
    assert len(base64.b64decode(payload(None)["kernels"][0])) == 64 * 16 * 8


def test_the_two_networks_are_told_apart_by_their_own_figures():
    said = words(digit_neurons(), weights.card(NETWORK)["figures"]["accuracy"])
    assert f"{digit_neurons().test_correct} of 255 other digits" in said
    assert "the convnet 255." in said
    assert "1,210 weights and biases on the same 1,284 digits" in said
