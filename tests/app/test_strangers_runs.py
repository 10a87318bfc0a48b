"""Runs that strangers brought, and damaged ones: /training and its relatives stay whole for everybody."""

import contextlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.lessons.training import launch
from models.runs import checkpoint
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, all_runs
from models.runs.watching.run_facts import facts_of
from tests.app.visitor import Visitor

MLP = RunConfig(dataset="digits", network="mlp", epochs=5)
PICTURE = "![x](http://example.org/x.png)"
GOOD = '{"kind": "epoch", "epoch": 0, "loss": 1, "val_loss": 1, "val_accuracy": 0.5, "time": 9.0, "seconds": 1}\n'


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    make(tmp_path / "runs", "good")
    return tmp_path / "runs"


def make(folder: Path, name: str, config: RunConfig = MLP) -> RunDirectory:
    run = RunDirectory.create(folder / name, config)
    run.write_state("finished", epoch=1)
    run.metrics_file.write_text(GOOD)
    return run


def gigabyte_in_a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("model.weights.h5", "w") as entry:
        for _ in range(2**8):
            entry.write(bytes(2**20))
    return file.getvalue()


def npz_of_nonsense() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("epoch", "probabilities", "moments", "filters", "layer", "frozen"):
            archive.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00\x06\x00nonsense")
    return file.getvalue()


FILES: dict[str, tuple[str, bytes]] = {
    "deep lines": ("metrics.jsonl", b"[" * 5000 + b"\n" + GOOD.encode()),
    "deep objects": ("metrics.jsonl", b'{"a":' * 1000 + b"\n" + GOOD.encode()),
    "a huge figure": ("metrics.jsonl", GOOD.encode() + b'{"kind": "epoch", "epoch": 1, "val_accuracy": -1e308}\n'),
    "a huge time": ("metrics.jsonl", b'{"kind": "batch", "epoch": 0, "step": 1, "time": 1e300, "loss": 1}\n'),
    "huge whole numbers": ("state.json", b'{"name": "finished", "epoch": 1' + b"0" * 400 + b"}"),
    "a state of lists": ("state.json", b'{"name": ["finished"], "reason": []}'),
    "deep state": ("state.json", b"[" * 5000),
    "deep data": ("data.json", b"[" * 5000),
    "deep machine": ("machine.json", b'{"a":' * 5000),
    "machine of numbers": ("machine.json", b'{"trainable_parameters": 1' + b"0" * 400 + b', "sessions": [[]]}'),
    "deep plugs": ("plug.json", b"[" * 5000),
    "plugs of texts": ("plug.json", b'[{"epoch": "x", "step": 1, "time": 1.0}]'),
    "endless preparing": ("preparing.json", b'{"doing": "x", "done": 1e999, "total": 1, "time": 1e12}'),
    "a network of gigabytes": ("best.keras", gigabyte_in_a_zip()),
    "a view of nonsense": ("view.npz", npz_of_nonsense()),
    "markup": ("machine.json", json.dumps({
        "trainable_parameters": 1, "non_trainable_parameters": 2, "device": PICTURE,
        "layers_learning": [PICTURE], "layers_frozen": ["<img src=x onerror=alert(1)>", "b"],
    }).encode()),
    "endless words": ("machine.json", json.dumps({
        "trainable_parameters": 1, "non_trainable_parameters": 2, "device": "x" * 10**6,
        "layers_learning": ["y" * 10**6], "layers_frozen": ["z" * 10**6],
    }).encode()),
    "a reason of markup": ("state.json", json.dumps({"name": "failed", "reason": PICTURE + "<script>"}).encode()),
    "classes of markup": ("data.json", json.dumps({"classes": [PICTURE, "<script>"], "train": 9}).encode()),
}  # fmt: skip


def whole(visitor: Visitor) -> Visitor:
    """Assert that a page has its table of runs and its last part, and no traceback."""
    assert not visitor.app.exception
    assert [one.value for one in visitor.app.error] == []
    rows = visitor.data("runs_table")["rows"]
    assert [row["name"] for row in rows] == [run.name for run in all_runs()]
    assert any("How often are the weights updated?" in one.label for one in visitor.app.radio)
    return visitor


def unescaped(visitor: Visitor) -> str:
    """Everything on a page that is read as Markdown, without what is escaped in it."""
    app = visitor.app
    boxes = (*app.markdown, *app.caption, *app.error, *app.info, *app.success, *app.warning)
    texts = [*(box.value for box in boxes), *(button.label for button in app.button)]
    return re.sub(r"\\[^\w\s]", "", "\n".join(texts))


