"""How long runs will still take, judged by what they and others have written. Reads run folders and nothing else.

Cheap enough to be asked every second: lines and settings that were read are kept until their files change.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from models.datasets.drawn_pets import DEFAULTS
from models.runs.config import RunConfig
from models.runs.records import BatchLine, EpochLine, MachineRecord
from models.runs.run_directory import RunDirectory, RunError, all_runs
from models.runs.watching.curves import Curves, curves_of
from models.runs.watching.progress_bar import MOST_SECONDS
from models.storage import GONE, FileMark, file_mark

START_SECONDS = 8.0
"""Time before the first batch: a worker starts a process, loads TensorFlow and builds the network."""

SLOWEST = 1e-6
"""Pictures a second; slower is no speed."""

EPOCHS_LOOKED_AT = 3
"""Number of the last epochs that count: they show that a machine has become busy."""


def seconds_left(run: RunDirectory) -> float | None:
    """Return the seconds that a running run still needs for all its epochs, or None before its first batch.

    A run with early stopping is assumed to go on to the end.
    """
    config, images = _config(run), _images(run)
    curves = curves_of(run)
    rate = _rate(curves)
    if config is None or not images or rate is None:
        return None
    epochs, batch = len(curves.epochs), curves.newest
    seen = min(batch["step"] * config.batch_size, images) if batch and batch["epoch"] == epochs else 0
    return max(0.0, ((config.epochs - epochs) * images - seen) / rate)


def expected_seconds(run: RunDirectory, others: Iterable[RunDirectory]) -> float | None:
    """Return the seconds that a waiting run will probably take on a worker, or None if nothing is known.

    Its speed is that of its own epochs, if it has any; else that of another run with the same network on pictures of
    the same kind and size; else that of another run with the same network, scaled by the number of pixels. If the
    base's features are computed once, before the first epoch, another such run gives the time for that.

    Args:
        run: the run that waits.
        others: runs of this machine to compare with; the first that fits counts.
    """
    config = _config(run)
    if config is None:
        return None
    others = [other for other in others if other.path != run.path]
    images = _images(run) or _images_of_dataset(config, others)
    once = _once(run, config)
    same = [
        (other, theirs) for other in others if (theirs := _config(other)) and _same_work(other, theirs, config, once)
    ]
    rate = _rate(curves_of(run)) or _rate_of_others(config, same, once=once)
    if not images or rate is None:
        return None
    looking = images * _feature_seconds([(run, config), *same], config) if once else 0.0
    return START_SECONDS + looking + max(0, config.epochs - run.state().epoch) * images / rate


def expected_of(config: RunConfig, others: Sequence[RunDirectory]) -> float | None:
    """Return the seconds that a new run will probably take on a worker, or None if nothing is known.

    Args:
        config: of the run, which does not exist yet.
        others: runs of this machine to compare with, as for `expected_seconds`.
    """
    once = config.features_once
    same = [
        (other, theirs) for other in others if (theirs := _config(other)) and _same_work(other, theirs, config, once)
    ]
    images, rate = _images_of_dataset(config, others), _rate_of_others(config, same, once=once)
    if not images or rate is None:
        return None
    looking = images * _feature_seconds(same, config) if once else 0.0
    return START_SECONDS + looking + config.epochs * images / rate


def expected_wait(queue: Sequence[RunDirectory], running: Sequence[RunDirectory]) -> float | None:
    """Return the seconds until a worker is probably free for the run after a queue, or None if nothing is known.

    Args:
        queue: the runs that come before, the next one first.
        running: the runs that are being trained, one on each worker. If there are none, one worker is assumed to be
            free.
    """
    known = [*running, *queue]
    others = [*known, *(all_runs(known[0].path.parent) if known else [])]
    free = []
    for run in running:
        # A run that is just starting takes as long as a waiting one.
        left = seconds_left(run)
        free.append(left if left is not None else expected_seconds(run, others))
    takes = [expected_seconds(run, others) for run in queue]
    if None in free or None in takes:
        return None
    workers = [seconds for seconds in free if seconds is not None] or [0.0]
    for seconds in takes:
        first = workers.index(min(workers))
        workers[first] += seconds or 0.0
    return min(workers)


def _rate(curves: Curves) -> float | None:
    """Pictures a second. An epoch's time includes validation. The first epoch's also includes the start."""
    rates = [rate for line in curves.epochs[1:] if (rate := _known_rate(line))][-EPOCHS_LOOKED_AT:]
    if rates:
        return len(rates) / sum(1 / rate for rate in rates)
    newest = curves.newest or (curves.epochs[0] if curves.epochs else None)
    return _known_rate(newest) if newest else None


def _known_rate(line: BatchLine | EpochLine) -> float | None:
    """The pictures a second of a line, unless nobody could wait for them."""
    rate = line.get("images_per_s", 0.0)
    return rate if rate >= SLOWEST else None


def _rate_of_others(config: RunConfig, same: Sequence[tuple[RunDirectory, RunConfig]], *, once: bool) -> float | None:
    for other, theirs in same:
        if _kind(theirs) == _kind(config) and theirs.resolved_side == config.resolved_side:
            rate = _rate(curves_of(other))
            if rate is not None:
                return rate
    for other, theirs in same:
        rate = _rate(curves_of(other))
        if rate is not None:
            # A head has the same number of features, whatever the size of the pictures.
            return rate if once else rate * (theirs.resolved_side / config.resolved_side) ** 2
    return None


def _feature_seconds(same: Sequence[tuple[RunDirectory, RunConfig]], config: RunConfig) -> float:
    """The base's seconds for one picture, from the first run that knows; 0 if all read their features from a file."""
    for other, theirs in same:
        machine = _machine(other) or MachineRecord()
        seconds, count = machine.get("features_seconds", 0.0), machine.get("features_computed", 0)
        if 0 < seconds < MOST_SECONDS and count > 0:
            return seconds / count * (config.resolved_side / theirs.resolved_side) ** 2
    return 0.0


