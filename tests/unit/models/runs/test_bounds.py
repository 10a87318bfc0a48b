"""Whatever a run's files hold, of whatever size and kind: pages read it within bounds, and say what can be said."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from components.lessons.training.runs_table import RunsChoice, payload, row_of
from models.runs import bounds, lines
from models.runs.checkpoint import replace_state, save, state_of
from models.runs.config import ConfigError, RunConfig
from models.runs.plug import FILE as PLUG
from models.runs.plug import Pulled, note_pulled, pulled_plugs, recovery
from models.runs.preparation import FILE as PREPARING
from models.runs.preparation import preparation_of
from models.runs.run_directory import RunDirectory, RunError, all_runs
from models.runs.watching.comparison import agreement, twins
from models.runs.watching.curves import MAX_POINTS, MOST_ROWS, curves_of
from models.runs.watching.forecast import expected_seconds, seconds_left
from models.runs.watching.progress_bar import duration
from models.runs.watching.run_facts import facts_of
from models.runs.watching.snapshots import MOST_SNAPSHOTS, read_view

CONFIG = RunConfig(dataset="digits", network="mlp", epochs=3)
DEEP = "[" * 50_000
ODD: dict[str, str] = {
    "deep": DEEP,
    "deep objects": '{"a":' * 50_000,
    "null": "null",
    "a number": "7",
    "a list of lists": "[[1], {}, null]",
    "empty": "",
    "no text": "\x00\ud800",
    "5,000 digits": "9" * 5000,
    "4,000 digits": "9" * 4000,
    "infinite": "1e999",
}


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode(errors="surrogatepass"))


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    run = RunDirectory.create(tmp_path / "runs" / "first", CONFIG)
    run.write_state("finished", epoch=1)
    run.metrics_file.write_text('{"kind": "epoch", "epoch": 0, "val_accuracy": 0.5, "time": 9.0, "seconds": 1.0}\n')
    return run


def look(run: RunDirectory) -> None:
    """Read all that pages read of a run, and all that they make of it."""
    row = row_of(run, mine=False)
    assert row.note != "It cannot be read."
    json.dumps(payload([row], RunsChoice(None, ())), allow_nan=False)
    facts_of(run)
    curves_of(run)
    read_view(run)
    preparation_of(run)
    pulled = pulled_plugs(run)
    agreement(run, run)
    for one in pulled:
        recovery(run, one)
    assert run in all_runs(run.path.parent) or run.path in [other.path for other in all_runs(run.path.parent)]
    for value in (seconds_left(run), expected_seconds(run, [run])):
        if value is not None:
            duration(value)
    run.wish()
    try:
        twins(run)
        run.features_once()
    except RunError:
        assert "config.json" in row.note


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "name", ["state.json", "data.json", "machine.json", PLUG, PREPARING, "wish", "parameters", "metrics.jsonl"]
)
def test_a_file_that_holds_something_else_costs_only_what_it_says(run, name, text):
    write(run.path / name, text)
    look(run)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_config_that_holds_something_else_is_a_sentence(run, text):
    write(run.config_file, text)
    look(run)
    with pytest.raises(RunError, match=r"The config\.json of the run first cannot be used") as caught:
        run.config()
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "values",
    [
        {"name": "finished", "epoch": "1"},
        {"name": "finished", "epoch": -1},
        {"name": "finished", "step": 10**400},
        {"name": "finished", "step": 1.5},
        {"name": "finished", "reason": ["x"]},
        {"name": ["finished"]},
        {"name": "finished", "updated": "now"},
        {"name": "finished", "updated": float("inf")},
        {"name": "finished", "more": 1},
    ],
)
def test_a_state_of_other_types_could_not_be_read(run, values):
    run.state_file.write_text(json.dumps(values))
    assert run.state().reason == "Its state could not be read."
    look(run)


def test_a_long_reason_is_cut(run):
    run.state_file.write_text(json.dumps({"name": "failed", "reason": "x" * 30_000}))
    assert len(run.state().reason) == bounds.MOST_WORDS
    run.state_file.write_text(json.dumps({"name": "failed", "reason": "x" * 70_000}))
    assert run.state().reason == "Its state could not be read."


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("data.json", {"train": 10**400, "classes": [1], "fingerprint": 3}),
        ("data.json", {"train": -5, "classes": {"a": 1}}),
        ("machine.json", {"trainable_parameters": 10**400, "non_trainable_parameters": 1, "device": 7}),
        ("machine.json", {"trainable_parameters": -1, "non_trainable_parameters": 1, "layers_frozen": "all"}),
        ("machine.json", {"features_seconds": 1e308, "features_computed": 1, "features_once": True}),
        ("machine.json", {"features_seconds": 10**400, "features_computed": 1, "sessions": [1]}),
        (PLUG, [{"epoch": 10**400, "step": 1, "time": 1.0}]),
        (PLUG, [{"epoch": 1, "step": 1, "time": "x"}]),
        (PLUG, [{"epoch": 1, "step": 1, "time": float("nan")}]),
        (PLUG, [{"epoch": 1}]),
        (PLUG, {"epoch": 1}),
        (PREPARING, {"doing": "x", "done": 1e999, "total": 3, "time": 1e12}),
        (PREPARING, {"doing": ["x"], "done": [], "total": {}, "time": 1e12}),
        (PREPARING, {"doing": "x", "done": 1, "total": 3, "time": "now"}),
    ],
)
def test_values_that_no_training_writes_break_no_page(run, name, values):
    (run.path / name).write_text(json.dumps(values))
    look(run)


@pytest.mark.parametrize(
    "figures",
    [
        {"val_accuracy": -1e308},
        {"val_accuracy": 1e308},
        {"val_accuracy": 2},
        {"loss": 1e308, "val_loss": -1e308},
        {"time": 1e300, "seconds": -1e300},
        {"images_per_s": 1e300},
        {"images_per_s": -3},
        {"best_epoch": 10**18},
        {"learning_rate": 1e200},
        {"step": 3, "other": 1e100},
    ],
)
@pytest.mark.parametrize("kind", ["batch", "epoch"])
def test_a_figure_that_no_training_writes_is_passed_over(run, kind, figures):
    bad = {"kind": kind, "epoch": 1, "step": 1, **figures}
    with run.metrics_file.open("a") as file:
        file.write(json.dumps(bad) + "\n")
    look(run)
    assert run.metrics()[0] == run.epochs()
    assert facts_of(run).best == 0.5


@pytest.mark.parametrize("rate", [5e-324, 1e-300, 1e-30])
def test_a_speed_that_is_none_forecasts_nothing(run, rate):
    run.data_file.write_text(json.dumps({"train": 1000}))
    event = {"kind": "batch", "epoch": 0, "step": 1, "loss": 1.0, "images_per_s": rate, "time": 1.0}
    later = {"kind": "epoch", "epoch": 1, "images_per_s": rate}
    with run.metrics_file.open("a") as file:
        file.writelines(json.dumps(one) + "\n" for one in (event, later))
    assert seconds_left(run) is None
    look(run)


def test_what_has_no_number_stays_readable(run):
    with run.metrics_file.open("a") as file:
        file.write('{"kind": "epoch", "epoch": 1, "loss": NaN, "val_accuracy": null, "accuracy": Infinity}\n')
    assert [line["epoch"] for line in run.epochs()] == [0, 1]


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e300, 10**9])
def test_a_time_that_nobody_waits_for_is_said_so(seconds):
    assert duration(seconds) == "more than 100 days"


# Sizes ---------------------------------------------------------------------------------------------------------------


def peak_of(act: Callable[[], object]) -> int:
    """Return the most memory in bytes that Python held at once for something."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def sparse(path: Path, size: int) -> None:
    """Make a file of zeros that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)


@pytest.mark.parametrize(
    "name", ["config.json", "state.json", PLUG, PREPARING, "wish", "parameters", "data.json", "machine.json"]
)
def test_of_a_file_of_two_gigabytes_no_more_is_read_than_an_honest_one_has(run, name):
    sparse(run.path / name, 2**31)
    assert peak_of(lambda: look(run)) < 100 * 2**20


def test_a_network_is_never_opened(run):
    """A few kilobytes may unpack to gigabytes."""
    packed = zipfile.ZipFile(run.best_model, "w", zipfile.ZIP_DEFLATED)
    with packed as archive, archive.open("model.weights.h5", "w") as weights:
        for _ in range(64):
            weights.write(bytes(2**20))
    run.last_model.write_bytes(run.best_model.read_bytes())
    assert run.best_model.stat().st_size < 2**17
    assert peak_of(lambda: look(run)) < 4 * 2**20


def test_of_lines_of_two_gigabytes_their_end_is_read_piece_by_piece(run):
    sparse(run.metrics_file, 2**31)
    with run.metrics_file.open("ab") as file:
        file.write(b"\n" + b'{"kind": "epoch", "epoch": 2, "val_accuracy": 0.25}\n')
    assert peak_of(lambda: (curves_of(run), facts_of(run))) < 10 * 2**20
    assert facts_of(run).last == 0.25
    assert [line["epoch"] for line in curves_of(run).epochs] == [2]


def long_history(run: RunDirectory, batches: int, *, every: int = 1000) -> None:
    """Write lines as a training writes them: batches, and an epoch after so many of them."""
    with run.metrics_file.open("w") as file:
        for number in range(batches):
            epoch, step = divmod(number, every)
            loss = 100.0 if number == 7 else 1 / (number + 1)
            file.write(
                f'{{"kind": "batch", "epoch": {epoch}, "step": {step + 1}, "accuracy": 0.5, "loss": {loss!r}, '
                f'"batch_loss": {loss!r}, "images_per_s": 123.4, "time": {1e9 + number!r}}}\n'
            )
            if step == every - 1:
                file.write(f'{{"kind": "epoch", "epoch": {epoch}, "val_accuracy": 0.5, "loss": {loss!r}}}\n')


def test_a_long_history_is_thinned_as_it_is_read(run):
    long_history(run, 60_000)
    assert peak_of(lambda: (curves_of(run), facts_of(run))) < 40 * 2**20
    curves = curves_of(run)
    assert 0 < curves.count <= MOST_ROWS * 1.2
    assert len(curves.epochs) == len(facts_of(run).accuracies) == 60
    assert curves.newest is not None
    assert (curves.newest["epoch"], curves.newest["step"]) == (59, 1000)
    x = curves.batches["loss"][0]
    assert len(x) <= MAX_POINTS
    assert (np.diff(x) > 0).all()
    assert x[-1] == pytest.approx(60)


def test_what_comes_after_a_long_history_is_read_whole(run):
    long_history(run, 40_000)
    before = curves_of(run).count
    with run.metrics_file.open("a") as file:
        file.writelines(f'{{"kind": "batch", "epoch": 40, "step": {n}, "loss": 0.5}}\n' for n in range(1, 51))
    assert curves_of(run).count == before + 50


def test_a_short_history_is_read_whole(run):
    long_history(run, 2000)
    curves = curves_of(run)
    assert curves.count == 2000
    assert curves.batches["loss"][1].max() == 100.0


def test_rows_that_come_while_somebody_watches_are_thinned_and_keep_their_extremes(run):
    long_history(run, 30_000)
    curves_of(run)
    for part in range(1, 4):
        with run.metrics_file.open("a") as file:
            file.writelines(
                f'{{"kind": "batch", "epoch": {29 + part}, "step": {n}, "loss": {50.0 if n == 77 else 0.5}}}\n'
                for n in range(1, 10_001)
            )
        x, y = curves_of(run).batches["loss"]
        assert y.max() >= 50.0
        assert x[-1] == pytest.approx(30 + part)
    assert curves_of(run).count >= 30_000


@pytest.mark.parametrize("piece", [2**18, 64, 7])
def test_pieces_do_not_change_what_is_read(run, monkeypatch, piece):
    monkeypatch.setattr(lines, "_PIECE", piece)
    text = '{"step": 1}\n\n{"step": 2}\nhalf a\r\n{"step": 3, "note": "' + "x" * 200 + '"}\n{"st'
    run.metrics_file.write_text(text)
    events, place = run.metrics()
    assert [event["step"] for event in events] == [1, 2, 3]
    assert place == text.rindex("\n") + 1
    assert [event["step"] for event in run.events()] == [1, 2, 3]
    assert [event["step"] for event in run.events(3)] == [2, 3]
    assert run.metrics(place) == ([], place)


@pytest.mark.parametrize("piece", [2**18, 1000])
def test_a_line_that_is_too_long_is_passed_over_and_the_place_stays_right(run, monkeypatch, piece):
    monkeypatch.setattr(lines, "_PIECE", piece)
    text = '{"step": 1}\n{"step": 2, "note": "' + "x" * 30_000 + '"}\n{"step": 3}\n'
    run.metrics_file.write_text(text)
    events, place = run.metrics()
    assert [event["step"] for event in events] == [1, 3]
    assert place == len(text)


def test_only_the_last_epochs_of_far_too_many_are_kept(run, monkeypatch):
    monkeypatch.setattr(lines, "MOST_EPOCH_LINES", 10)
    run.metrics_file.write_text("".join(f'{{"kind": "epoch", "epoch": {n}, "loss": 1}}\n' for n in range(50)))
    assert [line["epoch"] for line in run.epochs()] == list(range(40, 50))


def test_a_comparison_of_long_runs_takes_no_memory_for_their_lines(run):
    long_history(run, 15_000)
    other = RunDirectory.create(run.path.with_name("other"), CONFIG)
    other.metrics_file.write_bytes(run.metrics_file.read_bytes())
    assert peak_of(lambda: agreement(run, other)) < 2**21
    found = agreement(run, other)
    assert (found.batches, found.epochs, found.largest) == (15_000, 15, 0.0)


@pytest.mark.parametrize("with_place", [True, False])
def test_a_recovery_is_found_behind_a_long_history(run, monkeypatch, with_place):
    monkeypatch.setattr("models.runs.plug.SEARCHED_BYTES", 1000)
    long_history(run, 5000)
    end = run.metrics_file.stat().st_size
    pulled = Pulled(5, 0, 1e9 + 5000, end if with_place else 0)
    assert recovery(run, pulled) is None
    # The resume cuts the file back to its checkpoint, and trains more than is searched at first.
    kept = run.metrics_file.read_bytes().splitlines(keepends=True)[:4000]
    line = '{{"kind": "batch", "epoch": 3, "step": {}, "time": {}}}\n'
    new = [line.format(n, 1e9 + 5010 + n).encode() for n in range(996, 1990)]
    run.metrics_file.write_bytes(b"".join(kept + new))
    found = recovery(run, pulled)
    assert found is not None
    assert (found.epoch, found.step) == (3, 996)
    assert found.seconds == pytest.approx(1006)


def test_a_pulled_plug_knows_how_long_the_lines_were(run):
    pulled = note_pulled(run, epoch=1, step=2)
    assert pulled.place == run.metrics_file.stat().st_size
    assert pulled_plugs(run) == (pulled,)
    (run.path / PLUG).write_text('[{"epoch": 1, "step": 2, "time": 3.0}]')  # of an earlier version
    assert pulled_plugs(run) == (Pulled(1, 2, 3.0, 0),)


# Arrays --------------------------------------------------------------------------------------------------------------


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def header(shape: tuple[int, ...], kind: str = "<f4") -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
    return file.getvalue()


def view_file(run: RunDirectory, compression: int = zipfile.ZIP_STORED, **changed: np.ndarray | bytes) -> None:
    honest: dict[str, np.ndarray | bytes] = {
        "epoch": np.array(1),
        "probabilities": np.full((4, 1), 0.5, np.float32),
        "moments": np.array([[0, 0], [1, 0]]),
        "filters": np.ones((2, 3, 3, 3, 5), np.float32),
        "layer": np.array("conv1"),
        "frozen": np.array(False),
    }
    arrays = {**honest, **changed}
    with zipfile.ZipFile(run.view_file, "w", compression) as archive:
        for name, one in arrays.items():
            archive.writestr(f"{name}.npy", one if isinstance(one, bytes) else npy(one))


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_view_is_read_as_numpy_reads_it(run, compression):
    view_file(run, compression)
    view = read_view(run)
    assert view is not None
    with np.load(run.view_file) as file:
        np.testing.assert_array_equal(view.probabilities, file["probabilities"])
        np.testing.assert_array_equal(view.filters[1].weights, file["filters"][1])
    assert (view.epoch, view.layer, view.frozen, view.filters[1].epoch) == (1, "conv1", False, 1)


@pytest.mark.parametrize(
    "array",
    [np.arange(12.0).reshape(3, 4), np.asfortranarray(np.arange(6).reshape(2, 3)), np.zeros((0, 3)), np.array("é")],
)
def test_an_array_comes_out_as_it_went_in(array):
    found = bounds.array_in(npy(array))
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize(
    "changed",
    [
        {"probabilities": np.full((4, 1), np.nan, np.float32)},
        {"probabilities": np.full((4, 1), -1e30, np.float32)},
        {"probabilities": np.full((4, 1), 7, np.float32)},
        {"probabilities": np.zeros(4, np.float32)},
        {"probabilities": header((2**40, 1)) + b"1234"},
        {"probabilities": header((-4, 1)) + b"1234"},
        {"probabilities": header((2**62, 2**62)) + b"1234"},
        {"probabilities": b"no array"},
        {"probabilities": npy(np.array([{}], dtype=object))},
        {"filters": np.ones((2, 1, 1, 1, 5000), np.float32)},
        {"filters": np.ones((2, 100, 100, 1, 1), np.float32)},
        {"filters": np.ones((2, 0, 3, 3, 5), np.float32)},
        {"filters": np.ones((2, 3, 3, 3, 0), np.float32)},
        {"filters": np.full((2, 3, 3, 3, 5), np.inf, np.float32)},
        {
            "moments": np.zeros((MOST_SNAPSHOTS + 1, 2)),
            "filters": np.ones((MOST_SNAPSHOTS + 1, 1, 1, 1, 1), np.float32),
        },
        {"moments": np.array([[-1, 0], [0, 0]])},
        {"moments": np.array([[np.inf, 0], [0, 0]])},
        {"moments": np.array(3)},
        {"epoch": np.array([1, 2])},
        {"epoch": np.array(np.inf)},
        {"epoch": np.array(-1)},
        {"layer": np.array("x" * 10_000)},
    ],
)
def test_a_view_that_no_training_writes_is_none(run, changed):
    view_file(run, **changed)
    assert peak_of(lambda: read_view(run)) < 10 * 2**20
    assert read_view(run) is None


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_view_of_gigabytes_in_some_kilobytes_is_not_unpacked(run, monkeypatch, compression):
    monkeypatch.setattr("models.runs.watching.snapshots.VIEW_BYTES", 2**20)
    view_file(run, compression, probabilities=np.zeros((2**24, 1), np.float32))
    assert run.view_file.stat().st_size < 2**18
    assert peak_of(lambda: read_view(run)) < 8 * 2**20
    assert read_view(run) is None


# The state in a checkpoint -------------------------------------------------------------------------------------------


def test_a_checkpoints_state_is_read_and_changed_without_its_arrays(tmp_path):
    arrays = [np.arange(2**18, dtype=np.float32), np.array(7)]
    path = save(tmp_path, 3, arrays, {"step": 3, "best": float("nan"), "stopped": True})
    assert peak_of(lambda: state_of(path)) < 2**19
    state = state_of(path)
    assert (state["step"], state["stopped"], "arrays" in state) == (3, True, False)
    replace_state(path, {**state, "stopped": False})
    again = save(tmp_path / "again", 3, arrays, {**state, "stopped": False})
    with np.load(path) as one, np.load(again) as other:
        assert one.files == other.files
        for name in one.files:
            assert one[name].tobytes() == other[name].tobytes()


def test_a_checkpoint_that_is_damaged_or_packed_smaller_keeps_its_state(tmp_path):
    path = save(tmp_path, 3, [np.zeros(2**16)], {"step": 3})
    whole = path.read_bytes()
    path.write_bytes(whole[:300] + b"damage" + whole[306:])
    damaged = path.read_bytes()
    with pytest.raises(ValueError, match="is damaged"):
        replace_state(path, {"step": 4})
    assert path.read_bytes() == damaged
    path.write_bytes(whole)
    with np.load(path) as file:
        np.savez_compressed(path.with_name("000000004.npz"), allow_pickle=False, **dict(file))
    with pytest.raises(ValueError, match="written by another program"):
        replace_state(path.with_name("000000004.npz"), {"step": 4})
    assert [one.name for one in sorted(tmp_path.iterdir())] == ["000000003.npz", "000000004.npz"]


# Values --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"network": "mlp", "network_options": {"units": 10**400}},
        {"network": "mlp", "network_options": {"units": 10**9}},
        {"early_stopping": {"patience": 10**400}},
        {"early_stopping": {"min_delta": 10**400}},
        {"dataset": "folder:/" + "x" * 10_000},
        {"initial_weights": "x" * 10_000},
        {"x" * 10_000: 1},
        {"augmentation": {"x" * 10_000: 1}},
        {"augmentation": {"rotation": [1] * 10_000}},
        {"seed": [[[1]]] * 1000},
        {"epochs": 10**4000},
    ],
)
def test_a_value_of_any_size_is_a_short_sentence(values):
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_json(json.dumps(values))
    assert len(str(caught.value)) < 800
