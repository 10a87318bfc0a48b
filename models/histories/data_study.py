"""How accuracy grows with the number of training photos: what is trained for it, and what its history says.

`python -m models.histories.more_photos` trains. Nothing here needs TensorFlow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from models import histories
from models.datasets.batches import Augmentation
from models.runs.config import RunConfig

NAME = "more-photos"
"""The history's name."""

SIZES = (100, 400, 1600, 6376)
"""Numbers of training photos, half of them cats: each is four times as large as the one before; the last is all."""

SEEDS = 3
UPDATES = 1500
"""Updates in every run. With fewer photos, each is seen more often, and all runs learn for the same time."""

BATCH_SIZE = 32
WIDTH = 0.35
"""Factor on the numbers of filters of the course's convnet, so that all runs take an hour and not a day."""

SIDE = 64
PROGRESS = 100
"""Number of validation photos, with which a run is watched. The accuracy is measured on the other photos."""


def config(size: int, seed: int, folder: str) -> RunConfig:
    """Return one run of the study.

    Args:
        size: number of training photos in the folder.
        seed: decides the initial weights, the order, the mirrored photos, and which photos are in the folder.
        folder: holds train, validation and test, each with a folder of photos for each class.

    Raises:
        ConfigError: a value that a run cannot have.
    """
    epochs = round(UPDATES / -(-size // BATCH_SIZE))
    return RunConfig(
        dataset=f"folder:{folder}",
        network="convnet",
        network_options={"width": WIDTH},
        side=SIDE,
        optimizer="nesterov",
        learning_rate=0.05,
        weight_decay=0.005,
        schedule="cosine",
        warmup_epochs=epochs / 20,
        batch_size=BATCH_SIZE,
        epochs=epochs,
        augmentation=Augmentation(flip=True),
        keep_best=False,
        checkpoint_seconds=3600,  # these runs are short
        seed=seed,
    )


class MeasuredPoint(TypedDict):
    """One run of the study, as the history holds it.

    "photos" is the number of training photos. "right" of the "test" photos were classified rightly. "train_accuracy" is
    that of the last epoch, 0 to 1.
    """

    photos: int
    seed: int
    test: int
    right: int
    train_accuracy: float
    epochs: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Point:
    """The results of the runs with one number of training photos.

    Attributes:
        photos: number of training photos.
        accuracies: on the test photos, 0 to 1, float64 (seeds,).
        seen: accuracy on the training photos themselves in the last epoch, 0 to 1, float64 (seeds,).
    """

    photos: int
    accuracies: np.ndarray
    seen: np.ndarray

    @property
    def median(self) -> float:
        """Median accuracy on the test photos."""
        return float(np.median(self.accuracies))


def shipped() -> Mapping[str, Any] | None:
    """Return the shipped history, or None."""
    return histories.load(NAME) if NAME in histories.names() else None


def points(history: Mapping[str, Any]) -> list[Point]:
    """Return the points in a history of the study, the one with the fewest photos first.

    Raises:
        ValueError: it holds no points.
    """
    measured: list[MeasuredPoint] = history.get("points", [])
    if not measured:
        raise ValueError("The history holds no points.")
    found = []
    for photos in sorted({point["photos"] for point in measured}):
        own = [point for point in measured if point["photos"] == photos]
        found.append(
            Point(
                photos,
                np.array([point["right"] / point["test"] for point in own], np.float64),
                np.array([point["train_accuracy"] for point in own], np.float64),
            )
        )
    return found
