"""What the dataset explorer says and draws: orders, hard cases, sentences, charts, and what its gallery is sent."""

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from components.browser import encode_message
from components.lessons.image_data.dataset_charts import (
    BINS,
    balance_figure,
    brightness_figure,
    class_colours,
    sizes_figure,
)
from components.lessons.image_data.dataset_explorer import texts
from components.lessons.image_data.dataset_explorer.detail import facts
from components.lessons.image_data.dataset_explorer.orders import (
    HARD,
    ORDER_TITLES,
    answers_of,
    captions,
    hardest,
    ordered,
)
from components.lessons.image_data.dataset_explorer.scene import DATA, NETWORKS, ORDERS, Explored
from components.lessons.image_data.dataset_explorer.survey_job import Surveyed
from components.networks.pictures import PartPictures
from components.photo.picture_gallery import Strip, payload
from models import datasets, weights
from models.datasets import Part

SIZES = np.array([[60, 40], [40, 60], [100, 10], [10, 10], [60, 40]], np.int32)
NAMES = ("cats/a.jpg", "cats/b {x}.jpg", "dogs/c.jpg", "dogs/d.jpg", "dogs/e.jpg")


def surveyed(**changes: Any) -> Surveyed:
    """Five pictures, two of them the same."""
    part = Part(np.zeros((5, 8, 8, 3), np.uint8), np.array([0, 0, 1, 1, 1]), NAMES)
    plain = Surveyed(
        title="pets",
        classes=("cats", "dogs"),
        labels=part.labels,
        parts=np.array(["train", "train", "train", "train", "test"]),
        names=NAMES,
        sizes=SIZES,
        brightness=np.array([0.5, 0.1, 0.9, 0.3, 0.5], np.float32),
        twins=(("bytes", (0, 4)),),
        from_files=True,
        drawn=False,
        pictures=PartPictures([part], maximum=255, subject="five"),
    )
    return replace(plain, **changes)


ALL = np.arange(5)


@pytest.mark.parametrize(
    ("order", "places"),
    [
        ("dataset", [0, 1, 2, 3, 4]),
        ("unsure", [2, 0, 1, 3, 4]),
        ("dark", [1, 3, 0, 4, 2]),
        ("bright", [2, 0, 4, 3, 1]),
        ("large", [0, 1, 4, 2, 3]),
        ("small", [3, 2, 0, 1, 4]),
        ("wide", [2, 0, 4, 3, 1]),
        ("tall", [1, 3, 0, 4, 2]),
    ],
)
def test_pictures_are_ordered_and_equal_ones_stay_as_they_were(order, places):
    sure = np.array([0.7, 0.8, 0.5, 0.9, 0.95])
    assert ordered(surveyed(), ALL, order, sure).tolist() == places


def test_without_a_network_the_least_sure_are_in_the_datasets_order():
    assert ordered(surveyed(), ALL, "unsure", None).tolist() == [0, 1, 2, 3, 4]
    assert captions(surveyed(), ALL, "unsure", None) == ["a.jpg", "b {x}.jpg", "c.jpg", "d.jpg", "e.jpg"]


def test_below_a_picture_stands_what_it_is_ordered_by():
    assert captions(surveyed(), ALL[:2], "dark", None) == ["50.0\u00a0%", "10.0\u00a0%"]
    assert captions(surveyed(), ALL[:2], "wide", None) == ["60 × 40", "40 × 60"]
    assert captions(surveyed(from_files=False), ALL[:2], "dataset", None) == ["no. 1", "no. 2"]
    assert set(ORDER_TITLES) == set(ORDERS)


def test_the_hardest_of_two_classes_are_nearest_to_one_half():
    p = np.random.default_rng(0).random(1000).astype(np.float32)
    found = hardest(np.column_stack([1 - p, p]))
    assert len(found) == HARD
    assert set(found.tolist()) == set(np.argsort(np.abs(p - 0.5))[:HARD].tolist())
    assert len(hardest(np.full((3, 2), 0.5))) == 1


def test_what_is_hard_is_said_to_be_the_networks_doubt_and_no_more():
    words = texts.hard_words(24, 800, 2, "The convnet", pets=True)
    assert "the 24 for which its probability is nearest to 1/2. It cannot say why." in words
    assert "occlusion" in words
    digits = texts.hard_words(24, 800, 10, "The convnet", pets=False)
    assert "its highest probability is lowest" in digits
    assert "animal" not in digits


def test_an_answer_is_never_rounded_up_to_certainty():
    assert answers_of(np.array([[0.0003, 0.9997], [0.5, 0.5], [1.0, 0.0]]), ("cat", "dog")) == [
        "dog: 99.9\u00a0%",
        "cat: 50.0\u00a0%",
        "cat: 100.0\u00a0%",
    ]


def test_the_summary_counts_parts_and_names_what_always_guessing_gives():
    words = texts.summary(surveyed())
    assert "5 pictures in 2 classes: 4 for training and 1 for the test." in words
    assert "whoever always says “dogs” is right for 60.0\u00a0%" in words
    balanced = surveyed(labels=np.array([0, 0, 1, 1, 2]) % 2, parts=np.array(["test"] * 5))
    assert "for the test" not in texts.summary(balanced)


