"""models/runs/run_directory.py and lock.py: whoever looks sees the truth, and only one trains."""

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.runs.config import RunConfig
from models.runs.lock import FileLock
from models.runs.run_directory import STATES, RunDirectory, RunError, State, all_runs, writing
from models.runs.watching.curves import curves_of
from models.runs.watching.run_facts import facts_of
from models.storage import ROOT

CONFIG = RunConfig(dataset="digits", network="mlp", epochs=3)


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    return RunDirectory.create(tmp_path / "runs" / "first", CONFIG)


class Holder:
    """Another process that holds a lock until it is asked to end, or is killed."""

    CODE = (
        "import sys; from pathlib import Path; from models.runs.lock import FileLock;"
        "lock = FileLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
    )

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.CODE, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Holder":
        assert self.process.stdout is not None
        self.got_it = self.process.stdout.readline() == "True\n"
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


# Making --------------------------------------------------------------------------------------------------------------


def test_a_new_run_waits_and_knows_what_it_is_to_do(run):
    assert run.name == "first"
    assert run.config() == CONFIG
    state = run.state()
    assert (state.name, state.reason, state.epoch, state.step) == ("queued", "", 0, 0)
    assert abs(state.updated - time.time()) < 60
    assert (run.data(), run.machine(), run.metrics(), run.epochs(), run.wish()) == ({}, {}, ([], 0), [], None)
    assert RunDirectory.open(run.path).config() == CONFIG


def test_a_run_is_made_only_once(run):
    with pytest.raises(RunError) as caught:
        RunDirectory.create(run.path, RunConfig())
    assert str(caught.value) == "There is a run first already: resume it, or give the new one another name."
    assert run.config() == CONFIG


