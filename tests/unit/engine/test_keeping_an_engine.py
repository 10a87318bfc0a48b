"""What the app says while it has no engine, and that it goes on looking for one: nothing needs a restart of the app."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from components import engine as app
from models.engine import Engine, EngineError, keeping


class _Connection(SimpleNamespace):
    """Stands for a connection to an engine."""

    def __init__(self) -> None:
        super().__init__(is_alive=True, closed=[], did=[])

    def close(self, **how: bool) -> None:
        self.closed.append(how)

    def take_stock(self) -> None:
        self.did.append("stock")

    def warm_up(self) -> None:
        raise EngineError("It is busy.")  # no reason to have no engine


Connection: Any = _Connection


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the next attempts to connect give, in their order; the last one stays."""
    found: list[Any] = []

    def connect() -> Any:
        given = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(given, EngineError):
            raise given
        return given

    monkeypatch.setattr(Engine, "connect", connect)
    monkeypatch.setattr(keeping.Keeper, "look", lambda self: getattr(self.engine, "problem", ""))
    monkeypatch.setattr(app, "DELAY_SECONDS", 0.0)
    monkeypatch.setattr(app, "LOOK_SECONDS", 0.005)
    return found


@pytest.fixture
def running(connections: list[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Return a function that starts the app's part; it ends with the test."""
    monkeypatch.setenv("ENGINE", "on")
    loop = asyncio.new_event_loop()
    beside = app.running_beside_the_app(None)

    def start() -> None:
        loop.run_until_complete(beside.__aenter__())

    yield start
    loop.run_until_complete(beside.__aexit__(None, None, None))
    loop.close()
    assert "engine" not in {thread.name for thread in threading.enumerate()}
    app._say("off")


def until(condition: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(2000):
        if condition():
            return
        waiting.wait(0.005)
    pytest.fail(f"it did not happen: {app.status()}")


def test_an_engine_that_cannot_be_started_is_tried_again_until_it_can(connections, running) -> None:
    there: Any = Connection()
    connections += [EngineError("The disk is full.")] * 20
    running()
    until(lambda: app.status() == "The disk is full.")
    assert app.engine() is None
    connections[:] = [there]
    until(lambda: app.status() == "ready")
    found: Any = app.engine()
    assert found is there
    assert there.did == ["stock"]


def test_an_engine_that_has_gone_is_started_again_and_pages_say_so_meanwhile(connections, running) -> None:
    first, second = Connection(), Connection()
    connections += [first, EngineError("Not yet."), second]
    running()
    until(lambda: app.engine() is first)
    first.is_alive = False
    assert app.engine() is None  # at once, whenever the next look is
    assert app.status() in ("starting again", "Not yet.", "ready")
    until(lambda: app.engine() is second)
    assert first.closed == [{}]
    assert app.status() == "ready"


def test_an_engine_that_does_not_answer_is_not_used_until_it_does(connections, running) -> None:
    there: Any = Connection()
    connections.append(there)
    running()
    until(lambda: app.engine() is there)
    there.problem = "The engine runs but does not answer."
    until(lambda: app.status() == "The engine runs but does not answer.")
    assert app.engine() is None
    assert there.closed == []
    there.problem = ""
    until(lambda: app.engine() is there)


def test_whatever_goes_wrong_in_the_look_is_a_sentence_and_no_end(connections, running, monkeypatch) -> None:
    there: Any = Connection()
    connections.append(there)
    look = keeping.Keeper.look
    broken = ZeroDivisionError("of /a/b/c.py")

    def fail(_: keeping.Keeper) -> str:
        raise broken

    monkeypatch.setattr(keeping.Keeper, "look", fail)
    running()
    until(lambda: app.status() == "The engine could not be started (ZeroDivisionError: of c.py).")
    monkeypatch.setattr(keeping.Keeper, "look", look)
    until(lambda: app.engine() is there)


def test_the_app_takes_an_idle_engine_along_at_its_end(connections, monkeypatch) -> None:
    monkeypatch.setenv("ENGINE", "on")
    there: Any = Connection()
    connections.append(there)

    async def serve() -> None:
        async with app.running_beside_the_app(None):
            while app.engine() is None:
                await asyncio.sleep(0.005)

    asyncio.run(serve())
    assert there.closed == [{"end_if_idle": True}]
    app._say("off")
