"""The app's one connection to the engine: made and kept in the background, never waited for by a page."""

import contextlib
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from components.clients import page_waits
from models.storage import without_paths

if TYPE_CHECKING:
    from models.engine import Engine
    from models.engine.keeping import Keeper

DELAY_SECONDS = 4.0
"""The first page comes first: importing Dask, and starting processes, would take the processor from it."""

LOOK_SECONDS = 2.0
"""Time between two looks whether the engine still is what it should be."""

END_SECONDS = 15.0

STARTING, STARTING_AGAIN = "starting", "starting again"

_state = threading.Lock()
_engine: "Engine | None" = None
_status = "off"
_ending = threading.Event()


def engine() -> "Engine | None":
    """Return the engine, or None while it starts, is off or cannot be used; `status` says which."""
    with _state:
        return _engine if _engine is not None and _engine.is_alive else None


def status() -> str:
    """Return "off", "starting", "starting again", "ready", or a sentence that says why there is no engine now."""
    with _state:
        if _engine is not None and not _engine.is_alive:
            return STARTING_AGAIN
        return _status


@asynccontextmanager
async def running_beside_the_app(_app: object) -> AsyncIterator[None]:
    """Keep an engine while the app runs, and let it end with the app when it is idle. ENGINE=off leaves it out."""
    if os.environ.get("ENGINE", "").lower() in ("off", "0", "no"):
        yield
        return
    _ending.clear()
    _say(STARTING)
    keeping = threading.Thread(target=_keep, name="engine", daemon=True)
    keeping.start()
    try:
        yield
    finally:
        _ending.set()
        keeping.join(END_SECONDS)
        _say("off")


def _keep() -> None:
    """Start the engine, and see to it that there is one until the app ends."""
    if _ending.wait(DELAY_SECONDS):
        return
    keeper = None
    while not _ending.is_set():
        try:
            keeper = _looked(keeper)
        except Exception as error:  # noqa: BLE001 - nobody would see it: this thread has no visitor
            _say(f"The engine could not be started ({type(error).__name__}: {without_paths(error)}).")
        _ending.wait(LOOK_SECONDS)
    if keeper is not None:
        keeper.engine.close(end_if_idle=True)


def _looked(keeper: "Keeper | None") -> "Keeper | None":
    """Look after the engine once; connect to it first, or to another one, where there is no connection."""
    from models.engine import Engine, EngineError
    from models.engine.keeping import Keeper

    if keeper is None or not keeper.engine.is_alive:
        if keeper is not None:
            _say(STARTING_AGAIN)
            keeper.engine.close()
        try:
            found = Engine.connect()
        except EngineError as error:
            _say(str(error))
            return None
        found.asker = page_waits
        keeper = Keeper(found)
        for step in (found.take_stock, found.warm_up):
            with contextlib.suppress(Exception):
                step()
    problem = keeper.look()
    if problem:
        _say(problem)
    else:
        _say("ready", keeper.engine)
    return keeper


def _say(text: str, found: "Engine | None" = None) -> None:
    global _engine, _status
    with _state:
        _engine, _status = found, text
