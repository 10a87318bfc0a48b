"""components/browser/icons.js: one drawn path a name, and no name without one."""

import re

import pytest

from components.browser.serving import COMPONENTS
from tests.node import in_node

ICONS: dict[str, str] = in_node('import { ICONS } from "./browser/icons.js";\nanswer(ICONS);')


def asked_for() -> set[str]:
    """Return the names of all icons that markup and modules ask for."""
    marked = [re.findall(r'data-icon="([^"]+)"', file.read_text("utf-8")) for file in COMPONENTS.rglob("*.html")]
    called = [re.findall(r'\bicon\("([^"]+)"\)', file.read_text("utf-8")) for file in COMPONENTS.rglob("*.js")]
    return {name for names in [*marked, *called] for name in names}


def test_every_icon_that_is_asked_for_is_drawn():
    assert asked_for() >= {"play", "pause", "to-start", "to-end"}
    assert asked_for() <= set(ICONS)


@pytest.mark.parametrize("name", sorted(ICONS))
def test_a_path_begins_on_its_field(name):
    x, y = map(float, re.findall(r"^M(\d+(?:\.\d+)?)[ ,]?(\d*\.?\d+)", ICONS[name])[0])
    assert 0 <= x <= 24
    assert 0 <= y <= 24
    assert re.fullmatch(r"[MmLlHhVvAaZz\d\s.,-]+", ICONS[name])


def test_an_icon_takes_the_texts_colour_and_says_nothing():
    drawn = in_node("""
        globalThis.document = {
          createElementNS: (space, tag) => ({
            tag, attributes: {}, children: [],
            setAttribute(name, value) { this.attributes[name] = value; },
            append(child) { this.children.push(child); },
          }),
        };
        const { icon } = await import("./browser/icons.js");
        answer(icon("play"));
    """)
    assert drawn["attributes"]["fill"] == "currentColor"
    assert drawn["attributes"]["aria-hidden"] == "true"
    assert drawn["children"][0]["attributes"]["d"] == ICONS["play"]


def test_a_place_gets_its_icon_once():
    assert in_node("""
        globalThis.document = { createElementNS: (_, tagName) => ({ tagName, setAttribute() {}, append() {} }) };
        const { drawIcons } = await import("./browser/icons.js");
        const place = {
          dataset: { icon: "play" }, children: [],
          get firstElementChild() { return this.children[0]; },
          prepend(child) { this.children.unshift(child); },
        };
        const root = { querySelectorAll: () => [place] };
        drawIcons(root);
        drawIcons(root);
        answer(place.children.map(({ tagName }) => tagName));
    """) == ["svg"]
