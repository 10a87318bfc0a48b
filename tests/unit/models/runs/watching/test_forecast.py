"""models/runs/watching/forecast.py: how long runs will take, from run folders that are written here line by line."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from models.datasets.batches import Augmentation
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, all_runs
from models.runs.watching.forecast import START_SECONDS, expected_seconds, expected_wait, seconds_left

RATE = 200.0


@pytest.fixture
def make(tmp_path: Path):
    """Make a run of 100 pictures in batches of 20 with the lines of some epochs and further batches."""

    def run(
        name: str, *, epochs: int = 0, batches: int = 0, rate: float = RATE, images: int = 100, **values: Any
    ) -> RunDirectory:
        config = RunConfig(**{"dataset": "digits", "network": "mlp", "batch_size": 20, "epochs": 10, **values})
        made = RunDirectory.create(tmp_path / name, config)
        lines: list[dict[str, Any]] = []
        for epoch in range(epochs + 1):
            for step in range(1, (5 if epoch < epochs else batches) + 1):
                # Batches alone are faster than epochs, which include a validation.
                lines.append(  # noqa: PERF401 - two kinds of lines, in their order
                    {"kind": "batch", "epoch": epoch, "step": step, "loss": 1.0, "images_per_s": rate * 2, "time": 1.0}
                )
            if epoch < epochs:
                slow = rate / 10 if epoch == 0 else rate  # the first one includes the start
                lines.append({"kind": "epoch", "epoch": epoch, "loss": 1.0, "images_per_s": slow, "time": 1.0})
        if lines:
            made.metrics_file.write_text("".join(json.dumps(line) + "\n" for line in lines))
            made.data_file.write_text(json.dumps({"train": images}))
        made.write_state("queued", epoch=epochs, step=batches)
        return made

    return run


# A running run --------------------------------------------------------------------------------------------------------


def test_what_is_left_goes_at_the_speed_of_whole_epochs(make):
    assert seconds_left(make("one", epochs=4)) == pytest.approx(6 * 100 / RATE)


def test_batches_of_the_present_epoch_are_done(make):
    assert seconds_left(make("one", epochs=4, batches=2)) == pytest.approx((6 * 100 - 40) / RATE)


def test_the_last_batch_of_an_epoch_is_not_counted_twice(make):
    assert seconds_left(make("one", epochs=4, batches=5)) == pytest.approx(5 * 100 / RATE)


def test_a_smaller_last_batch_is_not_more_than_the_epoch(make):
    assert seconds_left(make("one", epochs=9, batches=5, images=90)) == 0


def test_in_the_first_epochs_batches_have_to_do(make):
    assert seconds_left(make("none", batches=1)) == pytest.approx((10 * 100 - 20) / (2 * RATE))
    assert seconds_left(make("one", epochs=1)) == pytest.approx(9 * 100 / (2 * RATE))


def test_a_machine_that_became_slower_is_noticed(make):
    run = make("one", epochs=9)
    with run.metrics_file.open("a") as file:
        for epoch in range(9, 12):
            file.write(json.dumps({"kind": "epoch", "epoch": epoch, "loss": 1.0, "images_per_s": RATE / 4}) + "\n")
    run.config_file.write_text(RunConfig(dataset="digits", network="mlp", batch_size=20, epochs=20).to_json())
    assert seconds_left(run) == pytest.approx(8 * 100 / (RATE / 4))


def test_more_epochs_are_seen_at_once(make):
    run = make("one", epochs=4)
    before = seconds_left(run)
    run.config_file.write_text(RunConfig(dataset="digits", network="mlp", batch_size=20, epochs=16).to_json())
    assert before is not None
    assert seconds_left(run) == pytest.approx(2 * before)


def test_before_its_first_batch_nobody_can_tell(make):
    assert seconds_left(make("new")) is None


def test_a_run_that_is_deleted_just_now_is_no_error(make, tmp_path):
    gone = RunDirectory(tmp_path / "gone")
    assert seconds_left(gone) is None
    assert expected_seconds(gone, [make("other", epochs=2)]) is None
    assert expected_wait([gone], []) is None


# A waiting run --------------------------------------------------------------------------------------------------------


def test_its_own_epochs_tell_best(make):
    run = make("paused", epochs=4)
    assert expected_seconds(run, [make("other", epochs=4, rate=1.0)]) == pytest.approx(START_SECONDS + 600 / RATE)


def test_else_a_run_of_the_same_kind_tells(make):
    others = [make("side", epochs=4, rate=7.0, side=16), make("fits", epochs=4), make("older", epochs=4, rate=3.0)]
    assert expected_seconds(make("new"), others) == pytest.approx(START_SECONDS + 1000 / RATE)


def test_else_the_same_network_tells_by_its_pixels(make):
    others = [make("other", epochs=4, network="convnet", rate=9.0), make("large", epochs=4, side=16)]
    assert expected_seconds(make("small", side=8), others) == pytest.approx(START_SECONDS + 1000 / (4 * RATE))


def test_another_network_tells_nothing(make):
    others = [make("other", epochs=4, network="convnet"), make("wide", epochs=4, network_options={"units": 7})]
    assert expected_seconds(make("new"), others) is None


def test_drawn_pets_say_how_many_they_are(make):
    others = [make("other", epochs=2, dataset="drawn-pets")]
    few = expected_seconds(make("few", dataset="drawn-pets:seed=3,train=500"), others)
    all_of_them = expected_seconds(make("all", dataset="drawn-pets"), others)
    assert few == pytest.approx(START_SECONDS + 10 * 500 / RATE)
    assert all_of_them == pytest.approx(START_SECONDS + 10 * 4000 / RATE)


def test_own_photos_that_nobody_has_opened_tell_nothing(make):
    assert expected_seconds(make("mine", dataset="photos"), [make("hers", epochs=3, dataset="photos")]) is None


def test_a_head_is_not_judged_by_whole_networks_and_its_base_looks_once(make):
    frozen: dict[str, Any] = {"network": "efficientnet-lite0", "dataset": "drawn-pets:train=100", "side": 64}
    blocks: dict[str, Any] = {"network_options": {"trainable_blocks": 1}}
    whole, learns, head = (
        make(name, epochs=4, rate=rate, **frozen) for name, rate in (("w", 1), ("l", 2), ("h", RATE))
    )
    whole.machine_file.write_text(json.dumps({"device": "CPU"}))  # an earlier version's
    learns.config_file.write_text(RunConfig(**{**frozen, **blocks}).to_json())
    new = make("new", **frozen)
    assert expected_seconds(new, [whole, learns]) is None
    head.machine_file.write_text(json.dumps({"features_once": True, "features_seconds": 0.1, "features_computed": 0}))
    assert expected_seconds(new, [whole, learns, head]) == pytest.approx(START_SECONDS + 1000 / RATE)
    head.machine_file.write_text(json.dumps({"features_once": True, "features_seconds": "x", "features_computed": 9}))
    assert expected_seconds(new, [whole, learns, head]) == pytest.approx(START_SECONDS + 1000 / RATE)
    head.machine_file.write_text(json.dumps({"features_once": True, "features_seconds": 30, "features_computed": 120}))
    assert expected_seconds(new, [whole, learns, head]) == pytest.approx(START_SECONDS + 25 + 1000 / RATE)
    double = make("double", **{**frozen, "side": 128})
    assert expected_seconds(double, [head]) == pytest.approx(START_SECONDS + 4 * 25 + 1000 / RATE)
    changed = make("changed", **frozen, augmentation=Augmentation(flip=True))
    assert expected_seconds(changed, [whole, head]) == pytest.approx(START_SECONDS + 1000)


# The queue ------------------------------------------------------------------------------------------------------------


def test_the_wait_is_what_the_runs_before_take(make):
    running, waiting = make("running", epochs=4), make("waiting")
    assert expected_wait([], [running]) == pytest.approx(600 / RATE)
    assert expected_wait([waiting], [running]) == pytest.approx(600 / RATE + START_SECONDS + 1000 / RATE)


def test_two_workers_share_the_queue(make):
    running = [make("long", epochs=1), make("short", epochs=9)]
    waiting = make("waiting")
    assert expected_wait([], running) == pytest.approx(100 / RATE)
    alone = 100 / RATE + START_SECONDS + 1000 / RATE
    assert expected_wait([waiting], running) == pytest.approx(min(900 / (2 * RATE), alone))


def test_a_run_that_has_just_begun_takes_what_a_waiting_one_would(make):
    make("earlier", epochs=5)
    assert expected_wait([], [make("running")]) == pytest.approx(START_SECONDS + 1000 / RATE)


def test_nobody_guesses(make):
    assert expected_wait([make("waiting")], []) is None
    assert expected_wait([], [make("running")]) is None
    assert expected_wait([], []) == 0


def test_asking_often_is_cheap(make, monkeypatch):
    """Nothing is read twice: settings are parsed once, and only new lines are read."""
    running = make("running", epochs=4, batches=2)
    for number in range(30):
        make(f"other-{number}", epochs=3)
    waiting = [make(f"waiting-{number}") for number in range(5)]
    expected = expected_wait(waiting, [running])
    parsed: list[Path] = []
    config = RunDirectory.config

    def noted(run: RunDirectory) -> RunConfig:
        parsed.append(run.path)
        return config(run)

    monkeypatch.setattr(RunDirectory, "config", noted)
    begin = time.perf_counter()
    assert expected_wait(waiting, [running]) == expected
    assert parsed == []
    assert time.perf_counter() - begin < 1.0  # about 10 ms; it would be a second if files were read every time
    assert len(all_runs(running.path.parent)) == 36
    os.utime(running.config_file)
    expected_wait(waiting, [running])
    assert running.path in parsed
