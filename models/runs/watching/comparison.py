"""Two runs laid over each other: do they agree, line by line?"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from models.datasets import PIXELS
from models.runs.config import RunConfig
from models.runs.records import BatchLine, EpochLine, figure, is_batch, is_epoch
from models.runs.run_directory import RunDirectory, RunError, all_runs
from models.runs.schedule import continued_alike
from models.storage import GONE, FileMark, file_mark

MOST_LINES = 200_000
"""Most lines of a run that are compared, its first ones: a page compares two runs while somebody waits."""

_FIGURES = ("loss", "accuracy", "batch_loss", "val_loss", "val_accuracy")


@dataclass(frozen=True)
class Agreement:
    """How well two runs agree on the lines that both have.

    Attributes:
        batches: number of batches with a line in both.
        epochs: number of epochs with a line in both.
        largest: the largest difference between two figures; 0 only if all digits are equal; NaN if one of two figures
            is NaN and the other is not.
        figure: the figure that differs most, such as "batch_loss"; "" if none does.
        place: (epoch, step) of that difference; step 0 is the epoch's line.
    """

    batches: int
    epochs: int
    largest: float
    figure: str = ""
    place: tuple[int, int] = (0, 0)


def agreement(run: RunDirectory, other: RunDirectory) -> Agreement:
    """Compare every figure of every batch and epoch that both runs have finished, up to `MOST_LINES`."""
    batches, epochs = 0, 0
    largest, largest_at, place = 0.0, "", (0, 0)
    for first, second in _pairs(run, other):
        at = (first["epoch"], first["step"] if is_batch(first) else 0)
        for name in _FIGURES:
            one, two = figure(first, name), figure(second, name)
            if one is not None and two is not None:
                same = one == two or (math.isnan(one) and math.isnan(two))
                difference = 0.0 if same else abs(one - two)
                if math.isnan(difference):
                    return Agreement(0, 0, difference, name, at)
                if difference > largest:
                    largest, largest_at, place = difference, name, at
        batches += is_batch(first)
        epochs += is_epoch(first)
    return Agreement(batches, epochs, largest, largest_at, place)


def twins(run: RunDirectory) -> list[RunDirectory]:
    """Return the other runs with exactly the same task on the same pictures, the one that has got furthest first.

    A run that has not opened its data yet may become one: it counts until it is known that its pictures are others.
    """
    wanted = _task_of(run)
    found = []
    for other in all_runs(run.path.parent):
        try:
            same = other.path != run.path and _task_of(other) == wanted and _same_pictures(run, other)
            if same and continued_alike(run.config(), other.config()):
                found.append(other)
        except RunError:  # a run that cannot be read is no twin
            continue
    return sorted(found, key=lambda other: (other.state().epoch, other.state().step), reverse=True)


def _task_of(run: RunDirectory) -> object:
    """What decides a run's figures, but for the pixels. Its number of epochs and what is stored of it do not."""
    config = run.config()
    length = config.schedule_epochs or (config.epochs if config.schedule != "constant" else None)
    same = replace(
        config,
        epochs=1,
        schedule_epochs=length,
        continuations=(),  # `continued_alike` compares these
        checkpoint_seconds=10.0,
        tensorboard=False,
        keep_best=True,
        initial_weights="",
    )
    # With and without features that are computed once, the figures differ in their last digits.
    return same.to_json(), run.features_once(), _begun_with(run, config)


def _begun_with(run: RunDirectory, config: RunConfig) -> str:
    """What tells the weights that a run began with from others; a run's folder knows no longer where they lay."""
    if not config.initial_weights:
        return ""
    mark = file_mark(run.initial_model)
    return _digest(run.initial_model, mark) if mark != GONE else config.initial_weights


@lru_cache(maxsize=256)
def _digest(path: Path, _mark: FileMark) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # nobody knows whether another run has the same
        return str(path)


def _same_pictures(run: RunDirectory, other: RunDirectory) -> bool:
    """Whether two runs of one task have learned from the same pictures, pixel by pixel."""
    dataset = run.config().dataset.partition(":")[0]
    first, second = (one.data().get("fingerprint") for one in (run, other))
    if dataset == "photos":  # those of two visitors may be different, and nobody else is to hear of them
        return first == second
    if first is None or second is None:
        return True
    # Earlier versions' fingerprints lack the pixels, which only a folder's files can change.
    return first == second and (first.startswith(PIXELS) or dataset not in ("folder", "dogs-vs-cats"))


def _pairs(run: RunDirectory, other: RunDirectory) -> Iterator[tuple[BatchLine | EpochLine, BatchLine | EpochLine]]:
    """Yield the lines of two runs that tell of the same batch or epoch; both files have them in their order."""
    one, two = (islice(_placed(each), MOST_LINES) for each in (run, other))
    first, second = next(one, None), next(two, None)
    while first is not None and second is not None:
        if first[0] == second[0]:
            yield first[1], second[1]
            first, second = next(one, None), next(two, None)
        elif first[0] < second[0]:
            first = next(one, None)
        else:
            second = next(two, None)


def _placed(run: RunDirectory) -> Iterator[tuple[tuple[int, float], BatchLine | EpochLine]]:
    """Yield a run's lines with their places: an epoch's own line stands after its batches."""
    for event in run.events():
        if is_batch(event):
            yield (event["epoch"], event["step"]), event
        elif is_epoch(event):
            yield (event["epoch"], math.inf), event
