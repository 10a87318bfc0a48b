"""The bar of every page: where the visitor is in the course, all ways from there, the photo, the projector."""

from weakref import WeakValueDictionary

import streamlit as st

from components.clients import page_browser
from components.photo import photo_bar
from components.shell.course import GROUPS, HOME, LAST, Part, neighbours
from components.shell.projector import projector_switch

VISITED = "shell:visited"
"""In the session: URL paths of the pages that this visitor has seen."""

WIDGET_KEYS = ("photo_", "photo-", "sample-", "projector-", "bar-")
"""How the keys of the bar's widgets begin."""

NAME = "See a neural network learn"


class _Seen(set[str]):
    """A set that a weak reference can name."""


_seen: WeakValueDictionary[str, _Seen] = WeakValueDictionary()
"""Browser → what it has seen, for as long as one of its sessions is kept: a reload forgets nothing."""


def visited() -> set[str]:
    """Return the URL paths of the pages that this visitor has seen."""
    seen: _Seen | None = st.session_state.get(VISITED)
    if seen is None:
        browser = page_browser()
        seen = st.session_state[VISITED] = (browser and _seen.get(browser)) or _Seen()
        if browser:
            _seen[browser] = seen
    return seen


def course_bar(here: Part) -> None:
    """Draw the bar for the page `here`."""
    before, after = neighbours(here)
    with st.container(key="course-bar", horizontal=True, vertical_alignment="center"):
        with st.container(key="bar-home", width="content"):
            st.page_link(HOME.file, label=NAME)
        with st.container(key="bar-steps", horizontal=True, width="content", vertical_alignment="center"):
            if here is HOME:
                _list(here)
            for number, group in enumerate(GROUPS):
                with st.container(key=f"bar-group-{number}", horizontal=True, width="content"):
                    for part in group.parts:
                        if part is here:
                            _list(here)
                        else:
                            st.page_link(part.file, label=_segment(part))
        with st.container(key="bar-ways", horizontal=True, width="content", vertical_alignment="center"):
            _way("previous", before)
            _way("next", after)
        with st.container(key="bar-tools", horizontal=True, width="content", vertical_alignment="center"):
            photo_bar()
            projector_switch()


def _segment(part: Part) -> str:
    """Return a segment's words: the style sheet shows the number, and a tick for what has been seen."""
    seen = " **(seen)**" if part.path in visited() else ""
    return f"{part.number} *{part.title}*{seen}"


def _list(here: Part) -> None:
    """Draw the segment of this page, which opens the list of all."""
    label = f"{here.number} *of {LAST}* {here.title}" if here.number else here.title
    # A key for each page: the list that was open on the page before does not stay open on this one.
    with (
        st.container(key="bar-list", width="content"),
        st.popover(label, key=f"bar-list-{here.path or 'home'}", width="content"),
        st.container(key="bar-lessons"),
    ):
        _entry(HOME, here)
        for group in GROUPS:
            st.html(f'<p class="bar-group">{group.name}</p>')
            for part in group.parts:
                _entry(part, here)


def _entry(part: Part, here: Part) -> None:
    if part is here:
        st.html(f'<p class="bar-here" aria-current="page">{part.label}</p>')
    else:
        course_link(part)


def course_link(part: Part) -> None:
    """Draw a link to a part, with its number, its name and a tick if this visitor has been there."""
    st.page_link(part.file, label=f"{part.label} **(seen)**" if part.path in visited() else part.label)


def _way(name: str, part: Part | None) -> None:
    with st.container(key=f"bar-{name}", width="content"):
        if part:
            st.page_link(part.file, label=f"{name.capitalize()}: {part.label}")
        else:
            st.html('<span class="no-way"></span>', width="content")
