"""threshold_board/figures.js: what the board computes at a threshold is what scikit-learn computes, ties included."""

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from models.evaluation.thresholds import shuffled_ranks
from tests.node import in_node

CELLS = ("tn", "fp", "fn", "tp")
BINS = 20

COMPUTED = """
import { ThresholdFigures, costOf, figuresOf, keptMask } from "./lessons/evaluation/threshold_board/figures.js";
answer(
  told.map(({ labels, scores, ranks, threshold, missed, alarm, shares, aside }) => {
    const figures = new ThresholdFigures(Uint8Array.from(labels), Float64Array.from(scores));
    const mask = keptMask(labels, ranks, shares, aside);
    figures.include(mask);
    const counts = figures.countsAt(threshold);
    const cheapest = figures.cheapest(missed, alarm);
    return {
      mask: Array.from(mask),
      counts,
      figures: figuresOf(counts),
      curves: figures.makeCurves(),
      histogram: figures.histogram(20).map((bars) => Array.from(bars)),
      photos: ["tn", "fp", "fn", "tp"].map((cell) => Array.from(figures.photosIn(cell, counts))),
      cheapest,
      costThere: costOf(figures.countsAt(cheapest.threshold), missed, alarm),
      next: [1, -1].map((direction) => figures.nextThreshold(threshold, direction)),
    };
  }),
);
"""


def random_case(random: np.random.Generator) -> dict[str, Any]:
    """Scores with and without ties, with one or no empty class, a share kept, and some set aside."""
    count = int(random.choice([1, 2, 3, 10, 50, 200]))
    labels = (random.random(count) < random.choice([0.0, 0.1, 0.5, 1.0])).astype(int)
    coarse = random.integers(0, 9, count) / 8
    fine = random.random(count).astype(np.float32).astype(np.float64)
    scores = [coarse, fine, fine**0.05, np.full(count, 0.25), np.where(random.random(count) < 0.5, coarse, fine)]
    chosen = scores[random.integers(len(scores))]
    return {
        "labels": labels.tolist(),
        "scores": chosen.tolist(),
        "ranks": shuffled_ranks(labels).tolist(),
        "threshold": float(random.choice([0.0, 0.5, 1.0, random.random(), random.choice(chosen)])),
        "missed": float(random.choice([0, 1, 5, 0.3])),
        "alarm": float(random.choice([0, 1, 2.5])),
        "shares": {"positives": int(random.choice([1, 30, 100])), "negatives": int(random.choice([1, 55, 100]))},
        "aside": np.flatnonzero(random.random(count) < random.choice([0, 0.2])).tolist(),
    }


@cache
def computed() -> list[tuple[dict[str, Any], dict[str, Any], np.ndarray, np.ndarray, np.ndarray]]:
    """Return 400 times the question, the browser's answer, the photos that count, their labels and their scores."""
    random = np.random.default_rng(6)
    cases = [random_case(random) for _ in range(400)]
    found = []
    for case, said in zip(cases, in_node(COMPUTED, cases), strict=True):
        photos = np.flatnonzero(said["mask"])
        found.append((case, said, photos, np.array(case["labels"])[photos], np.array(case["scores"])[photos]))
    return found


def is_near(said: float | None, theirs: float) -> bool:
    """Whether two figures agree. For a division by zero, scikit-learn returns NaN, and the browser null."""
    return np.isnan(theirs) if said is None else abs(said - theirs) < 1e-12


def test_counts_and_figures_are_those_of_scikit_learn():
    empty = 0
    for case, said, _, labels, scores in computed():
        called = (scores > case["threshold"]).astype(int)
        if not len(labels):
            assert set(said["figures"].values()) == {None}
            empty += 1
            continue
        matrix = metrics.confusion_matrix(labels, called, labels=[0, 1])
        assert [said["counts"][cell] for cell in CELLS] == matrix.ravel().tolist()
        theirs = {
            "accuracy": metrics.accuracy_score(labels, called),
            "precision": metrics.precision_score(labels, called, zero_division=np.nan),
            "recall": metrics.recall_score(labels, called, zero_division=np.nan),
            "specificity": metrics.recall_score(labels, called, pos_label=0, zero_division=np.nan),
            "f1": metrics.f1_score(labels, called, zero_division=np.nan),
            "majority": max(np.mean(labels == 0), np.mean(labels == 1)),
        }
        # With one class alone, scikit-learn takes that class's recall for the mean of both; the board has no figure.
        both = 0 < labels.sum() < len(labels)
        theirs["balanced_accuracy"] = metrics.balanced_accuracy_score(labels, called) if both else np.nan
        assert said["figures"].keys() == theirs.keys()
        for name, figure in theirs.items():
            assert is_near(said["figures"][name], figure), (case, name)
    assert empty < 40