@pytest.mark.parametrize(("name", "data"), FILES.values(), ids=FILES)
def test_a_run_that_holds_anything_spoils_no_page(visitor, folder, name, data):
    bad = make(folder, "bad")
    (bad.path / name).write_bytes(data)
    whole(visitor.open("training"))
    whole(visitor.open("training", run="bad", compare="bad,good"))
    assert "http://" not in unescaped(visitor)
    assert "<script>" not in unescaped(visitor) + visitor.markup
    assert "<img src=x" not in visitor.markup
    assert not re.search("[xyz]{2000}", unescaped(visitor) + visitor.markup)
    assert not Visitor().open("callbacks", **{"stop-run": "bad"}).app.exception
    assert not Visitor().open("evaluation", network="run:bad").app.exception


@pytest.mark.parametrize(
    "data", [b"{", b"[" * 5000, b"\xff", b'{"epochs": "many"}', b'{"network": "nobody\'s"}', b" " * 2**21, b""]
)
@pytest.mark.parametrize("state", ["queued", "finished"])
def test_a_run_whose_config_cannot_be_used_says_so_and_can_be_deleted(visitor, folder, monkeypatch, data, state):
    monkeypatch.setattr("components.lessons.training.chosen_run.may_change", lambda _: True)
    bad = make(folder, "bad")
    bad.write_state(state)
    bad.config_file.write_bytes(data)
    whole(visitor.open("training", compare="bad,good"))
    whole(visitor.open("training", run="bad", compare="bad"))
    [said] = [one.value for one in visitor.app.warning]
    assert said.replace("\\", "").startswith("The config.json of the run bad cannot be used")
    visitor.click("unreadable-deleted-bad")
    assert not visitor.app.exception
    assert [run.name for run in all_runs(folder)] == ["good"]


def test_who_may_not_change_a_damaged_run_cannot_delete_it(visitor, folder, monkeypatch):
    monkeypatch.setenv("TEACHER_PASSWORD", "x")
    make(folder, "bad").config_file.write_text("{")
    visitor.open("training", run="bad")
    assert not visitor.app.exception
    assert "unreadable-deleted-bad" not in [button.key for button in visitor.app.button]


def test_whatever_goes_wrong_with_one_run_the_others_have_their_rows(visitor, folder, monkeypatch):
    make(folder, "bad")

    def broken(run: RunDirectory) -> Any:
        if run.name == "bad":
            raise MemoryError
        return facts_of(run)

    monkeypatch.setattr("components.lessons.training.runs_table.facts_of", broken)
    whole(visitor.open("training"))
    rows = {row["name"]: row["cells"] for row in visitor.data("runs_table")["rows"]}
    assert rows["bad"][1][1] == "It cannot be read."
    assert rows["good"][1][0] == "finished"


@pytest.mark.parametrize("page", ["training", "evaluation", "convnet", "callbacks"])
def test_a_folder_whose_name_is_no_text_takes_no_page_down(visitor, folder, page):
    run = make(folder, "bad")
    run.best_model.write_bytes(b"x")
    try:
        run.path.rename(folder / "bad\udcff")
    except OSError:
        pytest.skip("this disk takes texts only")
    visitor.open(page)
    assert not visitor.app.exception
    assert [one.name for one in all_runs(folder)] == ["good"]


def test_every_step_of_an_open_run_has_a_whole_page(visitor, folder, monkeypatch):
    monkeypatch.setattr("components.lessons.training.panels.may_change", lambda _: True)
    run = make(folder, "first")
    for file in (run.best_model, run.last_model):
        file.write_bytes(b"x")
    whole(visitor.open("training", run="first"))
    for step in range(1, 9):
        visitor.set_trigger("training_stepper", "step", step)
        whole(visitor)
        assert visitor.data("training_stepper")["current"] == step
    files = [node.proto.label for node in visitor.app.get("download_button")]
    assert files.count("Whole run") == 2  # in step 8, and below all runs
    visitor.click("saved-run-deleted-first")
    assert not visitor.app.exception
    assert [one.name for one in all_runs(folder)] == ["good"]


@pytest.mark.parametrize(
    "name",
    [PICTURE.replace("/", ""), "[x](javascript:alert(1))", "<b>", "a\n\n# b", ":red[x]", "a&lt;b", "- a", "1. a"],
)
@pytest.mark.parametrize(
    ("page", "parameter"), [("training", "run"), ("training", "compare"), ("callbacks", "stop-run")]
)
def test_a_link_is_no_markdown(visitor, folder, page, parameter, name):
    visitor.open(page, **{parameter: name})
    assert not visitor.app.exception
    shown = [text for text in visitor.messages if "on this server any more" in text]
    assert len(shown) == (parameter == "run")
    for text in shown:
        assert "\n" not in text
        assert not re.search(r"(?<!\\)[\[\]<>#&:!]", text)


