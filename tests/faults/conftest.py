"""Small runs that are begun from the command line, as people do, so that they can be killed as power cuts do."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import numpy as np
import pytest

from models.runs import checkpoint
from models.runs.config import RunConfig
from models.runs.metrics_log import Report
from models.runs.records import BatchLine, EpochLine
from models.runs.run_directory import RunDirectory

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0
"""Seconds without output after which a run counts as stuck."""

Command = Callable[..., subprocess.Popen]

CLOCKS = ("time", "seconds", "images_per_s")
"""The fields in which equal runs differ: times and speed."""


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runs folder for this test alone."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    return tmp_path / "runs"


CONFIG = RunConfig(
    dataset="drawn-pets:train=64,validation=16,test=2",
    side=32,
    network="mlp",
    network_options={"units": 8},
    epochs=3,
    batch_size=16,
    checkpoint_seconds=0.0,
)


@pytest.fixture
def run_of(runs: Path) -> Callable[..., RunDirectory]:
    """Return a function that makes a small run with some changed values."""

    def make(name: str, **changes: Any) -> RunDirectory:
        config = replace(CONFIG, **changes)
        weights = Path(config.initial_weights) if config.initial_weights else None
        return RunDirectory.create(runs / name, config, initial_weights=weights)

    return make


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory, library: SimpleNamespace) -> RunDirectory:
    """The undisturbed run, trained once for all comparisons with small runs."""
    from models.training.fit import train

    run = RunDirectory.create(tmp_path_factory.mktemp("alone") / "alone", CONFIG)
    assert train(run) == "finished"
    return run


def ask_after(run: RunDirectory, lines: int, wish: Any) -> Report:
    """A report that makes a request after a number of lines."""
    seen: list[BatchLine | EpochLine] = []

    def report(line: BatchLine | EpochLine) -> None:
        seen.append(line)
        if len(seen) == lines:
            run.ask(wish)

    return report


@pytest.fixture
def command(runs: Path) -> Iterator[Command]:
    """Return a function that starts `python -m models.training …`. Processes that still run at the end are killed."""
    started: list[subprocess.Popen] = []

    def start(*words: object) -> subprocess.Popen:
        started.append(begin(runs, *words))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def begin(runs: Path, *words: object) -> subprocess.Popen:
    """Start `python -m models.training …` on a runs folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "models.training", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "RUNS_DIR": str(runs)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process: subprocess.Popen, patience: float = PATIENCE) -> str:
    """Wait for a command to succeed, and return what it printed."""
    output = process.communicate(timeout=patience)[0]
    assert process.returncode == 0, output
    return output


def kill_after_lines(process: subprocess.Popen, run: RunDirectory, lines: int, pause: float = 0.0) -> None:
    """Kill a training with SIGKILL after a number of further lines in its metrics, and a pause."""
    wait_for_lines(process, run, lines)
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it had ended before it was killed"


def wait_for_lines(process: subprocess.Popen, run: RunDirectory, lines: int) -> None:
    """Wait until a process that has just been started has written a number of lines."""
    end = time.monotonic() + PATIENCE
    before = count = None
    while count is None or before is None or count < before + lines:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.002)
        if run.state().name == "running":
            count = len(run.metrics()[0])
            before = count if before is None or count < before else before  # a resumed run first cuts its file back


def history(run: RunDirectory) -> list[dict[str, Any]]:
    """A run's lines without `CLOCKS`."""
    return [{name: value for name, value in event.items() if name not in CLOCKS} for event in run.metrics()[0]]


def newest_arrays(run: RunDirectory) -> list[np.ndarray]:
    """The arrays of the newest checkpoint: weights, optimizer, seed generators and running sums."""
    return checkpoint.load(checkpoint.newest_first(run.checkpoints)[0])[0]


def saved_weights(path: Path) -> dict[str, np.ndarray]:
    """The arrays in a .keras file, read without Keras."""
    with zipfile.ZipFile(path) as archive, h5py.File(BytesIO(archive.read("model.weights.h5"))) as file:
        found: dict[str, np.ndarray] = {}
        file.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
        return found


def assert_same_run(one: RunDirectory, other: RunDirectory) -> None:
    """Assert that two runs are equal to the last bit: lines, checkpoint, best and last model."""
    assert history(one) == history(other)
    for left, right in zip(newest_arrays(one), newest_arrays(other), strict=True):
        np.testing.assert_array_equal(left, right)
    for name in ("best_model", "last_model"):
        left_weights, right_weights = saved_weights(getattr(one, name)), saved_weights(getattr(other, name))
        assert left_weights.keys() == right_weights.keys()
        assert left_weights
        for key, value in left_weights.items():
            np.testing.assert_array_equal(value, right_weights[key])
