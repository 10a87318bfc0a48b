"""The Keras lines of /evaluation run as they stand, and count what the page counts."""

import numpy as np

from components.lessons.evaluation.lesson import KERAS_CODE
from tests.threshold_reference import count, figures_of


def test_keras_counts_what_the_page_counts(library, capsys):
    exec(KERAS_CODE, {})
    told = dict(line.split() for line in capsys.readouterr().out.splitlines())
    scores = np.array([0.1, 0.6, 0.4, 0.9])
    wanted = figures_of(count(np.array([0, 0, 1, 1]), scores, 0.5))
    assert float(told["binary_accuracy"]) == wanted["accuracy"]
    assert float(told["precision"]) == wanted["precision"]
    assert float(told["recall"]) == wanted["recall"]
