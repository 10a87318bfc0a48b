"""class_matrix/shares.js: the shares of a matrix are scikit-learn's; of two classes, rounded so that they add up."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from tests.node import in_node

SHARES = """
import { sharesOf } from "./lessons/evaluation/class_matrix/shares.js";
answer(told.map((matrix) => sharesOf(matrix.flat(), matrix.length)));
"""


@pytest.mark.parametrize("classes", [2, 3, 37])
def test_the_shares_are_those_of_scikit_learn(classes):
    random = np.random.default_rng(classes)
    answers = [(random.integers(0, classes, 400), random.integers(0, classes, 400)) for _ in range(10)]
    matrices = [confusion_matrix(*pair, labels=range(classes)) for pair in answers]
    found = in_node(SHARES, [matrix.tolist() for matrix in matrices])
    for pair, shares in zip(answers, found, strict=True):
        for kind, theirs, axis in (("row", "true", 1), ("column", "pred", 0), ("all", "all", None)):
            rounded = np.array(shares[kind]).reshape(classes, classes)
            exact = confusion_matrix(*pair, labels=range(classes), normalize=theirs) * 1000
            if classes == 2:
                assert np.abs(rounded - exact).max() < 1
                assert np.all(rounded.sum(axis=axis) == 1000)
            else:
                assert np.abs(rounded - exact).max() <= 0.5 + 1e-9


WRITTEN = """
import { sharesOf, writeShare } from "./lessons/evaluation/class_matrix/shares.js";
answer(told.map((counts) => sharesOf(counts, 2).row.map(writeShare)));
"""


def test_the_two_cells_of_a_row_add_up_to_100_as_they_are_written():
    # 363 and 37 of 400 are 90.75 % and 9.25 %: rounded one by one, they would be 90.8 % and 9.3 %.
    found = in_node(WRITTEN, [[363, 37, 0, 0], *([800 - wrong, wrong, wrong, 800 - wrong] for wrong in range(1, 400))])
    assert found[0][2:] == ["–", "–"]
    assert sorted(found[0][:2]) in (["9.2\u00a0%", "90.8\u00a0%"], ["9.3\u00a0%", "90.7\u00a0%"])
    for row in found[1:]:
        tenths = [round(10 * float(text.removesuffix("\u00a0%"))) for text in row]
        assert (tenths[0] + tenths[1], tenths[2] + tenths[3]) == (1000, 1000)


def test_of_more_classes_equal_counts_have_equal_shares_and_only_all_are_100_percent():
    [shares] = in_node(SHARES, [[[24, 1, 1], [9_999, 1, 0], [0, 0, 7]]])
    assert shares["row"] == [923, 38, 38, 999, 0, 0, 0, 0, 1000]


def test_a_class_without_photos_has_no_shares():
    [shares] = in_node(SHARES, [[[2, 0], [0, 0]]])
    assert shares == {"row": [1000, 0, None, None], "column": [1000, None, 0, None], "all": [1000, 0, 0, 0]}
    [nothing] = in_node(SHARES, [[[0, 0], [0, 0]]])
    assert nothing == dict.fromkeys(("row", "column", "all"), [None] * 4)
