"""What a run's process does before its first batch: written by it, shown by pages, removed when training begins."""

import contextlib
from collections.abc import Callable
from typing import Literal, get_args

from models.progress import Progress, in_words, teller, told_in
from models.runs.bounds import SMALL_BYTES, text_of
from models.runs.run_directory import RunDirectory
from models.storage import write_text

FILE = "preparing.json"
STAGE_FILE = "stage"

Stage = Literal["tensorflow", "pictures", "network", "batch"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""What happens before a process has trained its first batch, in this order: TensorFlow is loaded, the pictures are
opened, the network is built or read from its checkpoint, the first batch is computed."""


def note_stage(run: RunDirectory, stage: Stage | None) -> None:
    """Note what the process does now; None when its first batch is trained. On a full disk, nothing is noted."""
    with contextlib.suppress(OSError):
        if stage is None:
            (run.path / STAGE_FILE).unlink(missing_ok=True)
        else:
            write_text(run.path / STAGE_FILE, stage)


def stage_of(run: RunDirectory) -> Stage | None:
    """Return what a running run's process does before its first batch; None where it trains, or has noted nothing."""
    try:
        told = text_of(run.path / STAGE_FILE, SMALL_BYTES)
    except (OSError, ValueError):
        return None
    return next((stage for stage in STAGES if stage == told), None)


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
    told = prepared_of(run)
    return in_words(told) if told else ""


def prepared_of(run: RunDirectory) -> tuple[str, int, int] | None:
    """Return the same as numbers, ("drawing", 120, 1000), or None if nothing is being prepared."""
    return told_in(run.path / FILE)
