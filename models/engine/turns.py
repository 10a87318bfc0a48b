"""A question's turn in the answering worker has an end, so that one that takes too long stops nobody else.

A computation in TensorFlow cannot be interrupted: the worker ends itself, and its nanny starts another one. Dask then
asks the same question there again, which a small file in the engine's folder tells.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from models.engine.cluster import folder
from models.figures import number_of

TICK_SECONDS = 0.25
STARTS = 2
"""So often a question is begun whose worker was killed by somebody else, or by itself: it may need too much memory."""

_SLOW = "slow"


class TurnError(Exception):
    """This question is not begun again. `str()` is a sentence for the visitor."""


@contextlib.contextmanager
def turn(number: str, seconds: float) -> Iterator[None]:
    """End this worker if the block takes longer than a number of seconds in which the worker was not stopped.

    Args:
        number: of the question; the same one when Dask asks it again.
        seconds: at most; rounded up to whole ticks.

    Raises:
        TurnError: the question has ended a worker before.
    """
    note = folder() / "asked" / number
    before = _read(note)
    if before == _SLOW or before.count("+") >= STARTS:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)
        if before == _SLOW:
            raise TurnError(f"This took longer than {number_of(round(seconds), 'second')} and was ended.")
        raise TurnError("The process that computes this ended twice while it did: it may need too much memory.")
    _write(note, before + "+")
    done = threading.Event()
    if _has_nanny():
        threading.Thread(target=_watch, args=(note, seconds, done), daemon=True).start()
    try:
        yield
    finally:
        done.set()
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)


def _watch(note: Path, seconds: float, done: threading.Event) -> None:
    for _ in range(max(1, round(seconds / TICK_SECONDS))):  # a clock would count the time while the worker is stopped
        if done.wait(TICK_SECONDS):
            return
    _write(note, _SLOW)
    if done.is_set():
        note.unlink(missing_ok=True)
    else:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _has_nanny() -> bool:
    """Whether somebody starts this worker again when it ends."""
    from distributed import get_worker

    try:
        return get_worker().nanny is not None
    except ValueError:  # this is no worker
        return False


def _read(note: Path) -> str:
    try:
        return note.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def _write(note: Path, text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk: then a question may be asked again and again
        note.parent.mkdir(mode=0o700, exist_ok=True)
        note.write_text(text, encoding="ascii")
