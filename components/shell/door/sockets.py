"""ASGI middleware: how many WebSockets one client may have open, and how much it may ask through them.

Whoever asks too much is kept waiting, in order, and loses nothing: what a visitor did last is what the page shows in
the end. Streamlit handles every message in the one thread that serves everybody, and every run takes its share of one
processor; so both are counted, by WebSocket, by browser and by network (`clients.py`).
"""

import asyncio
import time
from collections import Counter, defaultdict
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.clients import Client, client_of, on_waiting
from components.shell.door.buckets import Bucket, Buckets
from components.shell.door.places import Places, Stopwatch
from components.streamlit_server import RERUN, ends_a_run, message_kind

MOST_OF_BROWSER, MOST_OF_NETWORK = 32, 400
"""WebSockets open at a time: one for each tab. A class of forty behind one router may have five tabs each."""

OPENINGS_OF_BROWSER, OPENINGS_OF_NETWORK = (12, 1.0), (300, 3.0)
"""New WebSockets at once, and a second from then on. Each makes a session that lasts a minute longer than its tab:
fewer than `MOST_SESSIONS`, so that nobody drives out those whose connection is down for a moment."""

MESSAGES, MESSAGES_OF_BROWSER, MESSAGES_OF_NETWORK = (120, 60.0), (240, 90.0), (1200, 300.0)
"""Messages at once, and a second from then on. A slider that is dragged may tell its value sixty times a second."""

SECONDS_OF_BROWSER, SECONDS_OF_NETWORK = (1.0, 0.1), (2.0, 0.25)
"""Time of the thread that serves everybody which messages may take: at once, and in each second from then on.

To begin a run takes a tenth of a millisecond, but twenty where many threads want the processor.
"""

BYTES_OF_A_TOKEN = 65536
RUNS_OF_BROWSER, RUNS_OF_NETWORK = 1, 2
"""WebSockets whose page is being computed at a time; the others wait for their turn.

Python computes one at a time anyway: a class behind one router is through as soon as with five at a time. A page that
waits for the engine gives its place away.
"""

PATIENCE_SECONDS, LONGEST_SECONDS = 1.0, 30.0
"""Waits for a turn: the runs before it may all wait for a worker themselves, and leave the processor to others; and the
longest."""

_KINDS = frozenset({RERUN, "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"})
"""Messages that a page of the course sends. Others would empty caches of the whole server, or ask git."""


class Sockets:
    """Limit what a client does with WebSockets. A refused one gets 403, and Streamlit's page tries again later."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._open: Counter[tuple[str, str]] = Counter()
        self._openings = Buckets(*OPENINGS_OF_BROWSER), Buckets(*OPENINGS_OF_NETWORK)
        self._messages = Buckets(*MESSAGES_OF_BROWSER), Buckets(*MESSAGES_OF_NETWORK)
        self._seconds = Buckets(*SECONDS_OF_BROWSER), Buckets(*SECONDS_OF_NETWORK)
        self._turns: defaultdict[str, set[_Turn]] = defaultdict(set)  # of every browser
        self._loop: asyncio.AbstractEventLoop | None = None
        on_waiting(self._hear_of_waiting)
        self._runs = tuple(
            Places(most, PATIENCE_SECONDS, LONGEST_SECONDS) for most in (RUNS_OF_BROWSER, RUNS_OF_NETWORK)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        client = client_of(scope)
        keys = client.network, f"{client.network} {client.browser}" if client.browser else ""
        network, browser = ("network", keys[0]), ("browser", keys[1])
        if not self._may_open(network, browser):
            await send({"type": "websocket.close", "code": 1013})
            return
        self._open.update((network, browser))
        buckets = [Bucket(*MESSAGES), self._messages[1].of(client.network)]
        if client.browser:
            buckets.append(self._messages[0].of(client.browser))
        seconds = [self._seconds[0].of(client), self._seconds[1].of(client.network)]
        turn = _Turn(self._runs, client)
        self._turns[client.browser].add(turn)
        self._loop = asyncio.get_running_loop()
        try:
            await self.app(scope, _receiver(receive, send, buckets, seconds, turn), _sender(send, turn))
        finally:
            turn.end()
            self._turns[client.browser].discard(turn)
            if not self._turns[client.browser]:
                del self._turns[client.browser]
            self._open.subtract((network, browser))
            self._open += Counter()  # drops what is zero

    def _hear_of_waiting(self, browser: str) -> None:
        if self._loop is not None and browser:
            with suppress(RuntimeError):  # the server ends
                self._loop.call_soon_threadsafe(self._give_back, browser)

    def _give_back(self, browser: str) -> None:
        for turn in list(self._turns.get(browser, ())):
            turn.end()

    def _may_open(self, network: tuple[str, str], browser: tuple[str, str]) -> bool:
        # Browsers that take no cookies are told apart by nothing, and are limited together, as their network.
        known = bool(browser[1])
        if self._open[network] >= MOST_OF_NETWORK or (known and self._open[browser] >= MOST_OF_BROWSER):
            return False
        if known and not self._openings[0].of(browser).try_take():
            return False
        return self._openings[1].of(network).try_take()


class _Turn:
    """Whether the page of one WebSocket is being computed."""

    def __init__(self, runs: tuple[Places, ...], client: Client) -> None:
        self._places = list(zip(runs, (client, client.network), strict=True))
        self._held: list[tuple[Places, object]] = []
        self._timer: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        if self._held:
            return  # another run of the same page takes the place of the one before it
        for places, key in self._places:
            await places.take(key)
            self._held.append((places, key))
        self._look(LONGEST_SECONDS / PATIENCE_SECONDS, Stopwatch())

    def _look(self, rounds: float, stopwatch: Stopwatch) -> None:
        """Give the place back while the run goes on, where it waits for something."""
        if rounds <= 0 or (self._timer is not None and not stopwatch.was_busy()):
            self.end()
        else:
            self._timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._look, rounds - 1, stopwatch)

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._held:
            places, key = self._held.pop()
            places.leave(key)


def _receiver(receive: Receive, send: Send, buckets: list[Bucket], seconds: list[Bucket], turn: _Turn) -> Receive:
    handed_over: list[float] = []

    async def next_message() -> Message:
        if handed_over:  # Streamlit has handled the message before, and did nothing else meanwhile
            passed = time.monotonic() - handed_over.pop()
            await _pause(max(bucket.wait(passed) for bucket in seconds))
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            kind = None if data is None else message_kind(data)
            if data is None or kind is None:
                # Streamlit would write a page of the log about each.
                await send({"type": "websocket.close", "code": 1003 if data is None else 1002})
                return {"type": "websocket.disconnect", "code": 1002}
            cost = 1 + len(data) / BYTES_OF_A_TOKEN
            await _pause(max(bucket.wait(cost) for bucket in buckets))
            if kind == RERUN:
                await turn.begin()
            if kind in _KINDS:
                handed_over.append(time.monotonic())
                return message

    return next_message


async def _pause(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)


def _sender(send: Send, turn: _Turn) -> Send:
    async def pass_on(message: Message) -> None:
        await send(message)
        if message["type"] == "websocket.send" and ends_a_run(message.get("bytes") or b""):
            turn.end()

    return pass_on
