"""models/evaluation/neighbours.py: nearest pictures by their features, and how unusual a picture is."""

import numpy as np
import pytest
from scipy.stats import percentileofscore  # type: ignore[import-untyped]

from models.evaluation import neighbours
from models.evaluation.neighbours import NEIGHBOURS, nearest, own_distances, unusual


def features(count: int, wide: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, wide)).astype(np.float32)


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    one, other = one.astype(np.float64), other.astype(np.float64)
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


@pytest.mark.parametrize("count", [1, 2, 511, 512, 513, 1500])
def test_the_nearest_ones_are_those_with_the_largest_cosine(count):
    asked, all_of_them = features(1, seed=9)[0], features(count)
    places, similarities = nearest(asked, all_of_them, 4)
    expected = np.array([cosine(asked, one) for one in all_of_them])
    assert len(places) == len(similarities) == min(4, count)
    np.testing.assert_allclose(similarities, np.sort(expected)[::-1][:4], atol=1e-9)
    np.testing.assert_allclose(expected[places], similarities, atol=1e-9)


def test_equally_near_ones_keep_their_order():
    rows = features(1200)
    for place in (3, 600, 1100):  # in several portions
        rows[place] = rows[0] * 2  # their length does not count
    places, similarities = nearest(rows[0], rows, 4)
    assert places.tolist() == [0, 3, 600, 1100]
    assert similarities.tolist() == [1, 1, 1, 1]


def test_no_pictures_have_no_neighbours():
    places, similarities = nearest(features(1)[0], np.zeros((0, 6), np.float32), 3)
    assert places.dtype == np.int64
    assert places.tolist() == similarities.tolist() == []


def test_features_that_are_all_0_are_near_to_nothing():
    rows = np.array([[0, 0], [1, 0], [-1, 0]], np.float32)
    assert nearest(rows[0], rows, 3)[1].tolist() == [0, 0, 0]
    places, similarities = nearest(rows[1], rows, 3)
    assert (places.tolist(), similarities.tolist()) == ([1, 0, 2], [1, 0, -1])


@pytest.mark.parametrize(
    ("feature", "rows", "k", "said"),
    [
        (np.zeros(5), np.zeros((3, 6)), 1, "do not go with"),
        (np.zeros((1, 6)), np.zeros((3, 6)), 1, "do not go with"),
        (np.zeros(6), np.zeros((3, 6)), 0, "At least 1 neighbour"),
        (np.full(6, np.nan), np.zeros((3, 6)), 1, "not a number"),
    ],
)
def test_what_does_not_fit_is_said(feature, rows, k, said):
    with pytest.raises(ValueError, match=said):
        nearest(feature, rows, k)


@pytest.mark.parametrize("count", [2, 3, 6, 7, 40, 700])
def test_own_distances_leave_the_picture_itself_out(count):
    rows = features(count)
    found = own_distances(rows)
    k = min(NEIGHBOURS, count - 1)
    for place in {0, 1, count // 2, count - 1}:
        others = sorted(1 - cosine(rows[place], rows[other]) for other in range(count) if other != place)
        assert found[place] == pytest.approx(np.mean(others[:k]), abs=1e-6)
    assert len(found) == count


def test_one_picture_has_no_distance():
    assert own_distances(features(1)).tolist() == own_distances(features(0)).tolist() == []
    assert unusual(features(1)[0], features(1), own_distances(features(1))) is None


def test_of_many_pictures_some_are_compared_with_all_the_others(monkeypatch):
    rows = features(100)
    every = own_distances(rows)
    monkeypatch.setattr(neighbours, "MOST_COMPARED", 12)
    some = own_distances(rows)
    np.testing.assert_allclose(some, every[::9], atol=1e-6)


def test_the_percentile_is_that_of_scipy():
    rows = features(300)
    distances = own_distances(rows)
    for seed in range(10, 20):
        asked = features(1, seed=seed)[0]
        found = unusual(asked, rows, distances)
        assert found is not None
        expected = np.mean(sorted(1 - cosine(asked, one) for one in rows)[:NEIGHBOURS])
        assert found.distance == pytest.approx(expected, abs=1e-9)
        assert found.percentile == pytest.approx(percentileofscore(distances, expected, kind="mean"))
        assert found.n == 300


def test_a_picture_unlike_all_others_is_at_100_and_one_in_their_midst_is_low():
    rows = np.abs(features(200, 8)) + np.eye(8, dtype=np.float32)[0] * 5
    distances = own_distances(rows)
    far = unusual(-rows[0], rows, distances)
    middle = unusual(rows.mean(axis=0), rows, distances)
    assert far is not None
    assert middle is not None
    assert far.percentile == 100
    assert middle.percentile < 40


def test_equally_far_ones_count_half():
    rows = np.ones((10, 3), np.float32)
    found = unusual(rows[0], rows, own_distances(rows))
    assert found is not None
    assert found.percentile == 50
    assert found.distance == pytest.approx(0, abs=1e-9)


def test_few_pictures_are_compared_by_as_many_neighbours_as_they_have():
    rows = features(3)
    distances = own_distances(rows)  # each over two others
    found = unusual(features(1, seed=5)[0], rows, distances)
    assert found is not None
    two = sorted(1 - cosine(features(1, seed=5)[0], one) for one in rows)[:2]
    assert found.distance == pytest.approx(np.mean(two), abs=1e-9)
