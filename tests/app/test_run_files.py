"""A run's files: what is offered to whom, what is taken in and what is refused, without a browser."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.lessons.training import run_files
from models import weights
from models.runs.config import RunConfig
from models.runs.lock import FileLock
from models.runs.names import problem_of
from models.runs.run_directory import RunDirectory, all_runs
from models.runs.transfer import export_run, import_run

FILES = """
from models.storage import runs_dir
from models.runs.run_directory import RunDirectory
from components.lessons.training.run_files import run_files
run = RunDirectory(runs_dir() / "first")
if run.config_file.exists():
    run_files(run, may_change={may_change})
"""

IN = """
import streamlit as st
from components.lessons.training.run_files import import_a_run, open_shipped_history
may = True
def claim(run):
    (run.path / "owner").write_text("me")
st.session_state["came"] = import_a_run(claim, may_open_folders=may) or open_shipped_history(claim)
"""


pytestmark = pytest.mark.usefixtures("unpacked_here")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def run(folder) -> RunDirectory:
    run = RunDirectory.create(folder / "first", RunConfig(dataset="digits", network="mlp", epochs=3))
    run.write_state("paused", epoch=1)
    run.metrics_file.write_text('{"kind": "epoch", "epoch": 0, "val_accuracy": 0.5, "best_epoch": 0}\n')
    for path in (run.best_model, run.last_model):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("metadata.json", "{}")
    return run


@pytest.fixture
def zipped(run, tmp_path) -> Callable[[], bytes]:
    return lambda: export_run(run, tmp_path / "out.zip").read_bytes()


def files_of(*, may_change: bool) -> AppTest:
    return AppTest.from_string(FILES.format(may_change=may_change), default_timeout=60).run()


def downloads(app: AppTest) -> list[str]:
    return [element.proto.label for element in app.get("download_button")]


def said(app: AppTest) -> str:
    assert not app.exception
    return " ".join(element.value for element in (*app.markdown, *app.error))


def offered(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


# Downloads and deletion -----------------------------------------------------------------------------------------------


def test_everybody_can_take_the_networks_and_the_run_but_only_its_owner_can_delete_it(run):
    for may_change in (False, True):
        app = files_of(may_change=may_change)
        assert downloads(app) == ["Best network", "Last network", "Whole run"]
        assert offered(app) == (["Yes, delete first"] if may_change else [])
        assert "that of epoch 1, with the lowest validation loss" in said(app)


def test_a_run_that_is_trained_can_be_taken_neither_along_nor_away(run):
    trainer = FileLock(run.lock.path)
    assert trainer.acquire()
    run.write_state("running", epoch=1)
    app = files_of(may_change=True)
    assert downloads(app) == ["Best network", "Last network"]
    assert offered(app) == []
    assert "It is being trained just now. Pause or stop it first" in said(app)
    trainer.release()
    assert "Whole run" in downloads(app.run())


def test_a_run_that_waits_is_not_offered_for_deletion(run):
    run.write_state("queued")
    app = files_of(may_change=True)
    assert offered(app) == []
    assert "It waits for a worker. Pause it first, then it can be deleted." in said(app)


def test_a_run_that_is_too_large_for_a_browser_is_packed_on_the_server(run, monkeypatch):
    monkeypatch.setattr(run_files, "DOWNLOAD_BYTES", 20)
    app = files_of(may_change=True)
    assert downloads(app) == []
    assert "python -m models.training export packs it" in said(app)


@pytest.mark.parametrize("name", ["a\nb", "..a", "x\u202ey", "a:b", "=1+1"])
def test_a_download_has_a_name_that_can_be_a_file(run, folder, monkeypatch, name):
    """Runs of earlier versions have any names."""
    names: list[str] = []
    monkeypatch.setattr("streamlit.download_button", lambda *_, file_name, **__: names.append(file_name))
    run.path.rename(folder / name)
    source = FILES.replace('"first"', repr(name)).format(may_change=False)
    app = AppTest.from_string(source, default_timeout=60).run()
    assert not app.exception
    assert len(names) == 3
    assert [problem_of(one) for one in names] == ["", "", ""]


def test_before_the_first_epoch_there_is_no_network(run):
    run.best_model.unlink()
    run.last_model.unlink()
    app = files_of(may_change=False)
    assert downloads(app) == ["Whole run"]
    assert "Its networks can be downloaded after its first epoch." in said(app)


def test_a_confirmed_deletion_deletes(run, folder):
    app = files_of(may_change=True)
    app.button(key="run-deleted-first").click().run()
    assert not app.exception
    assert list(folder.iterdir()) == []
    assert [toast.value for toast in app.toast] == ["The run first was deleted."]


def test_a_run_that_is_taken_up_meanwhile_stays_and_the_page_says_why(run):
    app = files_of(may_change=True)
    trainer = FileLock(run.lock.path)
    assert trainer.acquire()
    app.button(key="run-deleted-first").click().run()
    trainer.release()
    assert run.last_model.exists()
    assert [error.value for error in app.error] == ["The run first is being trained by another process."]
    assert not app.run().error


# Import ---------------------------------------------------------------------------------------------------------------


def bring(name: str, data: bytes, *, called: str | None = None, may_open_folders: bool = True) -> AppTest:
    app = AppTest.from_string(IN.replace("may = True", f"may = {may_open_folders}"), default_timeout=60).run()
    app.file_uploader[0].upload(name, data).run()
    if called is not None:
        app.text_input[0].set_value(called).run()
    app.button(key="import-run-now").click().run()
    assert not app.exception
    return app


def test_a_run_that_is_brought_in_is_the_run_that_was_taken_along(run, zipped, folder):
    app = bring("first.run.zip", zipped())
    assert app.session_state["came"] == "first-2"
    assert sorted(one.name for one in all_runs(folder)) == ["first", "first-2"]
    new = RunDirectory(folder / "first-2")
    assert (new.path / "owner").read_text() == "me"
    assert new.config() == run.config()
    assert new.metrics_file.read_bytes() == run.metrics_file.read_bytes()
    assert new.last_model.read_bytes() == run.last_model.read_bytes()
    assert {path.name for path in folder.iterdir()} == {"first", "first-2"}
    assert not app.run().session_state["came"]


def test_it_can_get_another_name(zipped):
    assert bring("first.run.zip", zipped(), called="from the laptop").session_state["came"] == "from the laptop"


def test_a_name_that_is_taken_is_refused_and_the_file_stays(run, zipped, folder):
    app = bring("x.zip", zipped(), called="first")
    assert [error.value.replace("\\", "") for error in app.error] == [
        "There is something called first already: choose another name."
    ]
    app.text_input[0].set_value("second").run()
    app.button(key="import-run-now").click().run()
    assert app.session_state["came"] == "second"
    assert (folder / "second" / "config.json").exists()


def zip_bytes(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"no zip",
            r"holiday\.zip is no zip file, or a part of it is missing or damaged\. A run's file is what “Whole run” .*",
        ),
        (
            zip_bytes(state_json=b"{}"),
            r"This file holds no run: it has no config\.json\. A run's file is what “Whole run” downloads, .*",
        ),
        (
            zip_bytes(evil_sh=b"rm"),
            r"holiday\.zip holds 'evil\.sh', which is no part of a run\. Bring in the file as “Whole run” .*",
        ),
        (zip_bytes(config_json=b"{}", best_keras=b"x"), r"best\.keras in this file is damaged\."),
    ],
    ids=["no zip", "no run", "something else", "damaged network"],
)
def test_a_file_that_is_no_run_is_a_sentence_and_leaves_nothing(folder, data, sentence):
    app = bring("holiday.zip", data)
    [error] = app.error
    assert re.fullmatch(sentence, error.value.replace("\\:", ":"))
    assert list(folder.iterdir()) == []
    assert not app.file_uploader[0].value
    assert not app.run().error


def test_a_run_on_a_folder_of_the_server_is_brought_in_by_the_teacher_only(folder):
    config = RunConfig(dataset="folder:/home/teacher/private", network="mlp").to_json().encode()
    app = bring("holiday.zip", zip_bytes(config_json=config), may_open_folders=False)
    assert ["only the teacher can import it" in error.value for error in app.error] == [True]
    assert list(folder.iterdir()) == []
    assert bring("holiday.zip", zip_bytes(config_json=config)).session_state["came"] == "holiday"


def test_a_double_click_opens_a_shipped_history_once(folder, monkeypatch):
    monkeypatch.setattr(run_files, "DOUBLE_SECONDS", 600.0)  # however busy this machine is
    app = AppTest.from_string(IN, default_timeout=60).run()
    app.selectbox[0].set_value("digits").run()
    app.button(key="shipped-open").click().run()
    app.button(key="shipped-open").click().run()
    assert not app.exception
    assert [run.name for run in all_runs(folder)] == ["digits"]


def test_a_shipped_history_becomes_a_run_with_its_network(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(run_files, "DOUBLE_SECONDS", 0.0)
    app = AppTest.from_string(IN, default_timeout=60).run()
    for name in ("digits", "digits-2"):
        app.selectbox[0].set_value("digits").run()
        app.button(key="shipped-open").click().run()
        assert not app.exception
        assert app.session_state["came"] == name
        run = RunDirectory(folder / name)
        original = import_run(weights.history("digits"), tmp_path / f"original-{name}")
        assert run.epochs() == original.epochs()
        assert run.best_model.read_bytes() == (weights.FOLDER / "digits.keras").read_bytes()
        assert (run.path / "owner").read_text() == "me"
        assert original.origin_file.exists()
        assert not run.origin_file.exists(), "its network is the course's own"


def test_a_browsers_second_download_keeps_its_name_and_a_repacked_one_is_taken_in(run, zipped, folder):
    with zipfile.ZipFile(io.BytesIO(zipped())) as archive:
        repacked = io.BytesIO()
        with zipfile.ZipFile(repacked, "w") as again:
            for name in archive.namelist():
                again.writestr(f"first/{name}", archive.read(name))
            again.writestr("__MACOSX/first/._config.json", b"Mac")
            again.writestr("first/.DS_Store", b"Mac")
    assert bring("first.run (1).zip", repacked.getvalue()).session_state["came"] == "first (1)"
    assert RunDirectory(folder / "first (1)").config() == run.config()
