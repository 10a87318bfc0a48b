"""The digit board: a drawing or a digit of the data becomes 8 × 8 counts, and the network reads just those."""

import base64
import json

import numpy as np
import pytest

from components.lessons.deep_learning.digit_board import DRAWN_SIDE, NETWORK, changed, counts, payload, sample_digits
from components.lessons.deep_learning.digit_board.scene import SIGNS, DigitScene, read_ink, write_ink
from models import datasets
from models.networks.inference import predict
from models.pictures.digit_drawing import to_eight_by_eight


def drawing() -> np.ndarray:
    """A one: a bar down the middle."""
    ink = np.zeros((DRAWN_SIDE, DRAWN_SIDE), np.uint8)
    ink[10:86, 44:54] = 255
    return ink


def sent(ink: np.ndarray) -> dict:
    return {"drawing": base64.b64encode(ink.tobytes()).decode()}


def test_every_count_of_ink_has_its_sign():
    picture = np.arange(64).reshape(8, 8) % 17
    assert len(write_ink(picture)) == 64
    np.testing.assert_array_equal(read_ink(write_ink(picture)), picture)
    assert write_ink(np.full((8, 8), 99)) == SIGNS[-1] * 64


def test_a_link_keeps_a_drawing_and_nonsense_is_the_default():
    ink = write_ink(to_eight_by_eight(drawing()))
    scene = DigitScene.from_params({"ink": ink})
    assert (scene.ink, scene.taken) == (ink, -1)
    assert DigitScene.from_params(scene.all_params()) == scene
    for text in ("<b>", "g" * 63, "h" * 64):
        assert DigitScene.from_params({"ink": text}) == DigitScene()


def test_a_drawing_is_brought_to_the_datas_own_form():
    scene, problem = changed(DigitScene(), sent(drawing()))
    assert problem == ""
    np.testing.assert_array_equal(counts(scene), to_eight_by_eight(drawing()))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (sent(np.zeros((DRAWN_SIDE, DRAWN_SIDE), np.uint8)), "Nothing is drawn yet"),
        ({"drawing": "%%%"}, "did not arrive whole"),
        ({"drawing": "AAAA"}, "did not arrive whole"),
        ({}, "did not arrive whole"),
    ],
)
def test_what_cannot_be_read_empties_the_board_with_a_sentence(said, words):
    scene, problem = changed(DigitScene(taken=5), said)
    assert counts(scene) is None
    assert words in problem


def test_a_digit_of_the_data_is_taken_and_wiped_away():
    scene, _ = changed(DigitScene.from_params({"ink": "1" * 64}), {"taken": 7})
    np.testing.assert_array_equal(counts(scene), sample_digits()[7])
    scene, _ = changed(scene, {"taken": -1})
    assert counts(scene) is None


def test_the_digits_on_offer_are_of_the_test_part():
    test = datasets.load("digits", side=8).test
    for label, digit in enumerate(sample_digits()):
        assert any(np.array_equal(digit, image[..., 0]) for image in test.images[test.labels == label])


@pytest.mark.parametrize("digit", range(10))
def test_the_network_reads_the_digits_on_offer(digit):
    answer = predict(sample_digits()[digit][..., np.newaxis], "digits")
    assert int(np.argmax(answer["probabilities"])) == digit
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_an_empty_board_has_no_numbers():
    empty = payload(DigitScene(taken=-1), None, "Nothing is drawn yet: draw a digit from 0 to 9.")
    assert empty["counts"] is None
    assert empty["problem"]
    json.dumps(empty, allow_nan=False)


def test_label_smoothing_is_told_with_the_networks_own_numbers():
    said = payload(DigitScene(), None)["texts"]["smoothed"]
    assert "the right digit counted as 95.5\u00a0% and each other one as 0.5\u00a0%" in said
    answers = np.array([predict(digit[..., np.newaxis], NETWORK)["probabilities"] for digit in sample_digits()])
    assert answers.max() < 0.98, "about as sure as it was trained to be, and no surer"
    assert np.median(answers.max(axis=1)) == pytest.approx(0.955, abs=0.02)
