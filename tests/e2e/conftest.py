"""A server, a browser and a page that notices what no visitor should meet."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize, expect

from tests.browser import running_browser
from tests.e2e.engine_app import app_with_engine, end_engine
from tests.server import Server, running_app

expect.set_options(timeout=15_000)
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
E2E = Path(__file__).resolve().parent
MEDIA = {"color_scheme", "reduced_motion"}
"""What a page can be told about its visitor; a context is not needed for it."""
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file's tests in one process, and all that need the answering engine in one, so that it starts once."""
    answering = {item.path for item in items if is_answered(item)}
    for item in items:
        if E2E in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("engine" if item.path in answering else item.path.stem))


def is_answered(item: pytest.Item) -> bool:
    """Whether a test asks for this file's `app`, not for one of its own file."""
    return "app" in getattr(item, "fixturenames", ()) and not hasattr(getattr(item, "module", None), "app")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_app() as app:
        yield app


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with an answering engine, for tests that leave no run behind. Every browser is the teacher's."""
    runs = tmp_path_factory.mktemp("answering-runs")
    try:
        with app_with_engine(runs, TEACHER_PASSWORD="") as server:
            yield server
    finally:
        end_engine(runs)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Chromium's fake camera: a green picture with a clock.
    with running_browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as chromium:
        yield chromium


@pytest.fixture(scope="session")
def kept_context(browser: Browser) -> BrowserContext:
    """The context of each test's first visitor: what a server said may be kept is loaded once for all tests."""
    return browser.new_context(viewport=DESKTOP)


@pytest.fixture
def open_page(server: Server, browser: Browser, kept_context: BrowserContext) -> Iterator[OpenPage]:
    """Return a function that opens a path as a new visitor, with new cookies and a new session.

    After the test, it checks that no page has logged an error or requested anything from another host.
    """
    contexts: list[BrowserContext] = []
    first: list[Page] = []
    problems: list[str] = []

    def new_page(options: dict[str, Any]) -> Page:
        viewport, media = options.get("viewport", DESKTOP), {name: options[name] for name in MEDIA & options.keys()}
        if first or options.keys() - MEDIA - {"viewport"}:
            contexts.append(browser.new_context(**{"viewport": DESKTOP, **options}))
            return contexts[-1].new_page()
        first.append(kept_context.new_page())
        first[0].set_viewport_size(viewport)
        if media:
            first[0].emulate_media(**media)
        return first[0]

    def open_path(path: str, *, host: Server = server, expected: str | None = None, **options) -> Page:
        page = new_page(options)

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
    for page in kept_context.pages:
        storage = {"origin": page.evaluate("location.origin"), "storageTypes": "local_storage"}
        kept_context.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
        page.close()
    kept_context.clear_cookies()
    kept_context.clear_permissions()
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
