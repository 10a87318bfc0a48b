"""Take the README's picture with the app itself: `python -m tests.screenshot` writes assets/screenshot.png."""

from playwright.sync_api import expect

from tests.browser import running_browser
from tests.server import ROOT, running_app

FILE = ROOT / "assets" / "screenshot.png"


def main() -> None:
    """Open the convolution page on the sample cat with the map half filled, and save what a visitor sees."""
    with running_app() as app, running_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{app.url}/convolution?position=7850")
        expect(page.get_by_test_id("conv-position")).to_have_text("62, 38", timeout=20_000)
        expect(page.get_by_text("Predict, then look")).to_be_attached()
        page.screenshot(path=FILE, animations="disabled")
    print(f"Saved {FILE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