# Paths ---------------------------------------------------------------------------------------------------------------

TWIN = """
from components.lessons.training.launch import twin_button
from models.storage import runs_dir
from models.runs.run_directory import RunDirectory
twin_button(RunDirectory(runs_dir() / "brought"))
"""


class FakeEngine:
    def submit(self, run: RunDirectory, pictures: bytes | None = None) -> None:
        run.write_state("queued")


@pytest.fixture
def twin(folder, monkeypatch) -> Callable[[RunConfig], str]:
    """Return a function that presses “Train it again …” for a run of a configuration, and what the page then says."""

    def press(config: RunConfig) -> str:
        make(folder, "brought", config)
        monkeypatch.setattr(launch, "engine_or_word", lambda _: FakeEngine())
        monkeypatch.setattr(launch, "_settle", lambda: None)
        monkeypatch.setattr(launch, "may_change", lambda _: True)
        app = AppTest.from_string(TWIN, default_timeout=60).run()
        app.button(key="training-twin").click().run()
        assert not app.exception
        return str(app.session_state["training-problem"] if "training-problem" in app.session_state else "")  # noqa: SIM401

    return press


@pytest.mark.parametrize("here", [True, False])
def test_an_undisturbed_twin_begins_with_the_runs_own_weights_and_opens_no_path(twin, folder, tmp_path, here):
    secret = tmp_path / "secret.txt"
    secret.write_text("the teacher's own file")
    if here:
        (folder / "brought").mkdir()
        (folder / "brought" / "initial.keras").write_bytes(b"its own")
    assert twin(RunConfig(**{**vars(MLP), "initial_weights": str(secret)})) == ""
    made = RunDirectory(folder / "brought-undisturbed")
    assert made.initial_model.exists() == here
    if here:
        assert made.initial_model.read_bytes() == b"its own"
    assert secret.read_text() not in "".join(path.read_text(errors="replace") for path in made.path.iterdir())


def test_a_twin_is_no_larger_than_a_visitors_run(twin, folder, monkeypatch):
    large = RunConfig(dataset="drawn-pets:train=100000", network="mlp")
    monkeypatch.setattr(launch, "is_teacher", lambda: False)
    assert "more than the 30,000 that a visitor's run may have" in twin(large)
    assert not (folder / "brought-undisturbed").exists()
    monkeypatch.setattr(launch, "is_teacher", lambda: True)
    (folder / "brought").rename(folder / "before")
    assert twin(large) == ""
    assert (folder / "brought-undisturbed").exists()


# Downloads -----------------------------------------------------------------------------------------------------------

FILES_OF = """
from models.storage import runs_dir
from models.runs.run_directory import RunDirectory
from components.lessons.training.run_files import run_files
run_files(RunDirectory(runs_dir() / "own"), may_change={may_change})
"""


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("browser", ["owner", "another", "none", "teacher"])
def test_an_old_link_gives_nobody_elses_pictures(folder, monkeypatch, browser, kept):
    """The button is drawn while the run waits; by the time it is pressed, the run has its owner's pictures."""
    made: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr("streamlit.download_button", lambda label, make, **_: made.setdefault(label, make))
    seen = {"owner": "a" * 64, "another": "b" * 64, "none": "", "teacher": "c" * 64}[browser]
    for module in ("components.lessons.training.run_files", "components.shell.visitor"):
        with contextlib.suppress(AttributeError):
            monkeypatch.setattr(f"{module}.visitor", lambda: seen)
    run = RunDirectory.create(folder / "own", RunConfig(dataset="photos", network="mlp", keep_pictures=kept))
    (run.path / "owner").write_text("a" * 64)
    app = AppTest.from_string(FILES_OF.format(may_change=browser in ("owner", "teacher")), default_timeout=60).run()
    assert not app.exception
    run.write_state("paused", epoch=1)
    run.pictures_file.write_bytes(b"the owner's pictures")
    checkpoint.save(run.checkpoints, 1, [], {})
    with zipfile.ZipFile(io.BytesIO(made["Whole run"]())) as archive:
        names = archive.namelist()
    assert ("pictures.npz" in names) == (browser == "owner")
    assert {"config.json", "state.json", "checkpoints/000000001.npz"} <= set(names)
    said = " ".join(one.value for one in app.markdown)
    assert ("without its owner's pictures" in said) == (browser != "owner")
