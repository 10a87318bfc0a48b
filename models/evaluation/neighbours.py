"""Which pictures lie nearest by a network's features, and how unusual a picture is among those of a dataset.

Features are what a network's answer is computed from. Two pictures that look alike to it have features that point in
nearly the same direction; how long they are matters less, so directions are compared: the cosine of the angle.

A network that tells cats from dogs must say cat or dog of anything. Its features know more: those of a car lie far from
those of every cat and dog that it was shown, and that distance can be compared with the usual ones.
"""

from typing import NamedTuple

import numpy as np

NEIGHBOURS = 5
"""Nearest pictures whose mean distance says how unusual a picture is."""

MOST_COMPARED = 2000
"""Pictures of a dataset whose own distances are the measure. Of more pictures every second, third … one is taken, and
still compared with all the others."""

_PORTION = 512  # pictures that are compared with all others at once: 25,000 of them need 100 MB in 64 bits

_DIGITS = 12  # further ones depend on the order of additions: equal pictures shall have equal similarities


class Unusual(NamedTuple):
    """How a picture's distance compares with the distances within a dataset.

    Attributes:
        distance: from 0 (the same direction) to 2 (the opposite one): the mean of 1 − cosine over the nearest pictures.
        percentile: 0 to 100: the share of the dataset's pictures that lie nearer to their nearest ones than this one
            does to its own; those that lie exactly as far count half. 50 is usual; at 100 none is so far off.
        n: how many of the dataset's pictures it was compared with.
    """

    distance: float
    percentile: float
    n: int


def nearest(feature: np.ndarray, features: np.ndarray, k: int = NEIGHBOURS) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures whose features point most nearly in the same direction, the nearest first.

    Args:
        feature: (f,) of one picture.
        features: (n, f) of the others.
        k: how many; where there are fewer, all.

    Returns:
        int64 (k,) indices and float64 (k,) cosine similarities from −1 to 1. Equally near ones keep their order. A
        picture whose features are all 0 has no direction: its similarity is 0.

    Raises:
        ValueError: shapes that do not fit, a k below 1, or a feature that is no finite number.
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
    """Return how far pictures of a dataset lie from the nearest ones of all its other pictures (leave one out).

    Args:
        features: (n, f).

    Returns:
        float64, one for each picture, or for `MOST_COMPARED` of them at equal steps where there are more: the mean of
        1 − cosine over the `NEIGHBOURS` nearest others, or over all others where those are fewer. Empty for less than
        two pictures.
    """
    count = len(features)
    if count < 2:
        return np.zeros(0)
    directions = _directions(features).astype(np.float32)  # twice as fast; 7 digits are enough for a rank
    asked = np.linspace(0, count - 1, min(count, MOST_COMPARED)).round().astype(np.int64)
    k = min(NEIGHBOURS, count - 1)
    found = []
    for begin in range(0, len(asked), _PORTION):
        places = asked[begin : begin + _PORTION]
        similarities = directions[places] @ directions.T
        similarities[np.arange(len(places)), places] = -np.inf  # itself
        best = np.partition(similarities, count - k, axis=1)[:, count - k :]
        found.append(1 - best.astype(np.float64).mean(axis=1))
    result: np.ndarray = np.clip(np.concatenate(found), 0, 2)
    return result


def unusual(feature: np.ndarray, features: np.ndarray, distances: np.ndarray) -> Unusual | None:
    """Return how unusual a picture is among those of a dataset.

    The picture should not be one of them: it would be its own nearest one.

    Args:
        feature: (f,) of the picture.
        features: (n, f) of the dataset's pictures.
        distances: what `own_distances` returns for them.

    Returns:
        The distance and its rank, or None for a dataset of less than two pictures, which have no distances.

    Raises:
        ValueError: as `nearest`.
    """
    if len(features) < 2 or not len(distances):
        return None
    # As many as its own pictures were compared with: distances to more neighbours are larger.
    _, similarities = nearest(feature, features, min(NEIGHBOURS, len(features) - 1))
    distance = float(np.clip(1 - similarities.mean(), 0, 2))
    # Distances were computed in 32 bits: what differs less is equal.
    equal = np.abs(distances - distance) <= 1e-6
    nearer = (distances < distance) & ~equal
    return Unusual(distance, float(100 * (nearer.sum() + equal.sum() / 2) / len(distances)), len(distances))


def _begins(features: np.ndarray) -> range:
    return range(0, len(features), _PORTION)


def _directions(features: np.ndarray) -> np.ndarray:
    """float64, each row of length 1, or 0 where it was."""
    rows = np.asarray(features, np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return rows / np.where(lengths > 0, lengths, 1)[:, np.newaxis]