def test_a_run_may_be_made_in_a_folder_that_is_there(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert RunDirectory.create(tmp_path, CONFIG).state().name == "queued"


def test_a_run_is_not_made_among_other_folders(tmp_path):
    """Such as a folder of photos, of which a run would make a class, or the folder of all runs."""
    photos = tmp_path / "photos"
    (photos / "cats").mkdir(parents=True)
    with pytest.raises(RunError, match=r"^photos holds other folders already: a run needs a folder of its own\.$"):
        RunDirectory.create(photos, CONFIG)
    assert [path.name for path in photos.iterdir()] == ["cats"]


@pytest.mark.skipif(os.name == "nt", reason="on Windows, this is no name")
def test_a_run_that_no_link_can_name_is_not_listed(run):
    RunDirectory.create(run.path.parent / "second", CONFIG).path.rename(run.path.parent / "a\\b")
    assert [one.name for one in all_runs(run.path.parent)] == ["first"]


def test_a_name_that_is_too_long_for_a_folder_is_no_run(tmp_path):
    with pytest.raises(RunError, match=r"^There is no run x{20}…: it has no config\.json\.$"):
        RunDirectory.open(tmp_path / ("x" * 300))


def test_a_run_below_a_file_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(
        RunError, match=r"^The run first cannot be written: its folder is gone, or something else stands"
    ):
        RunDirectory.create(tmp_path / "file" / "first", CONFIG)


def test_a_folder_without_a_run_is_said(tmp_path):
    with pytest.raises(RunError) as caught:
        RunDirectory.open(tmp_path / "nowhere")
    assert str(caught.value) == "There is no run nowhere: it has no config.json."


@pytest.mark.parametrize("text", ["", "{", '{"epochs": 0}', '{"speed": 1}', "\xff"])
def test_a_damaged_config_is_said_with_its_file(run, text):
    run.config_file.write_bytes(text.encode("latin-1"))
    with pytest.raises(RunError) as caught:
        run.config()
    assert str(caught.value).startswith("The config.json of the run first cannot be used: ")


# State ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in STATES if name != "running"])
def test_a_state_that_was_written_is_read(run, name):
    run.write_state(name, "Süß: why.", epoch=4, step=17)
    state = run.state()
    assert (state.name, state.reason, state.epoch, state.step) == (name, "Süß: why.", 4, 17)


def test_running_without_a_lock_is_interrupted(run):
    run.write_state("running", epoch=2, step=5)
    state = run.state()
    assert (state.name, state.epoch, state.step) == ("interrupted", 2, 5)
    assert state.reason == "The process that trained it is gone. It can be resumed."
    assert json.loads(run.state_file.read_text())["name"] == "running"  # reading changes nothing


def test_running_with_a_lock_is_running(run):
    with writing(run):
        run.write_state("running", epoch=2, step=5)
        assert run.state().name == "running"
        assert RunDirectory(run.path).state().name == "running"
    assert run.state().name == "interrupted"


@pytest.mark.parametrize("data", [b"", b"{", b"null", b"[]", b"7", b'{"epoch": 1}', b'{"name": "x", "y": 1}', b"\xff"])
def test_a_state_that_cannot_be_read_is_interrupted(run, data):
    run.state_file.write_bytes(data)
    assert run.state() == State("interrupted", "Its state could not be read.")


@pytest.mark.parametrize("data", [b"", b"{", b"null", b"[1]", b"\xff"])
def test_damaged_figures_of_data_and_machine_are_none(run, data):
    run.data_file.write_bytes(data)
    run.machine_file.write_bytes(data)
    assert (run.data(), run.machine()) == ({}, {})


# Metrics -------------------------------------------------------------------------------------------------------------


def test_readers_see_whole_lines_only(run):
    run.metrics_file.write_text('{"step": 1}\n{"step": 2}\n{"st')
    events, place = run.metrics()
    assert events == [{"step": 1}, {"step": 2}]
    assert run.metrics(place) == ([], place)
    with run.metrics_file.open("a") as file:
        file.write('ep": 3}\n{"step": 4}\n')
    events, place = run.metrics(place)
    assert events == [{"step": 3}, {"step": 4}]
    assert place == run.metrics_file.stat().st_size


def test_a_line_cut_amid_a_letter_is_completed(run):
    line = json.dumps({"note": "süß"}, ensure_ascii=False).encode() + b"\n"
    cut = line.index(b"\xc3") + 1
    run.metrics_file.write_bytes(line[:cut])
    assert run.metrics() == ([], 0)
    run.metrics_file.write_bytes(line)
    assert run.metrics() == ([{"note": "süß"}], len(line))


def test_a_line_separator_in_a_text_ends_no_line(run):
    line = json.dumps({"note": "one\u2028two\x85three"}, ensure_ascii=False).encode() + b"\n"
    run.metrics_file.write_bytes(line)
    assert run.metrics()[0] == [{"note": "one\u2028two\x85three"}]


def test_a_file_that_was_cut_back_is_read_again_from_its_beginning(run):
    run.metrics_file.write_text('{"step": 1}\n{"step": 2}\n{"step": 3}\n')
    _, place = run.metrics()
    run.metrics_file.write_text('{"step": 1}\n{"step": 9}\n')
    assert run.metrics(place) == ([{"step": 1}, {"step": 9}], 24)


def test_a_line_that_a_full_disk_left_half_is_passed_over(run):
    run.metrics_file.write_text('{"step": 1}\n{"st\n{"step": 2}\n')
    assert run.metrics()[0] == [{"step": 1}, {"step": 2}]


def test_epochs_are_the_lines_of_epochs(run):
    batch = '{"kind": "batch", "epoch": 0, "step": 1}\n'
    run.metrics_file.write_text(batch + '{"kind": "epoch", "epoch": 0}\n' + batch)
    assert run.epochs() == [{"kind": "epoch", "epoch": 0}]


@pytest.mark.parametrize(
    "line",
    [
        '{"kind": "batch"}',
        '{"kind": "batch", "epoch": 0}',
        '{"kind": "batch", "epoch": 0, "step": "1"}',
        '{"kind": "epoch", "epoch": "x"}',
        '{"kind": "epoch", "epoch": true}',
        '{"kind": "epoch", "epoch": -1}',
        '{"kind": "epoch", "epoch": 30000000}',
        '{"kind": "batch", "epoch": 0, "step": 1' + "0" * 400 + "}",
        '{"kind": "epoch", "epoch": 0, "time": NaN, "seconds": 1}',
        '{"kind": "epoch", "epoch": 0, "time": 1, "seconds": Infinity}',
        '{"kind": "epoch", "epoch": 0, "val_accuracy": "good"}',
        '{"kind": "epoch", "epoch": 0, "loss": [1]}',
    ],
)
def test_a_line_that_no_training_writes_breaks_no_list_of_runs(run, line):
    good = '{"kind": "epoch", "epoch": 1, "val_accuracy": 0.5, "loss": NaN}\n'
    run.metrics_file.write_text(line + "\n" + good)
    [event] = run.metrics()[0]
    assert event["epoch"] == 1
    facts = facts_of(run)
    assert facts.best == 0.5
    assert math.isfinite(facts.began)
    assert len(curves_of(run).epochs) == 1


def test_a_reader_beside_a_writer_sees_every_line_once(run):
    def write() -> None:
        with run.metrics_file.open("ab", buffering=0) as file:
            for step in range(300):
                line = json.dumps({"step": step}).encode() + b"\n"
                file.write(line[:5])
                file.write(line[5:])

    writer = threading.Thread(target=write)
    writer.start()
    seen, place, alive = [], 0, True
    while alive:
        alive = writer.is_alive()  # checked before the last read
        events, place = run.metrics(place)
        seen += [event["step"] for event in events]
    assert seen == list(range(300))


# Wishes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["pause", "stop"])
def test_a_wish_is_heard_until_it_is_forgotten(run, wish):
    run.ask(wish)
    assert run.wish() == wish
    run.forget_wish()
    assert run.wish() is None
    run.forget_wish()


@pytest.mark.parametrize("data", [b"", b"explode", b"\xff", b"PAUSE"])
def test_what_is_no_wish_is_none(run, data):
    run.wish_file.write_bytes(data)
    assert run.wish() is None


@pytest.mark.parametrize("name", ["paused", "interrupted", "finished", "failed", "running"])
def test_a_run_that_does_not_run_cannot_be_asked(run, name):
    run.write_state(name)  # "running", but nobody holds the lock
    shown = "interrupted" if name == "running" else name
    with pytest.raises(RunError, match=rf"^The run first is {shown}: only a running one can be asked to pause\.$"):
        run.ask("pause")
    assert run.wish() is None


# The lock ------------------------------------------------------------------------------------------------------------


def test_a_lock_is_taken_once_and_let_go(tmp_path):
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert not one.is_held()
    assert not (tmp_path / "lock").exists()  # checking leaves no trace
    assert one.acquire()
    assert (one.is_held(), other.is_held()) == (True, True)
    assert (one.acquire(), other.acquire()) == (False, False)
    one.release()
    assert (one.is_held(), other.is_held()) == (False, False)
    assert other.acquire()
    one.release()  # it does not release what it does not hold
    assert one.is_held()
    other.release()


def test_two_processes_cannot_hold_the_lock(run):
    with Holder(run.lock.path) as holder:
        assert holder.got_it
        assert run.lock.is_held()
        assert not run.lock.acquire()
        start = time.monotonic()
        with pytest.raises(RunError, match=r"^The run first is being trained by another process\.$"), writing(run):
            pass
        assert time.monotonic() - start >= 0.5
        with Holder(run.lock.path) as second:
            assert not second.got_it
        assert run.lock.is_held()
    assert run.lock.acquire()
    with Holder(run.lock.path) as third:
        assert not third.got_it
    run.lock.release()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is for POSIX")
def test_death_lets_go_of_the_lock_and_the_run_is_interrupted(run):
    with Holder(run.lock.path) as holder:
        run.write_state("running", epoch=1, step=2)
        assert run.state().name == "running"
        holder.process.send_signal(signal.SIGKILL)
        holder.process.wait()
        assert run.state().name == "interrupted"
        with writing(run):
            assert run.lock.is_held()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows hands no such files on")
def test_a_child_does_not_keep_the_lock_of_a_parent_that_has_died(run):
    code = (
        "import os, subprocess, sys; from pathlib import Path; from models.runs.lock import FileLock;lock = "
        "FileLock(Path(sys.argv[1])); lock.acquire();child = subprocess.Popen([sys.executable, '-c', 'import sys; "
        "sys.stdin.read()'], close_fds=False, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL);print(child.pid, "
        "flush=True); os.kill(os.getpid(), 9)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(run.lock.path)], cwd=ROOT, stdout=subprocess.PIPE)
    parent.communicate()
    assert parent.returncode == -signal.SIGKILL
    assert not run.lock.is_held()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has one kind of lock only")
def test_who_looks_at_the_same_time_is_not_taken_for_a_holder(run):
    run.lock.acquire()
    run.lock.release()
    seen: list[bool] = []

    def look() -> None:
        lock = FileLock(run.lock.path)
        seen.extend(lock.is_held() for _ in range(500))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2000
    assert not any(seen)


def test_a_lock_that_is_free_soon_is_waited_for(run):
    other = FileLock(run.lock.path)
    assert other.acquire()
    timer = threading.Timer(0.1, other.release)
    timer.start()
    with writing(run, patience=20):
        assert run.lock.is_held()
    timer.join()


def test_the_lock_is_let_go_when_training_fails(run):
    with pytest.raises(ZeroDivisionError), writing(run):
        1 / 0  # noqa: B018
    assert not run.lock.is_held()


# All runs ------------------------------------------------------------------------------------------------------------


def test_all_runs_come_newest_first(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    for age, name in ((300, "b"), (100, "a"), (200, "c")):
        run = RunDirectory.create(tmp_path / name, CONFIG)
        os.utime(run.config_file, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "cache").mkdir()
    (tmp_path / "notes.txt").write_text("no run")
    assert [run.name for run in all_runs()] == ["a", "c", "b"]
    assert [run.name for run in all_runs(tmp_path)] == ["a", "c", "b"]
    assert all_runs(tmp_path / "missing") == []
