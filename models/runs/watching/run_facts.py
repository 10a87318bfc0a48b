"""What a list of runs says about each of them, read from its folder so cheaply that it can be asked every second."""

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from models.runs.bounds import SMALL_BYTES, is_count, json_of
from models.runs.config import RunConfig
from models.runs.records import EpochLine, figure, is_epoch
from models.runs.run_directory import RunDirectory, RunError, State

KEPT = 500
"""Number of runs that are kept in memory."""


@dataclass(frozen=True)
class Facts:
    """What a list of runs says about one of them.

    Attributes:
        state: the run's state.
        config: the run's configuration; None if config.json cannot be used.
        accuracies: accuracy after each finished epoch, from 0 to 1, on the validation pictures, or on the training
            pictures if there are none for validation. NaN if it is not known.
        validated: the accuracies are those of validation pictures.
        parameters: number of the network's parameters, as the training or the import noted it; None before.
        began: when the run began, in seconds since 1970.
        kept_epoch: the epoch, from 1, whose network is best.keras; None if there is none yet.
    """

    state: State
    config: RunConfig | None
    accuracies: tuple[float, ...]
    validated: bool
    parameters: int | None
    began: float
    kept_epoch: int | None = None

    @property
    def best_epoch(self) -> int | None:
        """The first epoch, from 1, with the highest accuracy; None before the first epoch has ended."""
        known = [(accuracy, -number) for number, accuracy in enumerate(self.accuracies, 1) if math.isfinite(accuracy)]
        return -max(known)[1] if known else None

    @property
    def best(self) -> float | None:
        """The highest accuracy."""
        return self.accuracies[self.best_epoch - 1] if self.best_epoch else None

    @property
    def last(self) -> float | None:
        """The accuracy after the last finished epoch."""
        return self.accuracies[-1] if self.accuracies and math.isfinite(self.accuracies[-1]) else None


def facts_of(run: RunDirectory) -> Facts:
    """Return the facts about a run. Files that have not changed since the last call are not read again."""
    with _lock:
        reader = _readers.pop(run.path, None) or _Reader(run)
        _readers[run.path] = reader
        while len(_readers) > KEPT:
            _readers.popitem(last=False)
    return reader.read()


def parameters_of(run: RunDirectory) -> int | None:
    """Return the number of a network's parameters as its training noted it, or else its import; None if neither did.

    The networks themselves are not opened: this is a page's process, and they may be a stranger's.
    """
    machine = run.machine()
    learn, others = machine.get("trainable_parameters"), machine.get("non_trainable_parameters")
    if is_count(learn) and is_count(others):
        return learn + others
    counted = json_of(run.parameters_file, SMALL_BYTES)
    return counted if is_count(counted) else None


@dataclass
class _Reader:
    """One run, and the marks of its files when it was last read."""

    run: RunDirectory
    lock: threading.Lock = field(default_factory=threading.Lock)
    marks: tuple[tuple[int, int, int], ...] = ()
    facts: Facts | None = None
    place: int = 0
    epochs: dict[int, EpochLine] = field(default_factory=dict)

    def read(self) -> Facts:
        run = self.run
        with self.lock:
            marks = tuple(_mark(path) for path in (run.path, run.config_file, run.state_file, run.metrics_file))
            same = self.facts is not None and marks == self.marks
            # A training that is killed writes nothing: only its lock shows it.
            if same and self.facts is not None and self.facts.state.name != "running":
                return self.facts
            if self.marks and marks[0][2] != self.marks[0][2]:  # the run was deleted, and another one has its name
                self._forget()
            if not same:
                self._read_epochs()
            self.facts = self._facts(marks[1][0])
            self.marks = marks
            return self.facts

    def _forget(self) -> None:
        self.place, self.epochs = 0, {}

    def _read_epochs(self) -> None:
        events, place = self.run.metrics(self.place, batches=0)
        if place < self.place:  # a resumed run has cut its file back, and all lines were read again
            self.epochs = {}
        self.place = place
        self.epochs.update((event["epoch"], event) for event in events if is_epoch(event))

    def _facts(self, config_time: int) -> Facts:
        try:
            config = self.run.config()
        except RunError:
            config = None
        lines = [self.epochs[number] for number in sorted(self.epochs)]
        validated = any("val_accuracy" in line for line in lines)
        name = "val_accuracy" if validated else "accuracy"
        count = max(self.epochs, default=-1) + 1
        known = [figure(self.epochs[number], name) if number in self.epochs else None for number in range(count)]
        accuracies = tuple(math.nan if accuracy is None else float(accuracy) for accuracy in known)
        began = config_time / 1e9
        if lines and "time" in lines[0] and "seconds" in lines[0]:
            began = lines[0]["time"] - lines[0]["seconds"]
        kept = lines[-1].get("best_epoch", -1) if lines else -1
        kept_epoch = kept + 1 if kept >= 0 else None
        return Facts(self.run.state(), config, accuracies, validated, parameters_of(self.run), began, kept_epoch)


def _mark(path: Path) -> tuple[int, int, int]:
    """(time of the last change, size, 0) of a file; (0, 0, identity) of a folder; zeros if there is neither."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    if path.is_dir():
        return 0, 0, found.st_ino
    return found.st_mtime_ns, found.st_size, 0


_lock = threading.Lock()
_readers: "OrderedDict[Path, _Reader]" = OrderedDict()
