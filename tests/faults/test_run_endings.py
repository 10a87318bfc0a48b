"""How a run ends otherwise: paused, stopped, early, on a full disk, with a loss that is no number, with other data."""

import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models import datasets
from models.runs import checkpoint
from models.runs.config import EarlyStopping
from models.runs.planning import more_epochs
from models.runs.run_directory import RunDirectory, RunError
from models.runs.watching.snapshots import Snapshot, View, read_view, write_view
from models.training.fit import train
from models.zoo import assembly
from tests.faults.conftest import ask_after, assert_same_run, history


@pytest.mark.parametrize("lines", [2, 5, 6])  # in an epoch, at its last batch's line, at the epoch's line
def test_a_paused_run_goes_on_as_if_nothing_had_happened(alone, run_of, lines: int) -> None:
    cut = run_of("cut")
    assert train(cut, report=ask_after(cut, lines, "pause")) == "paused"
    assert cut.state().name == "paused"
    assert cut.wish() is None
    assert len(cut.metrics()[0]) < len(alone.metrics()[0])
    assert train(cut) == "finished"
    assert_same_run(alone, cut)


def test_the_view_has_the_validations_own_answers_and_the_same_ones_after_a_cut(run_of, library) -> None:
    alone, cut = (run_of(name, dataset="drawn-pets:train=64,validation=150,test=2") for name in ("alone", "cut"))
    train(alone)
    assert train(cut, report=ask_after(cut, 7, "pause")) == "paused"  # in the second epoch
    paused = read_view(cut)
    assert paused is not None
    assert paused.epoch == 1
    late = replace(paused, epoch=2, filters=(*paused.filters, Snapshot(1, 4, paused.filters[0].weights)))
    write_view(cut, late)  # as if the newest checkpoint were damaged, and what is later trained again
    seen = []
    assert train(cut, report=lambda event: seen.append(read_view(cut))) == "finished"
    assert seen[0] is not None
    assert seen[0].epoch == 0
    assert (1, 4) not in [one[:2] for one in seen[0].filters]
    one, other = read_view(alone), read_view(cut)
    assert one is not None
    assert other is not None
    assert one.epoch == other.epoch == 3
    np.testing.assert_array_equal(one.probabilities, other.probabilities)
    np.testing.assert_array_equal(one.filters[-1].weights, other.filters[-1].weights)

    data = datasets.load(alone.config().dataset, side=32)
    labels = data.validation.labels.astype(np.float32)[:, None]
    network = library.keras.models.load_model(alone.last_model)
    answers = network.predict(data.validation.images.astype(np.float32), verbose=0)
    np.testing.assert_allclose(one.probabilities, answers, atol=1e-6)
    loss = library.keras.losses.BinaryCrossentropy()(labels, one.probabilities)
    assert alone.epochs()[-1]["val_loss"] == pytest.approx(float(loss), abs=1e-5)
    kernel = network.get_layer("hidden1").get_weights()[0]
    np.testing.assert_array_equal(one.filters[-1].weights, kernel.reshape(32, 32, 3, -1))


def test_a_disk_that_is_full_while_the_view_is_written_pauses_the_run(alone, run_of, monkeypatch) -> None:
    cut = run_of("cut")
    writes = []

    def full(run: RunDirectory, view: View) -> None:
        writes.append(view)
        if view.epoch == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_view(run, view)

    monkeypatch.setattr("models.training.snapshot_callback.write_view", full)
    assert train(cut) == "paused"
    assert "disk is full" in cut.state().reason
    kept = read_view(cut)
    assert kept is not None
    assert kept.epoch == 1
    monkeypatch.setattr("models.training.snapshot_callback.write_view", write_view)
    assert train(cut) == "finished"
    assert_same_run(alone, cut)


