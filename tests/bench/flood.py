"""How long an honest visitor waits for another page while one client floods the server, in each of several ways.

The honest visitor has a page open and switches between four others, as a click in the menu does; a figure is the 95th
percentile of the time from the request to the end of the page's messages, once for each round. The flooding client
comes from another address of this computer (127.0.0.2), as another one in a classroom would, with one browser's cookie;
in "forged" it comes with a new one for each of its WebSockets, and in "neighbour" from the honest visitor's own
address, as behind one router. In "questions" there is an engine: the honest visitors are new ones, who wait for a
network's answer about their photo, while others ask it such questions all the time. The client runs in a process of its
own, on the same cores as the server: a real one would leave those alone. `server_mb` is how much more memory the server
holds at the end of a flood, `log_kb` what it has written.
"""

import json
import multiprocessing
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import numpy as np
import psutil  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.bench.figures import print_figure
from tests.e2e.engine_app import app_with_engine, end_engine
from tests.server import Server, running_app
from tests.without_browser import Visitor

BENCH = "flood"
PAGES = ("convolution", "pooling", "activation", "dense")
SWITCHES, ROUNDS = 12, 3
FLOODER, HONEST = "127.0.0.2", "127.0.0.1"
TABS = 30
HALF_OPEN = 300
LARGE_FILE = bytes(20 * 2**20)
PATIENCE_SECONDS = 60.0

Flood = Callable[[str, Event], None]


def run() -> None:
    """Print the honest visitor's time alone, and during each flood."""
    for name, flood in {"nobody": None, **FLOODS}.items():
        with _server(name) as server:
            honest = Visitor(server.url, source=HONEST).open()
            honest.seen()
            for page in PAGES:
                honest.seen(page)  # caches are full for every later visitor
            process = _listening(urlsplit(server.url).port or 0)
            before = process.memory_info().rss
            with _flooding(flood, server.url):
                act = _answer if name == "questions" else _switch
                rounds = [
                    [act(honest, PAGES[number % len(PAGES)]) for number in range(SWITCHES)] for _ in range(ROUNDS)
                ]
            more = (process.memory_info().rss - before) / 1e6
            notes = {
                "median_s": statistics.median(one for each in rounds for one in each),
                "longest_s": max(max(each) for each in rounds),
                "server_mb": more,
                "log_kb": server.log.stat().st_size / 1e3,
            }
            p95 = [float(np.percentile(each, 95)) for each in rounds]
            print_figure(BENCH, f"{name}_p95_s", "s", p95, goal="<= 1.5", n=SWITCHES * ROUNDS, notes=notes)
            honest.leave()


def _switch(honest: Visitor, page: str) -> float:
    """Return the seconds that a page switch takes; as many as are waited for, where nothing comes or nobody gets in."""
    begun = time.perf_counter()
    try:
        if honest.socket is None:
            honest.connect(session=honest.session)
        honest.seen(page, timeout=PATIENCE_SECONDS)
    except Exception:  # noqa: BLE001 - a connection that breaks, in whatever way, is a switch that did not come
        with suppress(Exception):
            honest.leave()
        return max(PATIENCE_SECONDS, time.perf_counter() - begun)
    return time.perf_counter() - begun


def _answer(honest: Visitor, _page: str) -> float:
    """Return the seconds that an answer of the network about a new visitor's photo takes."""
    begun = time.perf_counter()
    with suppress(Exception):
        another = Visitor(honest.url, source=HONEST).open()
        another.seen("convnet", timeout=PATIENCE_SECONDS)
        another.leave()
        return time.perf_counter() - begun
    return max(PATIENCE_SECONDS, time.perf_counter() - begun)


@contextmanager
def _server(name: str) -> Iterator[Server]:
    if name != "questions":
        with running_app() as server:
            yield server
        return
    with TemporaryDirectory() as folder:
        runs = Path(folder, "runs")
        try:
            with app_with_engine(runs) as server:
                visitor = Visitor(server.url, source=HONEST)
                while json.loads(visitor.ask("GET", "/healthz").body)["engine"] != "ready":
                    time.sleep(0.2)
                visitor.open().seen("convnet", timeout=120)  # TensorFlow is loaded
                yield server
        finally:
            end_engine(runs)


def _listening(port: int) -> psutil.Process:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(one.laddr.port == port and one.status == "LISTEN" for one in process.net_connections("tcp")):
                return process
    raise RuntimeError("No process listens at the server's port.")


@contextmanager
def _flooding(flood: Flood | None, url: str) -> Iterator[None]:
    if flood is None:
        yield
        return
    context = multiprocessing.get_context("spawn")
    over = context.Event()
    client = context.Process(target=flood, args=(url, over), daemon=True)
    client.start()
    time.sleep(4.0)  # it has begun, and is in full flow
    try:
        yield
    finally:
        over.set()
        client.join(10)
        client.kill()