def test_curves_and_the_areas_below_them_are_those_of_scikit_learn():
    compared = 0
    for _, said, _, labels, scores in computed():
        curves = said["curves"]
        hits, alarms = np.array(curves["truePositives"]), np.array(curves["falsePositives"])
        positives, negatives = int(labels.sum()), int((labels == 0).sum())
        assert (curves["averagePrecision"] is None) == (not positives)
        assert (curves["area"] is None) == (not positives or not negatives)
        if positives:
            precision, recall, cuts = metrics.precision_recall_curve(labels, scores)
            assert curves["thresholds"] == cuts[::-1].tolist()
            np.testing.assert_allclose(hits / (hits + alarms), precision[-2::-1], atol=1e-12)
            np.testing.assert_allclose(hits / positives, recall[-2::-1], atol=1e-12)
            assert is_near(curves["averagePrecision"], metrics.average_precision_score(labels, scores))
        if positives and negatives:
            false_rate, true_rate, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
            np.testing.assert_allclose(alarms / negatives, false_rate[1:], atol=1e-12)
            np.testing.assert_allclose(hits / positives, true_rate[1:], atol=1e-12)
            assert is_near(curves["area"], metrics.roc_auc_score(labels, scores))
            compared += 1
    assert compared > 100


def test_no_threshold_is_cheaper_than_the_cheapest():
    for case, said, _, labels, scores in computed():
        if not len(labels):
            assert said["cheapest"] == {"threshold": 0.5, "cost": 0}
            continue
        assert 0 <= said["cheapest"]["threshold"] <= 1
        costs = []
        # Between two neighbouring scores nothing changes, so 0, 1 and the scores themselves are enough to try.
        for cut in {0.0, 1.0, *scores.tolist()}:
            _, alarms, missed, _ = metrics.confusion_matrix(labels, scores > cut, labels=[0, 1]).ravel()
            costs.append(case["missed"] * missed + case["alarm"] * alarms)
        assert said["cheapest"]["cost"] == said["costThere"] == min(costs), case


def test_the_cheapest_threshold_is_a_short_number_and_half_where_that_is_as_good():
    code = """
    import { ThresholdFigures } from "./lessons/evaluation/threshold_board/figures.js";
    answer(told.map(([labels, ...costs]) => {
      const scores = [0.1, 0.3, 0.712345, 0.9].slice(0, labels.length);
      return new ThresholdFigures(Uint8Array.from(labels), Float64Array.from(scores)).cheapest(...costs);
    }));
    """
    found = in_node(code, [[[0, 0, 1, 1], 1, 1], [[0, 1, 0, 1], 5, 1], [[0, 1, 0, 1], 1, 5], [[], 1, 1]])
    assert [(one["threshold"], one["cost"]) for one in found] == [(0.5, 0), (0.2, 1), (0.81, 1), (0.5, 0)]


def test_the_histogram_counts_every_photo_once():
    for _, said, _, labels, scores in computed():
        # Where exactly a bin begins is the board's own definition: NumPy rounds a score such as 0.15 to either side.
        parts = np.minimum(np.floor(scores * BINS), BINS - 1)
        for label in (0, 1):
            assert said["histogram"][label] == [int(np.sum(parts[labels == label] == part)) for part in range(BINS)]


def test_a_cell_holds_its_photos_surest_first():
    for case, said, photos, labels, scores in computed():
        for cell, found in zip(CELLS, said["photos"], strict=True):
            called = cell[1] == "p"
            inside = np.flatnonzero(((scores > case["threshold"]) == called) & (labels == (cell in ("fn", "tp"))))
            order = np.argsort(-scores[inside] if called else scores[inside], kind="stable")
            assert found == photos[inside[order]].tolist()


def test_a_share_of_a_class_keeps_the_photos_of_the_lowest_ranks_and_at_least_one():
    for case, _, photos, _, _ in computed():
        labels, ranks = np.array(case["labels"]), np.array(case["ranks"])
        wanted: set[int] = set()
        for label, name in enumerate(("negatives", "positives")):
            places = np.flatnonzero(labels == label)
            most = max(1, int(case["shares"][name] * len(places) / 100 + 0.5))
            wanted |= set(places[np.argsort(ranks[places])][:most].tolist())
        assert set(photos.tolist()) == wanted - set(case["aside"])


def test_the_next_threshold_is_the_first_at_which_another_photo_changes_sides():
    for case, said, _, _, scores in computed():
        higher, lower = said["next"]
        above, below = scores[scores > case["threshold"]], np.unique(scores[scores <= case["threshold"]])
        assert higher == (above.min() if len(above) else case["threshold"])
        # On the way down, the photos with the highest lower score cross; the next step is the next lower score.
        expected = case["threshold"] if not len(below) else below[-2] if len(below) > 1 else 0
        assert lower == expected


def test_of_equal_classes_balanced_accuracy_is_the_accuracy_to_the_last_digit():
    cases = [
        {"tn": rejected, "fp": size - rejected, "fn": size - found, "tp": found}
        for size in (7, 250, 400)
        for found, rejected in itertools.product(range(0, size + 1, max(size // 50, 1)), repeat=2)
    ]
    code = 'import { figuresOf } from "./lessons/evaluation/threshold_board/figures.js";\nanswer(told.map(figuresOf));'
    for figures in in_node(code, cases):
        assert figures["balanced_accuracy"] == figures["accuracy"]


@pytest.mark.parametrize(("threshold", "cell"), [(float(np.float32(0.3)), "fn"), (0.3, "tp")])
def test_a_score_equal_to_the_threshold_is_not_above_it(threshold, cell):
    code = """
    import { ThresholdFigures } from "./lessons/evaluation/threshold_board/figures.js";
    answer(new ThresholdFigures(Uint8Array.of(1), Float32Array.of(0.3)).countsAt(told));
    """
    assert in_node(code, threshold) == dict.fromkeys(CELLS, 0) | {cell: 1}  # float32(0.3) is above 0.3
