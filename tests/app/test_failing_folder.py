"""A folder of runs that is gone, hidden, full or read-only: every page opens, and says in a sentence what cannot be."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.engine import Engine, EngineError
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, RunError
from tests.app.visitor import Visitor
from tests.faults.failing_disk import failing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which file is behind a descriptor")

RAW = ("Errno", "No space left", "Read-only file system", "Permission denied", "Not a directory", "Traceback")
CONFIG = RunConfig(dataset="digits", network="mlp", epochs=3)


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "disk" / "runs"))
    return tmp_path / "disk" / "runs"


def has_no_raw_words(visitor: Visitor) -> None:
    assert not visitor.app.exception
    text = "\n".join(visitor.messages) + visitor.markup
    for raw in (*RAW, "/tmp/pytest"):
        assert raw not in text


@pytest.mark.parametrize("kind", ["gone", "a file", "hidden", "dead", "full", "read-only"])
def test_pages_open_whatever_has_become_of_the_folder_of_runs(runs, kind):
    run = RunDirectory.create(runs / "first", CONFIG)
    run.write_state("paused", epoch=1)
    if kind in ("gone", "a file"):
        shutil.rmtree(runs.parent)
    if kind == "a file":
        runs.parent.write_text("no folder")
    with failing(runs.parent, kind if kind not in ("gone", "a file") else "read-only") as disk:
        for page, params in (("training", {"run": "first"}), ("training", {"step": "7"}), ("evaluation", {})):
            has_no_raw_words(Visitor().open(page, **params))
    assert disk.refused or kind not in ("hidden", "dead")


BUTTONS = """
from components.lessons.training import launch
from models.runs.run_directory import RunDirectory, RunError
from models.storage import runs_dir
launch.buttons(RunDirectory(runs_dir() / "first"), None, None)
launch.problem()
"""


@pytest.fixture
def page(runs: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    """Return a function that opens the buttons of a run for its owner, with an engine that has no cluster."""
    client = SimpleNamespace(
        scheduler_info=lambda **_: {"workers": {}}, run_on_scheduler=lambda *_, **__: False, status="running"
    )
    monkeypatch.setattr("components.lessons.training.launch.may_change", lambda _: True)
    monkeypatch.setattr("components.lessons.training.launch.is_teacher", lambda: True)
    monkeypatch.setattr("components.lessons.training.launch.engine_or_word", lambda _: Engine(client))
    return lambda: AppTest.from_string(BUTTONS, default_timeout=60).run()


@pytest.mark.parametrize("kind", ["full", "read-only", "no right"])
@pytest.mark.parametrize(("state", "button"), [("paused", "resume"), ("finished", "longer"), ("running", "pause")])
def test_a_press_on_a_failing_disk_is_a_sentence_and_the_run_stays_as_it_was(page, runs, kind, state, button):
    run = RunDirectory.create(runs / "first", CONFIG)
    run.write_state(state, epoch=1)
    held = RunDirectory(run.path)
    if state == "running":
        assert held.lock.acquire()
    try:
        app = page()
        with failing(runs.parent, kind):
            app.button(key=f"training-{button}").click().run()
            assert not app.exception
            (told,) = [one.value for one in app.warning]
        assert " cannot be " in told
        assert "try again." in told
        assert not any(raw in told for raw in RAW)
        assert run.state().name == state
        assert run.config() == CONFIG
        assert not run.former_file.exists()
    finally:
        held.lock.release()


@pytest.mark.parametrize("first", [1, 5, 9, 12, 15])
def test_a_start_that_fails_leaves_its_name_free(runs, monkeypatch, first):
    from components.lessons.training import launch

    def refuse(*_: Any, **__: Any) -> None:
        raise EngineError("The engine does not answer.")

    monkeypatch.setattr(launch, "is_teacher", lambda: True)
    monkeypatch.setattr(launch, "claim", lambda run: (run.path / "owner").write_text("me"))
    engine = SimpleNamespace(submit=refuse)
    runs.mkdir(parents=True)
    with failing(runs, "full", first), pytest.raises((RunError, EngineError)) as caught:
        launch.new_run(engine, lambda folder: folder / "new", CONFIG)  # type: ignore[arg-type]
    assert not any(raw in str(caught.value) for raw in RAW)
    assert list(runs.iterdir()) == []


def test_a_run_that_was_refused_before_its_first_batch_makes_way_for_another_try(runs, monkeypatch):
    from components.lessons.training import launch

    mine = {"first"}
    monkeypatch.setattr(launch, "owns", lambda run: run.name in mine)
    for name in ("first", "second", "third", "fourth"):
        run = RunDirectory.create(runs / name, CONFIG)
        run.write_state("paused" if name == "third" else "failed")
        mine.add("third")
    (runs / "fourth" / "metrics.jsonl").write_text("{}\n")
    mine.add("fourth")
    for name in ("first", "second", "third", "fourth", "nowhere"):
        launch._make_way(name)
    # Another visitor's, one that can go on, and one that has learned something stay.
    assert sorted(path.name for path in runs.iterdir()) == ["fourth", "second", "third"]
