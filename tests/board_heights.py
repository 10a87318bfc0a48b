"""How high the boards are, written as the places that wait for them: `python -m tests.board_heights`.

A board comes some time after its page. Without a place of its height, all that stands below it would jump. Run this
after a board's first view has become higher or lower; `tests/e2e/test_shell.py` says when that is so.
"""

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, ViewportSize, expect

from components.shell.course import COURSE
from tests.browser import running_browser
from tests.e2e.engine_app import app_with_engine, end_engine
from tests.e2e.visitor import settle
from tests.server import ROOT

SHEET = ROOT / "assets" / "heights.css"
VIEWS: dict[str, ViewportSize] = {"laptop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
LAPTOP, PHONE = "@media (min-width: 40.01rem) and (max-width: 90rem)", "@media (max-width: 40rem)"
THINKING = ".thinking, .flow[data-known='0'], .network-map:not([data-ready])"
FOLDS = '[class*="st-key-act-"] > [data-testid=stExpander] > details:not([open]) > summary'
"""Folded acts: what stands below one, or is led to, must not jump when it is opened."""

LEAST = 48
"""Pixels; what is not higher is as high as what stands in its place."""

BOARDS = """(least) => Object.fromEntries(
    [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
        .filter((board) => board.checkVisibility())
        .map((board) => board.closest('[class*="st-key-"]'))
        .filter((place) => place && place.getBoundingClientRect().height > least)
        .map((place) => [
            [...place.classList].find((name) => name.startsWith("st-key-")),
            place.getBoundingClientRect().height,
        ]))"""
"""Class of the place of a board that is in sight → its height in pixels."""


def heights(page: Page) -> dict[str, float]:
    """Return the heights of a page's boards, in rem, by the class of their places."""
    found: dict[str, float] = page.evaluate(BOARDS, LEAST)
    return {name: height / 16 for name, height in found.items()}


def measured(browser: Browser, url: str, viewport: ViewportSize) -> dict[str, float]:
    """Return the heights of a fresh visit."""
    context = browser.new_context(viewport=viewport, reduced_motion="reduce")
    try:
        page = context.new_page()
        page.goto(url)
        settle(page)
        expect(page.locator(THINKING)).to_have_count(0)
        settle(page)
        for fold in reversed(page.locator(FOLDS).all()):
            fold.click()
        expect(page.locator(FOLDS)).to_have_count(0)
        settle(page)
        return heights(page)
    finally:
        context.close()


def written(found: dict[str, dict[str, float]]) -> str:
    """Return the style sheet for heights in rem, by view and by class."""

    def rules(view: str, indent: str) -> str:
        # A little less than the board: a place that is too high would stay so.
        return "\n".join(
            f"{indent}.{name} {{\n{indent}  min-height: {int(height * 4 * 0.98) / 4:g}rem;\n{indent}}}"
            for name, height in sorted(found[view].items())
        )

    return (
        "/* Written by `python -m tests.board_heights`: the places of the boards, before and after they come. */\n"
        f"{LAPTOP} {{\n{rules('laptop', '  ')}\n}}\n{PHONE} {{\n{rules('phone', '  ')}\n}}\n"
    )


def main() -> None:
    """Measure all pages and write the style sheet."""
    expect.set_options(timeout=180_000)
    found: dict[str, dict[str, float]] = {view: {} for view in VIEWS}
    SHEET.write_text("", encoding="utf-8")  # a board that has become lower would keep its place's old height
    with TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        try:
            with app_with_engine(Path(runs)) as server, running_browser() as browser:
                measured(browser, f"{server.url}/convnet", VIEWS["laptop"])  # the engine is awake then
                for (view, viewport), part in product(VIEWS.items(), COURSE):
                    for name, height in measured(browser, f"{server.url}/{part.path}", viewport).items():
                        # Pages share the places of formulas and Keras lines: as low as the lowest.
                        found[view][name] = min(found[view].get(name, height), height)
        finally:
            end_engine(Path(runs))
    SHEET.write_text(written(found), encoding="utf-8")


if __name__ == "__main__":
    main()
