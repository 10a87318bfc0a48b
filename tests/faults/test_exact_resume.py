"""Killed with SIGKILL at random moments, damaged, paused, elsewhere: a run ends as if left alone, bit for bit."""

import random
import signal
from pathlib import Path

import pytest

from models.runs import checkpoint
from models.runs.run_directory import RunDirectory
from tests.faults.conftest import (
    Command,
    assert_same_run,
    begin,
    ended,
    history,
    kill_after_lines,
    newest_arrays,
    wait_for_lines,
)

WORDS = (
    *("start", "--dataset", "drawn-pets:train=150,validation=40,test=2", "--side", "32", "--epochs", "4"),
    *("--network", "convnet", "--network-option", "width=0.2", "--network-option", "dropout=0.3"),
    *("--augment", "flip,rotation=15,zoom=0.2,contrast=0.2", "--optimizer", "nesterov", "--learning-rate", "0.05"),
    *("--schedule", "cosine", "--warmup-epochs", "1", "--weight-decay", "0.005", "--label-smoothing", "0.05"),
    *("--batch-size", "16", "--seed", "7", "--checkpoint-seconds", "0.1", "--monitor", "val_accuracy"),
    *("--patience", "50", "--restore-best-weights", "--tensorboard"),
)
"""Dropout, batch normalisation, augmentation, a schedule and every callback; an epoch's last batch is smaller."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """The undisturbed run."""
    runs = tmp_path_factory.mktemp("alone")
    ended(begin(runs, *WORDS, "--run", runs / "run"))
    return RunDirectory(runs / "run")


def killed(command: Command, runs: Path, times: int, seed: int) -> RunDirectory:
    """A run that is killed a number of times, at random moments, and then left to end."""
    run = RunDirectory(runs / "killed")
    chance = random.Random(seed)
    for number in range(times):
        process = command(*WORDS, "--run", run.path) if number == 0 else command("resume", run.path)
        left = 40 - len(run.metrics()[0])
        kill_after_lines(process, run, chance.randint(1, max(1, min(6, left))), pause=chance.random() * 0.05)
        assert run.state().name == "interrupted"
    ended(command("resume", run.path))
    return run


def test_a_run_that_met_every_misfortune_ends_with_the_same_bits(
    alone, command: Command, runs: Path, tmp_path: Path
) -> None:
    """One run has them all, one after another: every further process would take the seconds of loading TensorFlow."""
    run = RunDirectory(runs / "cut")
    # Killed at a random moment.
    kill_after_lines(command(*WORDS, "--run", run.path), run, 5, pause=random.Random(1).random() * 0.05)
    assert run.state().name == "interrupted"

    # Killed again, with a damaged newest checkpoint: the one before it is used.
    kill_after_lines(command("resume", run.path), run, 9)
    newest, before = checkpoint.newest_first(run.checkpoints)
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1  # one bit of it
    newest.write_bytes(data)
    with pytest.raises(ValueError, match="damaged"):
        checkpoint.load(newest)
    assert checkpoint.load(before)

    # Ctrl-C pauses it.
    process = command("resume", run.path)
    wait_for_lines(process, run, 5)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 3, output
    assert "resume" in output
    assert "Traceback" not in output
    assert run.state().name == "paused"
    assert not run.lock.is_held()

    # A copy goes on elsewhere.
    archive = tmp_path / "run.zip"
    ended(command("export", run.path, archive))
    copy = RunDirectory(runs / "copy")
    ended(command("import", archive, "--run", copy.path))
    ended(command("resume", copy.path))
    assert alone.state().name == copy.state().name == "finished"
    assert len(history(alone)) == 4 * (10 + 1)
    assert_same_run(alone, copy)
    assert len(copy.machine()["sessions"]) == 4
    assert newest_arrays(run)  # the original is still where it was paused
    assert run.state().name == "paused"


@pytest.mark.slow
def test_a_run_that_was_killed_twenty_times_ends_with_the_same_bits(alone, command: Command, runs: Path) -> None:
    cut = killed(command, runs, times=20, seed=2)
    assert_same_run(alone, cut)
    assert len(cut.machine()["sessions"]) == 21


@pytest.mark.slow
def test_killed_before_its_first_checkpoint_it_begins_anew_and_two_more_epochs_are_as_if_planned(
    command: Command, runs: Path
) -> None:
    few = [*WORDS[:6], "2", *WORDS[7:]]
    assert few[5:7] == ["--epochs", "2"]
    few[few.index("cosine")] = "constant"
    straight = [*few[:6], "3", *few[7:]]
    ended(command(*straight, "--run", runs / "straight"))

    run = RunDirectory(runs / "longer")
    process = command(*few, "--run", run.path)
    while not run.config_file.exists():  # the first file: TensorFlow is not loaded yet
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert checkpoint.newest_first(run.checkpoints) == []
    assert run.state().name in ("queued", "interrupted")
    ended(command("resume", run.path))
    assert len(run.epochs()) == 2
    ended(command("resume", run.path, "--epochs", "3"))
    assert_same_run(RunDirectory(runs / "straight"), run)
