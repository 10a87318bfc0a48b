"""The figures of any number of classes: confusion matrix, report by class, confused pairs, curves of one class.

NumPy counts; scikit-learn, which the tests hold every figure against, is needed for the curves only, so that a page's
matrix does not wait for its import.
"""

import warnings
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClassFigures:
    """How well one class is recognised, or an average over the classes. None: the figure is 0 / 0 and has no value.

    Attributes:
        precision: share of right answers among the answers that name the class, from 0 to 1; None if no answer does.
        recall: share of the class's photos that are found, from 0 to 1; None if there are none.
        f1: harmonic mean of the two, from 0 to 1; None if the class is neither there nor named.
        support: number of the class's photos.
        answered: how often the network predicts the class.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    support: int
    answered: int


@dataclass(frozen=True)
class DefinedFigures:
    """Number of classes in which a figure has a value. Over these, the averages are made."""

    precision: int
    recall: int
    f1: int


@dataclass(frozen=True)
class Report:
    """The figures of scikit-learn's `classification_report`.

    Attributes:
        classes: the figures of every class, in the order of the labels.
        macro: plain mean over the classes: each counts the same, however few photos it has. A class in which a figure
            has no value is left out of that figure's mean, here and in `weighted`.
        micro: all photos counted together. With one answer for each photo, all three figures are the accuracy.
        weighted: mean over the classes, weighted by their numbers of photos.
        accuracy: share of right answers; None without photos.
        defined: in how many classes each figure has a value.
    """

    classes: tuple[ClassFigures, ...]
    macro: ClassFigures
    micro: ClassFigures
    weighted: ClassFigures
    accuracy: float | None
    defined: DefinedFigures


@dataclass(frozen=True)
class Pair:
    """The photos of one class that were taken for another one.

    Attributes:
        true: the photos' class.
        predicted: the predicted class.
        count: number of photos.
        share: their share of all photos of the class `true`, from 0 to 1.
    """

    true: int
    predicted: int
    count: int
    share: float


EQUAL_F1 = (0.2, 0.4, 0.6, 0.8, 0.9)
"""The F1 values of the lines behind a precision-recall curve."""


@dataclass(frozen=True)
class ClassCurves:
    """Curves of one class against all others, and the area under each.

    Attributes:
        precision, recall: points of the precision-recall curve, (points,); it ends at recall 0.
        average_precision: None if no photo is of the class.
        false_positive_rate, true_positive_rate: points of the ROC curve, (points,); empty if `auc` is None.
        auc: area under the ROC curve; None if all photos are of the class, or none is.
    """

    precision: np.ndarray
    recall: np.ndarray
    average_precision: float | None
    false_positive_rate: np.ndarray
    true_positive_rate: np.ndarray
    auc: float | None


def predicted_classes(probabilities: np.ndarray) -> np.ndarray:
    """Return the most probable class of every photo, (n,); among equal ones, the first, like `numpy.argmax`.

    Args:
        probabilities: (n, classes).
    """
    result: np.ndarray = np.asarray(probabilities).argmax(axis=1)
    return result


def counted(count: int, aside: Collection[int]) -> np.ndarray:
    """Return the indices (m,) of the photos that count: all of `count` photos except those set aside."""
    kept = np.ones(count, bool)
    kept[[place for place in aside if 0 <= place < count]] = False
    return np.flatnonzero(kept)


def confusion(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Return the confusion matrix.

    Args:
        labels: true classes, int (n,), from 0 to `classes` − 1.
        predicted: answers, int (n,), likewise.
        classes: number of classes.

    Returns:
        int64 (classes, classes): rows are true classes, columns answers, as in scikit-learn's `confusion_matrix`.

    Raises:
        ValueError: the lengths differ, or a class is out of range.
    """
    labels, predicted = np.asarray(labels, np.int64), np.asarray(predicted, np.int64)
    if labels.shape != predicted.shape or labels.ndim != 1:
        raise ValueError(f"{labels.shape} labels do not go with {predicted.shape} answers.")
    both = np.concatenate([labels, predicted])
    if len(both) and not (both.min() >= 0 and both.max() < classes):
        raise ValueError(f"Classes are numbers from 0 to {classes - 1}.")
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)