def test_a_stopped_run_is_finished_with_what_it_has_learned_and_can_still_go_on(alone, run_of) -> None:
    cut = run_of("cut")
    assert train(cut, report=ask_after(cut, 7, "stop")) == "finished"
    assert "stopped" in cut.state().reason
    assert cut.last_model.is_file()
    assert train(cut) == "finished"
    assert_same_run(alone, cut)


def test_early_stopping_ends_where_keras_ends_and_stays_there(run_of, library) -> None:
    stopping = EarlyStopping(patience=1, min_delta=10.0, restore_best_weights=True)  # no loss can improve that much
    run = run_of("early", epochs=9, early_stopping=stopping)
    assert train(run) == "finished"
    assert len(run.epochs()) == 2  # as in Keras: the first epoch is the best, and the second one is the patience
    assert "early" in run.state().reason
    before = history(run)
    assert train(run) == "finished"
    assert history(run) == before
    more_epochs(run, 9)  # an explicit request: the patience is reset, and the best epoch is still the first
    assert train(run) == "finished"
    assert len(run.epochs()) == 3
    assert "early" in run.state().reason


def test_early_stopping_remembers_how_long_it_has_waited(run_of, library) -> None:
    stopping = EarlyStopping(patience=2, min_delta=10.0)
    alone, cut = (run_of(name, epochs=9, early_stopping=stopping) for name in ("alone", "cut"))
    train(alone)
    assert len(alone.epochs()) == 3
    assert train(cut, report=ask_after(cut, 12, "pause")) == "paused"  # in the third epoch
    assert train(cut) == "finished"
    assert_same_run(alone, cut)


def test_a_loss_that_is_no_number_ends_the_run_and_names_the_batch(run_of, library) -> None:
    run = run_of("nan")
    model = assembly.build("mlp", side=32, channels=3, classes=2, options={"units": 8})
    kernel, bias = model.get_layer("answer").get_weights()
    model.get_layer("answer").set_weights([kernel, bias * np.nan])
    model.save(run.initial_model)
    assert train(run) == "failed"
    assert run.state().name == "failed"
    assert "batch 1 in epoch 1 is no number" in run.state().reason
    assert run.metrics()[0] == []
    assert not run.last_model.exists()


