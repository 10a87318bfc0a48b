"""models/runs/watching/snapshots.py: view.npz, and more epochs for a run that stopped early."""

import numpy as np
import pytest

from models.runs import checkpoint
from models.runs.config import EarlyStopping, RunConfig
from models.runs.planning import fulfil, more_epochs
from models.runs.run_directory import RunDirectory
from models.runs.watching.snapshots import (
    BUDGET_BYTES,
    MOST_SNAPSHOTS,
    Snapshot,
    View,
    as_pictures,
    read_view,
    thinned,
    until,
    write_view,
)


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    return RunDirectory.create(tmp_path / "run", RunConfig(dataset="digits", network="mlp"))


def snapshots(*moments: tuple[int, int], shape=(3, 3, 3, 4)) -> tuple[Snapshot, ...]:
    return tuple(Snapshot(*moment, np.full(shape, number, np.float32)) for number, moment in enumerate(moments))


def test_what_is_written_is_read(run):
    answers = np.random.default_rng(1).random((7, 3)).astype(np.float32)
    filters = snapshots((0, 0), (0, 5), (1, 0))
    write_view(run, View(epoch=1, probabilities=answers, filters=filters, layer="stem_conv", frozen=True))
    found = read_view(run)
    assert found is not None
    assert (found.epoch, found.layer, found.frozen) == (1, "stem_conv", True)
    np.testing.assert_array_equal(found.probabilities, answers)
    assert [one[:2] for one in found.filters] == [(0, 0), (0, 5), (1, 0)]
    np.testing.assert_array_equal(found.filters[2].weights, filters[2].weights)


def test_an_empty_view_is_read_too(run):
    write_view(run, View())
    found = read_view(run)
    assert found is not None
    assert (found.epoch, found.filters, found.probabilities.shape) == (0, (), (0, 1))


def test_without_a_file_or_with_a_damaged_one_there_is_no_view(run):
    assert read_view(run) is None
    write_view(run, View(filters=snapshots((0, 0))))
    whole = run.view_file.read_bytes()
    for data in (b"", b"no zip", whole[:-30], whole.replace(b"moments", b"moment5")):
        run.view_file.write_bytes(data)
        assert read_view(run) is None


@pytest.mark.parametrize(
    "view",
    [
        View(probabilities=np.array([[np.nan]], np.float32)),
        View(filters=(Snapshot(0, 0, np.full((3, 3, 3, 1), np.inf, np.float32)),)),
    ],
)
def test_a_view_from_elsewhere_without_numbers_is_no_view(run, view):
    write_view(run, view)
    assert read_view(run) is None


def test_what_is_later_than_a_checkpoint_is_dropped():
    filters = snapshots((0, 0), (1, 0), (1, 4), (1, 9), (2, 0))
    view = View(epoch=2, probabilities=np.ones((3, 1), np.float32), filters=filters)
    cut = until(view, 1, 4)
    assert [one[:2] for one in cut.filters] == [(0, 0), (1, 0), (1, 4)]
    assert (cut.epoch, len(cut.probabilities)) == (0, 0)
    same = until(view, 2, 0)
    assert same.filters == filters
    assert (same.epoch, len(same.probabilities)) == (2, 3)


def test_too_many_snapshots_are_thinned_but_the_first_and_the_last_stay():
    kept: tuple[Snapshot, ...] = ()
    for one in snapshots(*((0, step) for step in range(500))):
        kept = thinned([*kept, one])
        assert len(kept) <= MOST_SNAPSHOTS
        assert (kept[0].step, kept[-1]) == (0, one)
    assert len(kept) > MOST_SNAPSHOTS // 3
    steps = [one.step for one in kept]
    assert steps == sorted(set(steps))
    large = thinned(snapshots(*((0, step) for step in range(30)), shape=(32, 32, 3, 32)))
    assert sum(one.weights.nbytes for one in large) <= BUDGET_BYTES
    assert (large[0].step, large[-1].step) == (0, 29)


def test_dense_weights_become_pictures_of_the_input():
    side = (4, 6, 3)
    kernel = np.arange(4 * 6 * 3 * 40, dtype=np.float32).reshape(-1, 40)
    pictures = as_pictures(kernel, side)
    assert pictures.shape == (4, 6, 3, 32)
    np.testing.assert_array_equal(pictures[2, 5, 1], kernel[(2 * 6 + 5) * 3 + 1, :32])
    halved = as_pictures(kernel, side, most=3)
    assert halved.shape == (2, 3, 3, 32)
    np.testing.assert_allclose(halved[1, 2], pictures[2:4, 4:6].mean(axis=(0, 1)))
    conv = np.ones((5, 5, 1, 7), np.float32)
    np.testing.assert_array_equal(as_pictures(conv, side), conv)


def test_more_epochs_take_an_early_stop_back_and_nothing_else(tmp_path):
    config = RunConfig(dataset="digits", network="mlp", epochs=9, early_stopping=EarlyStopping(patience=2))
    run = RunDirectory.create(tmp_path / "early", config)
    stopping = {"wait": 2, "stopped_epoch": 3, "best": 0.25, "best_epoch": 1}
    state = {"epoch": 4, "step": 0, "global_step": 40, "stopped": True, "callbacks": {"early_stopping": stopping}}
    arrays = [np.arange(5, dtype=np.float32)]
    checkpoint.save(run.checkpoints, 40, arrays, state)
    run.write_state("finished", "early", epoch=4)
    more_epochs(run, 4)  # no additional epoch: nothing changes
    before = checkpoint.load_newest(run.checkpoints)
    assert before is not None
    assert before[1] == state
    more_epochs(run, 6)
    fulfil(run)
    after = checkpoint.load_newest(run.checkpoints)
    assert after is not None
    found, now, _ = after
    assert run.config().epochs == 6
    assert not now["stopped"]
    assert now["callbacks"] == {"early_stopping": {**stopping, "wait": 0, "stopped_epoch": 0}}
    np.testing.assert_array_equal(found[0], arrays[0])
