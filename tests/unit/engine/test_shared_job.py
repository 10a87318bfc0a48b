"""components/engine/shared_job.py: work that is done once for all visitors, and whose failure is nobody else's."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from components.engine.shared_job import SharedJob, SharedJobs, Told, keep_newest, share_of
from models.datasets import DatasetError
from models.engine import EngineError

Visit = Callable[[], None]


@pytest.fixture
def jobs(monkeypatch) -> SharedJobs[str, int]:
    made: SharedJobs[str, int] = SharedJobs("counting", failed="Nothing was counted")
    monkeypatch.setattr(made, "watch", lambda *_: None)
    return made


@pytest.fixture
def come(monkeypatch) -> Visit:
    """Another visitor opens the page, with an empty session."""

    def visit() -> None:
        monkeypatch.setattr(st, "session_state", {})

    visit()
    return visit


def words(told: Told | None) -> tuple[float, str]:
    return share_of(told), str(told)


def over(jobs: SharedJobs[str, int], name: str) -> SharedJob[int]:
    job = jobs.get(name)
    assert job is not None
    job._future.exception(timeout=30)  # waits until it is over, whatever the result
    return job


def test_two_visitors_share_one_job_and_both_get_its_result(jobs, come):
    go, begun = threading.Event(), []

    def count(_tell: Any) -> int:
        begun.append(1)
        go.wait(30)
        return 7

    assert jobs.outcome("pets", count, words) is None
    come()
    assert jobs.outcome("pets", count, words) is None
    go.set()
    over(jobs, "pets")
    job = jobs.outcome("pets", count, words)
    assert job is not None
    assert (job.done, job.problem, job.result) == (True, "", 7)
    assert begun == [1]
    assert jobs.get("pets") is None  # the next visitor begins it anew


def test_the_progress_is_what_the_work_told_last(jobs, come):
    told, go = threading.Event(), threading.Event()

    def count(tell: Any) -> int:
        tell("counting", 3, 10)
        told.set()
        go.wait(30)
        return 0

    assert jobs.outcome("pets", count, words) is None
    assert told.wait(30)
    job = jobs.get("pets")
    assert job is not None
    assert job.told == ("counting", 3, 10)
    assert not job.done
    go.set()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (EngineError("The engine is busy."), "The engine is busy."),
        (DatasetError("There is no such folder."), "There is no such folder."),
        (KeyError("secret"), "Nothing was counted (KeyError)."),
    ],
)
def test_who_waited_hears_what_went_wrong_and_who_comes_later_begins_anew(jobs, come, error, sentence):
    go, begun = threading.Event(), []

    def fail(_tell: Any) -> int:
        begun.append(1)
        go.wait(30)
        raise error

    assert jobs.outcome("pets", fail, words) is None
    go.set()
    assert over(jobs, "pets").problem == sentence
    waited = dict(st.session_state)
    come()
    go.clear()
    assert jobs.outcome("pets", fail, words) is None  # the other visitor's failure is no answer here
    go.set()
    over(jobs, "pets")
    assert begun == [1, 1]
    st.session_state.update(waited)
    job = jobs.outcome("pets", fail, words)
    assert job is not None
    assert job.problem == sentence


def test_a_visitor_remembers_what_ended_well(jobs, come):
    assert not jobs.has_seen("pets")
    jobs.note_seen("pets")
    assert jobs.has_seen("pets")
    come()
    assert not jobs.has_seen("pets")


def test_a_job_is_not_begun_twice_and_may_be_begun_again(jobs, come):
    go = threading.Event()
    jobs.start("pets", lambda _: 1 if go.wait(30) else 0)
    first = jobs.get("pets")
    jobs.start("pets", lambda _: 2)
    assert jobs.get("pets") is first
    go.set()
    assert over(jobs, "pets").result == 1
    jobs.start("pets", lambda _: 3)
    assert over(jobs, "pets").result == 3


def test_the_oldest_values_go_first():
    kept: dict[str, int] = {}
    for number, name in enumerate("abcab"):
        keep_newest(kept, name, number, most=2)
    assert kept == {"a": 3, "b": 4}


def test_shares_lie_between_nothing_and_all():
    assert [share_of(told) for told in (None, ("x", 0, 0), ("x", 1, 4), ("x", 5, 4))] == [0.0, 0.0, 0.25, 1.0]
