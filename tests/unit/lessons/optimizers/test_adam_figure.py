"""The Adam paper's figure: what is drawn is what the history says, and the button hands in the five runs."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.charts import CostCurve, cost_curves
from components.lessons.optimizers import adam_figure as drawn
from components.lessons.optimizers.race.texts import LOOKS
from models.histories import adam_study
from models.histories.adam_study import OPTIMIZERS
from models.runs.run_directory import RunDirectory, RunError, State

SCRIPT = """
import streamlit as st
from components.lessons.optimizers.adam_figure import adam_figure, adam_table
st.session_state.setdefault("shell:projector", False)
st.session_state["adam-figure:seen"] = True
adam_figure()
adam_table()
"""


class Engine:
    """An engine that takes runs and trains none."""

    def __init__(self, problem: str = "") -> None:
        self.problem = problem
        self.taken: list[RunDirectory] = []

    def submit(self, run: RunDirectory) -> None:
        if self.problem:
            raise RunError(self.problem)
        self.taken.append(run)


@pytest.fixture
def runs(tmp_path, monkeypatch) -> Path:
    """A runs folder for this test alone."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def engine(monkeypatch) -> Engine:
    """A running engine in place of the app's."""
    found = Engine()
    monkeypatch.setattr(drawn, "engine", lambda: found)
    monkeypatch.setattr(drawn, "engine_or_word", lambda _: found)
    return found


def visit() -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not app.exception, app.exception
    return app


def words(app: AppTest) -> str:
    shown = [node.proto.body for node in app.get("html")] + [node.value for node in [*app.info, *app.error]]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(shown)))


def chart(app: AppTest) -> dict[str, Any]:
    (found,) = app.get("plotly_chart")
    return json.loads(found.proto.spec)


def trained(runs: Path, optimizer: str, *, number: int = 1, epochs: int = 3, state: Any = "finished") -> RunDirectory:
    config = adam_study.config(optimizer, learning_rate=0.1, seed=7)
    run = RunDirectory.create(runs / f"adam-paper-{optimizer}-{number}", config)
    lines = [{"kind": "epoch", "epoch": epoch, "loss": 0.5**epoch, "images_per_s": 50.0} for epoch in range(epochs)]
    run.metrics_file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run.data_file.write_text(json.dumps({"train": 100}))
    run.write_state(state, epoch=epochs)
    return run


# The chart ------------------------------------------------------------------------------------------------------------


def a_curve(label: str, *costs: float, spread: np.ndarray | None = None) -> CostCurve:
    return CostCurve(label, np.array(costs), "#D55E00", "9px,4px", "star", spread)


def test_curves_are_drawn_as_they_are_on_a_logarithmic_axis():
    spread = np.array([[0.5, 0.05], [2.0, 0.2]])
    figure = cost_curves([a_curve("one", 1.0, 0.1, spread=spread)], epochs=2, text_size=16)
    assert figure.layout.yaxis.type == "log"
    (line,) = [trace for trace in figure.data if trace.name == "one"]
    np.testing.assert_array_equal(line.x, [1, 2])
    np.testing.assert_array_equal(line.y, [1.0, 0.1])
    (band,) = [trace for trace in figure.data if trace.fill]
    np.testing.assert_array_equal(band.y, [0.5, 0.05, 0.2, 2.0])
    low, high = 10 ** np.array(figure.layout.yaxis.range)
    assert low < 0.05
    assert high > 2.0


@pytest.mark.parametrize("ends", [(0.1, 0.1, 0.1, 0.1, 0.1), (1e-4, 1.0, 1.01, 1.02, 0.99), (3.0, 0.2, 1e-5, 2.9, 2.8)])
def test_names_at_the_ends_never_lie_on_each_other(ends):
    lines = [a_curve(f"curve {number}", 3.0, end) for number, end in enumerate(ends)]
    figure = cost_curves(lines, epochs=2, text_size=16)
    heights = [note.y for note in figure.layout.annotations]
    low, high = figure.layout.yaxis.range
    assert [note.text for note in figure.layout.annotations] == [line.label for line in lines]
    assert min(np.diff(sorted(heights))) >= 1.2 * 16 * (high - low) / figure.layout.height
    assert low <= min(heights)
    assert max(heights) <= high
    for one, height in zip(ends, heights, strict=True):
        for other, other_height in zip(ends, heights, strict=True):
            assert one <= other or height > other_height  # in the order of the curves' ends


def test_a_run_that_has_just_begun_has_its_name_at_its_end():
    figure = cost_curves([a_curve("short", 1.0), a_curve("long", *[0.5] * 50)], epochs=100, text_size=16)
    assert [note.x for note in figure.layout.annotations] == [6.0, 55.0]
    assert figure.layout.xaxis.range[1] >= 100


def test_every_optimizer_differs_without_its_colour():
    looks = {(drawn.DASHES[name], LOOKS[name][1]) for name in OPTIMIZERS}
    assert len(looks) == len({dash for dash, _ in looks}) == len({shape for _, shape in looks}) == len(OPTIMIZERS)


# The shipped results --------------------------------------------------------------------------------------------------


