"""How much few photos can prove: an interval for a share, and whether two networks differ by more than chance."""

from math import sqrt
from statistics import NormalDist


def wilson_interval(successes: int, count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the confidence interval of a share that was measured in a number of trials.

    Unlike the share ± a standard error, it never leaves 0 to 1, and it is sound even for 8 right out of 8.

    Args:
        successes: number of successful trials, such as photos that were classified rightly.
        count: number of trials, at least 1.
        confidence: how often such intervals contain the true share, between 0 and 1.

    Returns:
        Lower and upper end, from 0 to 1.

    Raises:
        ValueError: a number is out of range; the text says which.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927; without correction for
    continuity, as in Brown, Cai & DasGupta, "Interval estimation for a binomial proportion", 2001, section 3.1.1.
    """
    if not 0 <= successes <= count or count < 1:
        raise ValueError(f"{successes} of {count} is no share.")
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence lies between 0 and 1, not at {confidence}.")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / count
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    # In these cases the end is exact; the formula would have a rounding error.
    return 0.0 if successes == 0 else middle - half, 1.0 if successes == count else middle + half


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Return how often chance alone would split the photos on which two networks differ at least as unevenly.

    Only photos that one network gets right and the other wrong can show a difference between the two. If both networks
    are equally good, each such photo is a toss of a coin.

    Args:
        only_first: number of photos that only the first network gets right.
        only_second: number of photos that only the second one gets right.

    Returns:
        The two-sided p-value, above 0 and at most 1; 1 if the networks differ on no photo.

    Raises:
        ValueError: a number below 0.

    Source: McNemar, "Note on the sampling error of the difference between correlated proportions or percentages", 1947,
    with exact binomial probabilities: Fagerland, Lydersen & Laake, "The McNemar test for binary matched-pairs data",
    2013.
    """
    if min(only_first, only_second) < 0:
        raise ValueError("Photos are counted from 0.")
    count, fewer = only_first + only_second, min(only_first, only_second)
    # With integers of any size, no probability underflows, and only the last division rounds.
    ways = tail = 1
    for place in range(fewer):
        ways = ways * (count - place) // (place + 1)
        tail += ways
    share: float = 2 * tail / 2**count
    return min(1.0, share)
