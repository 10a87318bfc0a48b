"""The stopping chart: its curves, the runs that it offers, and its Keras lines."""

import json

import keras
import pytest
from streamlit.testing.v1 import AppTest

from components.lessons.callbacks.stopping_chart import curves_of, keras_lines, shipped_curves
from components.lessons.callbacks.stopping_chart.scene import FIGURES, StoppingScene
from models import histories
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory


def test_the_curves_are_those_of_the_recorded_epochs():
    runs = histories.load("overfitting")["runs"]
    assert set(shipped_curves()) == set(runs)
    for name, curves in shipped_curves().items():
        for figure in FIGURES:
            assert curves.figures[figure] == tuple(epoch[figure] for epoch in runs[name]["epochs"])


def test_the_shipped_run_overfits():
    for curves in shipped_curves().values():
        assert curves.figures["val_loss"][-1] > 1.1 * min(curves.figures["val_loss"])
        assert curves.figures["loss"][-1] < 0.5 * curves.figures["loss"][0]


@pytest.mark.parametrize("spoilt", [{"val_loss": None}, {"val_loss": float("nan")}, {"accuracy": "much"}])
def test_a_run_without_a_figure_is_refused(spoilt):
    epoch = dict.fromkeys(FIGURES, 0.5)
    assert curves_of("whole", [epoch] * 4) is not None
    assert curves_of("spoilt", [epoch, epoch, {**epoch, **spoilt}, epoch]) is None
    assert curves_of("short", [epoch] * 3) is None


def test_of_a_long_run_the_first_200_epochs_are_shown():
    curves = curves_of("long", [dict.fromkeys(FIGURES, 1 / number) for number in range(1, 300)])
    assert curves is not None
    assert len(curves.figures["loss"]) == 200


@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy", "loss"])
def test_the_lines_make_the_callbacks_of_the_scene(monitor):
    names: dict = {"keras": keras}
    exec(keras_lines(StoppingScene(monitor=monitor, patience=7, min_delta=0.25, restore=False, best_only=False)), names)
    stopping, checkpoint = names["callbacks"]
    assert (stopping.monitor, stopping.patience, stopping.restore_best_weights) == (monitor, 7, False)
    assert (stopping.min_delta, stopping.mode) == (0.25, "max" if monitor == "val_accuracy" else "min")
    assert (checkpoint.monitor, checkpoint.save_best_only) == (monitor, False)


def _page() -> None:
    from components.lessons.callbacks.stopping_chart import stopping_chart

    stopping_chart()


def test_finished_runs_of_the_server_are_offered_and_one_without_validation_is_answered_in_a_sentence(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    for name, figures in [("validated", FIGURES), ("blind", FIGURES[:2])]:
        run = RunDirectory.create(tmp_path / name, RunConfig(dataset="digits"))
        lines = [{"kind": "epoch", "epoch": epoch, **dict.fromkeys(figures, 0.5)} for epoch in range(5)]
        run.metrics_file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        run.write_state("finished", epoch=5)
    RunDirectory.create(tmp_path / "queued", RunConfig(dataset="digits"))
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert {option for option in app.selectbox[0].options if "course" not in option} == {"validated", "blind"}
    for name, shown, problems in [("validated", "validated", 0), ("blind", next(iter(shipped_curves())), 1)]:
        app.selectbox[0].select(name).run()
        (chart,) = app.get("bidi_component")
        assert json.loads(chart.proto.bytes or chart.proto.json)["run"] == shown
        assert len(app.info) == problems
        assert not app.exception
