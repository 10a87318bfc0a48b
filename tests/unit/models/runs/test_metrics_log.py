"""models/runs/metrics_log.py: lines that are there the moment they are written, and cut back exactly."""

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.runs.metrics_log import MetricsLog
from models.runs.run_directory import RunDirectory
from models.storage import ROOT


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "metrics.jsonl"


def test_every_event_is_a_line_that_can_be_read_at_once(file):
    log = MetricsLog(file)
    events: list[dict[str, object]] = [
        {"kind": "batch", "step": 1, "loss": 0.1 + 0.2},
        {"kind": "epoch", "note": "süß\nand\u2028two lines"},
    ]
    for number, event in enumerate(events, 1):
        log.write(event)
        assert file.read_bytes().count(b"\n") == number
    assert [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]] == events
    log.close()


def test_numbers_come_back_to_the_last_bit(file):
    log = MetricsLog(file)
    log.write({"loss": 1 / 3, "tiny": 5e-324, "large": 1.7976931348623157e308})
    log.close()
    assert lines(file) == [{"loss": 1 / 3, "tiny": 5e-324, "large": 1.7976931348623157e308}]


def test_a_log_is_cut_back_to_what_a_checkpoint_remembers_and_goes_on_there(file):
    log = MetricsLog(file)
    log.write({"step": 1})
    remembered = log.flushed()
    assert remembered == file.stat().st_size
    log.write({"step": 2})
    log.write({"step": 3})
    log.close()
    again = MetricsLog(file, remembered)
    assert lines(file) == [{"step": 1}]
    again.write({"step": 2, "again": True})
    again.close()
    assert lines(file) == [{"step": 1}, {"step": 2, "again": True}]


def test_a_new_log_forgets_what_an_attempt_before_its_first_checkpoint_left(file):
    file.write_text('{"step": 1}\n{"ste')
    log = MetricsLog(file)
    log.write({"step": 1})
    log.close()
    assert lines(file) == [{"step": 1}]


def test_a_log_that_is_shorter_than_remembered_gets_no_zeros(file):
    file.write_text('{"step": 1}\n')
    log = MetricsLog(file, 10_000)
    assert log.flushed() == len('{"step": 1}\n')
    log.write({"step": 2})
    log.close()
    assert lines(file) == [{"step": 1}, {"step": 2}]


def test_a_line_that_the_system_takes_in_pieces_is_whole(file, monkeypatch):
    log = MetricsLog(file)
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:3]))
    log.write({"note": "a line of several pieces"})
    monkeypatch.undo()
    log.close()
    assert lines(file) == [{"note": "a line of several pieces"}]


def test_a_folder_that_is_missing_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        MetricsLog(tmp_path / "missing" / "metrics.jsonl")


KILLED = """
import os, signal, sys
from pathlib import Path
from models.runs.metrics_log import MetricsLog
from models.runs.run_directory import RunDirectory
log = MetricsLog(Path(sys.argv[1]))
for step in range(100):
    log.write({"step": step})
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is for POSIX")
def test_a_process_that_is_killed_has_lost_no_line(file):
    killed = subprocess.run([sys.executable, "-c", KILLED, str(file)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert lines(file) == [{"step": step} for step in range(100)]


LIMITED = """
import resource, sys
from pathlib import Path
from models.runs.metrics_log import MetricsLog
from models.runs.run_directory import RunDirectory
log = MetricsLog(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
step = 0
try:
    while True:
        log.write({"step": step})
        step += 1
except OSError as error:
    print(step, error.errno)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk_is_an_error_and_what_was_written_before_stays(file):
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    written = int(run.stdout.split()[0])
    whole = file.read_bytes().split(b"\n")[:-1]
    assert [json.loads(line) for line in whole] == [{"step": step} for step in range(written)]
    remembered = sum(len(line) + 1 for line in whole)
    again = MetricsLog(file, remembered)
    again.write({"step": written})
    again.close()
    assert lines(file)[-1] == {"step": written}


def test_what_is_no_number_is_null_in_the_file_and_nan_when_it_is_read(tmp_path):
    run = RunDirectory(tmp_path)
    log = MetricsLog(run.metrics_file)
    log.write({"kind": "epoch", "epoch": 0, "loss": 1e37, "val_loss": math.nan, "val_accuracy": math.inf, "time": 1.0})
    log.close()
    assert b"NaN" not in run.metrics_file.read_bytes()
    assert lines(run.metrics_file)[0]["val_loss"] is None
    (epoch,) = run.epochs()
    assert (epoch["loss"], math.isnan(epoch["val_loss"]), math.isnan(epoch["val_accuracy"])) == (1e37, True, True)
    run.metrics_file.write_text('{"kind": "epoch", "epoch": 0, "loss": NaN}\n{"kind": "epoch", "epoch": null}\n')
    (epoch,) = run.epochs()  # as an earlier version wrote it
    assert math.isnan(epoch["loss"])
