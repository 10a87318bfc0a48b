"""What a browser gets first: the page that starts Streamlit with the course's name and style, and few bytes."""

import gzip
import re
import urllib.request

import pytest
from playwright.sync_api import Page

from components.shell.bar import NAME
from tests.bench.first_page import Wire
from tests.e2e.visitor import settle
from tests.server import Server

FONTS = "() => performance.getEntriesByType('resource').map((one) => one.name).filter((name) => /woff2?$/.test(name))"
MEGABYTES = 1.5


def fetch(url: str, **headers: str) -> tuple[bytes, str]:
    """Return an answer's bytes as they came, and how they were encoded."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.read(), answer.headers.get("Content-Encoding", "")


def fonts(page: Page) -> list[str]:
    """Return the addresses of the fonts that a page has loaded."""
    found: list[str] = page.evaluate(FONTS)
    return found


def test_the_first_page_has_the_courses_name_and_style_before_any_script_has_run(server: Server):
    plain, encoding = fetch(server.url, Accept="text/html")
    assert encoding == ""
    text = plain.decode()
    assert f"<title>{NAME}</title>" in text
    sheet = re.search(r'<link rel="stylesheet" href="\.(/course-js/\w+/course\.css)"><div id="root">', text)
    assert sheet is not None
    assert b"--paper" in fetch(server.url + sheet[1])[0]
    packed, encoding = fetch(server.url, Accept="text/html", **{"Accept-Encoding": "gzip"})
    assert encoding == "gzip"
    assert gzip.decompress(packed) == plain


def test_all_that_the_first_page_asks_for_at_once_is_there(server: Server):
    text = fetch(server.url, Accept="text/html")[0].decode()
    asked = re.findall(r'<(?:link rel="(?:module)?preload"|script type="module")[^>]* (?:href|src)="\.(/[^"]+)"', text)
    assert len(asked) >= 5
    for address in asked:
        assert len(fetch(server.url + address)[0]) > 50, address


def test_what_is_no_page_is_left_as_it_is(server: Server):
    assert b"<title>" not in fetch(f"{server.url}/healthz", Accept="text/html")[0]


@pytest.mark.parametrize("path", ["/", "/convolution", "/activation"])
def test_a_first_page_is_small_and_loads_no_font_that_it_does_not_show(server: Server, browser, path):
    page = browser.new_page()
    wire = Wire()
    wire.listen(page)
    page.goto(server.url + path)
    settle(page)
    page.wait_for_load_state("networkidle")
    assert wire.megabytes <= MEGABYTES
    loaded = fonts(page)
    assert any("bricolage" in name for name in loaded)
    assert [name for name in loaded if re.search("MaterialSymbols|Italic", name)] == []
    page.close()


def test_an_icon_that_is_not_drawn_still_comes_in_its_font(server: Server, browser):
    page = browser.new_page()
    page.goto(server.url + "/convolution")
    settle(page)
    page.evaluate(
        """() => document.body.append(Object.assign(document.createElement("p"),
        {textContent: "upload", style: "font-family: 'Material Symbols Rounded'"}))"""
    )
    page.wait_for_function(f"() => ({FONTS})().some((name) => name.includes('MaterialSymbols'))")
    page.close()
