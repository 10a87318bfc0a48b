"""Two runs over each other, and pulled plugs."""

import json
import math
import time
from dataclasses import replace

import pytest

from models.runs.config import Continuation, RunConfig
from models.runs.plug import note_pulled, pulled_plugs, recovery
from models.runs.run_directory import RunDirectory
from models.runs.watching.comparison import agreement, twins

CONFIG = RunConfig(dataset="digits", seed=3)


def line(epoch, step, loss):
    return {"kind": "batch", "epoch": epoch, "step": step, "loss": loss, "accuracy": 0.5, "time": time.time()}


def run_with(folder, name, *events, config=CONFIG):
    run = RunDirectory.create(folder / name, config)
    run.metrics_file.write_text("".join(json.dumps(event) + "\n" for event in events))
    return run


def test_equal_lines_differ_by_nothing_whenever_they_were_written(tmp_path):
    first = run_with(tmp_path, "a", line(0, 1, 0.5), line(0, 2, 0.25), {"kind": "epoch", "epoch": 0, "val_loss": 1.0})
    other = run_with(tmp_path, "b", line(0, 1, 0.5), {"kind": "epoch", "epoch": 0, "val_loss": 1.0})
    found = agreement(first, other)
    assert (found.batches, found.epochs, found.largest, found.figure) == (1, 1, 0.0, "")


def test_the_largest_difference_is_found_with_its_place(tmp_path):
    first = run_with(tmp_path, "a", line(0, 1, 0.5), line(0, 2, 0.25))
    other = run_with(tmp_path, "b", line(0, 1, 0.5), line(0, 2, 0.25 + 2**-40))
    found = agreement(first, other)
    assert found.largest == 2**-40
    assert (found.figure, found.place) == ("loss", (0, 2))


def test_what_is_no_number_is_a_difference(tmp_path):
    found = agreement(run_with(tmp_path, "a", line(0, 1, math.nan)), run_with(tmp_path, "b", line(0, 1, 0.5)))
    assert math.isnan(found.largest)


def test_a_twin_is_to_do_the_same_whatever_is_kept_of_it_and_however_long_it_goes_on(tmp_path):
    run = run_with(tmp_path, "a")
    longer = run_with(tmp_path, "b", config=replace(CONFIG, epochs=9, checkpoint_seconds=1.0, tensorboard=True))
    run_with(tmp_path, "c", config=replace(CONFIG, seed=4))
    run_with(tmp_path, "d", config=replace(CONFIG, schedule="cosine"))
    assert [other.path for other in twins(run)] == [longer.path]
    (tmp_path / "b" / "config.json").write_text("{")
    assert twins(run) == []


def test_twins_began_with_the_same_weights_wherever_those_lay(tmp_path):
    here, there, other = (
        run_with(tmp_path, name, config=replace(CONFIG, initial_weights=path))
        for name, path in (("here", "/home/a.keras"), ("there", "initial.keras"), ("other", "/home/a.keras"))
    )
    run_with(tmp_path, "fresh")
    for run, weights in ((here, b"one"), (there, b"one"), (other, b"two")):
        run.initial_model.write_bytes(weights)
    assert names_of_twins(here) == {"there"}
    assert names_of_twins(other) == set()
    here.initial_model.write_bytes(b"two")
    assert names_of_twins(other) == {"here"}


def with_pictures(run, fingerprint):
    run.data_file.write_text(json.dumps({"fingerprint": fingerprint}))
    return run


def names_of_twins(run):
    return {other.name for other in twins(run)}


def test_twins_have_learned_from_the_same_pixels(tmp_path):
    config = replace(CONFIG, dataset="folder:/pets", network="mlp")
    run, same, other, waiting = (run_with(tmp_path, name, config=config) for name in ("run", "same", "other", "waits"))
    for one, fingerprint in ((run, "px1"), (same, "px1"), (other, "px2")):
        with_pictures(one, fingerprint)
    assert names_of_twins(run) == {"same", "waits"}
    assert names_of_twins(other) == {"waits"}
    with_pictures(waiting, "px2")
    assert names_of_twins(run) == {"same"}
    assert names_of_twins(other) == {"waits"}


