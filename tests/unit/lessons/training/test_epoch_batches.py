"""The pictures that epoch_batches shows are those that a run takes, in its order; small messages."""

import base64
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any

import numpy as np
import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from components.browser import encode_message
from components.lessons.training import epoch_batches as package
from components.lessons.training.epoch_batches import EXAMPLE, MOST, Epochs, payload
from components.lessons.training.epoch_batches.pictures import MAX_BYTES, PIXELS, SIDE, sheet, window_near
from components.lessons.training.epoch_batches.scene import EPOCHS, TOP_SPEED, EpochScene
from components.lessons.training.epoch_batches.texts import letters, shown, vocabulary
from models import datasets
from models.datasets import Part, empty_part
from models.datasets.batches import steps_per_epoch, training_batches


def part(count: int, *, side: int = 8, channels: int = 3, classes: int = 2) -> Part:
    random = np.random.default_rng(5)
    images = random.integers(0, 256, (count, side, side, channels), np.uint8)
    return Part(images, random.integers(0, classes, count), tuple(map(str, range(count))))


def run_of(pictures: Part | None, **changes) -> Epochs:
    return replace(Epochs(pictures, ("cat", "dog"), batch_size=32, epochs=5, seed=3), **changes)


def decode(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype)


def unpacked(sent: Any, count: int) -> np.ndarray:
    """The small pictures on a sheet, (count, side, side) or (count, side, side, 3)."""
    pixels = np.asarray(Image.open(BytesIO(base64.b64decode(sent["url"].partition(",")[2]))))
    side, columns = sent["side"], sent["columns"]
    corners = [(place // columns * side, place % columns * side) for place in range(count)]
    return np.stack([pixels[row : row + side, column : column + side] for row, column in corners])


# The order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epoch", EPOCHS)
@pytest.mark.parametrize("channels", [1, 3])
def test_the_batches_are_those_that_a_run_with_this_seed_takes(epoch, channels):
    pictures = part(150, channels=channels)
    sent = payload(run_of(pictures), EpochScene(epoch=epoch))
    taken, labels = decode(sent["order"], "<u2"), decode(sent["labels"], "<u2")
    small = unpacked(sent["sheet"], 150)
    batches = list(islice(training_batches(pictures, batch_size=32, seed=3, epoch=epoch - 1), sent["steps"]))
    assert len(batches) == sent["steps"] == 5
    assert len(batches[-1][1]) == 150 - 4 * 32
    for number, (images, answers) in enumerate(batches):
        place = slice(number * 32, (number + 1) * 32)
        np.testing.assert_array_equal(labels[taken[place]], answers)
        np.testing.assert_array_equal(small[place], images[..., 0] if channels == 1 else images)


def test_each_epoch_has_an_order_of_its_own_and_takes_every_picture_once():
    first, second = (decode(payload(run_of(part(150)), EpochScene(epoch=epoch))["order"], "<u2") for epoch in EPOCHS)
    assert sorted(first) == sorted(second) == list(range(150))
    assert (first != second).mean() > 0.9


def test_digits_are_sent_pixel_by_pixel_and_white_is_white():
    digits = datasets.load("digits", side=8)
    run = Epochs(digits.train, digits.classes, batch_size=32, epochs=1, seed=0, maximum=digits.maximum)
    sent = payload(run, EpochScene())
    assert (sent["first"], sent["end"], sent["steps"]) == (0, 41, 41)
    assert sent["sheet"] is not None
    assert sent["sheet"]["exact"]
    small = unpacked(sent["sheet"], len(digits.train)).astype(float)
    expected = digits.train.images[decode(sent["order"], "<u2"), ..., 0] * (255 / 16)
    assert np.abs(small - expected).max() <= 0.5
    assert small.max() == 255


def test_a_photo_is_made_small_and_stays_what_it_was():
    colours = np.array([[230, 40, 60], [20, 200, 90], [128, 128, 250]], np.uint8)
    images = np.repeat(colours, 96 * 96, axis=0).reshape(3, 96, 96, 3)
    sent = sheet(images)
    assert (sent["side"], sent["exact"]) == (SIDE, False)
    small = unpacked(sent, 3).astype(int)
    assert np.abs(small - colours[:, np.newaxis, np.newaxis]).max() <= 8


# Windows --------------------------------------------------------------------------------------------------------------

numbers = {
    "position": st.integers(0, 10**6),
    "steps": st.integers(1, 5000),
    "batch_size": st.integers(1, 20_000),
    "side": st.integers(1, 300),
}


@given(**numbers)
def test_a_window_holds_the_visitors_batch_and_not_too_many_pictures(position, steps, batch_size, side):
    window = window_near(position, steps=steps, batch_size=batch_size, side=side)
    here = min(position, steps - 1)
    assert 0 <= window.first <= window.low <= here < window.high <= window.end <= steps
    batches = window.end - window.first
    assert batches == 1 or batches * batch_size * min(side, SIDE) ** 2 <= PIXELS


@given(**numbers)
def test_the_same_window_is_sent_as_long_as_it_is_enough(position, steps, batch_size, side):
    window = window_near(position, steps=steps, batch_size=batch_size, side=side)
    for near in (window.low, window.high - 1):
        assert window_near(near, steps=steps, batch_size=batch_size, side=side) == window
    if window.high < steps:
        assert window_near(window.high, steps=steps, batch_size=batch_size, side=side) != window


def test_the_next_pictures_are_there_before_the_last_ones_run_out():
    first = window_near(0, steps=125, batch_size=32, side=64)
    assert first == (0, 20, 0, 10)
    second = window_near(first.high, steps=125, batch_size=32, side=64)
    assert second == (0, 30, 10, 20)
    assert window_near(second.high, steps=125, batch_size=32, side=64) == (10, 40, 20, 30)


def test_the_pictures_of_a_window_are_those_of_its_batches():
    images = np.zeros((4000, 40, 40, 3), np.uint8)
    images[...] = (np.arange(4000) % 256)[:, np.newaxis, np.newaxis, np.newaxis]
    pictures = Part(images, np.arange(4000) % 2, tuple(map(str, range(4000))))
    sent = payload(run_of(pictures), EpochScene(position=3), near=60)
    assert (sent["first"], sent["end"], sent["low"], sent["high"]) == (50, 80, 60, 70)
    small = unpacked(sent["sheet"], 30 * 32)
    expected = decode(sent["order"], "<u2")[50 * 32 : 80 * 32] % 256
    assert np.abs(small.mean(axis=(1, 2, 3)) - expected).max() <= 2


# The message ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "channels", "batch_size"), [(64, 3, 32), (32, 3, 512), (28, 1, 128)])
def test_even_of_noise_a_message_stays_below_a_megabyte(side, channels, batch_size):
    """Noise compresses worst, and the largest part has the longest order."""
    noise = part(2000, side=side, channels=channels)
    images = np.lib.stride_tricks.as_strided(
        noise.images, (MOST, *noise.images.shape[1:]), (0, *noise.images.strides[1:]), writeable=False
    )
    many = Part(images, np.arange(MOST) % 2, ("",) * MOST)
    everything = payload(run_of(many, batch_size=batch_size), EpochScene())
    everything["sheet"] = payload(run_of(noise, batch_size=batch_size), EpochScene())["sheet"]
    assert everything["sheet"] is not None
    assert len(everything["sheet"]["url"]) <= MAX_BYTES * 4 / 3 + 100
    assert len(encode_message(everything)) < 1_000_000


def test_position_and_speed_do_not_change_the_message():
    run = run_of(part(150))
    assert payload(run, EpochScene()) == payload(run, EpochScene(position=4, speed=9))


def test_the_message_is_made_anew_only_when_something_changes(monkeypatch):
    monkeypatch.setattr(streamlit, "session_state", {})
    run = run_of(part(4000, side=32))
    first = package._remembered(run, EpochScene(), "a")
    assert package._remembered(run, EpochScene(position=2, speed=5), "a") is first
    streamlit.session_state[f"{package.KEY}:near"] = 60
    far = package._remembered(run, EpochScene(), "a")
    assert far["low"] <= 60 < far["high"]
    assert package._remembered(replace(run, seed=4), EpochScene(), "a")["order"] != far["order"]
    assert package._remembered(replace(run, part=None), EpochScene(), "a")["sheet"] is None
    assert len(streamlit.session_state) == 2  # only one message is kept, without the pictures of earlier ones


# Without pictures, and what cannot be drawn ---------------------------------------------------------------------------


def test_without_pictures_there_are_blank_cards_and_the_page_says_so():
    sent = payload(run_of(None, count=57), EpochScene())
    assert sent["sheet"] is None
    assert (sent["count"], sent["steps"], sent["low"], sent["high"]) == (57, 2, 0, 2)
    assert "not here" in sent["shown"]
    assert "example" not in sent["shown"]
    assert np.bincount(decode(sent["labels"], "<u2")).tolist() == [29, 28]


def test_a_number_of_pictures_that_nobody_knows_yet_is_called_an_example():
    sent = payload(run_of(None), EpochScene())
    assert sent["count"] == EXAMPLE
    assert f"{EXAMPLE:,} is an example" in sent["shown"]


def test_what_cannot_be_drawn_is_said_in_a_sentence():
    assert run_of(part(3)).problem() is None
    assert "no training pictures" in (run_of(empty_part(8)).problem() or "")
    assert "batch size" in (run_of(part(3), batch_size=0).problem() or "")
    many = run_of(None, count=MOST + 1).problem() or ""
    assert f"{MOST + 1:,} pictures has 2,049 steps of 32" in many
    assert run_of(None, count=MOST).problem() is None


# Words ----------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 10**6), st.integers(1, 512), st.integers(1, 200))
def test_the_vocabulary_adds_up(count, batch_size, epochs):
    words = {entry["name"]: entry for entry in vocabulary(count, batch_size=batch_size, epochs=epochs)}
    value = {name: int(entry["value"].replace(",", "")) for name, entry in words.items()}
    assert value["steps"] == steps_per_epoch(count, batch_size)
    assert value["updates"] == value["steps"] * epochs
    assert (value["steps"] - 1) * batch_size + value["last"] == count
    assert 1 <= value["last"] <= batch_size
    assert ("Smaller" in words["last"]["words"]) == (value["last"] < batch_size and value["steps"] > 1)


def test_the_formulas_are_written_out_with_the_runs_numbers():
    words = {entry["name"]: entry for entry in vocabulary(4000, batch_size=32, epochs=5)}
    assert (words["steps"]["formula"], words["steps"]["value"]) == ("⌈4,000 / 32⌉ =", "125")
    assert (words["updates"]["formula"], words["updates"]["value"]) == ("125 · 5 =", "625")
    assert (words["last"]["formula"], words["last"]["value"]) == ("4,000 − 124 · 32 =", "32")


def test_how_many_pictures_are_loaded_is_said():
    window = window_near(124, steps=125, batch_size=32, side=64)
    text = shown(3990, window, steps=125, batch_size=32, known=True)
    assert text.startswith(f"{3990 - window.first * 32:,} of 3,990 pictures are loaded, those of batches 111 to 125;")


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (("cat", "dog"), ["C", "D"]),
        (("car", "cat"), ["Car", "Cat"]),
        (tuple("0123456789"), list("0123456789")),
        (("mug", "my teapot"), ["Mu", "My"]),
        (("cats at home", "cats outside"), ["1", "2"]),
        (("one",), ["O"]),
    ],
)
def test_each_class_has_a_sign_of_its_own(classes, expected):
    assert letters(classes) == expected


# The scene ------------------------------------------------------------------------------------------------------------


def test_a_scene_survives_its_url_and_nonsense_becomes_the_default():
    scene = EpochScene(epoch=2, position=31, speed=TOP_SPEED)
    assert EpochScene.from_params(scene.to_params()) == scene
    assert EpochScene().to_params() == {}
    assert EpochScene.from_params({"epoch": "3", "position": "nan", "speed": "x"}) == EpochScene()
    assert EpochScene.from_params({"position": "-4", "speed": "1e9"}) == EpochScene(speed=TOP_SPEED)


def test_a_position_behind_the_last_batch_is_no_problem():
    sent = payload(run_of(part(4000, side=32)), EpochScene(position=10**6))
    assert sent["low"] <= 124 < sent["high"] == 125
