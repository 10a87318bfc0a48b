"""models/runs/preparation.py: told while data is prepared, gone when training begins, and never in the way."""

import json
import time

import pytest

from models.progress import RECENT_SECONDS
from models.runs.preparation import FILE, STAGE_FILE, STAGES, note_stage, preparation_of, preparation_teller, stage_of
from models.runs.run_directory import RunDirectory


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    return RunDirectory(tmp_path)


def test_it_is_told_at_once_then_seldom_and_at_the_end_and_gone_when_it_is_over(run):
    tell, over = preparation_teller(run)
    assert preparation_of(run) == ""
    tell("drawing", 0, 2000)
    assert preparation_of(run) == "drawing: 0 of 2,000"
    tell("drawing", 1, 2000)
    assert preparation_of(run) == "drawing: 0 of 2,000"
    tell("drawing", 2000, 2000)
    assert preparation_of(run) == "drawing: 2,000 of 2,000"
    over()
    assert not list(run.path.iterdir())
    over()  # the file is gone already: no error


def test_a_download_is_told_in_megabytes(run):
    preparation_teller(run)[0]("fetching", 3_000_000, 786_000_000)
    assert preparation_of(run) == "fetching: 3 of 786 MB"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"time": "x"}'])
def test_damaged_words_are_no_words(run, text):
    (run.path / FILE).write_text(text, encoding="utf-8")
    assert preparation_of(run) == ""


def test_words_of_a_killed_process_grow_old(run):
    preparation_teller(run)[0]("drawing", 1, 9)
    assert preparation_of(run)
    told = json.loads((run.path / FILE).read_text(encoding="utf-8"))
    told["time"] = time.time() - RECENT_SECONDS - 1
    (run.path / FILE).write_text(json.dumps(told), encoding="utf-8")
    assert preparation_of(run) == ""


def test_where_nothing_can_be_written_it_goes_untold(tmp_path):
    tell, over = preparation_teller(RunDirectory(tmp_path / "gone"))
    tell("drawing", 0, 9)
    over()


def test_what_happens_before_the_first_batch_is_noted_and_gone_with_it(run):
    assert stage_of(run) is None
    for stage in STAGES:
        note_stage(run, stage)
        assert stage_of(run) == stage
    for nonsense in (b"", b"nothing", b"\xff", b"batch" * 10**6):
        (run.path / STAGE_FILE).write_bytes(nonsense)
        assert stage_of(run) is None
    note_stage(run, None)
    note_stage(run, None)  # gone already: no error
    assert not list(run.path.iterdir())
    note_stage(RunDirectory(run.path / "nowhere"), "batch")  # cannot be written: nobody is told, nothing fails
