"""What the board of the threshold needs of labels and scores; its figures are computed in the browser."""

import numpy as np

SHUFFLE_SEED = 5


def check_scores(labels: np.ndarray, scores: np.ndarray) -> None:
    """Check that labels and scores go together.

    Raises:
        ValueError: they are not both (n,), a label is neither 0 nor 1, or a score is not a number from 0 to 1.
    """
    if labels.ndim != 1 or labels.shape != scores.shape:
        raise ValueError(f"Labels and scores are two rows of one length, not {labels.shape} and {scores.shape}.")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError("Labels are 0 for the negative class and 1 for the positive one.")
    # The comparison is also false for NaN.
    if len(scores) and not (scores.min() >= 0 and scores.max() <= 1):
        raise ValueError("A score is a number from 0 to 1.")


def shuffled_ranks(labels: np.ndarray) -> np.ndarray:
    """Return each photo's index in the shuffled order of its class, int64 (n,); the same for the same labels."""
    generator = np.random.default_rng(SHUFFLE_SEED)
    ranks = np.zeros(len(labels), np.int64)
    for label in (0, 1):
        places = np.flatnonzero(labels == label)
        ranks[places] = generator.permutation(len(places))
    return ranks
