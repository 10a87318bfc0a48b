"""Progress of preparing a run's data: written by the run's process, shown by pages, removed when training begins."""

import contextlib
from collections.abc import Callable

from models.progress import Progress, in_words, teller, told_in
from models.runs.run_directory import RunDirectory

FILE = "preparing.json"


def preparation_teller(run: RunDirectory) -> tuple[Progress, Callable[[], None]]:
    """Return two functions for the process that trains: one reports progress, the other ends the reports."""
    file = run.path / FILE
    tell_file = teller(file)
    told = False

    def tell(doing: str, done: int, total: int) -> None:
        nonlocal told
        told = True
        tell_file(doing, done, total)

    def over() -> None:
        nonlocal told
        if told:
            told = False
            with contextlib.suppress(OSError):  # the disk can only be read: it says nothing after half a minute
                file.unlink(missing_ok=True)

    return tell, over


def preparation_of(run: RunDirectory) -> str:
    """Return the progress in words, "drawing: 120 of 1,000", or "" if nothing is being prepared."""
    told = told_in(run.path / FILE)
    return in_words(told) if told else ""
