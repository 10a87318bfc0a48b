"""Find a Chromium on this machine and start it without a screen."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Without these, a browser on a closed network keeps trying to reach its maker's servers.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the browser's path: from CHROMIUM in the environment or on the PATH; None for Playwright's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running_browser(*more: str) -> Iterator[Browser]:
    """Run a headless Chromium, with `more` command-line arguments, until the block ends."""
    with sync_playwright() as playwright:
        browser = launch(playwright, *more)
        try:
            yield browser
        finally:
            browser.close()


def launch(playwright: Playwright, *more: str) -> Browser:
    """Start a headless Chromium whose contexts forget everything when they are closed."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS, *more])


@contextmanager
def kept_on_disk(playwright: Playwright, viewport: ViewportSize, *more: str) -> Iterator[BrowserContext]:
    """Run a headless Chromium with one context that keeps files, and scripts compiled, as a visitor's own browser."""
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=find_chromium(), args=[*ARGUMENTS, *more], viewport=viewport
        )
        try:
            yield context
        finally:
            context.close()
