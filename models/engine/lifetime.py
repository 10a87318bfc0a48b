"""Loaded by the embedded engine's processes: each says that it lives, listens to the engine alone, and ends in time.

The scheduler ends when nobody needs it any more, and its workers with it.
"""

import asyncio
import os
import time
from typing import Any

from models.engine import processes, supervisor
from models.engine.cluster import LINGER_SECONDS, folder
from models.engine.settings import seconds

CHECK_SECONDS = 0.5

_ASKED = "course_asked_to_end"


async def dask_setup(server: Any) -> None:
    """Dask calls this when a scheduler, a nanny or a worker of the embedded engine starts."""
    kind = type(server).__name__
    name = processes.SCHEDULER if kind == "Scheduler" else str(server.name)
    name = processes.nanny_of(name) if kind == "Nanny" else name
    held = await asyncio.to_thread(processes.hold, folder(), name)
    if not held and kind != "Worker":  # two apps began it at the same moment
        os._exit(0)
    if kind != "Nanny":
        # Dask's web server cannot be left out. It asks nobody for a key, and tells paths and logs.
        server.http_server.stop()
    if kind == "Scheduler":
        _end_when_not_needed(server)


async def dask_teardown(server: Any) -> None:
    """Dask calls this when one of them ends properly. A worker's training ends with it, and not some time later."""
    if type(server).__name__ == "Worker":
        supervisor.leave()


def _end_when_not_needed(scheduler: Any) -> None:
    """End the scheduler when it has no clients any more.

    If the last app ended properly, the scheduler ends as soon as nothing is being computed. If it crashed, or if a
    training is under way, the scheduler ends some minutes after the last client has gone.
    """
    from tornado.ioloop import PeriodicCallback

    linger = seconds("ENGINE_LINGER_SECONDS", LINGER_SECONDS)
    last_seen = time.monotonic()

    async def watch() -> None:
        nonlocal last_seen
        now = time.monotonic()
        asked = getattr(scheduler, _ASKED, None)
        if any(name != "fire-and-forget" for name in scheduler.clients):
            last_seen = now
            if asked is not None and now - asked > 5:
                setattr(scheduler, _ASKED, None)  # another client is there, or came later
        elif (asked is not None and not is_busy(scheduler)) or now - last_seen > linger:
            await scheduler.close(reason="nobody needs it any more")

    scheduler.periodic_callbacks["lifetime"] = callback = PeriodicCallback(watch, CHECK_SECONDS * 1000)
    callback.start()


def end_when_idle(dask_scheduler: Any) -> None:
    """Let the scheduler end once its last client has gone and nothing is being computed or waits."""
    setattr(dask_scheduler, _ASKED, time.monotonic())


def is_busy(dask_scheduler: Any) -> bool:
    """Return whether anything is being computed or waits."""
    return any(task.state in ("processing", "no-worker", "queued") for task in dask_scheduler.tasks.values())
