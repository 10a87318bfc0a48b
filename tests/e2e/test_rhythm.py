"""The rhythm of the pages: acts with an index, few words open, deep dives folded, one order of the reference."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.shell.course import COURSE
from tests.e2e.visitor import PHONE, box, open_act, open_tab, settle

SCREENS = 3
WORDS = 350
LESSONS = [part.path for part in COURSE[1:]]

PROSE = """() => {
    const aside = "nav, button, label, select, option, code, pre, svg, math, table, [role=tab], " +
        "[data-testid=stIconMaterial], .st-key-course-bar";
    const found = [];
    const visit = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) visit(element.shadowRoot);
            if (element.closest(aside) || ["STYLE", "SCRIPT"].includes(element.tagName)) continue;
            if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
            const {width, height} = element.getBoundingClientRect();
            if (width < 2 || height < 2) continue;
            for (const node of element.childNodes) if (node.nodeType === 3) found.push(node.data);
        }
    };
    visit(document.querySelector("[data-testid=stMainBlockContainer]"));
    return found.join(" ").split(/\\s+/).filter((word) => /\\p{L}/u.test(word));
}"""
"""The words that stand open on a page, without those on its controls, in its tables and in its code."""


def prose(page: Page) -> list[str]:
    """Return the words of a page that are neither folded nor on a control, in a table or in code."""
    words: list[str] = page.evaluate(PROSE)
    return words


def height(page: Page) -> float:
    """Return a page's height in windows of 800 pixels."""
    pixels: float = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    return pixels / 800


@pytest.mark.parametrize("path", LESSONS)
def test_a_lesson_is_short_until_something_is_opened(open_page, path):
    page = open_page(f"/{path}")
    settle(page)
    assert height(page) <= SCREENS
    words = prose(page)
    assert len(words) <= WORDS, " ".join(words)


@pytest.mark.parametrize("path", LESSONS)
def test_the_reference_has_its_tabs_in_one_order_and_the_index_leads_to_every_act(open_page, path):
    page = open_page(f"/{path}", reduced_motion="reduce")
    settle(page)
    tabs = page.locator(".st-key-reference-panel").get_by_role("tab").all_inner_texts()
    assert tabs[:3] == ["The formula", "The same in Keras", "What to notice"]
    assert len(tabs) <= 4
    for name in tabs:
        assert len(open_tab(page, name).inner_text()) > 40
    index = page.get_by_role("navigation", name="On this page").get_by_role("button")
    for name in index.all_inner_texts():
        act = open_act(page, name)
        expect(act).to_be_in_viewport()
        expect(index.and_(page.locator("[aria-current]"))).to_have_count(1)


def test_the_index_stays_in_sight_and_says_what_is_looked_at(open_page):
    page = open_page("/activation", reduced_motion="reduce")
    settle(page)
    index = page.get_by_role("navigation", name="On this page")
    here = index.locator("[aria-current]")
    expect(here).to_have_text("1 Curve")
    act = open_act(page, "5 Vanishing")
    expect(here).to_have_text("5 Vanishing")
    expect(act).to_be_in_viewport()
    expect(index).to_be_in_viewport()
    assert box(act)["y"] >= box(index)["y"] + box(index)["height"] - 1
    page.get_by_test_id("stMain").evaluate("page => page.scrollTo(0, 0)")
    expect(here).to_have_text("1 Curve")


def test_a_folded_act_opens_and_closes_by_its_title_and_by_the_keyboard(open_page):
    page = open_page("/activation")
    settle(page)
    title = page.get_by_text(re.compile("^Vanishing gradients: what is left")).first
    board = page.get_by_role("region", name=re.compile("gradient", re.IGNORECASE)).first
    expect(board).not_to_be_visible()
    title.click()
    expect(board).to_be_visible()
    page.keyboard.press("Enter")  # the title has the focus
    expect(board).not_to_be_visible()


def test_a_link_to_a_scene_in_a_folded_act_opens_it(open_page):
    page = open_page("/activation?vanishing-depth=7")
    settle(page)
    expect(page.locator(".st-key-act-5 details[open]")).to_have_count(1)
    expect(page.locator(".st-key-act-4 details[open]")).to_have_count(0)


def test_on_a_phone_the_index_is_one_line_that_is_swiped(open_page):
    page = open_page("/activation", viewport=PHONE, has_touch=True)
    settle(page)
    index = page.get_by_role("navigation", name="On this page")
    assert box(index)["height"] <= 44
    assert index.evaluate("row => row.scrollWidth > row.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    open_act(page, "5 Vanishing")
    expect(page.locator(".st-key-act-5 details[open]")).to_have_count(1)
