"""The stopping chart: its curves, the runs that it offers, and its Keras lines."""

import json

import keras
import numpy as np
import pytest
from scipy.stats import binomtest  # type: ignore[import-untyped]
from streamlit.testing.v1 import AppTest

from components.lessons.callbacks.stopping_chart import Curves, curves_of, keras_lines, payload, shipped_curves, why
from components.lessons.callbacks.stopping_chart.scene import FIGURES, StoppingScene
from models import histories
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from models.storage import ROOT
from tests.stopping_reference import by_keras


def test_the_curves_are_those_of_the_recorded_epochs():
    runs = histories.load("overfitting")["runs"]
    assert set(shipped_curves()) == set(runs)
    for name, curves in shipped_curves().items():
        for figure in FIGURES:
            assert curves.figures[figure] == tuple(epoch[figure] for epoch in runs[name]["epochs"])


def test_every_shipped_run_overfits():
    """What the page says: the training loss goes on falling while the validation loss rises. Every seed makes a U."""
    assert len(shipped_curves()) >= 3
    assert len({run["config"]["seed"] for run in histories.load("overfitting")["runs"].values()}) >= 3
    for curves in shipped_curves().values():
        training, validation = (np.array(curves.figures[name]) for name in ("loss", "val_loss"))
        best, last = int(validation.argmin()), len(validation) - 1
        assert 2 <= best <= last / 2
        assert validation[0] > 1.04 * validation[best]  # it falls …
        assert validation[-1] > 1.5 * validation[best]  # … and ends far above its lowest.
        # Smoothed over five epochs, it rises from there to the end; and no later epoch comes near the best one again.
        smooth = np.convolve(validation[best:], np.ones(5) / 5, "valid")
        assert np.mean(np.diff(smooth) > 0) > 0.85
        assert validation[best + 5 :].min() > 1.05 * validation[best]
        thirds = [part.mean() for part in np.array_split(training, 6)]
        assert thirds == sorted(thirds, reverse=True)
        assert training[-1] < 0.3 * training[best]


def test_the_run_that_the_page_opens_with_falls_step_by_step_before_it_rises():
    first = next(iter(shipped_curves().values()))
    losses = np.array(first.figures["val_loss"])
    best = int(losses.argmin())
    assert best >= 3
    assert np.all(np.diff(losses[: best + 1]) < 0)


def test_the_default_settings_stop_every_shipped_run_near_its_best_epoch():
    """As the page opens: a stop saves most of the epochs, and the kept weights have a far lower loss on the test."""
    scene = StoppingScene()
    for curves in shipped_curves().values():
        values = curves.figures[scene.monitor]
        stop = by_keras(
            {"values": values, "patience": scene.patience, "minDelta": 0, "maximise": False, "bestOnly": True}
        )["stop"]
        assert stop["stopped"]
        assert stop["best"] == int(np.argmin(values))
        assert stop["last"] < 0.7 * len(values)
        assert curves.test is not None
        assert curves.test["loss"][stop["best"]] < 0.8 * curves.test["loss"][-1]


def test_the_page_tells_the_numbers_of_the_shipped_runs():
    history = histories.load("overfitting")
    page = " ".join((ROOT / "pages" / "callbacks.py").read_text(encoding="utf-8").split()).replace('" "', "")
    epochs = {len(run["epochs"]) for run in history["runs"].values()}
    assert f"{epochs.pop()} epochs on only 2,000 photos" in page
    assert not epochs
    assert "2,000 for training, 400 for validation" in history["notes"]
    assert f"{history['test']:,} test photos" in page


def test_the_test_figures_are_those_of_the_history_with_wilsons_interval():
    history = histories.load("overfitting")
    for name, curves in shipped_curves().items():
        test, epochs = curves.test, history["runs"][name]["epochs"]
        assert test is not None
        assert test["pictures"] == history["test"] >= 1000
        assert test["accuracy"] == [epoch["test_accuracy"] for epoch in epochs]
        for place, epoch in enumerate(epochs):
            right = epoch["test_accuracy"] * test["pictures"]
            assert right == pytest.approx(round(right), abs=1e-3)  # a whole number of pictures
            interval = proportion(round(right), test["pictures"])
            assert (test["low"][place], test["high"][place]) == pytest.approx(interval, abs=1e-9)


def proportion(right: int, count: int) -> tuple[float, float]:
    """Wilson's interval from SciPy."""
    interval = binomtest(right, count).proportion_ci(method="wilson")
    return interval.low, interval.high


def test_why_loss_and_accuracy_part_ways_is_told_with_the_runs_numbers():
    rising = {
        "loss": (1.0, 0.5, 0.2, 0.1),
        "accuracy": (0.5, 0.8, 0.9, 1.0),
        "val_loss": (0.8, 0.61, 0.7, 1.25),
        "val_accuracy": (0.5, 0.7, 0.71, 0.72),
    }
    said = why(Curves("rising", rising))
    assert "After epoch 2, the validation loss rises from 0.61 to 1.25" in said
    assert "from 70.0\u00a0% to 72.0\u00a0%" in said
    assert f"costs {np.log(1 / 0.4):.1f}" in said
    assert f"costs {np.log(1 / 0.01):.1f}" in said
    assert why(Curves("falling", {**rising, "val_loss": (0.8, 0.7, 0.6, 0.5)})) == ""
    assert why(Curves("flat", {**rising, "val_loss": (0.501, 0.5, 0.5, 0.502)})) == ""
    assert all(why(curves) for curves in shipped_curves().values())


def test_a_run_of_the_server_has_no_test_figures_and_no_other_seeds():
    own = Curves("mine", dict.fromkeys(FIGURES, (0.5,) * 5))
    message = payload(own, StoppingScene())
    assert message["test"] is None
    assert message["others"] == []
    shipped = list(shipped_curves().values())
    assert payload(shipped[0], StoppingScene())["others"] == [curves.figures for curves in shipped[1:]]


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
