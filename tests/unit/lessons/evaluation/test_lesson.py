"""The Keras lines of /evaluation run as they stand, and count what the page counts."""

from sklearn import metrics

from components.lessons.evaluation.lesson import KERAS_CODE


def test_keras_counts_what_the_page_counts(library, capsys):
    exec(KERAS_CODE, {})
    told = dict(line.split() for line in capsys.readouterr().out.splitlines())
    labels, called = [0, 0, 1, 1], [False, True, False, True]  # of the scores 0.1, 0.6, 0.4 and 0.9 at 0.5
    assert float(told["binary_accuracy"]) == metrics.accuracy_score(labels, called)
    assert float(told["precision"]) == metrics.precision_score(labels, called)
    assert float(told["recall"]) == metrics.recall_score(labels, called)
