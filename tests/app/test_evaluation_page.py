"""/evaluation without an engine: what comes along is there at once, and what is missing is said."""

from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from components.lessons.evaluation import your_pet
from components.lessons.evaluation.photo_detail import verdict
from components.lessons.evaluation.pictures_behind import ShippedPictures, photos_are_missing, silhouette
from components.lessons.evaluation.your_pet import called_words, caution_words, similar_words, unusual_words
from models.answers import CloseLook
from models.evaluation.neighbours import Unusual
from models.evaluation.ship_scores import DRAWN
from models.evaluation.shipped_scores import PET_PHOTOS, shipped
from models.evaluation.stored_scores import Judged
from models.networks.files import network_file, weights_digest
from models.pictures.pet_drawing import SPECIES, draw_pet
from tests.app.visitor import Visitor


def along(network: str, dataset: str, part: str) -> Judged:
    found = shipped(weights_digest(network_file(network)), dataset, part)
    assert found is not None
    return found


def text_of(visitor: Visitor) -> str:
    return visitor.markup + " ".join(visitor.messages) + " ".join(str(one.value) for one in visitor.app.markdown)


@pytest.fixture(scope="module")
def page() -> Visitor:
    """The page as it opens. The tests share it and must not change it."""
    return Visitor().open("evaluation")


def test_it_opens_with_the_courses_network_on_real_photos(page):
    assert page.app.selectbox(key="evaluation-network").value == "convnet"
    assert page.app.selectbox(key="evaluation-data").value == PET_PHOTOS
    board = page.data("threshold_board")
    assert (board["part"], board["other"], board["mine"]) == ("validation", True, None)
    assert board["classes"] == ["cat", "dog"]
    assert "all 1,600 photos together chose the network’s best epoch" in board["note"]
    assert "Only their scores come with the course, so silhouettes stand for the photos" in text_of(page)
    assert any("needs the engine, which was turned off" in message for message in page.messages)
    assert {button.key for button in page.app.button} >= {"evaluation-bad"}


def test_the_bad_network_is_compared_on_the_same_photos_without_an_engine():
    visitor = Visitor().open("evaluation").click("evaluation-bad")
    assert not visitor.app.exception
    verdict = " ".join(visitor.data("compared_networks")["verdict"])
    assert "gets 779 of 800 pictures right: 97.4\u00a0%" in verdict
    assert "A bad one on photos, to compare with (one epoch on drawn pets) gets 420 right: 52.5\u00a0%" in verdict


def test_drawn_pets_are_there_without_an_engine_and_networks_without_scores_say_so():
    visitor = Visitor().open("evaluation", network="drawn-pets", data="drawn-pets", part="test")
    board = visitor.data("threshold_board")
    assert (board["part"], board["other"], board["note"]) == ("test", True, "")
    assert Visitor().open("evaluation", data="drawn-pets").data("threshold_board")["part"] == "validation"
    visitor = Visitor().open("evaluation", network="digits", data="digits")
    assert visitor.data("class_matrix")["classes"] == [str(digit) for digit in range(10)]
    visitor = Visitor().open("evaluation", network="digits")
    assert any("only the scores that its own networks gave them" in one for one in visitor.messages)
    visitor = Visitor().open("evaluation", network="run:nowhere")
    assert any("There is no run nowhere" in one for one in visitor.messages)


def test_ten_classes_have_words_of_their_own():
    visitor = Visitor().open("evaluation", network="digits", data="digits")
    assert not visitor.app.exception
    words = text_of(visitor)
    assert "each column what the network says" in words
    assert "One threshold decides" not in words
    assert "among the digits above" in words


def test_silhouettes_stand_for_photos_that_are_not_here(monkeypatch, tmp_path):
    monkeypatch.setenv("PET_PHOTOS", str(tmp_path))
    judged = along("convnet", PET_PHOTOS, "test")
    pictures = ShippedPictures(judged)
    assert photos_are_missing(judged)
    with pytest.raises(IndexError):
        pictures.shown(0)
    kinds = {
        judged.classes[label]: pictures.thumbnail(int(np.flatnonzero(judged.labels == label)[0])) for label in (0, 1)
    }
    assert kinds["cats"].startswith("data:image/")
    assert kinds["cats"] != kinds["dogs"]
    assert not np.array_equal(silhouette("cat"), silhouette("dog"))
    for kind in ("cat", "dog"):
        # The same to the left and to the right, and a third to two thirds of the tile.
        shape = silhouette(kind).astype(int)[..., 0]
        assert np.abs(shape - shape[:, ::-1]).mean() < 6
        assert 0.2 < (shape < 150).mean() < 0.6


