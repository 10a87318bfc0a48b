"""models/evaluation/multiclass.py: every figure is scikit-learn's, ties, empty classes and single photos included."""

import warnings
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from models.evaluation.multiclass import (
    ClassFigures,
    confusion,
    counted,
    curves_of_class,
    in_order_of_cells,
    most_confused,
    photos_in,
    predicted_classes,
    report,
)


@st.composite
def judgements(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Labels and probabilities for few photos and classes, coarse enough for many ties and empty classes."""
    classes = draw(st.integers(2, 6))
    count = draw(st.integers(1, 40))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = draw(st.sampled_from([2, 5, 1000]))
    scores = random.integers(0, steps, (count, classes)).astype(np.float32) + np.float32(0.1)
    used = draw(st.integers(1, classes))
    return random.integers(0, used, count), scores / scores.sum(axis=1, keepdims=True)


def three(figures: ClassFigures) -> list[float | None]:
    return [figures.precision, figures.recall, figures.f1]


def or_none(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)


@settings(max_examples=150)
@given(judgements())
def test_matrix_and_report_are_scikit_learns_to_the_last_bit(judged):
    labels, probabilities = judged
    classes = probabilities.shape[1]
    predicted = predicted_classes(probabilities)
    matrix = confusion(labels, predicted, classes)
    every = list(range(classes))
    assert np.array_equal(matrix, metrics.confusion_matrix(labels, predicted, labels=every))
    found = report(matrix)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # scikit-learn would warn if it replaced 0 / 0 by something else
        rows = metrics.precision_recall_fscore_support(labels, predicted, labels=every, zero_division=np.nan)
        averages = {
            name: metrics.precision_recall_fscore_support(
                labels, predicted, labels=every, average=name, zero_division=np.nan
            )
            for name in ("macro", "weighted", "micro")
        }
    for label, figures in enumerate(found.classes):
        assert three(figures) == [or_none(row[label]) for row in rows[:3]]
        assert figures.support == rows[3][label]
    for name, expected in averages.items():
        assert three(getattr(found, name)) == [or_none(figure) for figure in expected[:3]]
        assert getattr(found, name).support == len(labels)
    assert found.accuracy == metrics.accuracy_score(labels, predicted)
    assert astuple(found.defined) == tuple(int((~np.isnan(row)).sum()) for row in rows[:3])
    assert [figures.answered for figures in found.classes] == [int((predicted == label).sum()) for label in every]


@settings(max_examples=60)
@given(judgements())
def test_curves_and_their_areas_are_scikit_learns(judged):
    labels, probabilities = judged
    for label in range(probabilities.shape[1]):
        found = curves_of_class(labels, probabilities, label)
        is_class, scores = labels == label, probabilities[:, label]
        if is_class.any():
            assert found.average_precision == metrics.average_precision_score(is_class, scores)
            expected = metrics.precision_recall_curve(is_class, scores, drop_intermediate=True)
            assert np.array_equal(found.precision, expected[0])
            assert np.array_equal(found.recall, expected[1])
        else:
            assert found.average_precision is None
            assert found.precision.size == found.recall.size == 0
        if is_class.any() and not is_class.all():
            assert found.auc == metrics.roc_auc_score(is_class, scores)
            rates = metrics.roc_curve(is_class, scores)
            assert np.array_equal(found.false_positive_rate, rates[0])
            assert np.array_equal(found.true_positive_rate, rates[1])
        else:
            assert found.auc is None
            assert found.false_positive_rate.size == found.true_positive_rate.size == 0


def test_a_class_without_photos_warns_nobody():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = curves_of_class(np.zeros(3, int), np.full((3, 2), 0.5), 1)
    assert (found.average_precision, found.auc) == (None, None)


def test_of_equally_probable_classes_the_first_is_named():
    assert predicted_classes(np.array([[0.2, 0.4, 0.4], [0.5, 0.5, 0.0]])).tolist() == [1, 0]


def test_without_any_photo_nothing_has_a_value():
    found = report(confusion(np.zeros(0, int), np.zeros(0, int), 3))
    for figures in (*found.classes, found.macro, found.micro, found.weighted):
        assert (three(figures), figures.support) == ([None] * 3, 0)
    assert found.accuracy is None
    assert astuple(found.defined) == (0, 0, 0)


@pytest.mark.parametrize(
    ("matrix", "of_classes", "macro"),
    [
        # The validation part holds no photo of the second class, and nothing is called so.
        ([[3, 0], [0, 0]], [[1, 1, 1], [None, None, None]], [1, 1, 1]),
        # … and some photos are called so.
        ([[3, 1], [0, 0]], [[1, 0.75, 6 / 7], [0, None, 0]], [0.5, 0.75, 3 / 7]),
        # The second class has photos, and nothing is ever called so.
        ([[4, 0], [2, 0]], [[4 / 6, 1, 0.8], [None, 0, 0]], [4 / 6, 0.5, 0.4]),
        # Of three classes, one is absent and another one never named.
        ([[2, 0, 0], [1, 0, 1], [0, 0, 0]], [[2 / 3, 1, 0.8], [None, 0, 0], [0, None, 0]], [1 / 3, 0.5, 0.8 / 3]),
    ],
    ids=["absent", "absent but named", "never named", "one of each"],
)
def test_0_of_0_has_no_value_and_no_mean_counts_it_as_0(matrix, of_classes, macro):
    found = report(np.array(matrix))
    assert [three(figures) for figures in found.classes] == [pytest.approx(row) for row in of_classes]
    assert three(found.macro) == pytest.approx(macro)


def test_confused_pairs_come_by_count_and_then_by_share():
    matrix = np.array([[90, 4, 0], [4, 10, 0], [7, 0, 1]])
    pairs = [(pair.true, pair.predicted, pair.count, round(pair.share, 4)) for pair in most_confused(matrix)]
    assert pairs == [(2, 0, 7, 0.875), (1, 0, 4, 0.2857), (0, 1, 4, 0.0426)]
    assert len(most_confused(matrix, most=2)) == 2
    assert most_confused(np.eye(4, dtype=int)) == []


def test_a_cells_photos_are_there_surest_first_without_those_set_aside():
    labels = np.array([0, 0, 0, 1, 0, 0])
    sure = np.array([0.6, 0.9, 0.4, 0.99, 0.6, 0.7])
    probabilities = np.stack([1 - sure, sure], axis=1)
    assert photos_in((0, 1), labels, probabilities).tolist() == [1, 5, 0, 4]
    assert photos_in((0, 1), labels, probabilities, {5, 99}).tolist() == [1, 0, 4]
    assert photos_in((0, 0), labels, probabilities).tolist() == [2]
    assert photos_in((1, 0), labels, probabilities).tolist() == []
    assert counted(6, {5, 99, -1, 0}).tolist() == [1, 2, 3, 4]


def test_every_photo_lies_in_exactly_one_cell():
    random = np.random.default_rng(4)
    labels, probabilities = random.integers(0, 5, 200), random.dirichlet(np.ones(5), 200)
    matrix = confusion(labels, predicted_classes(probabilities), 5)
    found = [photos_in((row, column), labels, probabilities) for row in range(5) for column in range(5)]
    assert [len(places) for places in found] == matrix.ravel().tolist()
    assert sorted(np.concatenate(found).tolist()) == list(range(200))
    assert in_order_of_cells(labels, probabilities).tolist() == np.concatenate(found).tolist()


@settings(max_examples=60)
@given(judgements())
def test_all_cells_photos_at_once_are_those_of_every_cell(judged):
    labels, probabilities = judged
    aside = {0, 3}
    cells = [(row, column) for row in range(probabilities.shape[1]) for column in range(probabilities.shape[1])]
    one_by_one = [photos_in(cell, labels, probabilities, aside) for cell in cells]
    assert in_order_of_cells(labels, probabilities, aside).tolist() == np.concatenate(one_by_one).tolist()


def test_what_does_not_fit_is_refused_in_words():
    with pytest.raises(ValueError, match="do not go with"):
        confusion(np.zeros(3, int), np.zeros(2, int), 2)
    with pytest.raises(ValueError, match="from 0 to 1"):
        confusion(np.array([0, 2]), np.array([0, 1]), 2)
    with pytest.raises(ValueError, match="from 0 to 1"):
        confusion(np.array([0, 1]), np.array([-1, 1]), 2)
