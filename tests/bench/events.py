"""How soon the app has a line of a training: from the batch's end in the worker's child to the app's process.

An event says when its batch ended; both processes read the same clock. Measured is whoever reads the run's folder every
two milliseconds.
"""

import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from models.engine import Engine
from models.runs.config import RunConfig
from models.runs.records import is_batch
from models.runs.run_directory import RunDirectory
from models.storage import runs_dir
from tests.bench.figures import print_figure

BENCH = "events"
EVENTS = 600
BLOCKS = 3
"""Number of blocks; the 95th percentile of each one is a repetition."""
PATIENCE = 180.0

CONFIG = RunConfig(
    dataset="drawn-pets:train=640,validation=32,test=0",
    side=32,
    network_options={"width": 0.5},
    batch_size=16,
    epochs=1000,
)


def run() -> None:
    """Print the delays with which a training's lines are read."""
    with running_engine() as (engine, folder):
        run = RunDirectory.create(folder / "run", CONFIG)
        engine.submit(run)
        milliseconds = [1000 * second for second in _read(run)]
        engine.stop(run)
        wait(lambda: run.state().name == "finished")
    print_figure(
        BENCH,
        "reader_p95_ms",
        "ms",
        [float(np.percentile(block, 95)) for block in np.array_split(milliseconds, BLOCKS)],
        goal="<= 50",
        n=EVENTS,
        notes={"median": statistics.median(milliseconds), "longest": max(milliseconds)},
    )


def _read(run: RunDirectory) -> list[float]:
    """Seconds from the end of each batch until a reader that polls the folder sees its line."""
    delays: list[float] = []
    place, end = 0, time.monotonic() + PATIENCE
    while len(delays) < EVENTS:
        if time.monotonic() > end:
            raise RuntimeError(f"The run {run.path} says nothing: {run.state()}")
        events, place = run.metrics(place)
        now = time.time()
        delays += [now - event["time"] for event in events if is_batch(event)]
        time.sleep(0.002)
    return delays[:EVENTS]


# An engine for a bench ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def running_engine() -> Iterator[tuple[Engine, Path]]:
    """Yield a separate embedded engine and its runs folder. At the end, both are removed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _setting(name):
        folder = runs_dir()
        try:
            with Engine.connect() as engine:
                yield engine, folder
                engine.close(end_if_idle=True)
        finally:
            _end_processes(str(folder))


@contextlib.contextmanager
def _setting(folder: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNS_DIR", folder)
        patch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
        yield


def _end_processes(folder: str) -> None:
    """Wait for the engine's processes, found by their RUNS_DIR, and kill those that do not end by themselves."""

    def left() -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get("RUNS_DIR") == folder and process.pid != os.getpid():
                    found.append(process)
        return found

    _, alive = psutil.wait_procs(left(), timeout=15)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


def wait(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait until a condition holds.

    Raises:
        RuntimeError: it does not hold in time.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("It did not happen in time.")
        time.sleep(0.02)
