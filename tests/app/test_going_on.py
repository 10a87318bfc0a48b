"""A run whose learning rate has come to 0 is asked about before it goes on, and goes on as it was told."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from models.runs.config import Continuation, RunConfig
from models.runs.run_directory import RunDirectory

PAGE = """
import streamlit as st
from components.lessons.training import going_on, launch
from models.runs.run_directory import RunDirectory
from models.storage import runs_dir
run = RunDirectory(runs_dir() / "ended")
launch.buttons(run, None, going_on.going_on(run))
launch.problem()
"""
COSINE = RunConfig(dataset="digits", network="mlp", schedule="cosine", epochs=3)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunDirectory:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    submitted: list[str] = []
    engine = SimpleNamespace(submit=lambda run, pictures=None: submitted.append(run.name), submitted=submitted)
    monkeypatch.setattr("components.lessons.training.launch.may_change", lambda _: True)
    monkeypatch.setattr("components.lessons.training.launch.engine_or_word", lambda _: engine)
    made = RunDirectory.create(tmp_path / "ended", COSINE)
    made.write_state("finished", epoch=3)
    return made


def page() -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not app.exception
    return app


def test_before_the_press_the_page_says_that_the_rate_is_0_and_offers_one(run):
    app = page()
    assert "has brought the learning rate to 0" in app.markdown[0].value
    assert "epochs 4 to 8 would change no weight" in app.markdown[0].value
    assert app.number_input[0].value == pytest.approx(1e-4)
    app.button(key="training-longer").click().run()
    assert run.config().continuations == (Continuation(3, 1e-4),)
    assert run.config().epochs == 8


def test_another_rate_and_another_cosine_can_be_chosen(run):
    app = page()
    app.number_input[0].set_value(0.002)
    app.radio[0].set_value("cosine").run()
    app.button(key="training-longer").click().run()
    assert run.config().continuations == (Continuation(3, 0.002, "cosine", 8),)


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(dataset="digits", network="mlp", epochs=3),
        RunConfig(dataset="digits", network="mlp", epochs=3, schedule="cosine", schedule_epochs=20),
    ],
    ids=["constant", "not at its end yet"],
)
def test_nothing_is_asked_where_the_schedule_goes_on(run, config):
    run.config_file.write_text(config.to_json())
    app = page()
    assert not app.number_input
    app.button(key="training-longer").click().run()
    assert (run.config().epochs, run.config().continuations) == (8, ())


def test_a_run_of_an_earlier_version_that_was_cut_at_rate_0_is_asked_about(run):
    run.config_file.write_text(RunConfig(**{**vars(COSINE), "epochs": 8, "schedule_epochs": 3}).to_json())
    run.write_state("paused", epoch=5, step=1)
    app = page()
    assert "epochs 7 and 8 would change no weight" in app.markdown[0].value
    app.button(key="training-resume").click().run()
    assert run.config().continuations == (Continuation(6, 1e-4),)
