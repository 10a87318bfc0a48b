"""Words for a network that reads digits: what it judges are no photos, and a pet is none of its classes."""

from collections.abc import Sequence

from models.evaluation.shipped_scores import DIGITS
from models.evaluation.stored_scores import Judged


def reads_digits(classes: Sequence[str]) -> bool:
    """Return whether a network's classes are digits alone."""
    return all(len(name) == 1 and name.isdigit() for name in classes)


def kind_of(judged: Judged) -> str:
    """Return what the pictures of a judgement are called in a sentence."""
    return "digits" if judged.dataset == DIGITS else "photos"
