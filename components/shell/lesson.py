"""What all lessons write in one way: the heading, what to notice, tables, formulas, Keras lines."""

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from components.browser import component
from components.photo import photo_problem
from components.shell.acts import act_index
from components.shell.course import part_at

_FOLDER = Path(__file__).resolve().parent

_formula = component(
    "formula", _FOLDER / "formula.js", html='<div class="formula"></div>', css=[_FOLDER / "formula.css"]
)
KERAS_LINES = _FOLDER / "keras_lines.html"
"""Lines of code with a copy button: markup, with a style sheet and a module of the same name beside it."""

_keras_lines = component(
    "keras_lines", KERAS_LINES.with_suffix(".js"), html=KERAS_LINES, css=[KERAS_LINES.with_suffix(".css")]
)


def lesson(idea: str, acts: Sequence[str] = ("",)) -> None:
    """Open a lesson: its short name as the one h1, the idea in one sentence, and the index of its acts.

    Args:
        acts: their names, in their order, as the index shows them; see `components.shell.acts.act`.
    """
    part = part_at(st.session_state["shell:page"])
    head(part.title if part else "", idea)
    act_index(acts)


def head(title: str, idea: str) -> None:
    """Open a page: its one h1, a sentence beside it, and what there is to say about a photo that is on its way."""
    with st.container(key="lesson-head"):
        st.html(f'<div class="head"><h1>{html.escape(title)}</h1><p>{html.escape(idea)}</p></div>')
    photo_problem()


def notice(points: Sequence[str]) -> None:
    """List what is worth looking at in the picture above, one sentence each."""
    items = "".join(f"<li>{html.escape(point)}</li>" for point in points)
    st.html(f'<section class="lesson"><ul>{items}</ul></section>')


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a small table of words, with a heading for each column."""
    head = "".join(f'<th scope="col">{html.escape(heading)}</th>' for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(
        f'<section class="lesson"><div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        "</div></section>"
    )


def formula(mathml: str, words: str, *, key: str = "formula") -> None:
    """Show a formula, written in MathML so that no font or script is needed, and the meaning of its letters."""
    _formula(key=key, data={"mathml": mathml})
    st.html(f'<section class="lesson"><p>{html.escape(words)}</p></section>')


def keras_lines(code: str, words: str, *, key: str = "keras-lines") -> None:
    """Show Keras lines with a copy button. A test runs them as they stand."""
    st.html(f'<section class="lesson"><p>{html.escape(words)}</p></section>')
    _keras_lines(key=key, data={"code": code, "copy": "Copy", "copied": "Copied"})