def test_drawn_pets_are_drawn_as_they_were_judged():
    judged = along("drawn-pets", DRAWN["test"], "test")
    pictures = ShippedPictures(judged)
    for number in (0, 1, 799):
        expected = draw_pet(SPECIES[judged.labels[number]], side=judged.side, seed=int(judged.names[number]))
        np.testing.assert_array_equal(pictures.shown(number), expected)
    with pytest.raises(IndexError):
        pictures.shown(800)
    assert pictures.thumbnail(3).startswith("data:image/")


@pytest.mark.parametrize(
    ("network", "dataset", "part", "source", "percentile", "words"),
    [
        ("convnet", PET_PHOTOS, "test", "upload", 40.0, ""),
        ("convnet", PET_PHOTOS, "test", "upload", 94.9, ""),
        ("convnet", PET_PHOTOS, "test", "upload", None, ""),
        ("convnet", PET_PHOTOS, "test", "upload", 95.0, "never been evaluated on photos like yours"),
        ("convnet", PET_PHOTOS, "test", "sample", 100.0, "never been evaluated on photos like yours"),
        ("convnet", PET_PHOTOS, "test", "drawn", 40.0, "nothing about drawings like yours"),
        ("drawn-pets", DRAWN["test"], "test", "upload", 40.0, "nothing about photos like yours"),
        ("drawn-pets", DRAWN["test"], "test", "drawn", 40.0, ""),
    ],
)
def test_the_caution_stands_only_where_it_is_so(network, dataset, part, source, percentile, words):
    told = None if percentile is None else Unusual(0.1, percentile, 800)
    said = caution_words(along(network, dataset, part), source, told)
    assert words in said
    assert bool(said) == bool(words)


def test_the_photo_is_called_what_the_boards_threshold_says():
    judged = along("convnet", PET_PHOTOS, "test")
    p = np.array([0.4, 0.6])
    higher = int((judged.probabilities[:, 1] > 0.6).sum())
    assert "At threshold 0.5 the network says **dog**" in called_words(judged, p, 0.5)
    assert "At threshold 0.6 the network says **cat**" in called_words(judged, p, 0.6)  # above, not from
    assert f"Of the 800 photos above, {higher} have a higher score for “dog”" in called_words(judged, p, 0.1234)
    top = np.sort(judged.probabilities[:, 1])[-2].astype(float)
    assert "1 has a higher score" in called_words(judged, np.array([1 - top, top]), 0.5)


def test_how_unusual_a_photo_is_is_told_in_percent():
    assert "97\u00a0% of the photos above lie closer" in unusual_words(Unusual(0.2, 97.2, 800))
    assert "like nothing that it was evaluated on" in unusual_words(Unusual(0.2, your_pet.FAR, 800))
    assert "97\u00a0% of the digits above lie closer" in unusual_words(Unusual(0.2, 97.2, 800), "digits")
    assert unusual_words(Unusual(0.2, 3, 800)).endswith("That is nothing unusual.")
    assert unusual_words(Unusual(0.2, 89.9, 800)).endswith("That is nothing unusual.")
    assert unusual_words(Unusual(0.2, 90, 800)).endswith("That is rather unusual.")


def test_a_network_without_convolutions_has_no_feature_maps():
    pets = [
        your_pet.Pet(cast("CloseLook", {"heatmap": heatmap}), np.array([1.0, 0.0]), None, "")
        for heatmap in (None, {"layer": "conv"})
    ]
    assert [your_pet.has_maps(pet) for pet in pets] == [False, True]
    assert your_pet.has_maps(None)


def test_what_the_most_similar_photos_are_is_counted():
    judged = along("convnet", PET_PHOTOS, "test")
    cats, dogs = (np.flatnonzero(judged.labels == label) for label in (0, 1))
    said = similar_words(judged, np.array([*cats[:1], *dogs[:4]]))
    assert "5 photos above" in said
    assert "4 are of the class **dogs**" in said
    assert "1 is of the class **cats**" in similar_words(judged, cats[:1])


def test_a_photo_is_right_or_wrong_by_the_boards_threshold():
    judged = along("convnet", PET_PHOTOS, "test")
    scores = judged.probabilities[:, 1]
    missed = int(np.flatnonzero((judged.labels == 1) & (scores > 0.2) & (scores < 0.5))[0])
    assert verdict(judged, missed, 0.5) == ("At threshold 0.5 the network says **cat**, the label says **dog**: wrong.")
    assert verdict(judged, missed, 0.2).endswith("says **dog**, the label says **dog**: right.")
    sure = float(scores[missed])
    assert "says **cat**" in verdict(judged, missed, sure)  # above, not from


def test_of_more_classes_the_most_probable_one_is_told():
    judged = along("convnet", PET_PHOTOS, "test")
    three = replace(judged, classes=("a", "b", "c"), labels=np.array([2]), probabilities=np.array([[0.2, 0.3, 0.5]]))
    assert verdict(three, 0, 0.9) == "The most probable class is **c**, the label says **c**: right."
