"""The live charts: what is handed to ECharts says what the run says, in few points, without a number that is none."""

import json
import math

import numpy as np
import pytest

from components.lessons.training.curve_options import Look, Mark, compared_options, live_options
from models.runs.records import EpochLine
from models.runs.watching.curves import MAX_POINTS, Curves

LOOK = Look(dark=False, text=16)


@pytest.fixture
def curves():
    x = np.linspace(0, 3, 250)
    lines: list[EpochLine] = [
        {
            "kind": "epoch",
            "epoch": n,
            "loss": 1 / (n + 1),
            "val_loss": abs(n - 1) + 0.5,
            "val_accuracy": 0.5 + n / 10,
            "accuracy": 0.6,
        }
        for n in range(3)
    ]
    batches = {name: np.stack([x, np.cos(x)]) for name in ("loss", "accuracy", "batch_loss")}
    return Curves(batches, tuple(lines), {"kind": "batch", "epoch": 2, "step": 9}, 1.0, 250)


def test_a_run_of_very_many_epochs_has_no_more_points_than_fit():
    count = 20_000
    lines: list[EpochLine] = [
        {"kind": "epoch", "epoch": n, "loss": 9.0 if n == 777 else 1 / (n + 1), "val_loss": math.nan, "best_epoch": n}
        for n in range(count)
    ]
    curves = Curves(epochs=tuple(lines))
    for options in (
        live_options(curves, "loss", LOOK, epochs=count, twin=curves),
        compared_options([("a", curves)], "loss", LOOK),
    ):
        assert max(len(one["data"]) for one in options["series"]) <= MAX_POINTS
        json.dumps(options, allow_nan=False)
    by_name = {one["name"]: one["data"] for one in live_options(curves, "loss", LOOK, epochs=count)["series"]}
    assert [778.0, 9.0] in by_name["training"]
    assert by_name["training"][-1][0] == count


def test_every_curve_is_there_with_its_numbers(curves):
    options = live_options(curves, "loss", LOOK, epochs=5)
    by_name = {one["name"]: one["data"] for one in options["series"]}
    assert by_name["training"] == [[1.0, 1.0], [2.0, 0.5], [3.0, 0.3333]]
    assert by_name["validation"] == [[1.0, 1.5], [2.0, 0.5], [3.0, 1.5]]
    assert len(by_name["each batch"]) == 250 <= MAX_POINTS
    assert options["xAxis"]["max"] == 5
    assert all(one["animation"] is False for one in options["series"])


def test_the_best_epoch_and_the_pulled_plug_are_marked(curves):
    marks = [Mark(0.5, "plug pulled"), Mark(1.25, "plug pulled"), Mark(1.125, "went on 11 s later", back=True)]
    options = live_options(curves, "loss", LOOK, epochs=3, marks=marks)
    validation = next(one for one in options["series"] if one["name"] == "validation")
    assert validation["markPoint"]["data"] == [{"coord": [2, 0.5]}]
    training = next(one for one in options["series"] if one["name"] == "training")
    lines = training["markLine"]["data"]
    assert [(one["xAxis"], one["name"]) for one in lines] == [(mark.x, mark.word) for mark in marks]
    assert [one["label"]["show"] for one in lines] == [False, True, True]  # of two pulled plugs, the last one is named
    assert lines[1]["lineStyle"]["color"] == LOOK.plug != lines[2]["lineStyle"]["color"]


def test_training_validation_and_batches_differ_in_stroke_and_not_by_colour_alone(curves):
    options = live_options(curves, "loss", LOOK, epochs=3)
    batches, training, validation = options["series"]
    assert batches["lineStyle"]["width"] < training["lineStyle"]["width"]
    assert (training["lineStyle"]["type"], validation["lineStyle"]["type"]) == ("solid", "dashed")
    assert len({one["icon"] for one in options["legend"]["data"]}) == 3
    assert {one["name"] for one in options["legend"]["data"]} == {one["name"] for one in options["series"]}


