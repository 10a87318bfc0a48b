"""Which of the embedded engine's processes live. Each holds a lock for as long as it does, however it ends.

A process that is stopped or hangs lives: nothing takes its place before it has ended or has been ended. So no work is
done twice, whoever looks.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

from models.runs.lock import FileLock
from models.storage import write_text

SCHEDULER = "scheduler"

HOLD_SECONDS = 2.0
"""Whoever looks whether a lock is held holds it for a moment, too."""

_held: list[FileLock] = []  # until this process ends


def nanny_of(worker: str) -> str:
    """Return the name of the process that starts a worker, and starts it again when it has died."""
    return f"{worker}-nanny"


def hold(folder: Path, name: str) -> bool:
    """Note in the engine's folder that this process is the one of that name, until it ends.

    Returns:
        False if there is one already.
    """
    lock = FileLock(folder / f"{name}.lock")
    end = time.monotonic() + HOLD_SECONDS
    while not lock.acquire():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    _held.append(lock)
    write_text(folder / f"{name}.pid", str(os.getpid()))
    return True


def is_alive(folder: Path, name: str) -> bool:
    """Return whether a process of that name lives, be it stopped."""
    return FileLock(folder / f"{name}.lock").is_held()


def number_of(folder: Path, name: str) -> int | None:
    """Return the number of the living process of that name."""
    with contextlib.suppress(OSError, ValueError):
        if is_alive(folder, name):
            return int((folder / f"{name}.pid").read_text(encoding="ascii"))
    return None


def end(folder: Path, name: str) -> None:
    """End the process of that name at once, as a power cut would."""
    number = number_of(folder, name)
    if number is not None and number != os.getpid():
        with contextlib.suppress(OSError):
            os.kill(number, getattr(signal, "SIGKILL", signal.SIGTERM))
