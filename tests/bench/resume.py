"""How soon a training goes on after its worker was killed with SIGKILL, with nobody lifting a finger.

From the kill to the end of the first batch that is trained again: the worker's nanny starts another one, Dask gives it
the run, it starts a child, and the child imports TensorFlow, reads the checkpoint, and compiles. The import is measured
beside it, in a process that does nothing else, and taken off in the second figure.
"""

import os
import statistics
import subprocess
import sys
import time

from models.runs.config import RunConfig
from models.runs.records import is_batch
from models.runs.run_directory import RunDirectory
from tests.bench.events import running_engine, wait
from tests.bench.figures import print_figure

BENCH = "resume"
KILLS = 5
BATCHES_BETWEEN = 20

CONFIG = RunConfig(dataset="drawn-pets:train=3200,validation=64,test=0", side=64, epochs=1000)


def run() -> None:
    """Kill a training several times and print how long it was interrupted."""
    away = []
    with running_engine() as (engine, folder):
        run = RunDirectory.create(folder / "run", CONFIG)
        engine.submit(run)
        _wait_for_batches(run, session=0)
        for number in range(KILLS):
            begun = time.time()
            engine.kill(run)
            away.append(_wait_for_batches(run, session=number + 1) - begun)
        engine.stop(run)
        wait(lambda: run.state().name == "finished")
    imported = statistics.median(_import_seconds() for _ in range(KILLS))
    notes = {"import_s": imported}
    print_figure(BENCH, "killed_to_training_s", "s", away, goal="<= 15", notes=notes)
    without = [seconds - imported for seconds in away]
    print_figure(BENCH, "killed_to_training_without_import_s", "s", without, notes=notes)


def _wait_for_batches(run: RunDirectory, *, session: int) -> float:
    """Wait until the run's process with this number has trained some batches; return the end of the first one."""

    def batches() -> list[float]:
        sessions = run.machine().get("sessions", [])
        if len(sessions) <= session:
            return []
        since = sessions[session]["time"]  # the lines of the killed process are older
        return [event["time"] for event in run.metrics()[0] if is_batch(event) and event["time"] > since]

    wait(lambda: len(batches()) >= BATCHES_BETWEEN)
    return batches()[0]


def _import_seconds() -> float:
    begun = time.perf_counter()
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([sys.executable, "-c", "import tensorflow, keras"], env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun
