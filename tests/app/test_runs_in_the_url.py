"""Links to runs: those that are compared on /training, and the one that is chosen on /callbacks."""

from pathlib import Path

import pytest

from components.lessons.callbacks.stopping_chart import shipped_curves
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from tests.app.visitor import Visitor

LINE = (
    '{{"kind": "epoch", "epoch": {epoch}, "loss": 1, "accuracy": 0.5, "val_loss": 1, "val_accuracy": 0.5, '
    '"best_epoch": 0, "time": 1000.0, "seconds": 1}}\n'
)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    for name in ("one", "two", "three"):
        run = RunDirectory.create(tmp_path / "runs" / name, RunConfig(dataset="digits", network="mlp", epochs=5))
        run.write_state("finished", epoch=5)
        run.metrics_file.write_text("".join(LINE.format(epoch=epoch) for epoch in range(5)), encoding="utf-8")
    return tmp_path / "runs"


def charts(visitor: Visitor) -> list[str]:
    """The text alternatives of the charts of compared runs."""
    return [node.proto.alt for node in visitor.app.get("echarts_chart") if " of the validation " in node.proto.alt]


def test_a_link_compares_the_runs_that_it_names_and_leaves_out_those_that_are_gone(visitor, folder):
    visitor.open("training", compare="three,gone,one")
    assert not visitor.app.exception
    (loss, accuracy) = charts(visitor)
    assert "three" in loss
    assert "one" in loss
    assert "two" not in loss
    assert "gone" not in accuracy
    # Another choice in the draft does not change them.
    assert visitor.url["compare"] == "three,gone,one"
    assert charts(Visitor().open("training")) == []


def test_a_link_opens_the_run_that_the_callbacks_are_laid_over(visitor, folder):
    first, second, *_ = shipped_curves()
    visitor.open("callbacks", **{"stop-run": second})
    assert visitor.app.selectbox(key="stopping_chart-run").value == second
    visitor.app.selectbox(key="stopping_chart-run").select("two").run()
    assert visitor.url["stop-run"] == "two"
    visitor.app.selectbox(key="stopping_chart-run").select(first).run()
    assert "stop-run" not in visitor.url
    assert not visitor.app.exception


def test_a_link_to_a_folder_of_the_server_opens_it_for_the_teacher_only(monkeypatch, tmp_path):
    opened = []
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setattr("components.lessons.training.data_facts.opened", lambda name, *_: opened.append(name))
    asking = [
        f"components.{place}.is_teacher"
        for place in ("lessons.training.panels", "lessons.training.data_facts", "networks.choosers")
    ]
    for place in asking:
        monkeypatch.setattr(place, lambda: True)
    Visitor().open("training", data="folder", folder="/home")
    assert set(opened) == {"folder:/home"}
    for place in asking:
        monkeypatch.setattr(place, lambda: False)
    visitor = Visitor().open("training", data="folder", folder="/root")
    assert not visitor.app.exception
    assert set(opened) == {"folder:/home"}
    run = RunDirectory.create(tmp_path / "runs" / "shown", RunConfig(dataset="folder:/class", network="mlp"))
    run.write_state("finished")
    Visitor().open("training", run="shown")
    assert set(opened) == {"folder:/home", "folder:/class"}
