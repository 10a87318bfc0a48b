"""A question's turn: what ends, what is asked again, and what is not begun a third time."""

import os
import signal
from pathlib import Path

import pytest

from models.engine import turns
from models.engine.questions import Question, answer
from models.engine.turns import turn

ADD = Question[int]("operator", "add")


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    (tmp_path / "engine").mkdir()
    monkeypatch.setattr(turns, "TICK_SECONDS", 0.01)
    return tmp_path / "engine" / "asked"


def test_an_answer_in_time_leaves_nothing_behind(notes: Path) -> None:
    assert answer(ADD, (2, 3), "first", 60.0) == (True, 5)
    assert list(notes.iterdir()) == []
    found, words = answer(ADD, (2, "3"), "second", 60.0)
    assert not found
    assert "could not answer" in words
    assert list(notes.iterdir()) == []


def test_one_that_takes_too_long_ends_its_worker_and_is_not_asked_again(notes: Path, monkeypatch) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(turns, "_has_nanny", lambda: True)
    monkeypatch.setattr(os, "kill", lambda *call: killed.append(call))
    with turn("long", 0.05):
        while not killed:
            pass
    assert killed == [(os.getpid(), signal.SIGKILL)]
    notes.joinpath("long").write_text("slow", encoding="ascii")  # as it is when the process has ended
    assert answer(ADD, (2, 3), "long", 2.0) == (False, "This took longer than 2 seconds and was ended.")
    assert answer(ADD, (2, 3), "long", 2.0) == (True, 5)  # another question that happens to have its name


def test_one_whose_worker_is_killed_is_asked_once_more(notes: Path) -> None:
    notes.mkdir()
    note = notes / "killed"
    note.write_text("+", encoding="ascii")
    assert answer(ADD, (2, 3), "killed", 60.0) == (True, 5)
    note.write_text("++", encoding="ascii")
    found, words = answer(ADD, (2, 3), "killed", 60.0)
    assert not found
    assert "ended twice" in words


def test_nobody_is_killed_who_is_no_worker_and_a_full_disk_prevents_no_answer(notes: Path, monkeypatch) -> None:
    monkeypatch.setattr(os, "kill", lambda *call: pytest.fail("a process was killed"))
    with turn("here", 0.0):
        pass
    monkeypatch.setenv("RUNS_DIR", str(notes / "nowhere" / "at all"))
    assert answer(ADD, (2, 3), "there", 60.0) == (True, 5)
