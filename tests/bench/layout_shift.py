"""How much every page jumps while it loads: the sum of its layout shifts, on a laptop and on a phone.

A deep link with an empty cache, with the engine on and warm. Chromium's Layout Instability API counts how much of the
window moved, and how far; good is below 0.1. Everything counts until nothing has moved for a while, whatever the
visitor waits for; what follows a press of a key or a button is not counted, and here nobody presses any.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, ViewportSize

from components.shell.course import COURSE
from tests.bench.figures import print_figure
from tests.browser import running_browser
from tests.e2e.engine_app import app_with_engine, end_engine

VISITS = 3
VIEWS: dict[str, ViewportSize] = {"laptop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
QUIET_MS = 1500

RECORD = """
window.shifts = [];
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        shifts.push({
            value: entry.value,
            at: entry.startTime,
            moved: entry.sources.map((source) => {
                const node = source.node?.nodeType === 1 ? source.node : source.node?.parentElement;
                const keyed = node?.closest?.('[class*="st-key-"]');
                const name = keyed ? [...keyed.classList].find((one) => one.startsWith("st-key-")) : "";
                return `${name} ${node?.tagName ?? ""}.${node?.dataset?.testid ?? node?.className ?? ""} ` +
                    `${Math.round(source.previousRect.y)}+${Math.round(source.previousRect.height)}` +
                    ` -> ${Math.round(source.currentRect.y)}+${Math.round(source.currentRect.height)}`;
            }),
        });
    }
}).observe({ type: "layout-shift", buffered: true });
"""
STANDS = """(quiet) => document.querySelector(".st-key-lesson-ways a") &&
    !document.querySelector("[data-testid=stSkeleton], .flow[data-known='0'], .thinking") &&
    performance.now() - Math.max(window.standing ??= performance.now(), ...shifts.map((one) => one.at)) > quiet"""


def run() -> None:
    """Print the sum of layout shifts of every page in both views."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        try:
            with app_with_engine(Path(runs)) as server, running_browser() as browser:
                for part in COURSE:
                    for view, viewport in VIEWS.items():
                        sums = [
                            sum(one["value"] for one in shifts(browser, f"{server.url}/{part.path}", viewport))
                            for _ in range(VISITS + 1)
                        ]
                        print_figure("layout_shift", f"{part.path or 'home'}_{view}", "", sums[1:], goal="<= 0.1")
        finally:
            end_engine(Path(runs))


def shifts(browser: Browser, url: str, viewport: ViewportSize) -> list[dict[str, Any]]:
    """Return the layout shifts of a visit until the page stands: value, time in ms, and what moved."""
    context = browser.new_context(viewport=viewport)
    try:
        page = context.new_page()
        page.add_init_script(RECORD)
        page.goto(url)
        page.wait_for_function(STANDS, arg=QUIET_MS, timeout=120_000)
        found: list[dict[str, Any]] = page.evaluate("() => shifts")
        return found
    finally:
        context.close()
