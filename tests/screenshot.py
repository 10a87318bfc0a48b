"""Take the README's picture with the app itself: `python -m tests.screenshot` writes assets/screenshot.png."""

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import running_browser
from tests.e2e.engine_app import app_with_engine, end_engine
from tests.server import ROOT

FILE = ROOT / "assets" / "screenshot.png"
FIRST_ANSWER = 120_000
"""Milliseconds for the engine to start, load TensorFlow and answer for the photo."""


def main() -> None:
    """Open the network map for the sample cat, and save a screenshot."""
    with tempfile.TemporaryDirectory(prefix="screenshot-") as folder:
        runs = Path(folder, "runs")
        try:
            with app_with_engine(runs) as app, running_browser() as browser:
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                page.goto(f"{app.url}/convnet")
                expect(page.locator(".network-map[data-ready]")).to_be_attached(timeout=FIRST_ANSWER)
                expect(page.locator(".answer [data-probability]")).to_be_visible()
                page.locator(".overview").scroll_into_view_if_needed()
                page.wait_for_timeout(1000)  # maps and edges are painted
                page.screenshot(path=FILE, animations="disabled")
        finally:
            end_engine(runs)
    print(f"Saved {FILE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
