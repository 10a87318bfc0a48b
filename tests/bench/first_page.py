"""What the first visit of /convolution costs: bytes on the wire, time to a usable Play button, time from a cold start.

Bytes: every answer as it came over the wire, with headers and compressed where the server compresses, plus the web
socket's messages, of a visitor with an empty cache; once up to the moment Play is usable and once until nothing came
any more. The floor is an empty Streamlit page behind the same compression.

Time: from the start of the navigation with an empty cache to the first painted frame with an enabled Play button. The
server has been visited before. The floor is the text of the same empty page.

Start: from the start of the process (`streamlit run app.py`) to the same frame, and the same for an empty Streamlit app
of one line, in turns. The ratio of each pair counts. What Python compiles and keeps at an app's first start is compiled
before. `server_processor_s` is what the server process alone worked from start to stop: other jobs on the machine do
not change it, so it tells whether a high ratio is the app's or the machine's.
"""

import base64
import compileall
import os
import statistics
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tests.bench.figures import print_figure
from tests.bench.plain_apps import HELLO, running_compressed, script_file
from tests.bench.visit import HELLO_SHOWN, PLAY_USABLE, drawn_ms, visit
from tests.browser import running_browser
from tests.server import ROOT, running_app

VISITS = 7
STARTS = 5
QUIET_MS = 2000
PAGE = "/convolution"


@dataclass
class Wire:
    """Bytes that a page received."""

    answers: int = 0
    messages: int = 0

    @property
    def megabytes(self) -> float:
        """The total in 10^6 bytes."""
        return (self.answers + self.messages) / 1e6

    def listen(self, page: Page) -> None:
        """Count what `page` receives from now on."""
        inlined = set()
        session = page.context.new_cdp_session(page)

        def note_request(event: dict) -> None:
            if event["request"]["url"].startswith(("data:", "blob:")):
                inlined.add(event["requestId"])

        def add_answer(event: dict) -> None:
            if event["requestId"] not in inlined:
                self.answers += int(event["encodedDataLength"])

        def add_message(event: dict) -> None:
            frame = event["response"]
            text = frame["payloadData"]
            payload = len(base64.b64decode(text)) if frame["opcode"] == 2 else len(text.encode())
            self.messages += payload + (2 if payload < 126 else 4 if payload < 65536 else 10)  # RFC 6455, 5.2

        session.on("Network.requestWillBeSent", note_request)
        session.on("Network.loadingFinished", add_answer)
        session.on("Network.webSocketFrameReceived", add_message)
        session.send("Network.enable")


@dataclass(frozen=True)
class Start:
    """A cold start: seconds until the first page was drawn, and the server's processor time."""

    drawn_s: float
    processor_s: float


def run() -> None:
    """Print all figures of the first page."""
    with running_browser() as browser:
        with running_app() as server:
            print_visits("first_page", browser, server.url + PAGE, goal="<= 1.6", peer=True)
        _print_starts(browser)


def print_visits(bench: str, browser: Browser, url: str, *, goal: str = "", peer: bool = False) -> None:
    """Print the cost of the first visit of a page, beside that of an empty page.

    Args:
        goal: for the megabytes until Play is usable.
        peer: whether the page is comparable to the peer's.
    """
    first = _visits(browser, url, PLAY_USABLE)
    with running_compressed(HELLO) as server:
        floor = _visits(browser, server.url, HELLO_SHOWN)
    for figure, figure_goal in (("megabytes_to_play", goal), ("megabytes_at_rest", "")):
        print_figure(
            bench,
            figure,
            "MB",
            first[figure],
            goal=figure_goal,
            floor=statistics.median(floor[figure]),
            peer={"value": 7.71} if peer else None,
        )
    print_figure(
        bench,
        "seconds_to_play",
        "s",
        first["seconds"],
        goal="<= 2.0",
        floor=statistics.median(floor["seconds"]),
        peer={"figure": "network drawn", "value": "2.8 to 3.3"} if peer else None,
    )


def _visits(browser: Browser, url: str, condition: str) -> dict[str, list[float]]:
    """Visit the page once to warm the server, then measure."""
    figures: dict[str, list[float]] = {"megabytes_to_play": [], "megabytes_at_rest": [], "seconds": []}
    for number in range(VISITS + 1):
        wire = Wire()
        with visit(browser, url, condition, prepare=wire.listen) as page:
            drawn = wire.megabytes
            page.wait_for_timeout(QUIET_MS)
            if number > 0:
                figures["megabytes_to_play"].append(drawn)
                figures["megabytes_at_rest"].append(wire.megabytes)
                figures["seconds"].append(drawn_ms(page) / 1000)
    return figures


def _print_starts(browser: Browser) -> None:
    with redirect_stdout(StringIO()):
        for folder in ("components", "models"):
            compileall.compile_dir(ROOT / folder, quiet=1)
        compileall.compile_file(ROOT / "app.py", quiet=1)
    with script_file(HELLO) as hello:
        starts: list[Callable[[], Start]] = [
            lambda: _start(browser, ROOT / "app.py", PAGE, PLAY_USABLE),
            lambda: _start(browser, hello, "", HELLO_SHOWN),
        ]
        for start in starts:  # brings the files of both into the system's cache
            start()
        pairs = [(starts[0](), starts[1]()) for _ in range(STARTS)]
    course, empty = zip(*pairs, strict=True)
    for figure, name in (("start_to_first_page_s", "drawn_s"), ("server_processor_s", "processor_s")):
        floor = statistics.median(getattr(start, name) for start in empty)
        print_figure("first_page", figure, "s", [getattr(start, name) for start in course], floor=floor)
    ratios = [mine.drawn_s / other.drawn_s for mine, other in pairs]
    print_figure("first_page", "start_ratio_to_empty_app", "", ratios, goal="<= 1.4")


def _start(browser: Browser, script: Path, path: str, condition: str) -> Start:
    begun, worked = time.time(), _children_seconds()
    # With the engine that the course starts in the background, as for its visitors.
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as runs,
        running_app(script, environment={"ENGINE": "on", "RUNS_DIR": runs}) as server,
        visit(browser, server.url + path, condition) as page,
    ):
        drawn = page.evaluate("performance.timeOrigin + bench.drawnAt") / 1000
    return Start(drawn - begun, _children_seconds() - worked)


def _children_seconds() -> float:
    """Return the processor time of this process's children that have ended. Windows does not report it."""
    times = os.times()
    return times.children_user + times.children_system
