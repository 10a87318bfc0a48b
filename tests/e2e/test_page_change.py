"""From page to page: what a visitor leaves stays until the next page stands, and fades into it."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.visitor import follow, ready

WATCHED = """
window.seen = { crossings: 0, givenUp: 0, bare: 0, busy: "" };
// However busy the computer is: the page that is left waits for as long as the browser lets it.
const later = window.setTimeout;
window.setTimeout = (act, wait, ...given) => later(act, wait === 1000 ? 60_000 : wait, ...given);
const begin = document.startViewTransition.bind(document);
document.startViewTransition = (change) => {
    seen.crossings += 1;
    seen.busy = document.querySelector("[aria-busy=true]")?.textContent ?? "";
    const transition = begin(change);
    transition.ready.catch(() => { seen.givenUp += 1; });
    return transition;
};
window.watch = () => {
    const look = () => {
        if (!document.querySelector("h1")) seen.bare += 1;
        requestAnimationFrame(look);
    };
    look();
};
"""
"""Counts pages that fade into the next one, and frames in which there is none, from `watch()` on."""


def watched(page: Page, path: str) -> Page:
    page.add_init_script(WATCHED)
    page.goto(page.url.rsplit("/", 1)[0] + path)
    ready(page)
    page.evaluate("watch()")
    return page


def crossings(page: Page) -> int:
    return page.evaluate("seen.crossings")


def test_no_frame_is_without_a_page_while_a_visitor_goes_to_the_next(open_page):
    page = watched(open_page("/pooling"), "/convolution")
    for path in ("pooling", "activation", "", "loss"):
        follow(page, path)
    page.go_back()
    expect(page.locator("h1")).to_have_text("See a neural network learn")
    seen = page.evaluate("seen")
    assert seen["crossings"] == 5
    # A browser holds a page for some seconds only.
    assert seen["bare"] == 0 or seen["givenUp"] > 0


def test_the_link_that_was_pressed_is_seen_to_be_and_no_longer_when_its_page_stands(open_page):
    page = watched(open_page("/pooling"), "/convolution")
    page.locator('.st-key-bar-steps a[href$="pooling"]').click()
    expect(page.locator("h1")).to_have_text("Pooling")
    assert "6" in page.evaluate("seen.busy")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("html.crossing")).to_have_count(0)


def test_nothing_crosses_where_the_page_stays(open_page):
    page = watched(open_page("/pooling"), "/convolution")
    page.get_by_text("same", exact=True).first.click()
    expect(page).to_have_url(re.compile("padding=same"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("padding"))
    assert crossings(page) == 0


def test_a_visitor_who_goes_on_at_once_comes_to_the_last_page_and_can_press_there(open_page):
    page = watched(open_page("/pooling"), "/convolution")
    for path in ("pooling", "activation", "loss"):
        page.locator(f'.st-key-bar-steps a[href$="{path}"]').evaluate("link => link.click()")
    expect(page.locator("h1")).to_have_text("Loss")
    page.get_by_role("button", name="Projector view").click()
    expect(page).to_have_url(re.compile("view=projector"))


def test_without_motion_a_page_is_replaced_at_once(open_page):
    page = watched(open_page("/pooling", reduced_motion="reduce"), "/convolution")
    follow(page, "pooling")
    assert crossings(page) == 1
    longest = page.evaluate("""() => Math.max(0, ...document.getAnimations()
        .filter((one) => one.effect.pseudoElement?.startsWith("::view-transition"))
        .map((one) => one.effect.getComputedTiming().duration))""")
    assert longest == 0