def test_a_full_disk_pauses_the_run_and_loses_nothing(alone, run_of, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = run_of("cut")
    writes = 0
    save = checkpoint.save

    def full(*arguments: Any, **keywords: Any) -> Path:
        nonlocal writes
        writes += 1
        if writes == 6:
            raise OSError(errno.ENOSPC, "No space left on device")
        return save(*arguments, **keywords)

    monkeypatch.setattr(checkpoint, "save", full)
    assert train(cut) == "paused"
    state = cut.state()
    assert state.name == "paused"
    assert "disk is full" in state.reason
    assert checkpoint.load_newest(cut.checkpoints)
    assert train(cut) == "finished"
    assert_same_run(alone, cut)


def test_a_disk_that_is_full_while_a_line_is_written_leaves_no_broken_history(alone, run_of, monkeypatch) -> None:
    cut = run_of("cut")
    real, count = os.write, 0

    def write(handle: int, data: Any) -> int:
        nonlocal count
        count += 1
        if count == 7:
            return real(handle, bytes(data)[:10])  # a part of the line still fits …
        if count == 8:
            raise OSError(errno.ENOSPC, "No space left on device")  # … and no more
        return real(handle, data)

    monkeypatch.setattr(os, "write", write)
    assert train(cut) == "paused"
    monkeypatch.undo()
    assert not cut.metrics_file.read_bytes().endswith(b"\n")
    assert len(cut.metrics()[0]) == 6  # whole lines only
    monkeypatch.setenv("RUNS_DIR", str(cut.path.parent))
    assert train(cut) == "finished"
    assert_same_run(alone, cut)


def test_other_pictures_are_noticed_before_anything_is_trained(run_of, library) -> None:
    run = run_of("moved")
    assert train(run, report=ask_after(run, 3, "pause")) == "paused"
    values = json.loads(run.config_file.read_text())
    values["dataset"] = "drawn-pets:train=80,validation=16,test=2"
    run.config_file.write_text(json.dumps(values))
    before = run.metrics_file.read_bytes()
    with pytest.raises(RunError, match="not those that the run moved began with"):
        train(run)
    assert run.metrics_file.read_bytes() == before


def test_exchanged_pictures_are_refused_as_added_ones_are(run_of, library, tmp_path, capsys) -> None:
    def fill(colours: dict[str, int]) -> None:
        for kind, value in colours.items():
            for number in range(10):
                path = tmp_path / "pets" / "train" / kind / f"{number}.bmp"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.new("RGB", (20, 20), (value, number, 0)).save(path)

    fill({"cats": 40, "dogs": 200})
    fill_validation = tmp_path / "pets" / "Validation set"
    shutil.copytree(tmp_path / "pets" / "train", fill_validation)
    run = run_of("pets", dataset=f"folder:{tmp_path / 'pets'}", epochs=2, batch_size=5)
    said: list[str] = []
    assert train(run, report=ask_after(run, 3, "pause"), found=said.extend) == "paused"
    assert "For training: 20 pictures (cats 10, dogs 10)." in said
    before = run.metrics_file.read_bytes()
    fill({"cats": 200, "dogs": 40})  # the same names, sizes in bytes and numbers
    with pytest.raises(
        RunError, match=r"not those that the run pets began with \(as many, but others, or under other names\)"
    ):
        train(run)
    assert run.metrics_file.read_bytes() == before
    fill({"cats": 40, "dogs": 200})  # as they were
    assert train(run) == "finished"


def test_without_a_checkpoint_that_can_be_read_nothing_is_wiped(run_of, library) -> None:
    run = run_of("spoilt")
    assert train(run, report=ask_after(run, 6, "pause")) == "paused"
    for path in checkpoint.newest_first(run.checkpoints):
        path.write_bytes(path.read_bytes()[:-50])
    before = run.metrics_file.read_bytes()
    with pytest.raises(RunError, match="No checkpoint"):
        train(run)
    assert run.state().name == "failed"
    assert run.metrics_file.read_bytes() == before
    assert len(checkpoint.newest_first(run.checkpoints)) == 2


def test_the_disk_may_be_full_twice(run_of, library, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of("twice")
    save = checkpoint.save

    kept = []

    def full(*arguments: Any, **keywords: Any) -> Path:
        kept.append(run.reserve_file.stat().st_size)
        raise OSError(errno.ENOSPC, "No space left on device")

    for _ in range(2):
        monkeypatch.setattr(checkpoint, "save", full)
        assert train(run) == "paused"
        monkeypatch.setattr(checkpoint, "save", save)
        assert train(run, report=ask_after(run, 2, "pause")) == "paused"
    assert train(run) == "finished"
    assert kept == [65536, 65536]
    assert not run.reserve_file.exists()


def test_what_is_wanted_of_a_run_that_waits_is_wanted_of_it_when_it_begins(run_of, library) -> None:
    run = run_of("waits")
    run.ask("pause")
    assert train(run) == "paused"
    assert len(run.metrics()[0]) == 1


def test_initial_weights_come_along_or_the_run_says_so(run_of, library, runs: Path) -> None:
    first = run_of("first", epochs=1)
    train(first)
    second = run_of("second", epochs=1, initial_weights=str(first.last_model))
    assert second.initial_model.read_bytes() == first.last_model.read_bytes()
    second.initial_model.unlink()
    with pytest.raises(RunError, match="did not come along"):
        train(second)
    with pytest.raises(RunError, match="cannot be written"):
        run_of("third", initial_weights=str(runs / "nowhere.keras"))


def test_two_processes_never_train_one_run(run_of) -> None:
    run = run_of("locked")
    other = RunDirectory(run.path)
    assert other.lock.acquire()
    try:
        with pytest.raises(RunError, match="another process"):
            train(run)
    finally:
        other.lock.release()
    assert run.state().name == "queued"
