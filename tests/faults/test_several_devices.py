"""Several devices share each batch. Two logical processors stand in for two graphics cards; no card was seen here."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from models.runs.watching.snapshots import read_view
from tests.faults.conftest import PATIENCE, ROOT, history, newest_arrays

TRAIN_ON_TWO = """
import sys
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from pathlib import Path
from models.training.fit import train
from models.runs.run_directory import RunDirectory
run = RunDirectory.open(Path(sys.argv[1]))
pause_after = int(sys.argv[2])
seen = []
def report(event):
    seen.append(event)
    if len(seen) == pause_after:
        run.ask("pause")
print(train(run, report=report))
"""

CONFIG = RunConfig(
    dataset="drawn-pets:train=60,validation=16,test=2",
    side=32,
    network="convnet",
    network_options={"width": 0.2},
    optimizer="nesterov",
    epochs=2,
    batch_size=16,
    seed=3,
)


def train_on_two(run: RunDirectory, pause_after: int = 0) -> str:
    process = subprocess.run(
        [sys.executable, "-c", TRAIN_ON_TWO, str(run.path), str(pause_after)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


@pytest.mark.slow
def test_a_run_on_two_devices_records_them_and_resumes(runs: Path) -> None:
    alone, cut = (RunDirectory.create(runs / name, CONFIG) for name in ("alone", "cut"))
    assert train_on_two(alone) == "finished"
    assert alone.machine()["replicas"] == 2
    view = read_view(alone)
    assert view is not None
    assert view.filters[-1][:2] == (2, 0)
    assert len(view.probabilities) == 0  # several replicas share a batch: none rather than wrong ones
    assert train_on_two(cut, pause_after=7) == "paused"
    assert train_on_two(cut) == "finished"
    for one, other in zip(history(alone), history(cut), strict=True):
        assert one.keys() == other.keys()
        assert one["loss"] == pytest.approx(other["loss"], rel=1e-4)
    for left, right in zip(newest_arrays(alone), newest_arrays(cut), strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=1e-5)


def test_two_devices_compute_the_gradient_that_one_computes(runs: Path, library) -> None:
    from models.training.fit import train

    config = replace(
        CONFIG, network="mlp", network_options={"units": 8, "dropout": 0.0, "hidden_dropout": 0.0}, epochs=1
    )
    one, two = (RunDirectory.create(runs / name, config) for name in ("one", "two"))
    assert train(one) == "finished"
    assert train_on_two(two) == "finished"
    assert (one.machine()["replicas"], two.machine()["replicas"]) == (1, 2)
    for left, right in zip(history(one), history(two), strict=True):
        assert left["loss"] == pytest.approx(right["loss"], rel=1e-4)
        assert left["accuracy"] == pytest.approx(right["accuracy"])
