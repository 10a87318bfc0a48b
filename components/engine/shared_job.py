"""Long work that is done once for all visitors, in a thread of its own; whoever waits for it sees its progress."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

import streamlit as st

from components.scene.address import rerun
from models.datasets import DatasetError
from models.engine import EngineError
from models.progress import Progress

TURN_SECONDS = 1.0
"""Time that the answering worker spends on a job before others get their answers."""

PREPARING_SECONDS = 3600.0
"""Longest wait for a turn: a worker that first prepares 25,000 photos, on its own machine, takes minutes."""

_LOOK_SECONDS = 0.4
_AT_ONCE = 2
"""Jobs of one kind that run at the same time; the others wait."""

Name = TypeVar("Name", bound=Hashable)
Result = TypeVar("Result")
Told = tuple[str, int, int]
"""Progress: what is being done, how much of it is done, and the total."""


class SharedJob(Generic[Result]):
    """One piece of work: under way, finished, or failed.

    Attributes:
        told: the progress that the work last reported; None before its first report.
    """

    told: Told | None = None

    def __init__(self, pool: ThreadPoolExecutor, work: Callable[[Progress], Result], failed: str) -> None:
        self._failed = failed
        self._future: Future[Result] = pool.submit(work, self._tell)

    def _tell(self, doing: str, done: int, total: int) -> None:
        self.told = (doing, done, total)

    @property
    def done(self) -> bool:
        """Whether it is over, finished or failed."""
        return self._future.done()

    @property
    def problem(self) -> str:
        """Why there is no result, as a sentence; "" while it is under way and where there is one."""
        error = self._future.exception() if self.done else None
        if error is None:
            return ""
        if isinstance(error, EngineError | DatasetError):
            return str(error)
        return f"{self._failed} ({type(error).__name__})."

    @property
    def result(self) -> Result:
        """The result, once it is done and there is no problem."""
        return self._future.result()


class SharedJobs(Generic[Name, Result]):
    """All jobs of one kind, each under a name that says what is worked on.

    Args:
        kind: a word for the names of threads and of session entries.
        failed: the beginning of the sentence that reports an unforeseen error.
    """

    def __init__(self, kind: str, *, failed: str) -> None:
        self._kind, self._failed = kind, failed
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix=kind)
        self._jobs: dict[Name, SharedJob[Result]] = {}
        self._lock = threading.Lock()

    def get(self, name: Name) -> SharedJob[Result] | None:
        """Return the job of this name: under way, or over with a result or problem that has not been fetched yet."""
        with self._lock:
            return self._jobs.get(name)

    def start(self, name: Name, work: Callable[[Progress], Result]) -> None:
        """Start a job, unless it is under way.

        Args:
            name: what is worked on.
            work: does it, and reports its progress to the function that it is called with.
        """
        with self._lock:
            job = self._jobs.get(name)
            if job is None or job.done:
                self._jobs[name] = SharedJob(self._pool, work, self._failed)

    def taken(self, name: Name, work: Callable[[Progress], Result]) -> SharedJob[Result] | None:
        """Return the job once it is over; before that, start or join it and return None.

        Args:
            name: what is worked on.
            work: see `start`.
        """
        waiting = self._remembered("waiting")
        with self._lock:
            job = self._jobs.get(name)
            # A failure for a visitor who has left is no answer for the next one.
            if job is None or (job.problem and name not in waiting):
                job = self._jobs[name] = SharedJob(self._pool, work, self._failed)
        if not job.done:
            waiting.add(name)
            return None
        waiting.discard(name)
        with self._lock:
            self._jobs.pop(name, None)
        return job

    def outcome(
        self, name: Name, work: Callable[[Progress], Result], words: Callable[[Told | None], tuple[float, str]]
    ) -> SharedJob[Result] | None:
        """Return the job once it is over; before that, start or join it and draw its progress.

        Args:
            name: what is worked on.
            work: see `start`.
            words: see `watch`.
        """
        job = self.taken(name, work)
        if job is None:
            self.watch(name, words)
        return job

    def watch(self, name: Name, words: Callable[[Told | None], tuple[float, str]]) -> None:
        """Draw the progress of a job as a bar, and run the page again when it is over.

        Args:
            name: what is worked on.
            words: returns the share that is done, from 0 to 1, and a sentence.
        """

        def bar(told: Told | None) -> None:
            share, text = words(told)
            st.progress(share, text=text)

        self.look(name, bar)

    def look(self, name: Name, draw: Callable[[Told | None], None]) -> None:
        """Draw the progress of a job anew again and again, and run the page again when it is over.

        Args:
            name: what is worked on.
            draw: is given the progress.
        """
        st.fragment(self._look, run_every=_LOOK_SECONDS)(name, draw)

    def _look(self, name: Name, draw: Callable[[Told | None], None]) -> None:
        job = self.get(name)
        if job is None or job.done:
            rerun()
        draw(job.told)

    def note_seen(self, name: Name) -> None:
        """Remember that this visitor has seen the job succeed."""
        self._remembered("seen").add(name)

    def has_seen(self, name: Name) -> bool:
        """Return whether this visitor has seen the job succeed: until the session ends, it need not be done again."""
        return name in self._remembered("seen")

    def _remembered(self, what: str) -> set[Name]:
        names: set[Name] = st.session_state.setdefault(f"{self._kind}:{what}", set())
        return names


def share_of(told: Told | None) -> float:
    """Return the share that is done, from 0 to 1; 0 if unknown."""
    return min(told[1] / told[2], 1.0) if told and told[2] else 0.0


def keep_newest(kept: dict[Name, Result], name: Name, value: Result, *, most: int) -> None:
    """Put a value into a dict of at most `most` values; the oldest ones are dropped."""
    kept.pop(name, None)
    while len(kept) >= most:
        kept.pop(next(iter(kept)), None)
    kept[name] = value
