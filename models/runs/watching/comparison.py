"""Two runs laid over each other: do they agree, line by line?"""

import math
from dataclasses import dataclass, replace

from models.datasets import PIXELS
from models.runs.records import BatchLine, EpochLine, figure, is_batch, is_epoch
from models.runs.run_directory import RunDirectory, RunError, all_runs
from models.runs.schedule import continued_alike

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
    """Compare every figure of every batch and epoch that both runs have finished."""
    first, second = _lines(run), _lines(other)
    common = first.keys() & second.keys()
    largest, largest_at, place = 0.0, "", (0, 0)
    for key in sorted(common):
        for name in _FIGURES:
            one, two = figure(first[key], name), figure(second[key], name)
            if one is not None and two is not None:
                same = one == two or (math.isnan(one) and math.isnan(two))
                difference = 0.0 if same else abs(one - two)
                if math.isnan(difference):
                    return Agreement(0, 0, difference, name, key[:2])
                if difference > largest:
                    largest, largest_at, place = difference, name, key[:2]
    epochs = sum(1 for key in common if key[2] == "epoch")
    return Agreement(len(common) - epochs, epochs, largest, largest_at, place)


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
    )
    # With and without features that are computed once, the figures differ in their last digits.
    return same.to_json(), run.features_once()


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


def _lines(run: RunDirectory) -> dict[tuple[int, int, str], BatchLine | EpochLine]:
    found: dict[tuple[int, int, str], BatchLine | EpochLine] = {}
    for event in run.metrics()[0]:
        if is_batch(event):
            found[event["epoch"], event["step"], "batch"] = event
        elif is_epoch(event):
            found[event["epoch"], 0, "epoch"] = event
    return found
