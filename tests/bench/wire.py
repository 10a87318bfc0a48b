"""What a classroom's access point carries: bytes of a first visit of each page, and of one control of /convolution.

Every byte that the server sends is counted on its way (tests/bench/relay.py): headers, files and the web socket, as
compressed as they are. A first visit has an empty cache, and lasts until nothing has come for two seconds. The message
is what Streamlit sends for the animation after one control, before it is packed.
"""

from playwright.sync_api import Browser, Page, WebSocket

from tests.bench.figures import print_figure
from tests.bench.relay import Relay, counting_relay
from tests.bench.visit import PLAY_USABLE, visit
from tests.browser import running_browser
from tests.server import running_app

BENCH = "wire"
VISITS = 3
QUIET_SECONDS = 2
FIRST_LOADS = {"/activation": "<= 1.5", "/pooling": "<= 1.5", "/convolution": "<= 1.5"}
STRIDES = ("2", "1", "3", "1", "4")


def run() -> None:
    """Print the bytes of first visits and of a control."""
    with running_app() as server, running_browser() as browser, counting_relay(server.url) as relay:
        for path in FIRST_LOADS:
            first_load(browser, relay, path)  # the server compresses its files once
        for path, goal in FIRST_LOADS.items():
            megabytes = [first_load(browser, relay, path) / 1e6 for _ in range(VISITS)]
            print_figure(BENCH, f"first_load{path.replace('/', '_')}", "MB", megabytes, goal=goal)
        sent, crossed = one_control(browser, relay)
        print_figure(BENCH, "control_message", "KB", [size / 1e3 for size in sent], goal="<= 100")
        print_figure(BENCH, "control_on_the_wire", "KB", [size / 1e3 for size in crossed])


def first_load(browser: Browser, relay: Relay, path: str) -> int:
    """Return the number of bytes that a first visit of a page receives."""
    relay.forget()
    with visit(browser, relay.url + path, PLAY_USABLE) as page:
        return _quiet(relay, page)


def one_control(browser: Browser, relay: Relay) -> tuple[list[int], list[int]]:
    """Return the largest message and the total of bytes for each of several changes of /convolution's stride."""
    frames: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(len(frame)))

    sent, crossed = [], []
    with visit(
        browser, relay.url + "/convolution", PLAY_USABLE, prepare=lambda page: page.on("websocket", listen)
    ) as page:
        for stride in STRIDES:
            _quiet(relay, page)
            relay.forget()
            frames.clear()
            page.locator(f'input[name="stride"][value="{stride}"]').check(force=True)
            crossed.append(_quiet(relay, page))
            sent.append(max(frames))
    return sent, crossed


def _quiet(relay: Relay, page: Page) -> int:
    """Wait until nothing has come for a while, and return the number of bytes that came."""
    before = -1
    while relay.received != before:
        before = relay.received
        page.wait_for_timeout(1000 * QUIET_SECONDS)
    return before