def test_the_figure_is_the_history(runs):
    app = visit()
    found = adam_study.results(adam_study.shipped("digits") or {})
    traces = {trace["name"]: trace for trace in chart(app)["data"] if trace.get("name") in OPTIMIZERS.values()}
    assert list(traces) == [one.label for one in found]
    said = words(app)
    for one in found:
        encoded = traces[one.label]["y"]
        assert np.allclose(_numbers(encoded), np.median(one.costs, axis=0), rtol=1e-12)
        assert f"{one.label} {one.learning_rate:g} (" in said
        assert adam_study.figure(one.final) in said
    for sentence in adam_study.findings(found):
        assert " ".join(sentence.split()) in said
    assert "python -m models.histories.adam_paper --dataset digits" in said


def _numbers(encoded: Any) -> np.ndarray:
    """An array in Plotly's message, where it is base64."""
    if isinstance(encoded, list):
        return np.array(encoded)
    import base64

    return np.frombuffer(base64.b64decode(encoded["bdata"]), encoded["dtype"])


def test_where_mnist_does_not_come_along_it_says_how_to_get_it(runs):
    app = visit()
    app.segmented_control(key="adam-figure-data").set_value("mnist").run()
    assert not app.get("plotly_chart")
    assert "python -m models.histories.adam_paper --dataset mnist" in words(app)


def test_without_an_engine_the_figure_is_there_all_the_same(runs):
    app = visit()
    assert "Running it again needs the engine" in words(app)
    assert chart(app)["data"]


# Running it again -----------------------------------------------------------------------------------------------------


def test_the_button_hands_in_five_runs_and_shows_them_and_one_set_at_a_time(runs, engine, monkeypatch):
    app = visit()
    app.number_input(key="adam-figure-seed").set_value(42).run()
    app.button(key="adam-figure-run").click().run()
    assert not app.exception
    assert [run.name for run in engine.taken] == [f"adam-paper-{name}-1" for name in OPTIMIZERS]
    rates = {one.optimizer: one.learning_rate for one in adam_study.results(adam_study.shipped("digits") or {})}
    for run in engine.taken:
        config = run.config()
        assert (config.seed, config.dataset, config.network, config.batch_size) == (42, "digits", "mlp", 128)
        assert config.learning_rate == rates[config.optimizer]
    assert app.segmented_control(key="adam-figure-shown").value == 1
    said = words(app)
    assert "Run again with seed 42." in said
    assert "AdaGrad waits for its turn · RMSProp waits" in said
    app.segmented_control(key="adam-figure-shown").set_value(0).run()
    assert "Why it need not agree with the paper" in words(app)
    app.button(key="adam-figure-run").click().run()
    assert ["under way already" in error.value for error in app.error] == [True]
    assert len(engine.taken) == 5
    monkeypatch.setattr(drawn, "is_teacher", lambda: True)
    app.button(key="adam-figure-run").click().run()
    assert [run.name for run in engine.taken[5:]] == [f"adam-paper-{name}-2" for name in OPTIMIZERS]


def test_what_the_engine_refuses_is_said(runs, engine):
    engine.problem = "Nobody may start anything now."
    app = visit()
    app.button(key="adam-figure-run").click().run()
    assert not app.exception
    assert [error.value for error in app.error] == ["Nobody may start anything now."]


def test_runs_of_ones_own_are_drawn_as_far_as_they_are(runs, engine, monkeypatch):
    for optimizer in ("adagrad", "rmsprop"):
        trained(runs, optimizer)
    running = trained(runs, "nesterov", epochs=2)
    trained(runs, "adadelta", epochs=0, state="queued")
    failed = trained(runs, "adam", epochs=1)
    failed.write_state("failed", "The loss is no number any more.", epoch=1)
    state = RunDirectory.state
    now = State("running", epoch=2)
    monkeypatch.setattr(RunDirectory, "state", lambda self: now if self.path == running.path else state(self))
    app = visit()
    app.segmented_control(key="adam-figure-shown").set_value(1).run()
    assert not app.exception
    lengths = {trace["name"]: len(_numbers(trace["y"])) for trace in chart(app)["data"] if trace.get("name")}
    assert lengths == {"AdaGrad": 3, "RMSProp": 3, "SGDNesterov": 2, "Adam": 1}
    said = words(app)
    assert "AdaGrad has finished · RMSProp has finished · SGDNesterov: epoch 3 of 100" in said
    assert "AdaDelta waits for its turn · Adam failed (The loss is no number any more)" in said
    # Finished runs are compared with all shipped seeds.
    assert f"AdaGrad {adam_study.figure((1 + 0.5 + 0.25) / 3)} " in said
    assert "above them" in said


def test_only_whole_and_newest_sets_can_be_chosen(runs):
    for number in (1, 2, 3, 10):
        trained(runs, "adam", number=number)
    (runs / "adam-paper-adam-11").mkdir()  # a run that was not deleted completely
    (runs / "adam-paper-adam-x").mkdir()
    (runs / "convnet-digits-99").mkdir()
    assert [one.number for one in drawn.sets("digits")] == [10, 3, 2]
    assert drawn.sets("mnist") == []
    assert drawn.next_number() == 12


def test_without_a_runs_folder_there_are_no_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "nothing"))
    assert drawn.sets("digits") == []
    assert drawn.next_number() == 1