def report(matrix: np.ndarray) -> Report:
    """Return precision, recall and F1 of every class, and their averages.

    0 / 0 is None and is left out of averages, as in scikit-learn's `classification_report` with `zero_division=nan`.

    Args:
        matrix: from `confusion`, (classes, classes).

    Source: Sokolova & Lapalme, "A systematic analysis of performance measures for classification tasks", 2009, table 3.
    """
    right, true, answered = np.diagonal(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    total = int(true.sum())
    precision, recall, f1 = _ratio(right, answered), _ratio(right, true), _ratio(2 * right, true + answered)
    classes = tuple(
        ClassFigures(_or_none(precision[k]), _or_none(recall[k]), _or_none(f1[k]), int(true[k]), int(answered[k]))
        for k in range(len(matrix))
    )
    accuracy = float(right.sum() / total) if total else None

    def averaged(weights: np.ndarray | None) -> ClassFigures:
        return ClassFigures(_mean(precision, weights), _mean(recall, weights), _mean(f1, weights), total, total)

    micro = ClassFigures(accuracy, accuracy, accuracy, total, total)
    defined = DefinedFigures(*(int((~np.isnan(figure)).sum()) for figure in (precision, recall, f1)))
    return Report(classes, averaged(None), micro, averaged(true), accuracy, defined)


def most_confused(matrix: np.ndarray, most: int = 10) -> list[Pair]:
    """Return the most common mistakes, most photos first; among equal numbers, the larger share of its class first."""
    true = matrix.sum(axis=1)
    rows, columns = np.nonzero(matrix * (1 - np.eye(len(matrix), dtype=matrix.dtype)))
    pairs = [
        Pair(int(row), int(column), int(matrix[row, column]), float(matrix[row, column] / true[row]))
        for row, column in zip(rows, columns, strict=True)
    ]
    return sorted(pairs, key=lambda pair: (-pair.count, -pair.share))[:most]


def photos_in(
    cell: tuple[int, int], labels: np.ndarray, probabilities: np.ndarray, aside: Collection[int] = ()
) -> np.ndarray:
    """Return the indices (m,) of a cell's photos, most probable answer first; equal ones keep their order.

    Args:
        cell: true class and answer.
        labels: (n,).
        probabilities: (n, classes).
        aside: indices of photos that do not count.
    """
    true, answer = cell
    inside = (np.asarray(labels) == true) & (predicted_classes(probabilities) == answer)
    places = np.intersect1d(np.flatnonzero(inside), counted(len(inside), aside))
    return places[np.argsort(-probabilities[places, answer], kind="stable")]


def in_order_of_cells(labels: np.ndarray, probabilities: np.ndarray, aside: Collection[int] = ()) -> np.ndarray:
    """Return the indices (m,) of all photos that count, cell by cell and row by row, each cell as in `photos_in`.

    Together with the matrix's counts, this gives the photos of every cell.
    """
    answers = predicted_classes(probabilities)
    places = counted(len(answers), aside)
    answers = answers[places]
    cells = np.asarray(labels)[places] * np.shape(probabilities)[1] + answers
    return places[np.lexsort((-probabilities[places, answers], cells))]


def curves_of_class(labels: np.ndarray, probabilities: np.ndarray, label: int) -> ClassCurves:
    """Return the curves of one class against all others.

    Args:
        labels: true classes, (n,), at least one photo.
        probabilities: (n, classes).
        label: the class whose probability is the score.

    Source: scikit-learn's `precision_recall_curve`, `average_precision_score`, `roc_curve` and `roc_auc_score`.
    """
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

    is_class, scores = np.asarray(labels) == label, np.asarray(probabilities)[:, label]
    some, others = bool(is_class.any()), not is_class.all()
    none = np.zeros(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns of a class without photos; here the result is None
        precision, recall, _ = precision_recall_curve(is_class, scores, drop_intermediate=True)
        area = float(average_precision_score(is_class, scores)) if some else None
    if not (some and others):
        return ClassCurves(precision if some else none, recall if some else none, area, none, none, None)
    false_positive_rate, true_positive_rate, _ = roc_curve(is_class, scores)
    return ClassCurves(
        precision, recall, area, false_positive_rate, true_positive_rate, float(roc_auc_score(is_class, scores))
    )


def equal_f1_line(f1: float) -> tuple[np.ndarray, np.ndarray]:
    """Return recall R and precision P, both (60,), with 2PR / (P + R) = `f1`, from P = 1 to R = 1."""
    recall = np.linspace(f1 / (2 - f1), 1, 60)
    return recall, f1 * recall / (2 * recall - f1)


def _ratio(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    """Quotients, NaN for 0 / 0."""
    result: np.ndarray = np.divide(over, under, out=np.full(len(over), np.nan), where=under > 0)
    return result


def _mean(figures: np.ndarray, weights: np.ndarray | None) -> float | None:
    """The mean of the figures that are no NaN; None if there are none."""
    kept = ~np.isnan(figures)
    if not kept.any():
        return None
    # As in scikit-learn: where no photo is left to weigh by, the classes count the same.
    weighs = weights[kept] if weights is not None and weights[kept].any() else None
    return float(np.average(figures[kept], weights=weighs))


def _or_none(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)
