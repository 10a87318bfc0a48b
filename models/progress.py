"""Progress of long jobs, shared through a file: the process that works writes it, pages read it."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from models.storage import json_text, write_text

EVERY_SECONDS = 0.5

RECENT_SECONDS = 30.0
"""A process whose last report is older was killed."""

BYTES = 10**6
"""No dataset has more pictures than this: a larger total counts bytes."""

_MOST_LETTERS = 2000

Progress = Callable[[str, int, int], None]
"""Called now and then with the name of the task, how much of it is done, and the total."""


def teller(file: Path) -> Progress:
    """Return a function that writes the progress ("drawing", 120, 1000) to a file, twice a second at most.

    Threads may share it. On a full disk or without the folder, nothing is written and the work goes on.
    """
    told = -EVERY_SECONDS
    lock = threading.Lock()

    def tell(doing: str, done: int, total: int) -> None:
        nonlocal told
        with lock:
            now = time.monotonic()
            if done < total and now - told < EVERY_SECONDS:
                return
            told = now
            with contextlib.suppress(OSError):
                write_text(file, json_text({"doing": doing, "done": done, "total": total, "time": time.time()}))

    return tell


def told_in(file: Path) -> tuple[str, int, int] | None:
    """Return the progress that was last written, ("drawing", 120, 1000), or None if nobody is at work."""
    try:
        with file.open(encoding="utf-8") as opened:
            told = json.loads(opened.read(_MOST_LETTERS))
        if abs(time.time() - told["time"]) > RECENT_SECONDS:  # a clock may have been put back
            return None
        return str(told["doing"])[:_MOST_LETTERS], int(told["done"]), int(told["total"])
    # Whoever wrote it: a run's folder may have been put there by hand.
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def in_words(progress: Sequence[Any]) -> str:
    """Return "drawing: 120 of 1,000" for ("drawing", 120, 1000); bytes are given in megabytes."""
    doing, done, total = progress
    if total > BYTES:
        return f"{doing}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
    return f"{doing}: {done:,} of {total:,}"
