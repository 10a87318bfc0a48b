"""The app's one connection to the engine: made in the background, never waited for by a page."""

import contextlib
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from models.storage import without_paths

if TYPE_CHECKING:
    from models.engine import Engine

DELAY_SECONDS = 4.0
"""The first page comes first: importing Dask, and starting processes, would take the processor from it."""

_state = threading.Lock()
_engine: "Engine | None" = None
_status = "off"
_ending = threading.Event()


def engine() -> "Engine | None":
    """Return the engine, or None while it starts, is off or could not be started; `status` says which."""
    with _state:
        return _engine if _engine is not None and _engine.is_alive else None


def status() -> str:
    """Return "off", "starting", "ready", or a sentence that says why there is no engine."""
    with _state:
        if _engine is not None and not _engine.is_alive:
            return "The engine has gone. It comes back when the app is started again."
        return _status


@asynccontextmanager
async def running_beside_the_app(_app: object) -> AsyncIterator[None]:
    """Start the engine when the app starts, and let it end with the app when it is idle. ENGINE=off leaves it out."""
    if os.environ.get("ENGINE", "").lower() in ("off", "0", "no"):
        yield
        return
    _ending.clear()
    _say("starting")
    threading.Thread(target=_start, name="engine", daemon=True).start()
    try:
        yield
    finally:
        _ending.set()
        with _state:
            last = _engine
        if last is not None:
            last.close(end_if_idle=True)


def _start() -> None:
    if _ending.wait(DELAY_SECONDS):
        return
    from models.engine import Engine, EngineError

    try:
        found = Engine.connect()
    except EngineError as error:
        _say(str(error))
        return
    except Exception as error:  # noqa: BLE001 - nobody would see it: this thread has no visitor
        _say(f"The engine could not be started ({type(error).__name__}: {without_paths(error)}).")
        return
    for step in (found.take_stock, found.warm_up):
        with contextlib.suppress(Exception):
            step()
    if _ending.is_set():
        found.close(end_if_idle=True)
        return
    _say("ready", found)


def _say(text: str, found: "Engine | None" = None) -> None:
    global _engine, _status
    with _state:
        _engine, _status = found, text
