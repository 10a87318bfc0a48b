"""models/evaluation/multiclass.py: every figure is scikit-learn's, ties, empty classes and single photos included."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from models.evaluation.multiclass import (
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


@settings(max_examples=150, deadline=None)
@given(judgements())
def test_matrix_and_report_are_scikit_learns_to_the_last_bit(judged):
    labels, probabilities = judged
    classes = probabilities.shape[1]
    predicted = predicted_classes(probabilities)
    matrix = confusion(labels, predicted, classes)
    every = list(range(classes))
    assert np.array_equal(matrix, metrics.confusion_matrix(labels, predicted, labels=every))
    found = report(matrix)
    names = [f"class {label}" for label in every]
    expected = metrics.classification_report(
        labels, predicted, labels=every, target_names=names, output_dict=True, zero_division=0
    )
    for name, figures in zip(names, found.classes, strict=True):
        shown = {"precision": figures.precision, "recall": figures.recall, "f1-score": figures.f1}
        assert shown | {"support": figures.support} == expected[name]
    for average in ("macro", "weighted"):
        figures = getattr(found, average)
        assert figures.precision == expected[f"{average} avg"]["precision"]
        assert figures.recall == expected[f"{average} avg"]["recall"]
        assert figures.f1 == expected[f"{average} avg"]["f1-score"]
        assert figures.support == expected[f"{average} avg"]["support"]
    micro = metrics.precision_recall_fscore_support(labels, predicted, labels=every, average="micro", zero_division=0)
    assert (found.micro.precision, found.micro.recall, found.micro.f1) == micro[:3]
    assert found.accuracy == metrics.accuracy_score(labels, predicted)
    assert [figures.answered for figures in found.classes] == [int((predicted == label).sum()) for label in every]


@settings(max_examples=60, deadline=None)
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


def test_no_photo_at_all_gives_zeros():
    found = report(confusion(np.zeros(0, int), np.zeros(0, int), 3))
    assert [(one.precision, one.recall, one.f1, one.support) for one in found.classes] == [(0, 0, 0, 0)] * 3
    assert found.weighted == found.macro == found.micro
    assert found.accuracy == 0


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


@settings(max_examples=60, deadline=None)
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
