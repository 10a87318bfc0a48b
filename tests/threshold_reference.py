"""What one threshold does to the scores of two classes, in NumPy: counts, figures, curves, costs.

The board of the threshold computes the same in the browser, where no question to the server is quick enough. Tests
compare both with this, and this with scikit-learn.

The positive class is predicted where its score is above the threshold, as in Keras's `BinaryAccuracy` and in
`models.evaluation.figures`.
"""

import math
from dataclasses import dataclass

import numpy as np

HISTOGRAM_BINS = 20
_TENS = (1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17)


@dataclass(frozen=True)
class Counts:
    """The four cells of the confusion matrix.

    Attributes:
        tn: negatives that are called so.
        fp: negatives that are called positive: false alarms.
        fn: positives that are called negative: missed.
        tp: positives that are called so.
    """

    tn: int
    fp: int
    fn: int
    tp: int


@dataclass(frozen=True)
class Curves:
    """Precision over recall and true over false positives, at every threshold that changes something.

    Attributes:
        thresholds: float64 (m,), the distinct scores, the highest first: what scores at least so much is positive.
        true_positives, false_positives: int64 (m,), how many those are.
        average_precision: None where there is no positive.
        area: under the ROC curve; None where one class is empty.
    """

    thresholds: np.ndarray
    true_positives: np.ndarray
    false_positives: np.ndarray
    average_precision: float | None
    area: float | None


@dataclass(frozen=True)
class Cheapest:
    """The threshold at which mistakes cost least, and what they cost there."""

    threshold: float
    cost: float


def count(labels: np.ndarray, scores: np.ndarray, threshold: float) -> Counts:
    """Return the confusion matrix.

    Args:
        labels: int (n,), 1 for the positive class.
        scores: float (n,) from 0 to 1, the positive class's probability.
        threshold: what scores above it is called positive.
    """
    called, positive = scores.astype(np.float64) > threshold, labels == 1
    return Counts(
        tn=int(np.sum(~called & ~positive)),
        fp=int(np.sum(called & ~positive)),
        fn=int(np.sum(~called & positive)),
        tp=int(np.sum(called & positive)),
    )


def figures_of(counts: Counts) -> dict[str, float | None]:
    """Return accuracy, precision, recall, specificity, f1, balanced_accuracy and majority; None where it is 0 / 0.

    "majority" is the accuracy of whoever always names the class that is more frequent. F1 is None where there is no
    positive and none is named; balanced accuracy is the mean of recall and specificity, None where one of them is.
    """
    tn, fp, fn, tp = counts.tn, counts.fp, counts.fn, counts.tp
    total = tn + fp + fn + tp
    positives, negatives = tp + fn, tn + fp
    return {
        "accuracy": _share(tp + tn, total),
        "precision": _share(tp, tp + fp),
        "recall": _share(tp, positives),
        "specificity": _share(tn, negatives),
        "f1": _share(2 * tp, 2 * tp + fp + fn),
        # The mean of recall and specificity as one division: of equal classes it is the accuracy, to the last digit.
        "balanced_accuracy": _share(tp * negatives + tn * positives, 2 * positives * negatives),
        "majority": _share(max(positives, negatives), total),
    }


def curves(labels: np.ndarray, scores: np.ndarray) -> Curves:
    """Return both curves with the areas below them, as scikit-learn defines them.

    Average precision is the sum of (R_n − R_n−1) · P_n, without interpolation; the ROC curve's area is a sum of
    trapezia. Equal scores are one step of a curve.

    Args:
        labels: int (n,), 1 for the positive class.
        scores: float (n,) from 0 to 1.

    Source: scikit-learn's `average_precision_score` and `roc_auc_score`.
    """
    order = np.argsort(-scores.astype(np.float64), kind="stable")
    falling, positive = scores.astype(np.float64)[order], labels[order] == 1
    ends = np.flatnonzero(np.append(np.diff(falling) != 0, True)) if len(falling) else np.zeros(0, np.int64)
    true_positives = np.cumsum(positive, dtype=np.int64)[ends]
    false_positives = ends + 1 - true_positives
    positives = int(np.sum(positive))
    negatives = len(labels) - positives
    average = area = None
    if positives:
        precision = true_positives / (ends + 1)
        average = float(np.sum(np.diff(true_positives, prepend=0) * precision) / positives)
    if positives and negatives:
        heights = true_positives + np.append(0, true_positives[:-1])
        area = float(np.sum(np.diff(false_positives, prepend=0) * heights)) / (2 * positives * negatives)
    return Curves(falling[ends], true_positives, false_positives, average, area)


