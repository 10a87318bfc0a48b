"""A run's curves: read as they grow, cut back with the run, and thinned without losing an extreme."""

import json
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from models.runs.watching.curves import MAX_POINTS, curves_of, steps_of, thinned


@pytest.fixture
def run(tmp_path):
    made = RunDirectory.create(tmp_path / "run", RunConfig(dataset="digits", batch_size=10))
    made.data_file.write_text(json.dumps({"train": 95}))
    return made


def batch(epoch, step, loss=1.0, accuracy=0.5):
    line = {"kind": "batch", "epoch": epoch, "step": step, "loss": loss, "accuracy": accuracy, "batch_loss": 2 * loss}
    return line | {"images_per_s": 10.0, "time": time.time()}


def write(run, *events, mode="a"):
    with run.metrics_file.open(mode) as file:
        file.writelines(json.dumps(event) + "\n" for event in events)


def test_a_run_without_lines_has_empty_curves(run):
    curves = curves_of(run)
    assert curves.count == 0
    assert curves.newest is None
    assert curves.by_epoch("val_loss").shape == (2, 0)
    assert curves.best_epoch is None


def test_x_counts_epochs_and_the_last_smaller_batch_ends_one(run):
    assert steps_of(run) == 10
    write(run, batch(0, 1), batch(0, 10), batch(1, 5))
    x, y = curves_of(run).batches["batch_loss"]
    assert x == pytest.approx([0.1, 1.0, 1.5])
    assert y == pytest.approx([2.0, 2.0, 2.0])


def test_lines_are_added_as_they_come(run):
    write(run, batch(0, 1, 1.0))
    assert curves_of(run).count == 1
    write(run, batch(0, 2, 0.5), {"kind": "epoch", "epoch": 0, "val_loss": 0.4, "best_epoch": 0, "time": 1.0})
    curves = curves_of(run)
    assert curves.count == 2
    assert curves.newest is not None
    assert curves.newest["step"] == 2
    assert curves.by_epoch("val_loss").tolist() == [[1.0], [0.4]]


def test_what_a_resumed_run_cut_off_is_forgotten(run):
    write(run, batch(0, 1, 1.0), batch(0, 2, 9.0), batch(0, 3, 9.0))
    assert curves_of(run).count == 3
    write(run, batch(0, 1, 1.0), mode="w")
    assert curves_of(run).count == 1
    write(run, batch(0, 2, 0.25))
    assert curves_of(run).batches["loss"][1].tolist() == [1.0, 0.25]


def test_a_file_that_was_cut_and_has_grown_past_the_old_place_is_read_anew(run):
    write(run, batch(0, 1, 1.0), batch(0, 2, 9.0))
    curves_of(run)
    write(run, *(batch(0, step, 0.5) for step in (1, 2, 3, 4, 5)), mode="w")
    assert curves_of(run).batches["loss"][1].tolist() == [0.5] * 5


def test_the_best_epoch_is_the_runs_own_word_or_the_lowest_validation_loss(run):
    write(run, {"kind": "epoch", "epoch": 0, "val_loss": 0.2}, {"kind": "epoch", "epoch": 1, "val_loss": 0.3})
    assert curves_of(run).best_epoch == 0
    write(run, {"kind": "epoch", "epoch": 2, "val_loss": 0.4, "best_epoch": 1})
    assert curves_of(run).best_epoch == 1


@settings(max_examples=60)
@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=2000), points=st.integers(4, 300))
def test_thinned_curves_keep_their_ends_and_extremes(values, points):
    x, y = np.arange(len(values), dtype=float), np.array(values)
    few_x, few_y = thinned(x, y, points)
    assert len(few_x) <= max(points, min(len(values), points))
    assert (few_x[0], few_x[-1]) == (x[0], x[-1])
    assert (few_y.min(), few_y.max()) == (y.min(), y.max())
    assert np.all(np.diff(few_x) > 0)
    assert all(y[int(place)] == value for place, value in zip(few_x, few_y, strict=True))


def test_a_long_run_has_no_more_points_than_fit(run):
    write(run, *(batch(epoch, step) for epoch in range(200) for step in range(1, 11)))
    assert curves_of(run).count == 2000
    assert curves_of(run).batches["loss"].shape[1] <= MAX_POINTS


def test_a_loss_that_is_no_number_is_never_the_best(run):
    write(
        run, *({"kind": "epoch", "epoch": n, "val_loss": loss} for n, loss in enumerate([math.nan, 3.0, 2.0, math.inf]))
    )
    assert curves_of(run).best_epoch == 2
    write(run, *({"kind": "epoch", "epoch": n, "val_loss": None} for n in range(3)), mode="w")
    assert curves_of(run).best_epoch is None
