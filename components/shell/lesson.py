"""The frame that all lessons share, from the heading to the question at the end."""

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from components.browser import component
from components.photo import photo_problem
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


def lesson(idea: str) -> None:
    """Open a lesson: its short name as the one h1, and the idea in one sentence."""
    part = part_at(st.session_state["shell:page"])
    head(part.title if part else "", idea)


def head(title: str, idea: str) -> None:
    """Open a page: its one h1, a sentence beside it, and what there is to say about a photo that is on its way."""
    with st.container(key="lesson-head"):
        st.html(f'<div class="head"><h1>{html.escape(title)}</h1><p>{html.escape(idea)}</p></div>')
    photo_problem()


def section(title: str, *paragraphs: str) -> None:
    """Begin another part of a lesson, below the page's first picture: a heading and what it is about."""
    words = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    st.html(f'<section class="lesson"><h2>{html.escape(title)}</h2>{words}</section>')


def notice(points: Sequence[str]) -> None:
    """List what is worth looking at in the picture above, one sentence each."""
    items = "".join(f"<li>{html.escape(point)}</li>" for point in points)
    st.html(f'<section class="lesson"><h2>What to notice</h2><ul>{items}</ul></section>')


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
    st.html('<section class="lesson"><h2>The formula</h2></section>')
    _formula(key=key, data={"mathml": mathml})
    st.html(f'<section class="lesson"><p>{html.escape(words)}</p></section>')


def keras_lines(code: str, words: str, *, key: str = "keras-lines") -> None:
    """Show Keras lines with a copy button. A test runs them as they stand."""
    st.html(f'<section class="lesson"><h2>The same in Keras</h2><p>{html.escape(words)}</p></section>')
    _keras_lines(key=key, data={"code": code, "copy": "Copy", "copied": "Copied"})


def question(text: str, answers: Sequence[str], *, right: int, because: str, key: str) -> None:
    """Ask first, reveal after: the explanation appears once the visitor has chosen.

    Args:
        right: index of the right answer.
        because: the explanation, whatever was chosen.
    """
    st.html('<section class="lesson"><h2>Predict, then look</h2></section>')
    chosen = st.radio(text, answers, index=None, key=key)
    if chosen is None:
        return
    if chosen == answers[right]:
        st.success(f"Yes. {because}")
    else:
        st.info(f"Not quite: the answer is “{answers[right]}”. {because}")