def test_the_same_picture_under_two_labels_and_in_two_parts_is_named_as_such():
    (line,) = texts.twin_lines(surveyed())
    assert line.startswith("cats/a.jpg and dogs/e.jpg: the same bytes.")
    assert "Their labels differ: cats and dogs." in line
    assert "They lie in train and test: parts should share no picture." in line
    assert "2 pictures appear more than once, in 1 group:" in texts.twins_words(surveyed())
    assert "different files" in texts.twin_lines(surveyed(twins=(("pixels", (0, 1)),)))[0]
    assert texts.twin_lines(surveyed(twins=())) == []


def test_one_size_needs_no_scatter_and_others_are_told():
    assert texts.sizes_words(surveyed(sizes=np.full((5, 2), 8))) == "All pictures are 8 × 8 pixels."
    words = texts.sizes_words(surveyed())
    assert "4 different sizes: 10 to 100 pixels wide, 10 to 60 high; 20.0\u00a0% are square." in words


def test_a_picture_says_all_that_is_known_of_it():
    assert facts(surveyed(), 4) == [
        "Labelled “dogs”, in the test part.",
        "Its file has 60 × 40 pixels.",
        "Mean brightness 50.0\u00a0% of white: 40.0\u00a0% of all are darker.",
        "It has the same bytes as cats/a.jpg.",
    ]


def test_the_charts_hold_the_numbers():
    found = surveyed()
    balance = balance_figure(found.labels, found.parts, found.classes, text_size=16)
    assert {bar.name: list(bar.x) for bar in balance.data} == {"train": [2, 2], "test": [0, 1]}
    sizes = sizes_figure(found.sizes, found.labels, found.classes, text_size=16)
    points = {trace.name: sorted(zip(trace.x, trace.y, strict=True)) for trace in sizes.data[1:]}
    assert points == {"cats": [(40, 60), (60, 40)], "dogs": [(10, 10), (60, 40), (100, 10)]}
    assert [one.text for one in balance.layout.annotations] == ["2 + 0", "2 + 1"]
    assert sizes.layout.xaxis.type != "log"
    huge = np.concatenate([found.sizes] * 10 + [[[5000, 3000]]])
    far = sizes_figure(huge, np.append(np.tile(found.labels, 10), 0), found.classes, text_size=16)
    assert (far.layout.xaxis.type, far.layout.yaxis.type) == ("log", "log")
    lines = brightness_figure(found.brightness, found.labels, found.classes, text_size=16).data
    assert [sum(line.y) / 2 for line in lines] == [2, 3]
    assert len(lines[0].y) == 2 * BINS
    many = brightness_figure(found.brightness, found.labels, [str(number) for number in range(10)], text_size=16).data
    assert [line.name for line in many] == ["all classes"]


def test_a_classs_name_is_no_markup_to_a_chart():
    found, names = surveyed(), ("<b>%{x}</b>", "a & b")
    figures = [
        balance_figure(found.labels, found.parts, names, text_size=16),
        sizes_figure(found.sizes, found.labels, names, text_size=16),
        brightness_figure(found.brightness, found.labels, names, text_size=16),
    ]
    for figure in figures:
        assert "<b>" not in figure.to_json().replace("\\u003c", "<")
    assert [figure.to_json().count("%{x}") for figure in figures] == [0, 2, 0]  # those of the sizes


def test_cats_and_dogs_have_their_colours_whatever_they_are_called():
    assert class_colours(("Cats", "dog")) == ["#E69F00", "#009E73"]
    assert len(set(class_colours(("cats", "birds", "dogs", "fish")))) == 4
    assert not {"#E69F00", "#009E73"} & set(class_colours([str(number) for number in range(10)]))


def test_the_gallery_of_a_large_dataset_is_a_small_message():
    places = np.arange(12_500)
    names = [f"{place}.jpg" for place in places]
    strips = [Strip("cat", places, names), Strip("dog", places + 12_500, names)]
    message = payload(strips, marks={3: "unsure"}, open_picture=None, supply="s", subject="x", rows=2)
    assert len(encode_message(message)) < 1_000_000
    sent = np.frombuffer(base64.b64decode(message["strips"][1]["places"]), "<i4")
    np.testing.assert_array_equal(sent, places + 12_500)
    assert message["marks"] == {"3": "unsure"}


def test_every_dataset_of_the_explorer_exists_and_its_network_comes_along():
    assert set(DATA) <= set(datasets.names())
    assert set(NETWORKS) == set(DATA)
    assert set(NETWORKS.values()) <= set(weights.names())


def test_a_link_that_makes_no_sense_opens_the_default():
    assert Explored.from_params({"data": "mnist", "order": "random", "picture": "x"}) == Explored()
    assert Explored.from_params({"data": "folder", "folder": "/a b"}).dataset == "folder:/a b"
    assert Explored().part == "test"
