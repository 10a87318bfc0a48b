"""Whose network a question is about, and what is said when it takes too much. A process with bounds stands in."""

from pathlib import Path

import numpy as np
import pytest

from models.engine import strangers
from models.engine.questions import PREDICT, Question
from models.limited_process import LimitedProcess, LimitError, Reason
from models.networks.inference import NETWORKS

PIXELS = np.zeros((4, 4, 3), np.uint8)
LENGTH = Question[int]("builtins", "len")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "brought"
    folder.mkdir()
    (folder / "best.keras").write_bytes(b"PK")
    (folder / "origin").write_text("imported")
    return folder


def test_a_run_that_was_brought_in_is_known_by_whatever_names_its_network(
    run: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(run)
    names = (str(run), str(run / "best.keras"), "brought/best.keras", str(run / "." / "last.keras"), f"{tmp_path}/link")
    for name in names:
        assert strangers.brought_in((PIXELS, name, 3)) is not None, name
    own = tmp_path / "own"
    own.mkdir()
    for name in (*NETWORKS, str(own), str(own / "best.keras"), "brought", "a/b", "\0/", "/" * 5000):
        assert strangers.brought_in((PIXELS, name, {"brought/best.keras": 1})) is None, name


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("memory", "brought in, and its answer takes more memory than the 2 GB that such a network may take."),
        ("time", "brought in, and its answer takes longer than such a network may take."),
        ("died", "could not answer: it died"),
    ],
)
def test_what_takes_too_much_is_a_sentence(run: Path, monkeypatch, reason: Reason, words: str) -> None:
    def ask(*_: object, **__: object) -> None:
        raise LimitError(reason, "it died")

    monkeypatch.setattr(LimitedProcess, "ask", ask)
    found, text = strangers.answer(PREDICT, (PIXELS, str(run)), run, 60.0)
    assert not found
    assert text == f"The network of the run brought {words}" if reason == "died" else text.endswith(words)


def test_a_network_that_says_how_large_it_is_is_not_opened(run: Path, monkeypatch) -> None:
    assert strangers.computed_within_bounds(LENGTH, ("four",), run) == (True, 4)
    monkeypatch.setattr(strangers, "excess_of", lambda path: f"{path.name} is too large")
    assert strangers.computed_within_bounds(LENGTH, ("four",), run) == (False, "best.keras is too large")


@pytest.mark.parametrize("error", [MemoryError(), type("ResourceExhaustedError", (Exception,), {})("OOM at cpu:0")])
def test_memory_that_the_system_refuses_is_the_bound_on_memory(run: Path, monkeypatch, error: Exception) -> None:
    def full(_: object) -> None:
        raise error

    monkeypatch.setattr("models.networks.inference.warm", full)
    with pytest.raises(MemoryError):
        strangers.computed_within_bounds(Question[object]("models.networks.inference", "warm"), ("four",), run)


def test_a_job_that_takes_minutes_has_a_bound_too(run: Path, monkeypatch) -> None:
    bounds = []

    def ask(*_: object, seconds: float) -> tuple[bool, int]:
        bounds.append(seconds)
        return True, 1

    monkeypatch.setattr(LimitedProcess, "ask", lambda self, *asked, seconds: ask(*asked, seconds=seconds))
    for patience in (10.0, 60.0, 3600.0):
        assert strangers.answer(LENGTH, ("four",), run, patience) == (True, 1)
    assert bounds == [60.0, 60.0, 300.0]