def test_curves_are_grey_while_the_plug_is_pulled(curves):
    stopped = Look(dark=False, text=16, stopped=True)
    colours = {one["lineStyle"]["color"] for one in live_options(curves, "loss", stopped, epochs=3)["series"]}
    assert len(colours) == 1
    assert not colours & {LOOK.training, LOOK.validation}


def test_the_undisturbed_run_lies_over_the_others(curves):
    names = [one["name"] for one in live_options(curves, "accuracy", LOOK, epochs=3, twin=curves)["series"]]
    assert names.count("undisturbed") == 2
    assert names[-1] == "undisturbed"


def test_what_is_no_number_is_a_gap_and_never_breaks_the_message():
    wild = Curves({"batch_loss": np.array([[0.5, 1.0], [np.inf, np.nan]])})
    options = live_options(wild, "loss", LOOK, epochs=1)
    assert options["series"][0]["data"] == [[0.5, None], [1.0, None]]
    json.dumps(options, allow_nan=False)


def test_a_run_that_has_said_nothing_is_an_empty_chart():
    options = live_options(Curves(), "accuracy", LOOK, epochs=4, note="Your curve will be here")
    assert all(one["data"] == [] for one in options["series"])
    assert options["graphic"]["style"]["text"] == "Your curve will be here"
    assert options["xAxis"]["max"] == 4


def test_a_chart_with_a_curve_says_no_more_what_will_be_there(curves):
    assert "graphic" not in live_options(curves, "accuracy", LOOK, epochs=4, note="Your curve will be here")


def test_compared_runs_differ_in_more_than_colour(curves):
    series = compared_options([(f"run {n}", curves) for n in range(6)], "loss", LOOK)["series"]
    assert len({json.dumps(one["lineStyle"]["type"]) for one in series}) == 6
    assert [one["name"] for one in series] == [f"run {n}" for n in range(6)]


@pytest.mark.parametrize(("dark", "ground"), [(False, 1.0), (True, 0.008)])
def test_words_and_curves_stand_out_from_the_ground(dark, ground):
    look = Look(dark=dark, text=16)

    def luminance(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour, wanted in ((look.words, 4.5), (look.plug, 4.5), (look.training, 3.0), (look.validation, 3.0)):
        one, other = sorted((luminance(colour), ground))
        assert (other + 0.05) / (one + 0.05) >= wanted


@pytest.mark.parametrize(
    ("losses", "title", "drawn"),
    [
        ([2.3, 9.9e4], "Loss", [2.3, 9.9e4]),
        ([2.3, 1.0000000000000001e37], "Loss, in units of 10³⁶", [2.3e-36, 10.0]),
        ([2.5e5, 1e5], "Loss, in units of 10³", [250.0, 100.0]),
        ([math.nan, 4e20], "Loss, in units of 10¹⁸", [None, 400.0]),
        ([math.nan, math.inf], "Loss", [None, None]),
    ],
)
def test_the_axis_of_an_exploded_run_is_readable(losses, title, drawn):
    lines: list[EpochLine] = [{"kind": "epoch", "epoch": n, "loss": y, "val_loss": y} for n, y in enumerate(losses)]
    for options in (
        live_options(Curves(epochs=tuple(lines)), "loss", LOOK, epochs=2),
        compared_options([("a", Curves(epochs=tuple(lines)))], "loss", LOOK),
    ):
        line = next(one for one in options["series"] if one["name"] in ("validation", "a"))
        assert options["title"]["text"].removeprefix("Validation ").capitalize() == title
        assert [y for _, y in line["data"]] == pytest.approx(drawn)
        for mark in line.get("markPoint", {}).get("data", []):
            assert mark["coord"][1] in drawn
        assert all(len(f"{y:.4g}") < 9 for _, y in line["data"] if y and y > 1e-6)
        json.dumps(options, allow_nan=False)
