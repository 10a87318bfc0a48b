"""A server, a browser and a page that notices what no visitor should meet."""

from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser import running_browser
from tests.e2e.engine_app import app_with_engine, end_engine
from tests.server import Server, running_app

expect.set_options(timeout=15_000)
DESKTOP = {"width": 1280, "height": 800}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_app() as app:
        yield app


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with an answering engine, for tests that leave no run behind."""
    runs = tmp_path_factory.mktemp("answering-runs")
    try:
        with app_with_engine(runs) as server:
            yield server
    finally:
        end_engine(runs)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Chromium's fake camera: a green picture with a clock.
    with running_browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as chromium:
        yield chromium


@pytest.fixture
def open_page(server: Server, browser: Browser) -> Iterator[OpenPage]:
    """Return a function that opens a path as a new visitor, with new cookies and a new session.

    After the test, it checks that no page has logged an error or requested anything from another host.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_path(path: str, *, host: Server = server, expected: str | None = None, **options) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()

        def note_error(message: ConsoleMessage) -> None:
            # On a deep link, Streamlit first looks for its endpoints below the page's path, which gives two 404s.
            own_probe = message.type == "error" and "/_stcore/" in message.location["url"]
            if message.type == "error" and not own_probe and not (expected is not None and expected in message.text):
                problems.append(f"console: {message.text} ({message.location['url']})")

        def note_request(request: Request) -> None:
            if not request.url.startswith((host.url, "data:", "blob:", host.url.replace("http", "ws"))):
                problems.append(f"another host: {request.url}")

        page.on("console", note_error)
        page.on("pageerror", lambda error: problems.append(f"exception: {error.stack or error}"))
        page.on("request", note_request)
        page.goto(host.url + path)
        expect(page.locator("h1")).to_have_count(1)
        return page

    yield open_path
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """Return a function that makes a picture file: a colour gradient with a disc, different for each seed."""

    def make(seed: int = 0, *, width: int = 320, height: int = 240, kind: str = "JPEG") -> bytes:
        rows, columns = np.mgrid[0:height, 0:width]
        centre = (height * (0.3 + 0.1 * (seed % 4)), width * 0.5)
        disc = np.hypot(rows - centre[0], columns - centre[1]) < height / 4
        planes = [(rows * (seed + 1)) % 256, (columns + 40 * seed) % 256, np.where(disc, 230, 30 + 20 * seed)]
        buffer = BytesIO()
        Image.fromarray(np.stack(planes, axis=-1).astype(np.uint8)).save(buffer, kind)
        return buffer.getvalue()

    return make
