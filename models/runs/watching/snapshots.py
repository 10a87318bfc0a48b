"""view.npz: what a page shows of a run beside its curves.

These are the first layer's weights over time, and the answers for the validation pictures after the newest epoch. NumPy
only: whoever shows it needs no TensorFlow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from models.runs.bounds import MOST_WORDS, arrays_of, is_count
from models.runs.run_directory import RunDirectory
from models.storage import write_whole

MOST_SNAPSHOTS = 60
BUDGET_BYTES = 2**21
"""Largest size of all snapshots together: the file is rewritten often."""


VIEW_BYTES = 2**26
"""Most that is read of a view.npz: answers for 160,000 pictures with a hundred classes each."""

MOST_FILTERS = (64, 64, 4, 1024)
"""Most rows, columns, channels and filters of a first layer that are shown."""

_MOST_SURE = 1.001
"""Largest probability: the last digits of a sum may lie above 1."""

_ARRAYS = ("epoch", "probabilities", "moments", "filters", "layer", "frozen")


class Snapshot(NamedTuple):
    """The first layer's weights at one moment.

    Attributes:
        epoch: number of finished epochs.
        step: number of finished batches of the next epoch.
        weights: float32 (rows, columns, channels, filters).
    """

    epoch: int
    step: int
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class View:
    """What a page shows of a run beside its curves.

    Attributes:
        epoch: number of finished epochs when `probabilities` were computed; 0 before the first.
        probabilities: float32 (n, classes), or (n, 1) for two classes: that of the second one. One row for each
            validation picture, in their order; `val_loss` was computed from them. n is 0 if they are not kept.
        filters: snapshots of the first layer, the earliest first; at most 60, thinned in between.
        layer: the layer's name.
        frozen: the layer does not learn, so there is only one snapshot.
    """

    epoch: int = 0
    probabilities: np.ndarray = field(default_factory=lambda: np.zeros((0, 1), np.float32))
    filters: tuple[Snapshot, ...] = ()
    layer: str = ""
    frozen: bool = False


def read_view(run: RunDirectory) -> View | None:
    """Return the content of a run's view.npz; None if it does not exist, is too large, or cannot be read."""
    try:
        file = arrays_of(run.view_file, _ARRAYS, VIEW_BYTES)
        if len(file["moments"]) > MOST_SNAPSHOTS:
            return None
        view = View(
            epoch=int(file["epoch"]),
            probabilities=file["probabilities"],
            filters=tuple(
                Snapshot(int(e), int(s), w) for (e, s), w in zip(file["moments"], file["filters"], strict=True)
            ),
            layer=str(file["layer"]),
            frozen=bool(file["frozen"]),
        )
    # The run may come from another machine, so its file may hold anything.
    except (OSError, ValueError, TypeError, OverflowError):
        return None
    return view if _is_view(view) else None


def _is_view(view: View) -> bool:
    shapes = {one.weights.shape for one in view.filters}
    arrays = [view.probabilities, *(one.weights for one in view.filters)]
    moments = [view.epoch, *(number for one in view.filters for number in one[:2])]
    return (
        view.probabilities.ndim == 2
        and len(shapes) <= 1
        and all(_is_drawn(shape) for shape in shapes)
        and all(array.dtype == np.float32 and np.isfinite(array).all() for array in arrays)
        and all(
            0 <= number <= 1.001 for number in (view.probabilities.min(initial=0), view.probabilities.max(initial=0))
        )
        and all(is_count(number) for number in moments)
        and len(view.layer) <= MOST_WORDS
    )


def _is_drawn(shape: tuple[int, ...]) -> bool:
    """Whether filters of a shape fit on a page."""
    return len(shape) == 4 and all(1 <= size <= most for size, most in zip(shape, MOST_FILTERS, strict=True))


def write_view(run: RunDirectory, view: View) -> None:
    """Write view.npz, whole or not at all.

    Raises:
        OSError: the disk is full; the earlier file is as it was.
    """
    shape = view.filters[0].weights.shape if view.filters else (0, 0, 0, 0)
    arrays: dict[str, np.ndarray] = {
        "epoch": np.array(view.epoch),
        "probabilities": view.probabilities.astype(np.float32),
        "moments": np.array([one[:2] for one in view.filters], np.int64).reshape(-1, 2),
        "filters": np.array([one.weights for one in view.filters], np.float32).reshape(len(view.filters), *shape),
        "layer": np.array(view.layer),
        "frozen": np.array(view.frozen),
    }
    write_whole(run.view_file, lambda file: np.savez(file, allow_pickle=False, **arrays))


def until(view: View, epoch: int, step: int) -> View:
    """Return a view without what is later than a checkpoint: it will be computed again."""
    filters = tuple(one for one in view.filters if one[:2] <= (epoch, step))
    if view.epoch <= epoch:
        return replace(view, filters=filters)
    return replace(view, epoch=0, probabilities=view.probabilities[:0], filters=filters)


def thinned(filters: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    """Return as many snapshots as are kept.

    The first and the last always stay. If there are too many, every second one of the others is left out.
    """
    kept = list(filters)
    while len(kept) > 2 and (len(kept) > MOST_SNAPSHOTS or len(kept) * kept[0].weights.nbytes > BUDGET_BYTES):
        kept = [kept[0], *kept[2:-1:2], kept[-1]]
    return tuple(kept)


def as_pictures(kernel: np.ndarray, side: tuple[int, int, int], *, most_units: int = 32, most: int = 32) -> np.ndarray:
    """Return a first layer's weights as pictures of its input.

    Args:
        kernel: a Conv2D layer's (rows, columns, channels, filters), which is returned as it is, or a Dense layer's
            (inputs, units).
        side: (height, width, channels) of the input.
        most_units: number of a Dense layer's units that are kept, from the first.
        most: longest side of a Dense unit's picture; larger ones are averaged over squares of pixels.

    Returns:
        float32 (rows, columns, channels, filters).
    """
    if kernel.ndim == 4:
        return np.array(kernel, np.float32)
    height, width, channels = side
    pictures = np.array(kernel[:, :most_units], np.float32).reshape(height, width, channels, -1)
    factor = -(-max(height, width) // most)
    rows, columns = height // factor, width // factor
    cut = pictures[: rows * factor, : columns * factor]
    result: np.ndarray = cut.reshape(rows, factor, columns, factor, *cut.shape[2:]).mean(axis=(1, 3), dtype=np.float32)
    return result