def _same_work(other: RunDirectory, theirs: RunConfig, config: RunConfig, once: bool) -> bool:
    """Whether another run computes the same in an epoch: a head alone is a thousand times as fast as the network."""
    same = theirs.network == config.network and dict(theirs.network_options) == dict(config.network_options)
    return same and _once(other, theirs) == once


def _once(run: RunDirectory, config: RunConfig) -> bool:
    """The same as `RunDirectory.features_once`, without reading files again."""
    machine = _machine(run) if config.features_once else None
    return config.features_once and (machine is None or machine.get("features_once") is True)


def _kind(config: RunConfig) -> str:
    return config.dataset.partition(":")[0]


def _images(run: RunDirectory) -> int:
    """The number of a run's training pictures; 0 before it has opened them."""
    return run.data().get("train", 0)


def _images_of_dataset(config: RunConfig, others: Sequence[RunDirectory]) -> int:
    """The number of training pictures of a dataset that the run has not opened yet; 0 if no other run has."""
    kind, _, argument = config.dataset.partition(":")
    if kind == "drawn-pets":
        told = re.search(r"\btrain=(\d{1,6})(?!\d)", argument)
        return int(told[1]) if told else DEFAULTS["train"]
    if kind == "photos":  # every visitor has different ones
        return 0
    opened = (_images(other) for other in others if (theirs := _config(other)) and theirs.dataset == config.dataset)
    return next((images for images in opened if images), 0)


def _config(run: RunDirectory) -> RunConfig | None:
    mark = file_mark(run.config_file)
    return _parsed(run.path, mark) if mark != GONE else None  # just deleted


def _machine(run: RunDirectory) -> MachineRecord | None:
    """The content of machine.json; None before the run has begun."""
    mark = file_mark(run.machine_file)
    return _read_machine(run.path, mark) if mark != GONE else None


@lru_cache(maxsize=1024)
def _read_machine(path: Path, _mark: FileMark) -> MachineRecord:
    return RunDirectory(path).machine()


@lru_cache(maxsize=1024)
def _parsed(path: Path, _mark: FileMark) -> RunConfig | None:
    try:
        return RunDirectory(path).config()
    except RunError:
        return None
