"""The shell around every page: page configuration, menu, theme and projector view; the frame of a lesson."""

import gc
from functools import lru_cache
from pathlib import Path

import streamlit as st

from components.shell.course import COURSE, Part, neighbours
from components.shell.lesson import formula, keras_lines, lesson, notice, question
from components.shell.projector import projector_switch, projector_view

__all__ = ["COURSE", "formula", "keras_lines", "lesson", "notice", "question", "run"]

ASSETS = Path(__file__).resolve().parents[2] / "assets"
ABOUT = "Deep learning for images, computed before your eyes. Everything you see is computed on this server."


def run() -> None:
    """Draw the page that the URL names, with everything that all pages share around it."""
    _freeze_imports()
    st.set_page_config(
        page_title="See a neural network learn",
        page_icon=str(ASSETS / "icon.png"),
        layout="wide",
        menu_items={"About": ABOUT},
    )
    st.html(f"<style>{_stylesheet('theme.css')}</style>")
    if projector_view():
        st.html(f"<style>{_stylesheet('projector.css')}</style>")
    pages = {
        part: st.Page(part.file, title=part.title, url_path=part.path or None, default=not part.path)
        for part in COURSE
    }
    page = st.navigation(list(pages.values()), position="top")
    st.session_state["shell:pages"] = pages
    page.run()
    _previous_and_next(next(part for part, candidate in pages.items() if candidate is page), pages)


def _previous_and_next(part: Part, pages: dict) -> None:
    before, after = neighbours(part)
    with st.container(key="lesson-ways", horizontal=True, horizontal_alignment="distribute"):
        if before:
            st.page_link(pages[before], label=f"← {before.title}")
        if after:
            st.page_link(pages[after], label=f"{after.title} →")


@lru_cache(maxsize=None)
def _stylesheet(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _freeze_imports() -> None:
    """Take what was imported out of the garbage collector's sight: it stays, so looking at it again is lost time."""
    gc.collect()
    gc.freeze()