# The ways to flood ----------------------------------------------------------------------------------------------------


def reruns(url: str, over: Event) -> None:
    """One WebSocket asks for runs in a loop, and reads what comes."""
    _ask(Visitor(url, source=FLOODER).open(), over)


def tabs(url: str, over: Event) -> None:
    """The same through as many WebSockets as one browser has."""
    first = Visitor(url, source=FLOODER).open()
    _together([lambda: _ask(_sibling(url, first.cookies), over) for _ in range(TABS)], over)


def forged(url: str, over: Event) -> None:
    """The same, with a name of its own for each WebSocket."""
    _together([lambda: _ask(Visitor(url, source=FLOODER).open(), over) for _ in range(TABS)], over)


def neighbour(url: str, over: Event) -> None:
    """As `reruns`, from the honest visitor's address."""
    _ask(Visitor(url, source=HONEST).open(), over)


def questions(url: str, over: Event) -> None:
    """New visitors of a page on which a network answers, one after the other, in each of many browsers."""

    def ask() -> None:
        visitor = Visitor(url, source=FLOODER).open()
        while not over.is_set():
            with suppress(Exception):
                _sibling(url, visitor.cookies).seen("convnet", timeout=5)

    _together([ask] * TABS, over)


def openings(url: str, over: Event) -> None:
    """New WebSockets in a loop, each with a session and a run."""
    first = Visitor(url, source=FLOODER).open()

    def come_and_go() -> None:
        while not over.is_set():
            with suppress(Exception):
                one = _sibling(url, first.cookies)
                one.rerun()
                one.leave()

    _together([come_and_go] * 8, over)


def uploads(url: str, over: Event) -> None:
    """Large files that no widget waits for, one after the other."""
    visitor = Visitor(url, source=FLOODER).open()
    visitor.seen()
    sender = Visitor(url, source=FLOODER)
    sender.cookies = visitor.cookies
    while not over.is_set():
        with suppress(Exception):
            (place,) = visitor.places("large.bin")
            sender.send_file(place.upload_url, LARGE_FILE)


def requests(url: str, over: Event) -> None:
    """The first page in a loop, over eight connections."""

    def get() -> None:
        visitor = Visitor(url, source=FLOODER)
        while not over.is_set():
            with suppress(Exception):
                visitor.ask("GET", "/")

    _together([get] * 8, over)


def half_open(url: str, over: Event) -> None:
    """Connections that never say what they want."""
    parts = urlsplit(url)
    kept: list[socket.socket] = []
    while not over.is_set():
        with suppress(OSError):
            one = socket.create_connection((parts.hostname, parts.port), 5, (FLOODER, 0))
            one.sendall(b"GET / HTTP/1.1\r\nHost: ")
            kept.append(one)
        del kept[:-HALF_OPEN]
        time.sleep(0.002)


def garbage(url: str, over: Event) -> None:
    """Messages that mean nothing, each on a new WebSocket."""
    first = Visitor(url, source=FLOODER).open()
    while not over.is_set():
        with suppress(Exception):
            one = _sibling(url, first.cookies)
            one.tell(b"\xff" * 100)
            one.is_shut_out(2)
            one.leave()


def large(url: str, over: Event) -> None:
    """Messages as large as they may be."""
    visitor = Visitor(url, source=FLOODER).open()
    message = BackMsg()
    message.rerun_script.query_string = "x" * (2**20)
    while not over.is_set():
        with suppress(Exception):
            if visitor.socket is None:
                visitor.connect()
            visitor.tell(message)
            visitor.next(0.01)


def _sibling(url: str, cookies: dict[str, str]) -> Visitor:
    """Another tab of the same browser."""
    one = Visitor(url, source=FLOODER)
    one.cookies = dict(cookies)
    return one.connect()


def _ask(visitor: Visitor, over: Event) -> None:
    """Ask for runs as fast as they are taken; another thread reads what comes, so that the server can send."""

    def read() -> None:
        with suppress(Exception):
            while not over.is_set():
                visitor.next(5)

    threading.Thread(target=read, daemon=True).start()
    number = 0
    with suppress(Exception):
        while not over.is_set():
            visitor.rerun(query=f"value={number}")
            number += 1


def _together(acts: list[Callable[[], None]], over: Event) -> None:

    def one(act: Callable[[], None]) -> None:
        with suppress(Exception):  # a client that is shut out is no fault of the bench
            act()

    threads = [threading.Thread(target=one, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    over.wait()


FLOODS: dict[str, Flood] = {
    one.__name__: one
    for one in (reruns, tabs, forged, neighbour, questions, openings, uploads, requests, half_open, garbage, large)
}
