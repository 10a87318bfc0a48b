"""Precision-recall and ROC have the same points in the browser, which draws them, and in Python, which charts them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import auc, f1_score

from models.evaluation.multiclass import EQUAL_F1, curves_of_class, equal_f1_line
from tests.node import in_node

FIGURES = """
    import { ThresholdFigures, equalF1 } from "./lessons/evaluation/threshold_board/figures.js";

    answer(
      told.map(([labels, scores]) => {
        const figures = new ThresholdFigures(Uint8Array.from(labels), Float64Array.from(scores));
        figures.include(new Uint8Array(labels.length).fill(1));
        const { averagePrecision, area } = figures.makeCurves();
        return { pr: figures.precisionRecallCorners(), roc: figures.rocCorners(), averagePrecision, area };
      }),
    );
"""

score = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.floats(0, 1))


@settings(max_examples=40)
@given(photos=st.lists(st.tuples(st.integers(0, 1), score), min_size=1, max_size=40))
def test_browser_and_python_draw_one_curve(photos):
    labels, scores = np.array([label for label, _ in photos]), np.array([score for _, score in photos])
    [drawn] = in_node(FIGURES, [[labels.tolist(), scores.tolist()]])
    python = curves_of_class(labels, np.stack([1 - scores, scores], axis=1), 1)
    if python.average_precision is None:
        assert (drawn["pr"], drawn["averagePrecision"]) == ([], None)
    else:
        across, up = np.array(drawn["pr"]).T
        assert drawn["averagePrecision"] == pytest.approx(python.average_precision)
        # The area under the drawn steps is the average precision beside them.
        assert auc(across, up) == pytest.approx(python.average_precision)
        corners = {(round(x, 9), round(y, 9)) for x, y in drawn["pr"]}
        points = zip(python.recall.tolist(), python.precision.tolist(), strict=True)
        assert {(round(x, 9), round(y, 9)) for x, y in points} <= corners
    if python.auc is None:
        assert (drawn["roc"], drawn["area"]) == ([], None)
    else:
        across, up = np.array(drawn["roc"]).T
        assert drawn["area"] == pytest.approx(python.auc)
        assert auc(across, up) == pytest.approx(python.auc)
        corners = {(round(x, 9), round(y, 9)) for x, y in drawn["roc"]}
        points = zip(python.false_positive_rate.tolist(), python.true_positive_rate.tolist(), strict=True)
        assert {(round(x, 9), round(y, 9)) for x, y in points} <= corners


@pytest.mark.parametrize("f1", EQUAL_F1)
def test_lines_of_equal_f1_are_the_same_on_both_sides_and_have_that_f1(f1):
    told = in_node(FIGURES.split("answer(", maxsplit=1)[0] + "answer(equalF1(told));", f1)
    for recall, precision in (*told, *zip(*equal_f1_line(f1), strict=True)):
        assert 2 * precision * recall / (precision + recall) == pytest.approx(f1)
        assert 0 < precision <= 1 + 1e-9
    assert told[0][1] == pytest.approx(1)
    assert told[-1][0] == 1


def test_f1_is_the_one_of_scikit_learn():
    """Recall 3/4 and precision 3/5 are on the line of F1 = 2/3."""
    labels, called = [1, 1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 1, 1, 0]
    recall, precision = equal_f1_line(float(f1_score(labels, called)))
    assert np.interp(0.75, recall, precision) == pytest.approx(0.6, abs=1e-3)
