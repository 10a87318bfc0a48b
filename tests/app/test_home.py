"""The home page: the photo on its way through the network, and a card for each lesson."""

import base64
import math
from io import BytesIO

import keras
import numpy as np
import pytest
from PIL import Image

from components.lessons.home.cover import _answer, loss_of
from components.lessons.home.signed_maps import signed_colours, sobel, varied_maps
from components.lessons.home.thumbnails import thumbnail
from components.photo import first_layer_maps
from components.shell.course import COURSE, GROUPS
from models.arithmetic import convolve
from models.pictures.samples import DEFAULT, SAMPLES, sample
from tests.app.visitor import Visitor


def test_every_lesson_stands_in_one_group_and_the_groups_follow_the_course():
    assert [part for group in GROUPS for part in group.parts] == list(COURSE[1:])
    assert sum(part.minutes for part in COURSE[1:]) == 60


def test_the_lessons_are_numbered_as_the_course_in_twelve_parts_is(visitor):
    numbers = [*(str(number) for number in range(1, 7)), "6b", *(str(number) for number in range(7, 13))]
    assert [part.number for part in COURSE[1:]] == numbers
    labels = [link.label for link in visitor.open("home").app.get("page_link")]
    for part in COURSE[1:]:
        assert labels.count(part.label) == 2, "in the list and on a card"


@pytest.mark.parametrize("p", [0.01, 0.36, 0.64, 1.0])
def test_the_loss_in_the_picture_is_keras(p):
    keras_loss = float(keras.losses.binary_crossentropy(np.array([1.0]), np.array([p])))
    assert loss_of(p) == pytest.approx(keras_loss, abs=1e-5)


def test_the_answer_is_the_class_and_its_probability():
    drawn = _answer([("cat", 0.6404), ("dog", 0.3596)])
    assert '<p class="said">cat 64.0\u00a0%</p>' in drawn
    assert ">36.0\u00a0%</b>" in drawn
    assert f"if it is a dog: <b>{-math.log(0.3596):.2f}</b>" in drawn


def test_an_impossible_answer_has_a_finite_loss():
    assert math.isfinite(loss_of(0.0))


def test_a_tick_stands_where_the_visitor_has_been(visitor):
    def ticked() -> set[str]:
        return {link.label for link in visitor.app.get("page_link") if "(seen)" in link.label}

    visitor.open("home")
    assert ticked() == set()
    visitor.open("pooling").open("home")
    assert ticked() == {"6 *Pooling* **(seen)**", "6. Pooling **(seen)**"}


def test_who_comes_back_goes_on_with_the_first_lesson_that_was_not_seen(visitor):
    visitor.open("home")
    assert visitor.app.button(key="start").label == "Start the course"
    visitor.open("deep_learning").open("keras").open("pooling").open("home")
    assert visitor.app.button(key="start").label == "Continue with 3 Image data"
    visitor.click("start")
    assert (1, "Image data") in visitor.headings


def test_a_browsers_next_session_knows_what_was_seen(visitor, monkeypatch):
    monkeypatch.setattr("components.shell.bar.page_browser", lambda: "b" * 32)
    visitor.open("deep_learning").open("keras")
    again = Visitor().open("home")
    assert again.app.button(key="start").label == "Continue with 3 Image data"
    monkeypatch.setattr("components.shell.bar.page_browser", lambda: "c" * 32)
    assert Visitor().open("home").app.button(key="start").label == "Start the course"


def test_without_an_engine_the_page_says_so_and_shows_the_photo(visitor):
    visitor.open("home")
    assert 'data-known="0"' in visitor.markup
    assert [one.value for one in visitor.app.warning] == [
        "The network's answer needs the engine, which was turned off when this app was started (ENGINE=off)."
    ]


# The cards' pictures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", COURSE[1:], ids=lambda part: part.path)
def test_every_lesson_has_a_picture_that_opens(visitor, part):
    visitor.open("home")
    kind, data = thumbnail(part.path, sample(DEFAULT)).split(";base64,")
    assert kind == "data:image/svg+xml"
    assert b"</svg>" in base64.b64decode(data)
    assert len(data) < 60_000
    assert thumbnail(part.path, sample(DEFAULT)) in visitor.markup


def test_another_photo_has_other_pictures(visitor):
    visitor.open("home")
    paths = ("deep-learning", "keras", "image-data", "convnet", "convolution", "pooling", "dense", "activation")
    first = {path: thumbnail(path, sample("kitten")) for path in paths}
    second = {path: thumbnail(path, sample("shepherd")) for path in paths}
    assert all(first[path] != second[path] for path in paths)


def test_blue_is_above_zero_vermilion_below_and_white_is_zero():
    drawn = signed_colours(np.array([[1.0, 0.0, -1.0]]))
    assert drawn.tolist() == [[[0, 114, 178], [247, 247, 247], [213, 94, 0]]]
    assert signed_colours(np.full((2, 2), 1e-9)).tolist() == [[[247, 247, 247]] * 2] * 2


def test_the_maps_are_the_layers_that_vary_most():
    photo = sample(DEFAULT)
    maps = first_layer_maps(photo, 96)
    spread = sorted(maps.std(axis=(0, 1)), reverse=True)[:4]
    assert sorted((one.std() for one in varied_maps(photo, 96, 4)), reverse=True) == pytest.approx(spread)


def test_the_convolution_on_the_card_finds_edges_from_left_to_right():
    step = np.zeros((5, 6, 3))
    step[:, 3:] = 1
    found = convolve(step, sobel())
    assert found.tolist() == [[0.0, 4.0, 4.0, 0.0]] * 3


@pytest.mark.parametrize("name", [name for name, one in SAMPLES.items() if one.credit])
def test_the_strip_has_a_thumbnail_of_every_sample(visitor, name):
    tiles = {one["id"]: one for one in visitor.open("home").data("sample_strip")["tiles"]}
    assert list(tiles) == list(SAMPLES)
    opened = Image.open(BytesIO(base64.b64decode(tiles[name]["url"].split(",")[1])))
    assert np.abs(np.asarray(opened, float) - sample(name).square(opened.width)).mean() < 8
    assert tiles[name]["chosen"] == (name == DEFAULT)


def test_a_press_on_a_sample_makes_it_the_photo_of_all_pages(visitor):
    visitor.open("home").set_trigger("sample_strip", "chosen", "shepherd")
    assert "<strong>German shepherd</strong>" in visitor.markup
    visitor.set_trigger("sample_strip", "chosen", "no-such-sample")
    assert "<strong>German shepherd</strong>" in visitor.markup
