"""lessons/activation/toy_training: its scene fits into a URL, its message is small and says what the model computed."""

import base64
import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from components.lessons.activation.toy_training import (
    CODES,
    TOP_LOGIT,
    code_levels,
    encode_probabilities,
    payload,
    trainings,
)
from components.lessons.activation.toy_training.scene import ACTIVATIONS, MAX_RUN, UNITS, ToyScene
from components.lessons.activation.toy_training.texts import ACTIVATION_LABELS, BENDS, POINT_LABELS, facts
from models.experiments.toy import COUNT, EPOCHS, GRID_SIDE, KINDS, points
from models.storage import ROOT

DEFAULT = ToyScene()
TRAINED = ToyScene(points="moons", run=1)


def message_of(scene: ToyScene) -> Any:
    return payload(scene, trainings(scene) if scene.run else None)


def decode(text: str, dtype: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype).reshape(shape)


# The scene ------------------------------------------------------------------------------------------------------------


# The message ----------------------------------------------------------------------------------------------------------


def test_before_the_first_press_there_are_only_points_and_scikit_learn_stays_out_of_the_process():
    message = message_of(DEFAULT)
    assert message["training"] is None
    places, classes = points("circles")
    np.testing.assert_array_equal(decode(message["places"], "<f4", COUNT, 2), places.astype(np.float32))
    np.testing.assert_array_equal(decode(message["classes"], "u1", COUNT), classes)
    code = (
        "import sys; from components.lessons.activation.toy_training import payload, ToyScene; payload(ToyScene()); "
        "print([name for name in ('sklearn', 'pandas') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["linear", "nonlinear"])
def test_the_message_says_what_the_training_recorded(name):
    training = dict(zip(("linear", "nonlinear"), trainings(TRAINED), strict=True))[name]
    sent: Any = message_of(TRAINED)["training"]
    course = sent[name]
    np.testing.assert_array_equal(decode(course["losses"], "<f8", EPOCHS), training.losses)
    np.testing.assert_array_equal(decode(course["accuracies"], "<f8", EPOCHS), training.accuracies)
    bits = np.unpackbits(decode(course["correct"], "u1", EPOCHS, COUNT // 8), axis=1)
    np.testing.assert_array_equal(bits.astype(bool), training.correct)
    every = {"linear": 2, "nonlinear": 1}[name]
    assert (course["side"] - 1) * every + 1 == GRID_SIDE
    codes = decode(course["codes"], "u1", EPOCHS, course["side"], course["side"])
    shades = decode(sent["shades"], "<f4", CODES)
    np.testing.assert_allclose(shades[codes], training.probabilities[:, ::every, ::every], atol=0.012)
    assert 0 <= training.losses.max() <= sent["topLoss"]


def test_codes_find_a_boundary_as_exactly_among_faint_logits_as_among_strong_ones():
    levels = code_levels()
    assert (len(levels), levels[0], levels[CODES // 2], levels[-1]) == (CODES, -TOP_LOGIT, 0, TOP_LOGIT)
    assert (np.diff(levels) > 0).all()
    np.testing.assert_array_equal(encode_probabilities(1 / (1 + np.exp(-levels))), np.arange(CODES))
    for slope in (0.02, 0.3, 5.0):  # of a logit whose zero is 0.37 of the way between two points of the grid
        left, right = slope * np.array([-0.37, 0.63]) * 0.1375
        low, high = levels[encode_probabilities(1 / (1 + np.exp(-np.array([left, right]))))]
        assert -low / (high - low) == pytest.approx(0.37, abs=0.03)
    np.testing.assert_array_equal(encode_probabilities(np.array([0.0, 0.5, 1.0])), [0, CODES // 2, CODES - 1])


def test_both_networks_differ_in_nothing_but_the_activation():
    for activation in ACTIVATIONS:
        linear, nonlinear = trainings(replace(TRAINED, activation=activation))
        assert linear.learning_rate == nonlinear.learning_rate
        assert linear.parameter_count == nonlinear.parameter_count
        assert not np.array_equal(linear.losses, nonlinear.losses)


@pytest.mark.parametrize("kind", KINDS)
def test_the_message_is_json_without_nan_and_smaller_than_200_kilobytes(kind):
    message = message_of(ToyScene(points=kind, units=16, run=1))
    assert len(json.dumps(message, allow_nan=False)) < 200_000


def test_place_and_speed_change_nothing_of_what_the_browser_is_told():
    assert message_of(replace(TRAINED, position=9, speed=99)) == message_of(TRAINED)


def test_the_next_run_follows_and_begins_again_after_the_last():
    assert message_of(DEFAULT)["nextRun"] == "1"
    assert message_of(TRAINED)["nextRun"] == "2"
    assert message_of(replace(TRAINED, units=2, run=MAX_RUN))["nextRun"] == "1"


# The words ------------------------------------------------------------------------------------------------------------


def test_a_training_from_the_cache_is_not_called_new():
    linear, nonlinear = (replace(training, seconds=0.3, finished=10.0) for training in trainings(TRAINED))

    def made(*, asked: float) -> str:
        return facts(TRAINED, linear, nonlinear, asked=asked)[0].partition(":")[0]

    assert made(asked=9) == "Both trained just now in 0.60 s"
    assert made(asked=11) == "Both trained earlier in 0.60 s"
    linear = replace(linear, seconds=0.2, finished=8.0)
    assert made(asked=9) == "Trained left earlier in 0.20 s, right just now in 0.30 s"


@pytest.mark.parametrize("units", UNITS)
def test_the_weights_are_counted_as_they_are(units):
    sent = message_of(replace(TRAINED, units=units))["training"]
    assert sent is not None
    sentences = sent["facts"]
    terms = re.search(r"network: (.*) = (\d+) weights and biases", sentences[1])
    assert terms is not None
    products = [factors.split(" · ") for factors in terms[1].split(" + ")]
    assert sum(int(np.prod([int(factor) for factor in factors])) for factors in products) == int(terms[2])
    assert any("may fail" in sentence for sentence in sentences) == (units < 8)


def test_only_the_sigmoid_is_said_to_start_from_other_weights():
    for activation in ACTIVATIONS:
        sent = message_of(replace(TRAINED, activation=activation))["training"]
        assert sent is not None
        alike = sent["facts"][2]
        assert ("smaller weights" in alike) == (activation == "sigmoid")
        assert ("only the activation differs" in alike) == (activation != "sigmoid")


def test_every_choice_of_the_browser_is_one_that_a_scene_takes():
    choices = message_of(DEFAULT)["choices"]
    for name, options in choices.items():
        for value, label in options:
            assert ToyScene.from_params({name: value}).all_params()[name] == value
            assert label
    assert [value for value, _ in choices["points"]] == list(KINDS) == list(POINT_LABELS)
    assert [value for value, _ in choices["activation"]] == list(ACTIVATIONS) == list(ACTIVATION_LABELS) == list(BENDS)
