"""What a threshold does to scores: equal to scikit-learn over random scores with ties; classes may be empty."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from components.lessons.evaluation.threshold_board import payload
from components.lessons.evaluation.threshold_board.scene import ThresholdScene
from models.evaluation.thresholds import check_scores, shuffled_ranks
from tests import threshold_reference as board

# Few different scores make ties; the others are what a network answers.
SCORES = st.one_of(
    st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.floats(0, 1, width=32), st.floats(0, 1, allow_subnormal=False)
)
JUDGED = st.lists(st.tuples(st.integers(0, 1), SCORES), min_size=1, max_size=60)
THRESHOLDS = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1))


def apart(pairs: list[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([label for label, _ in pairs]), np.array([score for _, score in pairs])


def quietly(function, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **options)


@settings(deadline=None)
@given(JUDGED, THRESHOLDS)
def test_counts_and_figures_are_those_of_scikit_learn(pairs, threshold):
    labels, scores = apart(pairs)
    called = (scores > threshold).astype(int)
    counts = board.count(labels, scores, threshold)
    matrix = metrics.confusion_matrix(labels, called, labels=[0, 1])
    assert [[counts.tn, counts.fp], [counts.fn, counts.tp]] == matrix.tolist()
    found = board.figures_of(counts)
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(labels, called), abs=1e-12)
    for name, function, options in (
        ("precision", metrics.precision_score, {}),
        ("recall", metrics.recall_score, {}),
        ("specificity", metrics.recall_score, {"pos_label": 0}),
        ("f1", metrics.f1_score, {}),
    ):
        theirs = function(labels, called, zero_division=np.nan, **options)
        if np.isnan(theirs):
            assert found[name] is None, name
        else:
            assert found[name] == pytest.approx(theirs, abs=1e-12), name
    if 0 < labels.sum() < len(labels):
        theirs = metrics.balanced_accuracy_score(labels, called)
        assert found["balanced_accuracy"] == pytest.approx(theirs, abs=1e-12)
    else:
        assert found["balanced_accuracy"] is None
    assert found["majority"] == max(np.mean(labels == 0), np.mean(labels == 1))


@settings(deadline=None)
@given(JUDGED)
def test_curves_and_their_areas_are_those_of_scikit_learn(pairs):
    labels, scores = apart(pairs)
    found = board.curves(labels, scores)
    positives, negatives = int(labels.sum()), int((labels == 0).sum())
    if positives:
        precision, recall, cuts = metrics.precision_recall_curve(labels, scores)
        np.testing.assert_array_equal(found.thresholds, cuts[::-1])
        ours = found.true_positives / (found.true_positives + found.false_positives)
        np.testing.assert_allclose(ours, precision[-2::-1], atol=1e-12)
        np.testing.assert_allclose(found.true_positives / positives, recall[-2::-1], atol=1e-12)
        theirs = metrics.average_precision_score(labels, scores)
        assert found.average_precision == pytest.approx(theirs, abs=1e-12)
    else:
        assert found.average_precision is None
    if positives and negatives:
        false_rate, true_rate, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
        np.testing.assert_allclose(found.false_positives / negatives, false_rate[1:], atol=1e-12)
        np.testing.assert_allclose(found.true_positives / positives, true_rate[1:], atol=1e-12)
        assert found.area == pytest.approx(metrics.roc_auc_score(labels, scores), abs=1e-12)
    else:
        assert found.area is None


@settings(deadline=None)
@given(JUDGED, st.floats(0, 20), st.floats(0, 20))
def test_no_threshold_is_cheaper_than_the_cheapest(pairs, missed, alarm):
    labels, scores = apart(pairs)
    found = board.cheapest(labels, scores, missed=missed, alarm=alarm)
    assert 0 <= found.threshold <= 1
    reached = board.cost_of(board.count(labels, scores, found.threshold), missed=missed, alarm=alarm)
    assert reached == found.cost
    # Between two neighbouring scores nothing changes: the scores themselves, and 0 and 1, are all that there is to try.
    every = [board.count(labels, scores, cut) for cut in {0.0, 1.0, *scores.tolist()}]
    assert found.cost == min(board.cost_of(counts, missed=missed, alarm=alarm) for counts in every)


def test_the_cheapest_threshold_is_a_short_number_and_half_where_that_is_as_good():
    labels, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.3, 0.712345, 0.9])
    assert board.cheapest(labels, scores, missed=1, alarm=1) == board.Cheapest(0.5, 0)
    swapped = np.array([0, 1, 0, 1])
    assert board.cheapest(swapped, scores, missed=5, alarm=1) == board.Cheapest(0.2, 1)
    assert board.cheapest(swapped, scores, missed=1, alarm=5) == board.Cheapest(0.81, 1)
    assert board.cheapest(np.zeros(0, int), np.zeros(0), missed=1, alarm=1) == board.Cheapest(0.5, 0)


def test_of_equal_classes_balanced_accuracy_is_the_accuracy_to_the_last_digit():
    for size in (7, 250, 400):
        for found, rejected in itertools.product(range(0, size + 1, max(size // 50, 1)), repeat=2):
            figures = board.figures_of(board.Counts(tn=rejected, fp=size - rejected, fn=size - found, tp=found))
            assert figures["balanced_accuracy"] == figures["accuracy"]


@pytest.mark.parametrize(
    ("classes", "palette"),
    [
        (("cat", "dog"), ["cat", "dog"]),
        (("Dogs", "Cats"), ["dog", "cat"]),
        (("cat", "{dog}"), ["negative", "positive"]),
        (("cat", "cats"), ["negative", "positive"]),
    ],
)
def test_cats_and_dogs_have_their_colours_whichever_is_positive(classes, palette):
    sent = payload(classes, mine=None, aside=frozenset(), key="board", supply="photos", subject="one")
    assert sent["palette"] == palette
    assert sent["classes"] == list(classes)


def test_a_score_equal_to_the_threshold_is_not_above_it():
    score = np.float32(0.3)
    counts = board.count(np.array([1, 0]), np.array([score, score]), float(score))
    assert counts == board.Counts(tn=1, fp=0, fn=1, tp=0)
    assert board.count(np.array([1]), np.array([score]), 0.3) == board.Counts(0, 0, 0, 1), "float32(0.3) is above 0.3"


@pytest.mark.parametrize("cell", ["tn", "fp", "fn", "tp"])
def test_a_cell_holds_its_photos_surest_first(cell):
    random = np.random.default_rng(3)
    labels, scores = random.integers(0, 2, 200), random.integers(0, 40, 200) / 40
    photos = board.surest_first(labels, scores, 0.5, cell)
    counts = board.count(labels, scores, 0.5)
    assert len(photos) == getattr(counts, cell) > 0
    assert set(labels[photos]) == {int(cell in ("fn", "tp"))}
    for one, other in itertools.pairwise(photos):
        assert (abs(scores[one] - 0.5), -one) >= (abs(scores[other] - 0.5), -other)


def test_the_histogram_counts_every_photo_once():
    random = np.random.default_rng(4)
    labels, scores = random.integers(0, 2, 500), random.random(500)
    bars = board.histogram(labels, scores)
    for label in (0, 1):
        np.testing.assert_array_equal(bars[label], np.histogram(scores[labels == label], bins=20, range=(0, 1))[0])
    ends = board.histogram(np.array([1, 1, 0]), np.array([0.0, 1.0, 0.05]))
    assert ends[1, 0] == ends[1, -1] == ends[0, 1] == 1


def test_a_share_of_a_class_keeps_the_same_photos_and_at_least_one():
    labels = np.array([0] * 100 + [1] * 40)
    ranks = shuffled_ranks(labels)
    assert sorted(ranks[:100]) == list(range(100))
    assert sorted(ranks[100:]) == list(range(40))
    assert ranks[:100].tolist() != sorted(ranks[:100])
    np.testing.assert_array_equal(ranks, shuffled_ranks(labels.copy()))
    few = board.kept(labels, ranks, positives=10, negatives=100)
    more = board.kept(labels, ranks, positives=30, negatives=100)
    assert (few[:100].sum(), few[100:].sum(), more[100:].sum()) == (100, 4, 12)
    assert (more | ~few).all(), "a larger share holds the smaller one"
    assert board.kept(labels, ranks, positives=1, negatives=1)[100:].sum() == 1


@pytest.mark.parametrize(
    ("labels", "scores", "words"),
    [
        ([0, 1], [0.5], "one length"),
        ([0, 2], [0.5, 0.5], "Labels are 0"),
        ([0, 1], [0.5, 1.5], "from 0 to 1"),
        ([0, 1], [0.5, np.nan], "from 0 to 1"),
    ],
)
def test_what_does_not_go_together_is_refused(labels, scores, words):
    with pytest.raises(ValueError, match=words):
        check_scores(np.array(labels), np.array(scores))
    check_scores(np.zeros(0, int), np.zeros(0))


@given(st.floats(0, 1))
def test_a_threshold_comes_back_from_the_url_with_all_its_digits(threshold):
    params = ThresholdScene(threshold=threshold).to_params()
    assert ThresholdScene.from_params(params).threshold == threshold


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"threshold": "7"}, ThresholdScene(threshold=1.0)),
        ({"threshold": "nan"}, ThresholdScene()),
        ({"cell": "xx", "percent": "half", "cover": "maybe"}, ThresholdScene()),
        ({"missed": "-3", "positives": "0", "photo": "-9"}, ThresholdScene(missed=0.0, positives=1, photo=-1)),
        ({"cell": "fp", "cover": "on", "photo": "12"}, ThresholdScene(cell="fp", cover=True, photo=12)),
    ],
)
def test_no_link_breaks_the_board(params, expected):
    assert ThresholdScene.from_params(params) == expected
