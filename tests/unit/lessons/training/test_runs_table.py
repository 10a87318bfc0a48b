"""models/runs/watching/run_facts.py and the runs table: what the table says of a run is what its folder says."""

import json
import math
import re
import shutil
from dataclasses import replace
from typing import Any

import pytest

from components.browser import encode_message
from components.lessons.training.runs_table import COLUMNS, ICONS, RunRow, RunsChoice, payload, row_of
from models import weights
from models.runs.config import RunConfig
from models.runs.lock import FileLock
from models.runs.packed import count_parameters
from models.runs.run_directory import STATES, RunDirectory
from models.runs.unpacking import unpack
from models.runs.watching.run_facts import facts_of

CONFIG = RunConfig(dataset="folder:/photos", network="convnet", epochs=9)
# As in a run published with Keras: the last epoch is far from the best.
ACCURACIES = [0.5, 0.9575, 0.9575, 0.871]


def line(epoch: int, accuracy: float, *, name: str = "val_accuracy") -> str:
    event = {"kind": "epoch", "epoch": epoch, name: accuracy, "time": 1000.0 + epoch, "seconds": 10.0 + epoch}
    return json.dumps(event) + "\n"


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    run = RunDirectory.create(tmp_path / "runs" / "first", CONFIG)
    run.write_state("finished", epoch=4)
    run.metrics_file.write_text("".join(line(epoch, accuracy) for epoch, accuracy in enumerate(ACCURACIES)))
    return run


ROW = RunRow(
    name="first",
    mine=True,
    state="finished",
    state_text="finished",
    network="convnet",
    dataset="folder",
    epochs_done=4,
    epochs=9,
    best=0.9575,
    best_epoch=2,
    last=0.871,
    parameters=None,
    began=990.0,
)


def cells(row: RunRow) -> dict[str, list]:
    sent: Any = payload([row], RunsChoice(None, ()))["rows"][0]["cells"]
    return dict(zip([name for name, _, _ in COLUMNS], sent, strict=True))


# Facts from a run's folder --------------------------------------------------------------------------------------------


def test_a_row_says_what_the_folder_says(run):
    assert row_of(run, mine=True) == ROW


def test_a_shipped_history_gives_the_numbers_of_its_own_lines(tmp_path):
    for name in weights.names():
        unpack(weights.history(name), tmp_path / name)
        run = RunDirectory(tmp_path / name)
        told = [event["val_accuracy"] for event in run.epochs()]
        row = row_of(run, mine=False)
        assert (row.best, row.last, row.epochs_done) == (max(told), told[-1], len(told))
        assert told[(row.best_epoch or 0) - 1] == max(told)
        assert facts_of(run).kept_epoch == run.epochs()[-1]["best_epoch"] + 1


def test_the_number_of_parameters_is_the_one_that_keras_counted():
    for name in weights.names():
        assert count_parameters(weights.FOLDER / f"{name}.keras") == weights.card(name)["parameters"]


def test_seeds_metrics_and_the_optimizers_memory_are_no_parameters(library, tmp_path):
    keras = library.keras
    layers = keras.layers
    model = keras.Sequential(
        [layers.Input((8,)), layers.Dense(5), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(3)]
    )
    model.compile("adam", "mse", metrics=["mae"])
    model.optimizer.build(model.trainable_variables)
    model.save(tmp_path / "net.keras")
    assert count_parameters(tmp_path / "net.keras") == model.count_params() == 8 * 5 + 5 + 4 * 5 + 5 * 3 + 3


def test_a_file_that_is_no_network_has_no_number_of_parameters(tmp_path):
    assert count_parameters(tmp_path / "none.keras") is None
    (tmp_path / "bad.keras").write_bytes(b"no zip")
    assert count_parameters(tmp_path / "bad.keras") is None


@pytest.mark.parametrize("noted", ["by the training", "by the import"])
def test_parameters_are_those_that_were_noted_and_no_network_is_opened(run, noted):
    assert row_of(run, mine=True).parameters is None
    shutil.copyfile(weights.FOLDER / "digits.keras", run.last_model)
    run.write_state("finished", epoch=3)
    assert row_of(run, mine=True).parameters is None
    if noted == "by the training":
        run.note(trainable_parameters=850_000, non_trainable_parameters=4_250)
    else:
        run.parameters_file.write_text("854250\n")
    run.write_state("finished", epoch=4)
    assert row_of(run, mine=True).parameters == 854_250 == weights.card("digits")["parameters"]


