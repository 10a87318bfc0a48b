"""Scores that come along fit their cards and their networks; a photo is shown only where it is the judged one."""

import hashlib
import itertools
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from models import weights as networks
from models.datasets import prepared
from models.evaluation import figures, shipped_scores
from models.evaluation.neighbours import own_distances
from models.evaluation.ship_scores import DRAWN, Shipped, write
from models.evaluation.shipped_scores import DIGITS, PARTS, PET_PHOTOS, cards, file_digest, first_half, photo, shipped
from models.evaluation.stored_scores import Judged
from models.networks.files import IMAGENET, network_file, weights_digest
from models.pictures.pet_drawing import SPECIES, draw_pet

CARDS = cards()


def both_halves(network: str) -> tuple[Judged, Judged]:
    digest = weights_digest(network_file(network))
    first, second = (shipped(digest, PET_PHOTOS, part) for part in PARTS)
    assert first is not None
    assert second is not None
    return first, second


def test_the_first_board_of_the_course_needs_no_engine():
    for network in ("convnet", "drawn-pets", "efficientnet-lite0-pets", IMAGENET):
        digest = weights_digest(network_file(network))
        for part in PARTS:
            assert shipped(digest, PET_PHOTOS, part) is not None
            assert shipped(digest, DRAWN[part], part) is not None
    assert all(shipped(weights_digest(network_file("digits")), DIGITS, part) is not None for part in PARTS)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["network"])
def test_scores_are_those_of_the_card_and_of_the_network_that_comes_along(card):
    file = networks.FOLDER / f"{card['network']}.scores.npz"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == card["checksum"]
    assert card["weights"] == weights_digest(network_file(card["network"]))
    assert "/" not in card["command"].replace("models.evaluation", "")  # no path of this machine
    for judgement in card["judgements"]:
        found = shipped(card["weights"], judgement["dataset"], judgement["part"])
        assert found is not None
        assert len(found) == len(found.names) == len(set(found.names)) == judgement["n"]
        assert found.probabilities.dtype == np.float32
        assert np.abs(found.probabilities.sum(axis=1) - 1).max() < 1e-6
        measured = figures(found.labels, found.probabilities, found.classes)
        assert measured["confusion_matrix"] == judgement["confusion_matrix"]
        assert measured["accuracy"] == judgement["accuracy"]
        assert found.features.shape[0] == len(found)
        if found.features.shape[1]:
            # Distances were measured before the features were rounded to 16 bits.
            np.testing.assert_allclose(found.distances, own_distances(found.features), atol=2e-3)


@pytest.mark.parametrize("network", ["convnet", "efficientnet-lite0-pets"])
def test_both_halves_together_are_the_photos_on_the_networks_own_card(network):
    first, second = both_halves(network)
    card = networks.card(network)
    assert first.classes == second.classes == tuple(card["classes"])
    assert (first.side, first.resize) == (card["side"], card["resize"])
    labels = np.concatenate([first.labels, second.labels])
    scores = np.concatenate([first.probabilities, second.probabilities])
    matrix = figures(labels, scores, first.classes)["confusion_matrix"]
    # A photo whose score is 0.5 to six digits may fall to the other side on another processor.
    assert np.abs(np.array(matrix) - card["figures"]["confusion_matrix"]).max() <= 1


def test_the_halves_share_no_photo_and_have_as_many_of_each_class():
    first, second = both_halves("convnet")
    assert not set(first.names) & set(second.names)
    assert [np.bincount(half.labels).tolist() for half in (first, second)] == [[400, 400], [400, 400]]
    names = [*first.names, *second.names]
    labels = np.concatenate([first.labels, second.labels])
    assert first_half(names, labels).tolist() == [True] * 800 + [False] * 800


def test_the_division_knows_names_alone():
    names = [f"cats/{number}.jpg" for number in range(9)] + [f"dogs/{number}.jpg" for number in range(4)]
    labels = np.array([0] * 9 + [1] * 4)
    halves = dict(zip(names, first_half(names, labels), strict=True))
    assert sum(halves[name] for name in names[:9]) == 5  # of an odd number, the first half has one more
    assert sum(halves[name] for name in names[9:]) == 2
    order = np.random.default_rng(0).permutation(len(names))
    shuffled = [names[place] for place in order]
    assert dict(zip(shuffled, first_half(shuffled, labels[order]), strict=True)) == halves
    elsewhere = [f"validation/{name}" for name in names]
    assert first_half(elsewhere, labels).tolist() == [halves[name] for name in names]
    assert first_half([], np.zeros(0, int)).tolist() == []
    assert first_half(["a.jpg"], np.array([1])).tolist() == [True]


def test_other_weights_pictures_and_parts_have_none():
    digest = weights_digest(network_file("convnet"))
    found = shipped(digest, PET_PHOTOS, "validation")
    assert shipped(digest, PET_PHOTOS, "validation") is found  # one object for all visitors
    for weights, dataset, part in [
        ("0" * 64, PET_PHOTOS, "validation"),
        (digest, "dogs-vs-cats", "validation"),
        (digest, DRAWN["test"], "validation"),
        (digest, PET_PHOTOS, "train"),
        (digest, PET_PHOTOS, "all"),
    ]:
        assert shipped(weights, dataset, part) is None


