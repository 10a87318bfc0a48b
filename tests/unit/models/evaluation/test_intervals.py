"""models/evaluation/intervals.py: what few photos allow, held against SciPy."""

import pytest
from scipy.stats import binomtest  # type: ignore[import-untyped]

from models.evaluation.intervals import mcnemar_exact, wilson_interval


@pytest.mark.parametrize("count", [1, 2, 7, 8, 30, 600, 25_000])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_the_interval_is_scipys(count, confidence):
    for successes in sorted({0, 1, count // 3, count // 2, count - 1, count}):
        expected = binomtest(successes, count).proportion_ci(confidence, method="wilson")
        assert wilson_interval(successes, count, confidence) == pytest.approx(tuple(expected), abs=1e-12)


def test_the_interval_of_a_known_table():
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    for successes, count, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
        assert wilson_interval(successes, count) == pytest.approx((low, high), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_the_interval_never_leaves_0_to_1():
    for count in range(1, 60):
        for successes in range(count + 1):
            low, high = wilson_interval(successes, count)
            assert 0 <= low < successes / count + 1e-12
            assert successes / count - 1e-12 < high <= 1
    assert wilson_interval(0, 5)[0] == 0
    assert wilson_interval(5, 5)[1] == 1


@pytest.mark.parametrize(("successes", "count"), [(0, 0), (-1, 3), (4, 3)])
def test_what_is_no_share_is_refused(successes, count):
    with pytest.raises(ValueError, match="is no share"):
        wilson_interval(successes, count)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_of_95_is_refused(confidence):
    with pytest.raises(ValueError, match="lies between 0 and 1"):
        wilson_interval(1, 2, confidence)


def test_chance_is_scipys_binomial_test():
    for first, second in [(0, 1), (1, 1), (12, 5), (5, 12), (0, 9), (30, 10), (400, 333), (9000, 9111)]:
        expected = binomtest(first, first + second, 0.5).pvalue
        assert mcnemar_exact(first, second) == pytest.approx(expected, rel=1e-9)


def test_chance_at_its_ends():
    assert mcnemar_exact(0, 0) == 1
    assert mcnemar_exact(7, 7) == 1
    assert mcnemar_exact(12, 5) == mcnemar_exact(5, 12) == 18_804 / 2**17
    assert 0 <= mcnemar_exact(25_000, 0) < 1e-300
    with pytest.raises(ValueError, match="from 0"):
        mcnemar_exact(-1, 3)
