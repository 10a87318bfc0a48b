"""The pictures on the loss page show what the arithmetic computes, and their scenes fit into a URL."""

import base64
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.browser import encode_message
from components.lessons.loss import curve as loss_curve
from components.lessons.loss import softmax as softmax_board
from components.lessons.loss.chooser.outcome import outcome
from components.lessons.loss.curve.scene import AXES, COUNT, LossScene
from components.lessons.loss.curve.texts import texts
from components.lessons.loss.photo_loss import NETWORKS, both_losses, smoothing_words
from components.lessons.loss.softmax.scene import COUNT as TEMPERATURES
from components.lessons.loss.softmax.scene import FEWEST, LIMIT, SoftmaxScene
from components.player import TRANSPORT_TEXTS
from models import weights
from models.arithmetic import CEILING, EPSILON, binary_crossentropy, crossentropy_push, softmax, squared_push
from models.experiments.output_endings import COMPARISONS
from models.storage import ROOT

SCENES = [LossScene(chart=chart, label=label) for chart in AXES for label in (0, 1)]


def decode(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), "<f8")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.chart} {scene.label}")
def test_the_browser_gets_the_losses_of_every_prediction(scene):
    message = loss_curve.payload(scene)
    found = {name: decode(text) for name, text in message["numbers"].items()}
    x = message["start"] + message["step"] * np.arange(COUNT)
    p, z, y = found["p"], found["z"], np.full(COUNT, float(scene.label))
    if scene.chart == "probability":
        np.testing.assert_allclose(p, x, rtol=0, atol=1e-9)
    elif scene.chart == "tiny":
        np.testing.assert_allclose(p if scene.label else 1 - p, 10.0**x, rtol=1e-6, atol=1e-15)
    else:
        np.testing.assert_allclose(z, x, rtol=0, atol=1e-9)
    np.testing.assert_allclose(1 / (1 + np.exp(-z)), p, rtol=0, atol=1e-9)
    if scene.chart in ("logit", "push"):
        expected = binary_crossentropy(y, z, from_logits=True)
    else:
        expected = binary_crossentropy(y, p)
    np.testing.assert_array_equal(found["crossentropy"], expected)
    np.testing.assert_allclose(found["squared"], (p - y) ** 2, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(found["crossentropyPush"], crossentropy_push(y, z))
    np.testing.assert_array_equal(found["squaredPush"], squared_push(y, z))
    assert len(encode_message(message)) < 150_000


@pytest.mark.parametrize(("label", "least"), [(1, EPSILON), (0, 1 - CEILING)])
def test_near_0_the_loss_stops_where_keras_clips(label, least):
    scene = LossScene(chart="tiny", label=label)
    assert loss_curve.numbers(scene)["crossentropy"].max() == pytest.approx(-np.log(least))
    message = loss_curve.payload(scene)
    assert message["epsilon"] == least
    assert float(message["least"]) == pytest.approx(least, rel=0.01)
    assert {"{least}", "{loss}"} <= set(str(message["texts"]["clipped"]).replace(",", " ").split())


def test_one_sentence_of_the_page_says_for_both_labels_where_keras_stops():
    words = re.sub(r'"\s*"', "", (ROOT / "pages" / "loss.py").read_text(encoding="utf-8"))
    (said,) = re.findall(r"right class has a probability of about (0\.\d+)", words)
    assert [f"{least:.{len(said) - 2}f}" for least in (EPSILON, 1 - CEILING)] == [said] * 2


@pytest.mark.parametrize("highest", [math.e / (math.e + 9), 0.5, 0.2349, 0.61, 0.9])
def test_the_bound_is_that_of_the_largest_output_as_it_is_shown(highest):
    side: Any = {"loss": [2.3, 1.5], "accuracy": [0.1, 0.9], "lowest": 0.1, "sum_low": 1.0, "sum_high": 1.0}
    both = side | {"highest": highest}
    said = outcome("twice", {"trained": 1, "held_out": 89, "right": both, "wrong": both})
    ((shown, bound),) = re.findall(r"−ln (\S+) = (\S+),", said)
    assert float(shown) == pytest.approx(highest, abs=5e-4)
    assert bound == f"{-math.log(float(shown)):.2f}"


@settings(max_examples=30)
@given(st.lists(st.floats(-LIMIT, LIMIT), min_size=5, max_size=5), st.integers(FEWEST, 5), st.data())
def test_the_board_gets_softmax_at_every_temperature(z, classes, data):
    label = data.draw(st.integers(0, classes - 1))
    message = softmax_board.payload(SoftmaxScene(classes, label, *z))
    shares = decode(message["shares"]).reshape(TEMPERATURES, classes)
    temperatures = message["start"] + message["step"] * np.arange(TEMPERATURES)
    expected = np.stack([softmax(np.array(z[:classes]), temperature=t) for t in temperatures])
    np.testing.assert_allclose(shares, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(decode(message["losses"]), -np.log(np.clip(shares[:, label], EPSILON, 1 - EPSILON)))
    slopes = decode(message["slopes"]).reshape(shares.shape)
    np.testing.assert_allclose(slopes, (shares - np.eye(classes)[label]) / temperatures[:, None], rtol=0, atol=1e-12)


def test_the_transports_have_all_of_their_words():
    for words in (softmax_board.TEXTS, *(texts(chart) for chart in AXES)):
        assert set(words["player"]) == set(TRANSPORT_TEXTS)


def test_a_photo_has_a_small_loss_under_one_label_and_a_large_one_under_the_other():
    assert both_losses(0.9) == pytest.approx((-np.log(0.1), -np.log(0.9)))


def test_label_smoothing_is_told_with_the_networks_own_numbers():
    assert {weights.label_smoothing(network) for network in NETWORKS} == {0.05}
    assert "the right class counted as 0.975 and the other one as 0.025" in smoothing_words()[1]
    assert f"−ln 0.975 = {-np.log(0.975):.4f}" in smoothing_words()[1]


@pytest.mark.parametrize("name", COMPARISONS)
def test_an_outcome_is_said_even_where_a_number_is_none(name):
    side: Any = {
        "loss": [0.5, 0.2],
        "accuracy": [0.5, 0.9],
        "lowest": 0.0,
        "highest": 1.0,
        "sum_low": 1.0,
        "sum_high": 1.0,
    }
    lost: Any = {"loss": [0.5, None], "accuracy": [0.5, 0.5]} | dict.fromkeys(
        ("lowest", "highest", "sum_low", "sum_high")
    )
    said = outcome(name, {"trained": 1, "held_out": 89, "right": side, "wrong": lost})
    assert "has 90.0\u00a0% right, the wrong pair 50.0\u00a0%" in said
    assert "from 0.500 to no number. The wrong pair is behind." in said


def test_numbers_below_0_have_a_minus_sign_and_hyphens_stay():
    side: Any = {
        "loss": [0.5, 0.2],
        "accuracy": [0.5, 0.9],
        "lowest": -3.71,
        "highest": 2.88,
        "sum_low": 1.0,
        "sum_high": 1.0,
    }
    said = outcome("no-activation", {"trained": 1, "held_out": 89, "right": side, "wrong": side})
    assert "here −3.7 to 2.9, and" in said
    said = outcome("squared", {"trained": 1, "held_out": 89, "right": side, "wrong": side})
    assert "cross-entropy" in said
