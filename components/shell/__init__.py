"""The shell around every page: page configuration, bar, theme and projector view; the frame of a lesson."""

from functools import cache
from pathlib import Path

import streamlit as st

from components.scene import leave, read_url, write_url
from components.shell.acts import Question, act, more, reference, section
from components.shell.bar import NAME, course_bar, course_link, visited
from components.shell.course import COURSE, GROUPS, HOME, Part, neighbours, part_at
from components.shell.lesson import formula, head, keras_lines, lesson, notice, table
from components.shell.press import forget_presses, pressed
from components.shell.projector import projector_view
from components.streamlit_parts import StreamlitPage, let_this_run_end, page_was_unknown

__all__ = [
    "COURSE",
    "GROUPS",
    "Question",
    "act",
    "course_link",
    "formula",
    "go_to",
    "head",
    "keras_lines",
    "lesson",
    "link_to",
    "more",
    "next_lesson",
    "notice",
    "reference",
    "run",
    "section",
    "start_button",
    "table",
    "visited",
]

ASSETS = Path(__file__).resolve().parents[2] / "assets"
UNKNOWN = "The course has no page with this address. This is its first page; all lessons are in the bar above."


def run() -> None:
    """Draw the page that the URL names, with everything that all pages share around it."""
    page = st.navigation(list(_pages().values()), position="hidden")
    here = part_at(page.url_path) or HOME
    st.set_page_config(
        page_title=f"{here.title} · {NAME}" if here.path else NAME,
        page_icon=str(ASSETS / "icon.png"),
        layout="wide",
    )
    if projector_view():
        st.html(f"<style>{_stylesheet('projector.css')}</style>")
    arrived = st.session_state.get("shell:page") != here.path
    if arrived:
        st.session_state["photo_problem"] = None
    course_bar(here)
    if page_was_unknown():
        st.info(UNKNOWN)
    read_url(arrived=arrived)
    st.session_state["shell:page"] = here.path  # not before the arrival is noted: this run may be cut off anywhere
    visited().add(here.path)
    page.run()
    write_url()
    forget_presses()
    _previous_and_next(here)


def _pages() -> dict[Part, StreamlitPage]:
    """Return the course's parts with their pages, made anew in every run as Streamlit asks."""
    return {
        part: st.Page(part.file, title=part.label, url_path=part.path or None, default=not part.path) for part in COURSE
    }


def next_lesson() -> Part:
    """Return the lesson to go on with: the first that this visitor has not seen, the first one if all were."""
    return next((part for part in COURSE[1:] if part.path not in visited()), COURSE[1])


def start_button(label: str) -> None:
    """Draw the button that opens the lesson to go on with."""
    if pressed(label, type="primary", key="start"):
        go_to(next_lesson().path)


def link_to(path: str, label: str, **params: str) -> None:
    """Draw a link to another part of the course, which keeps the visitor's session; nothing if there is no such part.

    Args:
        path: the part's URL path.
        label: what the link says.
        params: the parameters of its URL, such as a network's name.
    """
    if part := part_at(path):
        st.page_link(part.file, label=label, query_params=params)


def go_to(path: str, **params: str) -> None:
    """Open another part of the course, as a press on a link to it would; do nothing if there is no such part.

    Args:
        path: the part's URL path.
        params: the parameters of its URL.
    """
    if part := part_at(path):
        leave()
        let_this_run_end()
        st.switch_page(part.file, query_params=params)


def _previous_and_next(here: Part) -> None:
    before, after = neighbours(here)
    with st.container(key="lesson-ways", horizontal=True, horizontal_alignment="distribute"):
        if before:
            st.page_link(before.file, label=f"← {before.label}")
        if after:
            st.page_link(after.file, label=f"{after.label} →")


@cache
def _stylesheet(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
