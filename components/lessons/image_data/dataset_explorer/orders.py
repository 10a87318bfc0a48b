"""In which order pictures are shown, what stands below them, and which of them are hard."""

from collections.abc import Sequence

import numpy as np

from components.lessons.image_data.dataset_explorer.survey_job import Surveyed
from models.figures import percent

HARD = 24
"""Most pictures that are marked as hard."""

HARD_SHARE = 0.1
"""And at most this share of all."""

ORDER_TITLES = {
    "dataset": "as in the dataset",
    "unsure": "the network's least sure first",
    "dark": "darkest first",
    "bright": "brightest first",
    "large": "most pixels first",
    "small": "fewest pixels first",
    "wide": "widest shape first",
    "tall": "tallest shape first",
}


def hardest(probabilities: np.ndarray) -> np.ndarray:
    """Return the pictures for which a network is least sure, the least sure first.

    With two classes, these are the ones with a probability nearest to 1/2; with more, those whose highest probability
    is lowest.

    Args:
        probabilities: float (n, classes).
    """
    count = min(HARD, max(1, int(len(probabilities) * HARD_SHARE)))
    return np.argsort(probabilities.max(axis=1), kind="stable")[:count]


def ordered(found: Surveyed, places: np.ndarray, order: str, sure: np.ndarray | None) -> np.ndarray:
    """Return pictures in one of `ORDER_TITLES`.

    Args:
        found: the survey.
        places: the pictures' indices, (n,), in the dataset's order, which equal pictures keep.
        order: the order's name.
        sure: highest probability of every picture of the survey, (pictures,); None before a network has answered: then
            "unsure" is the dataset's order.
    """
    width, height = found.sizes[places].T.astype(np.float64)
    if order == "dataset" or (order == "unsure" and sure is None):
        return places
    value = {
        "unsure": lambda: np.asarray(sure)[places],
        "dark": lambda: found.brightness[places],
        "bright": lambda: -found.brightness[places],
        "large": lambda: -width * height,
        "small": lambda: width * height,
        "wide": lambda: -width / height,
        "tall": lambda: width / height,
    }[order]()
    return places[np.argsort(value, kind="stable")]


def captions(found: Surveyed, places: np.ndarray, order: str, answers: Sequence[str] | None) -> list[str]:
    """Return the captions of pictures: the quantity that they are ordered by.

    Args:
        found: the survey.
        places: the pictures, in the order in which they are shown.
        order: the order's name.
        answers: a network's answer for each picture of the survey; None before it has answered.
    """
    if order == "unsure" and answers is not None:
        return [answers[place] for place in places]
    if order in ("dark", "bright"):
        return [percent(found.brightness[place]) for place in places]
    if order in ("large", "small", "wide", "tall"):
        return [f"{width:,} × {height:,}" for width, height in found.sizes[places]]
    if found.from_files:
        return [found.names[place].rpartition("/")[2] for place in places]
    return [f"no. {place + 1:,}" for place in places]


def answers_of(probabilities: np.ndarray, classes: Sequence[str]) -> list[str]:
    """Return the most probable class of every picture with its probability; only 1 is written as 100 %."""
    best = probabilities.argmax(axis=1)
    exact = probabilities.max(axis=1).astype(np.float64)
    shares = np.where(exact < 1, np.minimum(exact, 0.999), 1)
    return [f"{classes[place]}: {percent(share)}" for place, share in zip(best, shares, strict=True)]
