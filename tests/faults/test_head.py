"""A head that is trained on features goes on exactly, too: killed, paused while the base looks, and taken elsewhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.runs import checkpoint
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from tests.faults.conftest import (
    PATIENCE,
    ROOT,
    Command,
    assert_same_run,
    begin,
    ended,
    history,
    kill_after_lines,
    newest_arrays,
    saved_weights,
)

WORDS = (
    *("start", "--dataset", "drawn-pets:train=150,validation=40,test=2", "--side", "32", "--epochs", "14"),
    *("--network", "efficientnet-lite0", "--network-option", "dropout=0.3"),
    *("--optimizer", "adam", "--learning-rate", "0.002", "--schedule", "cosine", "--warmup-epochs", "1"),
    *("--label-smoothing", "0.05", "--batch-size", "16", "--seed", "7", "--checkpoint-seconds", "0"),
    *("--patience", "50", "--restore-best-weights", "--tensorboard"),
)

ASK_WHILE_LOOKING = """
import sys
from pathlib import Path
from models.training.fit import train
from models.runs.run_directory import RunDirectory
run, wish = RunDirectory.open(Path(sys.argv[1])), sys.argv[2]
seen = []
def progress(doing, done, total):
    if "frozen base" in doing:
        seen.append((done, total))
        run.ask(wish)
print(train(run, progress=progress), seen)
"""

TRAIN_ON_TWO = """
import sys
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from pathlib import Path
from models.training.fit import train
from models.runs.run_directory import RunDirectory
print(train(RunDirectory.open(Path(sys.argv[1]))))
"""


def python(program: str, *words: object) -> str:
    """Run a program in a process of its own and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """The undisturbed run."""
    runs = tmp_path_factory.mktemp("alone")
    ended(begin(runs, *WORDS, "--run", runs / "run"))
    return RunDirectory(runs / "run")


def test_a_head_that_was_killed_twice_ends_with_the_same_bits(alone, command: Command, runs: Path) -> None:
    cut = RunDirectory(runs / "killed")
    kill_after_lines(command(*WORDS, "--run", cut.path), cut, 14)
    assert 14 <= len(history(cut)) < 14 * 11
    kill_after_lines(command("resume", cut.path), cut, 9)
    shutil.rmtree(runs / "cache")  # the first two processes shared a file of features; the third computes them again
    ended(command("resume", cut.path))
    sessions = cut.machine()["sessions"]
    assert [one["features_computed"] for one in sessions] == [190, 0, 190]
    assert all(one["features_once"] for one in sessions)
    assert len(history(alone)) == 14 * (10 + 1)
    assert_same_run(alone, cut)


@pytest.mark.slow
def test_paused_while_the_base_looks_a_run_ends_with_the_same_bits(alone, command: Command, runs: Path) -> None:
    run = RunDirectory.create(runs / "paused", alone.config())
    assert python(ASK_WHILE_LOOKING, run.path, "pause") == "paused [(32, 190)]"
    assert (run.state().name, run.state().epoch, run.state().step) == ("paused", 0, 0)
    assert history(run) == []
    ended(command("resume", run.path))
    assert_same_run(alone, run)


def test_stopped_while_the_base_looks_a_run_ends_with_the_network_that_it_has(alone, runs: Path) -> None:
    run = RunDirectory.create(runs / "stopped", alone.config())
    assert python(ASK_WHILE_LOOKING, run.path, "stop") == "finished [(32, 190)]"
    assert run.last_model.is_file()
    assert not run.best_model.exists()
    answers = [array for array in saved_weights(run.last_model).values() if array.shape == (1280, 1)]
    kept = [array for array in newest_arrays(run) if array.shape == (1280, 1)]
    np.testing.assert_array_equal(answers[0], kept[0])


@pytest.mark.slow
def test_more_epochs_and_another_machine_go_on_with_the_head(command: Command, runs: Path, tmp_path: Path) -> None:
    words = [*WORDS[:6], "2", *WORDS[7:]]
    words[words.index("cosine")] = "constant"
    longer = [*words[:6], "3", *words[7:]]
    ended(command(*longer, "--run", runs / "straight"))
    run = RunDirectory(runs / "short")
    ended(command(*words, "--run", run.path))
    ended(command("export", run.path, tmp_path / "run.zip"))
    copy = RunDirectory(runs / "copy")
    ended(command("import", tmp_path / "run.zip", "--run", copy.path))
    ended(command("resume", copy.path, "--epochs", "3"))
    assert_same_run(RunDirectory(runs / "straight"), copy)
    assert copy.machine()["features_once"] is True


@pytest.mark.slow
def test_a_run_that_began_with_the_whole_network_goes_on_with_it(command: Command, runs: Path) -> None:
    """Such as one that an earlier version has begun: its machine.json says nothing about features."""
    few = RunConfig(
        dataset="drawn-pets:train=24,validation=8,test=2",
        network="efficientnet-lite0",
        side=32,
        epochs=2,
        batch_size=8,
        checkpoint_seconds=0,
    )
    run = RunDirectory.create(runs / "old", few)
    run.machine_file.write_text(json.dumps({"sessions": []}))
    kill_after_lines(command("resume", run.path), run, 3)
    arrays, state = checkpoint.load(checkpoint.newest_first(run.checkpoints)[0])
    assert state["variables"] == len(arrays) > 200  # the base, too
    ended(command("resume", run.path))
    assert [one["features_once"] for one in run.machine()["sessions"]] == [False, False]
    straight = RunDirectory.create(runs / "straight", few)
    straight.machine_file.write_text(json.dumps({"sessions": []}))
    ended(command("resume", straight.path))
    assert_same_run(straight, run)


@pytest.mark.slow
def test_another_base_is_refused(command: Command, runs: Path) -> None:
    words = ("start", "--dataset", "drawn-pets:train=16,validation=4,test=2", "--side", "32", "--epochs", "1")
    run = RunDirectory(runs / "run")
    ended(command(*words, "--network", "efficientnet-lite0", "--run", run.path))
    machine = run.machine()
    run.machine_file.write_text(json.dumps({**machine, "features_base": "0" * 32}))
    process = command("resume", run.path, "--epochs", "2")
    assert "The frozen base is not the one that the run run began with" in process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 2
    assert run.state().name == "failed"
    run.machine_file.write_text(json.dumps(machine))
    ended(command("resume", run.path))
    assert len(run.epochs()) == 2


@pytest.mark.slow
def test_two_devices_train_the_head_that_one_trains(runs: Path) -> None:
    few = RunConfig(
        dataset="drawn-pets:train=40,validation=12,test=2",
        network="efficientnet-lite0",
        network_options={"dropout": 0.0},
        side=32,
        epochs=2,
        batch_size=8,
    )
    one, two = (RunDirectory.create(runs / name, few) for name in ("one", "two"))
    assert python(TRAIN_ON_TWO, two.path) == "finished"
    one_only = TRAIN_ON_TWO.replace("] * 2", "] * 1")
    assert python(one_only, one.path) == "finished"
    assert (one.machine()["replicas"], two.machine()["replicas"]) == (1, 2)
    assert one.machine()["features_once"] is two.machine()["features_once"] is True
    for left, right in zip(history(one), history(two), strict=True):
        assert left.keys() == right.keys()
        for name in {"loss", "val_loss"} & left.keys():
            assert left[name] == pytest.approx(right[name], rel=1e-4)
