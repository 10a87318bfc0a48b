"""A run's curves as a page draws them: read as they grow, shared by all who watch, and never more points than fit."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.runs.lines import MOST_EPOCH_LINES
from models.runs.records import BatchLine, EpochLine, Event, figure, is_batch, is_epoch, known_figure
from models.runs.run_directory import RunDirectory, RunError

MAX_POINTS = 300
"""Most points of a curve: a chart on a page has no pixels for more."""

MOST_ROWS = 20_000
"""Most batches of a run that are read and kept: of a longer history, some of them."""

KEPT = 64
"""Number of runs whose lines are kept in memory."""

_TAIL = 256

BATCH_FIGURES = ("loss", "accuracy", "batch_loss")
EPOCH_FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")


@dataclass(frozen=True, eq=False)  # all who watch share one object, so identity is enough to compare
class Curves:
    """The curves of a run so far. Every x is in epochs: 2.5 is the middle of the third one.

    Attributes:
        batches: figure of `BATCH_FIGURES` → float64 (2, n), x and y, with n at most `MAX_POINTS`. "loss" and "accuracy"
            are the means of the epoch so far, "batch_loss" is the batch's own.
        epochs: the lines of all finished epochs.
        newest: the newest line of a batch, or None.
        last_time: when the newest line was written, seconds since 1970; 0 without one.
        count: number of batches that were read, before the curves were thinned.
    """

    batches: dict[str, np.ndarray] = field(default_factory=dict)
    epochs: tuple[EpochLine, ...] = ()
    newest: BatchLine | None = None
    last_time: float = 0.0
    count: int = 0

    def by_epoch(self, name: str) -> np.ndarray:
        """Return the curve of a figure over all finished epochs: float64 (2, n); the first epoch ends at x = 1."""
        found = [(line["epoch"] + 1, value) for line in self.epochs if (value := figure(line, name)) is not None]
        return np.array(found, np.float64).T if found else np.zeros((2, 0))

    @property
    def best_epoch(self) -> int | None:
        """The epoch of best.keras, from 0: the one that the run names, else the one with the lowest validation loss.

        None if no epoch has such a loss: a loss that is no number is never the lowest.
        """
        if not self.epochs:
            return None
        best = self.epochs[-1].get("best_epoch", -1)
        if best >= 0:
            return best
        loss = "val_loss" if "val_loss" in self.epochs[-1] else "loss"
        known = [(value, line["epoch"]) for line in self.epochs if (value := known_figure(line, loss)) is not None]
        return min(known)[1] if known else None


def thinned(x: np.ndarray, y: np.ndarray, points: int = MAX_POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Return at most `points` of a curve's points: both ends, and the extremes of every stretch between them.

    Args:
        x: rising, float (n,).
        y: float (n,).
        points: at least 4.
    """
    count = len(x)
    if count <= points:
        return x, y
    # Each stretch gives its lowest and its highest point. The two ends are added.
    edges = np.linspace(0, count, (points - 2) // 2 + 1).astype(int)
    starts = edges[:-1]
    kept = {0, count - 1}
    for begin, end in zip(starts, edges[1:], strict=True):
        stretch = y[begin:end]
        kept.update((begin + int(stretch.argmin()), begin + int(stretch.argmax())))
    places = np.array(sorted(kept))
    return x[places], y[places]


def curves_of(run: RunDirectory, *, age: float = 0.0) -> Curves:
    """Return a run's curves. Only lines that are new since the last call in this process are read.

    Args:
        run: the run.
        age: curves that were read at most this many seconds ago are recent enough.
    """
    with _lock:
        reader = _readers.pop(run.path, None) or _Reader(run)
        _readers[run.path] = reader
        while len(_readers) > KEPT:
            _readers.popitem(last=False)
    return reader.read(age)


class _Reader:
    """The lines of one run, kept as numbers."""

    def __init__(self, run: RunDirectory) -> None:
        self.run = run
        self.lock = threading.Lock()
        self.identity: tuple[int, int] = (0, 0)
        self.read_at = 0.0
        self._forget()

    def _forget(self) -> None:
        self.place = 0
        self.tail = b""
        self.batches = np.zeros((0, 2 + len(BATCH_FIGURES)))  # epoch, step, figures
        self.count = 0
        self.epochs: list[EpochLine] = []
        self.newest: BatchLine | None = None
        self.last_time = 0.0
        self.steps = 0
        self.curves = Curves()

    def read(self, age: float) -> Curves:
        with self.lock:
            now = time.monotonic()
            if now - self.read_at < age and self.identity == self._identity():
                return self.curves
            self.read_at = now
            identity = self._identity()
            if identity != self.identity:  # the run was deleted, and another one has its name
                self._forget()
                self.identity = identity
            if self.place and self._tail(self.place) != self.tail:
                self._forget()  # a resumed run has cut its file back: some lines that were read are void
            events, place = self.run.metrics(self.place, batches=MOST_ROWS)
            if place < self.place:
                self._forget()
                events, place = self.run.metrics(0, batches=MOST_ROWS)
            if place != self.place:
                self.place, self.tail = place, self._tail(place)
            if events or not self.steps:
                self._take(events)
            return self.curves

    def _identity(self) -> tuple[int, int]:
        try:
            about = self.run.config_file.parent.stat()
        except OSError:
            return 0, 0
        return about.st_ino, about.st_dev

    def _tail(self, place: int) -> bytes:
        """The bytes before an offset. They differ if the lines were written anew, because every line holds its time."""
        try:
            with self.run.metrics_file.open("rb") as file:
                file.seek(max(place - _TAIL, 0))
                return file.read(min(place, _TAIL))
        except OSError:
            return b""

    def _take(self, events: list[Event]) -> None:
        rows = []
        for event in events:
            if is_epoch(event):
                self.epochs.append(event)
                self.last_time = event.get("time", 0.0)  # not the latest: a clock may be put back
            elif is_batch(event):
                figures = [figure(event, name) for name in BATCH_FIGURES]
                rows.append([event["epoch"], event["step"], *(np.nan if one is None else one for one in figures)])
                self.newest = event
                self.last_time = event.get("time", 0.0)  # not the latest: a clock may be put back
        if rows:
            self.count += len(rows)
            self.batches = _fewer(np.concatenate([self.batches, np.array(rows, np.float64)]))
            self.epochs = self.epochs[-MOST_EPOCH_LINES:]
        self.steps = steps_of(self.run)
        self.curves = Curves(self._batch_curves(), tuple(self.epochs), self.newest, self.last_time, self.count)

    def _batch_curves(self) -> dict[str, np.ndarray]:
        table = self.batches
        if not len(table):
            return {name: np.zeros((2, 0)) for name in BATCH_FIGURES}
        # Without data.json, the longest epoch so far gives the steps.
        x = table[:, 0] + table[:, 1] / max(self.steps, table[:, 1].max())
        found = {}
        for column, name in enumerate(BATCH_FIGURES, start=2):
            known = np.isfinite(table[:, column])
            found[name] = np.array(thinned(x[known], table[known, column]))
        return found


def _fewer(table: np.ndarray) -> np.ndarray:
    """The rows of batches, at most about `MOST_ROWS`: the lowest and the highest of every stretch stay."""
    if len(table) <= 2 * MOST_ROWS:
        return table
    places, points = np.arange(len(table)), MOST_ROWS // len(BATCH_FIGURES)
    kept = [thinned(places, np.nan_to_num(table[:, column]), points)[0] for column in range(2, table.shape[1])]
    fewer: np.ndarray = table[np.unique(np.concatenate(kept))]
    return fewer


def steps_of(run: RunDirectory) -> int:
    """Return the number of batches in an epoch, or 0 before the run has opened its data."""
    images = run.data().get("train", 0)
    try:
        return -(-images // run.config().batch_size) if images else 0
    except RunError:  # its curves can be drawn all the same
        return 0


_lock = threading.Lock()
_readers: OrderedDict[Path, _Reader] = OrderedDict()