def cost_of(counts: Counts, *, missed: float, alarm: float) -> float:
    """Return what all mistakes cost together."""
    return missed * counts.fn + alarm * counts.fp


def cheapest(labels: np.ndarray, scores: np.ndarray, *, missed: float, alarm: float) -> Cheapest:
    """Return the threshold from 0 to 1 at which the mistakes cost least.

    Thresholds between two neighbouring scores are all the same: 0.5 is taken where it is one of them, else the shortest
    decimal number near the middle. Of several that cost the same it is the one nearest to 0.5, and the lower of two.

    Args:
        labels: int (n,), 1 for the positive class.
        scores: float (n,) from 0 to 1.
        missed: what a missed positive costs.
        alarm: what a false alarm costs.
    """
    rising = np.sort(scores.astype(np.float64))
    values, firsts = np.unique(rising, return_index=True)
    positives_below = np.append(0, np.cumsum(labels[np.argsort(scores, kind="stable")] == 1))
    positives = int(positives_below[-1])
    found: Cheapest | None = None
    for place, below in enumerate([*firsts.tolist(), len(rising)]):
        low = float(values[place - 1]) if place else 0.0
        high = float(values[place]) if place < len(values) else math.inf
        if high <= low or not len(rising):  # a score of 0 is never above a threshold
            continue
        fn = int(positives_below[below])
        tn, tp = below - fn, positives - fn
        cost = cost_of(Counts(tn, len(rising) - positives - tn, fn, tp), missed=missed, alarm=alarm)
        threshold = _short(low, high)
        nearer = found is not None and abs(threshold - 0.5) < abs(found.threshold - 0.5)
        if found is None or cost < found.cost or (cost == found.cost and nearer):
            found = Cheapest(threshold, cost)
    return found or Cheapest(0.5, 0.0)


def histogram(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return how many scores of either class lie in each of 20 equal parts from 0 to 1: int64 (2, 20).

    A part holds its lower end; the last one holds 1, too.
    """
    parts = np.minimum(np.floor(scores.astype(np.float64) * HISTOGRAM_BINS), HISTOGRAM_BINS - 1).astype(np.int64)
    return np.stack([np.bincount(parts[labels == label], minlength=HISTOGRAM_BINS) for label in (0, 1)])


def kept(labels: np.ndarray, ranks: np.ndarray, *, positives: int, negatives: int) -> np.ndarray:
    """Return which photos remain where only a share of each class is kept: bool (n,).

    Args:
        labels: int (n,), 1 for the positive class.
        ranks: of `shuffled_ranks`; those with the lowest remain.
        positives, negatives: percent of the class, 1 to 100; of a class with photos at least one remains.
    """
    remaining = np.zeros(len(labels), bool)
    for label, share in ((0, negatives), (1, positives)):
        of_class = labels == label
        most = max(1, math.floor(share * int(of_class.sum()) / 100 + 0.5))
        remaining |= of_class & (ranks < most)
    return remaining


def surest_first(labels: np.ndarray, scores: np.ndarray, threshold: float, cell: str) -> np.ndarray:
    """Return the photos of a cell ("tn", "fp", "fn" or "tp"), those first that are farthest from 0.5: int64 (m,).

    "Sure" is the network: a cell of called positives begins with the highest score, the other ones with the lowest.
    """
    called, positive = scores.astype(np.float64) > threshold, labels == 1
    inside = (called == (cell[1] == "p")) & (positive == (cell in ("fn", "tp")))
    places = np.flatnonzero(inside)
    keys = scores[places].astype(np.float64)
    return places[np.argsort(-keys if cell[1] == "p" else keys, kind="stable")]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _short(low: float, high: float) -> float:
    """The shortest decimal number near the middle of [low, high), or of [low, 1] where there is no score above."""
    inside_end = min(high, 1.0)
    if low <= 0.5 < high:
        return 0.5
    middle = (low + inside_end) / 2
    for tens in _TENS:
        number = math.floor(middle * tens + 0.5) / tens
        if low <= number < high and number <= 1:
            return number
    return low
