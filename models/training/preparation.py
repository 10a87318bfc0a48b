"""How far the preparation of a run's data is: told by the run's process, shown by pages, gone when training begins."""

import contextlib
import json
import time
from collections.abc import Callable

from models.storage import write_text
from models.training.run_directory import RunDirectory

FILE = "preparing.json"
EVERY_SECONDS = 0.5

RECENT_SECONDS = 30.0
"""Older words are those of a process that was killed."""

Progress = Callable[[str, int, int], None]


def teller(run: RunDirectory) -> tuple[Progress, Callable[[], None]]:
    """Return two functions for the process that trains: one tells what is done, "drawing", 120 of 1,000; one ends that.

    A full disk ends no training here: it only goes untold.
    """
    file = run.path / FILE
    told = 0.0

    def tell(doing: str, done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        if done < total and now - told < EVERY_SECONDS:
            return
        told = now
        with contextlib.suppress(OSError):
            write_text(file, json.dumps({"doing": doing, "done": done, "total": total, "time": time.time()}))

    def over() -> None:
        nonlocal told
        if told:
            told = 0.0
            file.unlink(missing_ok=True)

    return tell, over


def preparation_of(run: RunDirectory) -> str:
    """Return how far it is, "drawing: 120 of 1,000", or "" where nothing is being prepared."""
    try:
        found = json.loads((run.path / FILE).read_text(encoding="utf-8"))
        if time.time() - found["time"] > RECENT_SECONDS:
            return ""
        done, total = int(found["done"]), int(found["total"])
        if total > 10**6:  # bytes
            return f"{found['doing']}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
        return f"{found['doing']}: {done:,} of {total:,}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