@pytest.mark.parametrize("told", ["", "many", "-1", "1e400", "9" * 400, "[" * 50_000, "7" * 70_000, "854250.5"])
def test_what_is_no_number_of_parameters_is_none(run, told):
    run.parameters_file.write_text(told)
    assert row_of(run, mine=True).parameters is None


def test_a_further_epoch_is_seen(run):
    row_of(run, mine=True)
    with run.metrics_file.open("a") as file:
        file.write(line(4, 0.99))
    row = row_of(run, mine=True)
    assert (row.best, row.best_epoch, row.last) == (0.99, 5, 0.99)


def test_an_epoch_that_a_resumed_run_took_back_is_forgotten(run):
    row_of(run, mine=True)
    run.metrics_file.write_text(line(0, 0.5))
    row = row_of(run, mine=True)
    assert (row.best, row.best_epoch, row.last) == (0.5, 1, 0.5)


def test_a_run_that_was_killed_is_interrupted_though_no_file_has_changed(run):
    run.write_state("running", epoch=4)
    trainer = FileLock(run.lock.path)
    assert trainer.acquire()
    assert row_of(run, mine=True).state == "running"
    trainer.release()
    row = row_of(run, mine=True)
    assert (row.state, row.note) == ("interrupted", "The process that trained it is gone. It can be resumed.")


def test_another_run_under_the_same_name_is_another_run(run):
    row_of(run, mine=True)
    moved = run.path.with_name("moved")
    run.path.rename(moved)
    again = RunDirectory.create(run.path, replace(CONFIG, network="mlp"))
    row = row_of(again, mine=False)
    assert (row.network, row.best, row.last, row.parameters) == ("mlp", None, None, None)


def test_what_has_not_changed_is_not_read_again(run, monkeypatch):
    row_of(run, mine=True)

    def refuse(self, *_):
        pytest.fail("read again")

    monkeypatch.setattr(RunDirectory, "metrics", refuse)
    monkeypatch.setattr(RunDirectory, "config", refuse)
    for _ in range(3):
        assert row_of(run, mine=True) == ROW


def test_without_validation_pictures_it_is_the_accuracy_on_the_training_pictures(run):
    run.metrics_file.write_text(line(0, 0.75, name="accuracy"))
    row = row_of(run, mine=True)
    assert (row.best, row.validated) == (0.75, False)
    assert cells(row)["best"][:2] == ["75.0\u00a0%", "in epoch 1, training pictures"]


def test_a_figure_that_is_no_number_is_never_the_best(run):
    run.metrics_file.write_text(line(0, math.nan) + line(1, 0.25) + line(2, math.nan))
    row = row_of(run, mine=True)
    assert (row.best, row.best_epoch, row.last) == (0.25, 2, None)
    encode_message(payload([row], RunsChoice(None, ())))


def test_a_damaged_run_is_a_row_all_the_same(run):
    run.config_file.write_text("{")
    row = row_of(run, mine=False)
    assert (row.network, row.note) == ("unknown", "Its config.json cannot be used.")


# The table ------------------------------------------------------------------------------------------------------------


def test_a_last_epoch_below_the_best_is_marked_in_words():
    shown = cells(ROW)
    assert shown["best"][:2] == ["95.8\u00a0%", "in epoch 2"]
    assert shown["last"][:2] == ["87.1\u00a0%", "8.7 below best"]


@pytest.mark.parametrize("last", [0.9575, 0.95751, 0.99, None])
def test_a_last_epoch_that_is_not_below_the_best_is_not_marked(last):
    assert cells(replace(ROW, last=last))["last"][1] == ""


def test_the_marks_number_is_the_difference_of_the_numbers_beside_it():
    for last in [step / 777 for step in range(700)]:
        shown = cells(replace(ROW, last=last))
        best, after = (float(shown[name][0].removesuffix("\u00a0%")) for name in ("best", "last"))
        told = re.search(r"[\d.]+", shown["last"][1])
        assert float(told[0] if told else 0) == pytest.approx(best - after)


def test_every_state_has_its_icon():
    assert set(ICONS) == set(STATES)
    assert len(set(ICONS.values())) == len(STATES)
    for state in STATES:
        (line,) = payload([replace(ROW, state=state)], RunsChoice(None, ()))["rows"]
        assert line["icon"] == ICONS[state]


def test_what_is_not_known_yet_is_a_dash_and_has_nothing_to_sort_by():
    shown = cells(replace(ROW, best=None, best_epoch=None, last=None, parameters=None))
    for name in ("best", "last", "parameters"):
        assert shown[name] == ["–", "", None]
