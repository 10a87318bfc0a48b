"""The shell around every page: page configuration, menu, theme and projector view; the frame of a lesson."""

from functools import cache
from pathlib import Path

import streamlit as st

from components.scene import leave, read_url, write_url
from components.shell.course import COURSE, Part, neighbours
from components.shell.lesson import formula, keras_lines, lesson, notice, question, section, table
from components.shell.press import forget_presses, pressed
from components.shell.projector import projector_view
from components.streamlit_parts import StreamlitPage

__all__ = [
    "course_link",
    "course_map",
    "formula",
    "go_to",
    "keras_lines",
    "lesson",
    "link_to",
    "notice",
    "question",
    "run",
    "section",
    "start_button",
    "table",
]

VISITED = "shell:visited"
"""In the session: URL paths of the pages that this visitor has seen."""

ASSETS = Path(__file__).resolve().parents[2] / "assets"
ABOUT = "Deep learning for images, computed before your eyes. Everything you see is computed on this server."


def run() -> None:
    """Draw the page that the URL names, with everything that all pages share around it."""
    st.set_page_config(
        page_title="See a neural network learn",
        page_icon=str(ASSETS / "icon.png"),
        layout="wide",
        menu_items={"About": ABOUT},
    )
    st.html(f"<style>{_stylesheet('theme.css')}</style>")
    if projector_view():
        st.html(f"<style>{_stylesheet('projector.css')}</style>")
    page = st.navigation(list(_pages().values()), position="top")
    arrived = st.session_state.get("shell:page") != page.url_path
    st.session_state["shell:page"] = page.url_path
    st.session_state.setdefault(VISITED, set()).add(page.url_path)
    if arrived:
        st.session_state["photo_problem"] = None
    read_url(arrived=arrived)
    page.run()
    write_url()
    forget_presses()
    _previous_and_next(page)


def _pages() -> dict[Part, StreamlitPage]:
    """Return the course's parts with their pages, made anew in every run as Streamlit asks."""
    return {
        part: st.Page(part.file, title=part.label, url_path=part.path or None, default=not part.path) for part in COURSE
    }


def start_button(label: str) -> None:
    """Draw the button that opens the first lesson."""
    if pressed(label, type="primary", key="start"):
        st.switch_page(COURSE[1].file)


def course_map() -> None:
    """Draw a card for each lesson that exists, in teaching order."""
    with st.container(key="course-map", horizontal=True):
        for part in COURSE[1:]:
            with st.container(border=True, width=320, key=f"course-{part.path}"):
                course_link(part.path, part.title)
                st.write(part.summary)


def link_to(path: str, label: str, **params: str) -> None:
    """Draw a link to another part of the course, which keeps the visitor's session; nothing if there is no such part.

    Args:
        path: the part's URL path.
        label: what the link says.
        params: the parameters of its URL, such as a network's name.
    """
    for part in COURSE:
        if part.path == path:
            st.page_link(part.file, label=label, query_params=params)


def course_link(path: str, label: str) -> None:
    """Draw a link with a part's number and a tick if this visitor has been there; nothing if there is no such part.

    Args:
        path: the part's URL path.
        label: what the link says after the number.
    """
    been = path in st.session_state.get(VISITED, set())
    for part in COURSE:
        if part.path == path:
            numbered = f"{part.number}. {label}"
            st.page_link(part.file, label=f"✓ {numbered}" if been else numbered)


def go_to(path: str, **params: str) -> None:
    """Open another part of the course, as a press on a link to it would; do nothing if there is no such part.

    Args:
        path: the part's URL path.
        params: the parameters of its URL.
    """
    for part in COURSE:
        if part.path == path:
            leave()
            st.switch_page(part.file, query_params=params)


def _previous_and_next(page: StreamlitPage) -> None:
    part = next(part for part in COURSE if part.path == page.url_path)
    before, after = neighbours(part)
    with st.container(key="lesson-ways", horizontal=True, horizontal_alignment="distribute"):
        if before:
            st.page_link(before.file, label=f"← {before.label}")
        if after:
            st.page_link(after.file, label=f"{after.label} →")


@cache
def _stylesheet(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
