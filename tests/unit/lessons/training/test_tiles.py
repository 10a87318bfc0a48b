"""components/lessons/training: what stands above a run's curves, before, during and after it."""

import re
import time
from pathlib import Path

import pytest

from components.lessons.training.ahead import ahead_words
from components.lessons.training.drawn import SHOWN, drawn_so_far
from components.lessons.training.live import judged_by
from components.lessons.training.tiles import ended, tiles
from models.progress import teller
from models.runs.config import RunConfig
from models.runs.preparation import FILE, STAGES, note_stage
from models.runs.run_directory import RunDirectory, State
from models.runs.watching.curves import curves_of
from models.storage import json_text, write_text

CONFIG = RunConfig(dataset="drawn-pets:train=6", network="convnet", epochs=2, batch_size=4)
RUNNING = State("running")
EPOCHS = [
    {"kind": "epoch", "epoch": 0, "accuracy": 0.5, "val_accuracy": 0.9325000047683716, "loss": 1, "val_loss": 0.2},
    {"kind": "epoch", "epoch": 1, "accuracy": 1.0, "val_accuracy": 0.5, "loss": 0.1, "val_loss": 0.9, "seconds": 61.0},
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch) -> RunDirectory:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    made = RunDirectory.create(tmp_path / "first", CONFIG)
    write_text(made.task_file, "a task")
    return made


def write(run: RunDirectory, *lines: dict, **data: int) -> None:
    timed = [{"time": time.time()} | {"best_epoch": 0} | line for line in lines]
    write_text(run.metrics_file, "".join(json_text(line) + "\n" for line in timed))
    write_text(run.data_file, json_text({"classes": ["cat", "dog"], **data}))


def read(text: str) -> list[tuple[str, str, str]]:
    """Kind, value and name of each tile."""
    return re.findall(r'<li class="(.*?)".*?><b>(.*?)</b><span>(.*?)</span></li>', text)


def shown(run: RunDirectory, state: State, *, stopped: float | None = None) -> str:
    return tiles(run, CONFIG, state, curves_of(run), stopped=stopped)


def test_before_the_first_batch_the_tiles_are_what_the_process_has_noted(run):
    kinds = [kind for kind, _, _ in read(shown(run, State("queued")))]
    assert kinds == ["now", "next", "next", "next", "next"]
    for place, stage in enumerate(STAGES, start=1):
        note_stage(run, stage)
        found = read(shown(run, RUNNING))
        assert [kind for kind, _, _ in found] == ["done"] * place + ["now"] + ["next"] * (4 - place)
    assert [name for _, _, name in found] == ["worker", "TensorFlow", "pictures", "network", "first batch"]
    note_stage(run, None)
    write(run, {"kind": "batch", "epoch": 0, "step": 1, "loss": 1.0}, train=6)
    assert [value for _, value, _ in read(shown(run, RUNNING))][:2] == ["1 / 2", "1 / 2"]


def test_the_share_of_the_pictures_is_the_one_that_was_told(run):
    note_stage(run, "pictures")
    teller(run.path / FILE)("drawing cats and dogs", 768, 2100)
    text = shown(run, RUNNING)
    assert read(text)[2] == ("now", "768 of 2,100", "pictures")
    assert "--share:0.366" in text


def test_the_pictures_that_are_shown_were_drawn_by_now(run):
    assert drawn_so_far(run, CONFIG) == ""
    note_stage(run, "pictures")
    tell = teller(run.path / FILE)
    tell("drawing cats and dogs", 0, 1606)
    assert drawn_so_far(run, CONFIG) == ""  # none is finished
    tell("drawing cats and dogs", 1606, 1606)
    assert drawn_so_far(run, CONFIG).count("<img") == SHOWN
    note_stage(run, "network")
    assert drawn_so_far(run, CONFIG) == ""


def test_while_the_plug_is_pulled_the_run_says_for_how_long(run):
    write(run, {"kind": "batch", "epoch": 0, "step": 1, "loss": 1.0}, train=6)
    text = shown(run, RUNNING, stopped=11.2)
    assert '<span data-state="running" class="stopped">stopped for 11 s</span>' in text
    assert read(text)[0] == ("now", "waiting", "worker")
    assert "stopped" not in shown(run, RUNNING)


def test_at_the_end_the_figure_is_that_of_the_network_that_is_judged(run):
    write(run, *EPOCHS, train=6, validation=800)
    run.best_model.write_bytes(b"best")
    run.last_model.write_bytes(b"last")
    text = ended(run, curves_of(run))
    # 746 of 800 are 0.9325; Keras writes 32 bits of it.
    assert "<strong>93.2\u00a0% right</strong><span>of 800 validation pictures after epoch 1, the best one" in text
    assert judged_by(run) == {"network": "run:first", "which": "best", "data": "drawn-pets", "part": "validation"}
    run.best_model.unlink()
    text = ended(run, curves_of(run))
    assert "<strong>50.0\u00a0% right</strong><span>of 800 validation pictures after epoch 2</span>" in text
    assert judged_by(run)["which"] == "last"
    run.last_model.unlink()
    assert judged_by(run) == {}


def test_without_validation_pictures_the_figure_says_so_and_without_an_epoch_there_is_none(run):
    assert ended(run, curves_of(run)) == ""
    write(run, {"kind": "epoch", "epoch": 0, "accuracy": 1.0, "loss": 0.1, "best_epoch": -1}, train=1, validation=0)
    assert "of 1 training picture after epoch 1" in ended(run, curves_of(run))


def test_how_long_a_run_takes_is_said_once_another_one_has_told(run):
    config = RunConfig(dataset="drawn-pets:train=600", network="convnet", epochs=5, batch_size=32)
    assert ahead_words(config, 600) == ("5 epochs, 95 updates of the weights",)
    assert ahead_words(RunConfig(dataset="photos", network="convnet", epochs=1), None) == ("1 epoch",)
    write(run, {"kind": "batch", "epoch": 0, "step": 1, "loss": 1.0, "images_per_s": 100.0}, train=6)
    # 8 s for the start, and 5 · 600 pictures at 100 a second.
    assert ahead_words(config, 600)[1] == "about 38 s on this computer"