# A threshold is chosen on one half and paid for on the other ----------------------------------------------------------


def cost(judged: Judged, threshold: float) -> float:
    called = judged.probabilities[:, 1].astype(np.float64) > threshold
    missed, alarms = (~called & (judged.labels == 1)).sum(), (called & (judged.labels == 0)).sum()
    return float(5 * missed + alarms)


def test_what_the_page_opens_with_shows_that_a_threshold_suits_the_photos_it_was_chosen_on():
    first, second = both_halves("convnet")
    cuts = np.unique(np.concatenate([[0.0, 1.0], first.probabilities[:, 1].astype(np.float64)]))
    costs = [cost(first, cut) for cut in cuts]
    best = float(cuts[int(np.argmin(costs))])
    hindsight = min(cost(second, cut) for cut in np.unique(second.probabilities[:, 1].astype(np.float64)))
    assert min(costs) < 0.8 * cost(first, 0.5)  # choosing is worth while
    assert min(costs) < hindsight < cost(second, best)  # and it flatters: on new photos, it costs more


# The photos themselves ------------------------------------------------------------------------------------------------


@pytest.fixture
def own_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Scores for four drawn pictures in files, written as `ship_scores` writes them, and the files' folder."""
    folder, photos = tmp_path / "weights", tmp_path / "photos"
    names = [f"{kind}s/{number}.png" for kind in ("cat", "dog") for number in (1, 2)]
    for name, (kind, seed) in zip(names, itertools.product(SPECIES, (1, 2)), strict=True):
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(photos / name), draw_pet(kind, side=64, seed=seed)[..., ::-1])
    folder.mkdir()
    monkeypatch.setattr(networks, "FOLDER", folder)
    monkeypatch.setenv("PET_PHOTOS", str(photos))
    dogs = np.array([0.1, 0.6, 0.7, 0.9], np.float32)
    random = np.random.default_rng(0)
    judged = Judged(
        "small", "ab" * 32, PET_PHOTOS, "test", "", 32, "squash", ("cats", "dogs"), np.array([0, 0, 1, 1]),
        np.stack([1 - dogs, dogs], axis=1), tuple(names), random.random((4, 6)).astype(np.float32), np.zeros(0),
    )  # fmt: skip
    files = np.stack([np.frombuffer(file_digest((photos / name).read_bytes()), np.uint8) for name in names])
    one: Shipped = ("test", judged, files)
    shipped_scores._opened.cache_clear()
    write("small", [one], "by hand")
    yield judged, photos
    shipped_scores._opened.cache_clear()


def test_what_is_written_is_read_back(own_scores):
    judged, _ = own_scores
    found = shipped("ab" * 32, PET_PHOTOS, "test")
    assert found is not None
    for name in ("network", "dataset", "part", "side", "resize", "classes", "names"):
        assert getattr(found, name) == getattr(judged, name)
    assert found.labels.tolist() == judged.labels.tolist()
    np.testing.assert_array_equal(found.probabilities, judged.probabilities)
    np.testing.assert_allclose(found.features, judged.features, rtol=2**-10)
    np.testing.assert_allclose(found.distances, own_distances(judged.features), rtol=1e-6)


def test_damaged_scores_are_none(own_scores):
    file = networks.FOLDER / "small.scores.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert shipped("ab" * 32, PET_PHOTOS, "test") is None


def test_a_photo_is_shown_as_the_network_received_it_and_only_if_it_is_the_judged_one(own_scores):
    _, photos = own_scores
    found = shipped("ab" * 32, PET_PHOTOS, "test")
    assert found is not None
    seen = photo(found, 0)
    assert seen is not None
    judged = prepared.photos([photos / found.names[0]], ["a"], side=32, how="squash", progress=None)
    np.testing.assert_array_equal(seen, judged.images[0])
    # Another picture under its name, an empty file, a missing one, and a number that no photo has.
    (photos / found.names[1]).write_bytes((photos / found.names[0]).read_bytes())
    (photos / found.names[2]).write_bytes(b"")
    (photos / found.names[3]).unlink()
    assert [photo(found, number) for number in (1, 2, 3, 4, -1)] == [None] * 5


def test_photos_are_looked_for_among_the_datasets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("PET_PHOTOS", raising=False)
    monkeypatch.delenv("DATASETS_DIR", raising=False)
    assert shipped_scores.photos_folder() == Path(os.environ["RUNS_DIR"]) / "datasets" / "pet-photos"
    monkeypatch.setenv("DATASETS_DIR", str(tmp_path))
    assert shipped_scores.photos_folder() == tmp_path / "pet-photos"
    monkeypatch.setenv("PET_PHOTOS", str(tmp_path / "mine"))
    assert shipped_scores.photos_folder() == tmp_path / "mine"
    first, _ = both_halves("convnet")
    assert photo(first, 0) is None
