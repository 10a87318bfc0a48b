"""What two networks' answers to the same photos say about which is better, in plain sentences."""

from dataclasses import dataclass

import numpy as np

from models.evaluation.class_names import UnknownClassError, matched
from models.evaluation.intervals import mcnemar_exact
from models.evaluation.multiclass import counted, predicted_classes
from models.evaluation.stored_scores import Judged
from models.figures import number_of

UNLIKELY = 0.05
"""A split that is less probable than this by chance alone is hard to put down to chance."""


@dataclass(frozen=True)
class Changes:
    """Two networks' answers to the same photos, side by side.

    Attributes:
        labels: true classes (m,) of the photos that count, indices into the first network's classes.
        places: indices of these photos in the part, (m,).
        first, second: probabilities of the networks, (m, classes), in the first network's order of classes.
        lost: photos that only the first gets right, surest wrong answer first; indices into the (m,) photos.
        won: photos that only the second gets right, likewise by the first's wrong answer.
        threshold: for two classes, the score from which both networks answer the second one.
    """

    labels: np.ndarray
    places: np.ndarray
    first: np.ndarray
    second: np.ndarray
    lost: np.ndarray
    won: np.ndarray
    threshold: float = 0.5

    def answers(self, scores: np.ndarray) -> np.ndarray:
        """Return a network's answers, int (m,), given its probabilities (m, classes)."""
        return _answers(scores, self.threshold)


def _answers(scores: np.ndarray, threshold: float) -> np.ndarray:
    if scores.shape[1] == 2 and threshold != 0.5:
        return (scores[:, 1] > threshold).astype(np.int64)
    return predicted_classes(scores)


def changes(first: Judged, second: Judged, aside: frozenset[int] = frozenset(), threshold: float = 0.5) -> Changes:
    """Lay the answers of two networks to the same photos side by side.

    Args:
        first, second: the judgements.
        aside: indices of photos that do not count.
        threshold: for two classes, the score above which a photo is called the first network's second class. With more
            classes, the most probable one is the answer.

    Raises:
        ValueError: they were not evaluated on the same photos, or do not know the same classes.
    """
    if first.names != second.names:
        raise ValueError("The two networks were not evaluated on the same pictures, so they cannot be compared.")
    try:
        order = matched(first.classes, second.classes)
    except UnknownClassError:
        order = np.zeros(0, np.int64)
    if len(second.classes) != len(first.classes) or len(np.unique(order)) != len(first.classes):
        raise ValueError("The two networks do not have the same classes, so they cannot be compared.")
    if not np.array_equal(order[first.labels], second.labels):
        raise ValueError("The pictures’ labels differ between the two networks, so they cannot be compared.")
    places = counted(len(first.labels), aside)
    labels, one = first.labels[places], first.probabilities[places]
    other = second.probabilities[places][:, order]
    one_right, other_right = (_answers(scores, threshold) == labels for scores in (one, other))

    def surest(chosen: np.ndarray, scores: np.ndarray) -> np.ndarray:
        found = np.flatnonzero(chosen)
        return found[np.argsort(-scores[found].max(axis=1), kind="stable")]

    lost, won = surest(one_right & ~other_right, other), surest(~one_right & other_right, one)
    return Changes(labels, places, one, other, lost, won, threshold)


def verdict(found: Changes, titles: tuple[str, str]) -> list[str]:
    """Return sentences: both accuracies, on how many photos the networks differ, and whether chance explains it.

    Args:
        found: the answers.
        titles: display names of the two networks.
    """
    count = len(found.labels)
    if not count:
        return ["There is no picture to compare them on."]
    one, other = (int((found.answers(scores) == found.labels).sum()) for scores in (found.first, found.second))
    # In tenths of a percent, rounded once, so that the difference is that of the two numbers shown.
    tenths = [round(1000 * right / count) for right in (one, other)]
    gap = abs(tenths[0] - tenths[1]) / 10
    sentences = [
        f"{_beginning(titles[0])} gets {one:,} of {number_of(count, 'picture')} right: {tenths[0] / 10:.1f}\u00a0%. "
        f"{_beginning(titles[1])} gets {other:,} right: {tenths[1] / 10:.1f}\u00a0%. "
        + (f"They differ by {gap:.1f} percentage points." if one != other else "They are equal.")
    ]
    if found.first.shape[1] == 2 and found.threshold != 0.5:
        sentences[0] += f" Both at the threshold of the board above, {found.threshold:.4g}."
    lost, won = len(found.lost), len(found.won)
    if not lost + won:
        return [*sentences, "Both get the very same pictures right: on these pictures, nothing tells them apart."]
    chance = mcnemar_exact(lost, won)
    if lost + won == 1:
        coins = "If both were equally good, this one picture would fall to either side like a coin"
    else:
        coins = f"If both were equally good, these {lost + won:,} pictures would fall to either side like coins"
    sentences.append(
        f"{_pictures(lost)} only {_within(titles[0])} gets right, {_pictures(won).lower()} only {_within(titles[1])}. "
        f"{coins}: so uneven a split, or a more uneven one, comes by chance in {percent(chance)} of cases."
    )
    sentences.append(
        "So chance alone hardly explains it: one is better on pictures like these."
        if chance < UNLIKELY
        else "So this may well be chance: only more pictures can tell which is better."
    )
    return sentences


def percent(share: float) -> str:
    """Return a share as text with no more digits than it deserves: "14 %", "2.3 %", "0.04 %", "fewer than 0.01 %"."""
    value = 100 * share
    if value >= 9.95:
        return f"{value:.0f}\u00a0%"
    if value >= 0.995:
        return f"{value:.1f}\u00a0%"
    return f"{value:.2f}\u00a0%" if value >= 0.01 else "fewer than 0.01\u00a0%"


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count:,} pictures" if count else "No picture"


def _beginning(title: str) -> str:
    return title[:1].upper() + title[1:]


def _within(title: str) -> str:
    """A title within a sentence: "the course's convnet", but "EfficientNet-Lite0"."""
    return title[:1].lower() + title[1:] if title.startswith(("The ", "A ")) else title
