"""The browser's modules on their way: loaded once, kept by the browser, and found below a base path."""

import gzip
import re
import urllib.error
import urllib.request
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visitor import follow, number, ready, settle, stage
from tests.server import Server, running_app

MODULE = re.compile(r"/course-js/[0-9a-f]{16}/(.+\.js)$")


def modules_asked_for(page: Page) -> list[str]:
    """Return a list to which every module is added that the page requests."""
    asked: list[str] = []
    page.on("request", lambda request: asked.extend(MODULE.findall(request.url)))
    return asked


def go_to(page: Page, path: str) -> None:
    """Follow the bar's link, and wait for the page and its first animation."""
    follow(page, path)
    settle(ready(page))


def test_each_module_is_asked_for_once_however_many_pages_are_looked_at(open_page):
    page = open_page("/")
    asked = modules_asked_for(page)
    for path in ("pooling", "activation", "pooling"):
        go_to(page, path)
    times = Counter(asked)
    # What the first page has asked for already, such as browser/numbers.js, need not be asked for again.
    assert {"player/player.js", "player/stage.js", "lessons/pooling/boards/boards.js"} <= set(times)
    assert {name: count for name, count in times.items() if count > 1} == {}


def test_a_page_that_is_loaded_again_takes_every_module_from_the_browsers_store(open_page):
    page = open_page("/")
    go_to(page, "pooling")
    page.goto(page.url)
    settle(ready(page))
    # Module → transferred bytes, 0 if it came from the browser's cache.
    crossed = page.evaluate(
        """() => performance.getEntriesByType("resource")
            .filter(({ name }) => name.includes("/course-js/"))
            .map(({ name, transferSize }) => [name, transferSize])"""
    )
    assert any(url.endswith("/player/player.js") for url, _ in crossed)
    assert [url for url, size in crossed if size] == []


@pytest.fixture(scope="module")
def below_pets():
    with running_app(base="pets") as server:
        yield server


def test_a_board_is_drawn_below_a_base_path(open_page, below_pets: Server):
    assert below_pets.url.endswith("/pets")
    page = open_page("/optimizers?position=0", host=below_pets)
    asked = modules_asked_for(page)
    race = stage(ready(page), "Optimizer race")
    race.get_by_role("button", name="Step forward").click()
    expect(page.get_by_test_id("race-step")).to_have_text("SGD, step 1")
    assert number(page.get_by_test_id("loss-sgd")) > 0
    go_to(page, "pooling")
    assert "lessons/pooling/boards/boards.js" in asked


def test_a_real_server_sends_modules_and_nothing_else(below_pets: Server, open_page):
    urls: list[str] = []
    page = open_page("/", host=below_pets)
    page.on("request", lambda request: urls.append(request.url))
    go_to(page, "pooling")
    player = next(url for url in urls if url.endswith("player/player.js"))
    assert player.startswith(f"{below_pets.url}/course-js/")
    asked = urllib.request.Request(player, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as zipped, urllib.request.urlopen(player) as plain:
        assert zipped.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert gzip.decompress(zipped.read()) == plain.read()
    script = page.evaluate("document.querySelector('script[src*=static]').src")
    assert script.startswith(f"{below_pets.url}/static/")
    with urllib.request.urlopen(urllib.request.Request(script, headers={"Accept-Encoding": "gzip"})) as streamlits_own:
        assert streamlits_own.headers["Content-Encoding"] == "gzip"
    with urllib.request.urlopen(urllib.request.Request(player, method="HEAD")) as head:
        assert (head.status, head.read()) == (200, b"")
    for wrong in ("../../../app.py", "%2e%2e/%2e%2e/%2e%2e/app.py", "__init__.py", "player.css"):
        with pytest.raises(urllib.error.HTTPError, match=r"HTTP Error 40[04]"):
            urllib.request.urlopen(player.removesuffix("player.js") + wrong)
