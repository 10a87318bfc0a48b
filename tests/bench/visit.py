"""A visitor's first look at a page: a browser context of its own (empty cache, no cookies) and a note of when it drew.

The note is taken inside the page. In every animation frame a condition is looked at; once it holds, the time is taken
after that frame was painted: a message that is posted from the frame's callback arrives when style, layout and paint
are done. `window.bench.drawnAt` holds it, in milliseconds since the navigation began.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, ViewportSize

VIEWPORT: ViewportSize = {"width": 1280, "height": 800}

PLAY_USABLE = """() => document.querySelector("h1") && bench.roots.some(root => {
    const play = root.querySelector("section.stage[data-ready] [data-player=play]");
    return play && !play.disabled;
})"""
"""The heading is there, the animation has its data, and its Play button is enabled."""

HELLO_SHOWN = '() => [...document.querySelectorAll("p")].some(paragraph => paragraph.textContent.startsWith("hello"))'
"""The text of an empty app is there."""

# No selector finds shadow roots, so they are recorded when they are made.
_NOTE = """
window.bench = {roots: [], drawnAt: null};
bench.afterPaint = action => {
    const channel = new MessageChannel();
    channel.port1.onmessage = action;
    channel.port2.postMessage(null);
};
const attachShadow = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    bench.roots.push(root);
    return root;
};
const condition = %s;
const look = () => {
    if (condition()) bench.afterPaint(() => { bench.drawnAt = performance.now(); });
    else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@contextmanager
def visit(
    browser: Browser, url: str, condition: str, *, prepare: Callable[[Page], None] = lambda page: None
) -> Iterator[Page]:
    """Open `url` as a new visitor, wait until the page is drawn, and leave when the block ends.

    Args:
        condition: a JavaScript function without arguments that is true once the page counts as drawn.
        prepare: called with the page before it is opened.
    """
    context = browser.new_context(viewport=VIEWPORT)
    try:
        page = context.new_page()
        page.add_init_script(_NOTE % condition)
        prepare(page)
        page.goto(url)
        page.wait_for_function("() => bench.drawnAt !== null", timeout=60_000)
        yield page
    finally:
        context.close()


def drawn_ms(page: Page) -> float:
    """Return the time from the start of the navigation to the drawn page, in milliseconds."""
    return page.evaluate("bench.drawnAt")


def stage(page: Page, name: str) -> Locator:
    """Return the outermost element of the animation with this name."""
    return page.locator(f'section.stage[data-ready][aria-label="{name}"]')
