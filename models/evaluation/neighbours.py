"""Which pictures lie nearest by a network's features, and how unusual a picture is among those of a dataset.

Features are what a network's answer is computed from. Two pictures that look alike to it have features that point in
nearly the same direction; how long they are matters less, so directions are compared: the cosine of the angle.

A network that tells cats from dogs must say cat or dog of anything. Its features know more: those of a car lie far from
those of every cat and dog that it was shown, and that distance can be compared with the usual ones.
"""

from typing import NamedTuple

import numpy as np

NEIGHBOURS = 5
"""Number of nearest pictures over which a picture's distance is averaged."""

MOST_COMPARED = 2000
"""Most pictures of a dataset whose own distances are computed. Of a larger dataset, every second, third … picture is
compared with all the others."""

_PORTION = 512  # pictures that are compared at once with all others: 25,000 others take 100 MB in 64 bits

_DIGITS = 12  # further digits depend on the order of additions, and equal pictures shall have equal similarities


class Unusual(NamedTuple):
    """How unusual a picture is, compared with the pictures of a dataset.

    Attributes:
        distance: the mean of 1 − cosine over the nearest pictures, from 0 (the same direction) to 2 (the opposite one).
        percentile: the share, 0 to 100, of the dataset's pictures with a smaller distance; those with exactly the same
            distance count half. 50 is usual; at 100, no other picture is as far from its neighbours.
        n: number of the dataset's pictures that it was compared with.
    """

    distance: float
    percentile: float
    n: int


def nearest(feature: np.ndarray, features: np.ndarray, k: int = NEIGHBOURS) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures with the most similar features (by cosine similarity), the most similar first.

    Args:
        feature: (f,), one picture's features.
        features: (n, f), those of the others.
        k: number of pictures; if there are fewer, all are returned.

    Returns:
        int64 (k,) indices and float64 (k,) cosine similarities from −1 to 1. Equally similar ones keep their order. A
        picture whose features are all 0 has the similarity 0.

    Raises:
        ValueError: shapes that do not fit, a k below 1, or a feature that is not finite.
    """
    if k < 1:
        raise ValueError(f"At least 1 neighbour can be looked for, not {k}.")
    if feature.ndim != 1 or features.ndim != 2 or features.shape[1] != len(feature):
        raise ValueError(f"Features of shape {features.shape} do not go with one picture's of shape {feature.shape}.")
    if not np.isfinite(feature).all():
        raise ValueError("A feature is not a number: the network's weights are damaged.")
    direction = _directions(feature[np.newaxis])[0]
    similarities = np.concatenate(
        [np.zeros(0), *(_directions(features[begin : begin + _PORTION]) @ direction for begin in _begins(features))]
    )
    similarities = np.clip(similarities.round(_DIGITS), -1, 1)
    order = np.argsort(-similarities, kind="stable")[:k]
    return order.astype(np.int64), similarities[order]


def own_distances(features: np.ndarray) -> np.ndarray:
    """Return the distances of a dataset's pictures from their nearest neighbours among the others (leave one out).

    Args:
        features: (n, f).

    Returns:
        float64, one for each picture, or, if there are more, for `MOST_COMPARED` of them at equal steps: the mean of
        1 − cosine over the `NEIGHBOURS` nearest others, or over all others if there are fewer. Empty for fewer than two
        pictures.
    """
    count = len(features)
    if count < 2:
        return np.zeros(0)
    directions = _directions(features).astype(np.float32)  # twice as fast, and 7 digits are enough for a rank
    asked = np.linspace(0, count - 1, min(count, MOST_COMPARED)).round().astype(np.int64)
    k = min(NEIGHBOURS, count - 1)
    found = []
    for begin in range(0, len(asked), _PORTION):
        places = asked[begin : begin + _PORTION]
        similarities = directions[places] @ directions.T
        similarities[np.arange(len(places)), places] = -np.inf  # each picture with itself
        best = np.partition(similarities, count - k, axis=1)[:, count - k :]
        found.append(1 - best.astype(np.float64).mean(axis=1))
    result: np.ndarray = np.clip(np.concatenate(found), 0, 2)
    return result


def unusual(feature: np.ndarray, features: np.ndarray, distances: np.ndarray) -> Unusual | None:
    """Return how unusual a picture is among a dataset's pictures.

    The picture should not be one of them: it would be its own nearest neighbour.

    Args:
        feature: (f,), the picture's features.
        features: (n, f), those of the dataset's pictures.
        distances: what `own_distances` returns for them.

    Returns:
        The distance and its rank, or None for a dataset of fewer than two pictures, which has no distances.

    Raises:
        ValueError: as `nearest`.
    """
    if len(features) < 2 or not len(distances):
        return None
    # As many neighbours as for the dataset's own distances: a mean over more neighbours is larger.
    _, similarities = nearest(feature, features, min(NEIGHBOURS, len(features) - 1))
    distance = float(np.clip(1 - similarities.mean(), 0, 2))
    # The dataset's distances were computed in 32 bits: smaller differences count as equal.
    equal = np.abs(distances - distance) <= 1e-6
    nearer = (distances < distance) & ~equal
    return Unusual(distance, float(100 * (nearer.sum() + equal.sum() / 2) / len(distances)), len(distances))


def _begins(features: np.ndarray) -> range:
    return range(0, len(features), _PORTION)


def _directions(features: np.ndarray) -> np.ndarray:
    """The rows in float64, each scaled to length 1; rows of zeros stay."""
    rows = np.asarray(features, np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return rows / np.where(lengths > 0, lengths, 1)[:, np.newaxis]