def test_fingerprints_without_pixels_make_no_twins_of_files_that_may_have_changed(tmp_path):
    for dataset, expected in (("folder:/pets", set()), ("dogs-vs-cats", set()), ("digits", {"b"})):
        folder = tmp_path / dataset.partition(":")[0]
        config = replace(CONFIG, dataset=dataset, network="mlp")
        first, _ = (with_pictures(run_with(folder, name, config=config), "ab" * 16) for name in "ab")
        assert names_of_twins(first) == expected


def test_two_visitors_own_photos_are_no_twins_while_one_of_them_waits(tmp_path):
    config = replace(CONFIG, dataset="photos", network="mlp")
    first = with_pictures(run_with(tmp_path, "a", config=config), "px1")
    second = run_with(tmp_path, "b", config=config)
    assert names_of_twins(first) == set()
    with_pictures(second, "px1")
    assert names_of_twins(first) == {"b"}


def test_a_head_is_no_twin_of_a_run_that_an_earlier_version_trained_as_a_whole_network(tmp_path):
    frozen = RunConfig(network="efficientnet-lite0")
    first, same, earlier = (run_with(tmp_path, name, config=frozen) for name in ("first", "same", "earlier"))
    earlier.machine_file.write_text(json.dumps({"device": "CPU"}))
    first.machine_file.write_text(json.dumps({"features_once": True}))
    assert [run.name for run in twins(first)] == [same.name]


def test_a_falling_learning_rate_makes_the_length_part_of_what_a_run_does(tmp_path):
    run = run_with(tmp_path, "a", config=replace(CONFIG, schedule="cosine", epochs=5))
    run_with(tmp_path, "b", config=replace(CONFIG, schedule="cosine", epochs=6))
    same = run_with(tmp_path, "c", config=replace(CONFIG, schedule="cosine", epochs=6, schedule_epochs=5))
    assert [other.path for other in twins(run)] == [same.path]


def test_a_pulled_plug_is_remembered_and_what_followed_is_found(tmp_path):
    run = run_with(tmp_path, "a", line(0, 7, 0.5))
    assert pulled_plugs(run) == ()
    pulled = note_pulled(run, epoch=0, step=7)
    assert pulled_plugs(run) == (pulled,)
    assert recovery(run, pulled) is None
    with run.metrics_file.open("a") as file:
        file.write(json.dumps(line(0, 6, 0.5) | {"time": pulled.time + 8.0}) + "\n")
    back = recovery(run, pulled)
    assert back is not None
    assert (back.epoch, back.step) == (0, 6)
    assert back.seconds == pytest.approx(8.0)
    again = note_pulled(run, epoch=1, step=2)
    assert pulled_plugs(run) == (pulled, again)


def test_a_damaged_note_of_a_plug_is_none(tmp_path):
    run = run_with(tmp_path, "a")
    (run.path / "plug.json").write_text('[{"epoch": 1}]')
    assert pulled_plugs(run) == ()


def test_two_runs_that_explode_alike_agree(tmp_path):
    first, other = (run_with(tmp_path, name, line(0, 1, math.inf), line(0, 2, math.nan)) for name in "ab")
    assert agreement(first, other).largest == 0.0


def test_a_run_that_went_on_after_its_cosine_keeps_the_twin_that_did_not(tmp_path):
    ended = replace(CONFIG, schedule="cosine", epochs=3)
    later = replace(ended, schedule_epochs=3, epochs=8, continuations=(Continuation(3, 0.001),))
    run = run_with(tmp_path, "a", config=ended)
    longer = run_with(tmp_path, "b", config=later)
    same = run_with(tmp_path, "c", config=later)
    run_with(tmp_path, "d", config=replace(later, continuations=(Continuation(3, 0.01),)))
    run_with(tmp_path, "e", config=replace(later, continuations=()))  # of an earlier version, at rate 0
    assert {one.name for one in twins(longer)} == {run.name, same.name}
