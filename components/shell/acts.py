"""The parts of a lesson's page: its acts with their index, words beside a board, what is folded, and the reference."""

import html
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from components.browser import component, encode_message

REFERENCE = "Reference"
ACTS = "shell:acts"
"""In the session: the names of this page's acts, in their order."""

UNFOLDED = "shell:unfolded"
"""In the session: the folded acts that a link opens, as they were when the page was opened."""

_FOLDER = Path(__file__).resolve().parent
_index = component("act_index", _FOLDER / "act_index.js", html="<nav></nav>", css=[_FOLDER / "act_index.css"])


class Reference(NamedTuple):
    """The tabs of a page's reference, in the order that all pages share; each is filled in a `with` block.

    Attributes:
        table: the last one, on a page that has a table.
    """

    formula: AbstractContextManager[object]
    keras: AbstractContextManager[object]
    notice: AbstractContextManager[object]
    table: AbstractContextManager[object]


def act_index(names: Sequence[str]) -> None:
    """Say which acts the page has, and draw their index; a page of one act has none."""
    st.session_state[ACTS] = tuple(names)
    if len(names) > 1:
        _index(
            key="act-index",
            data=encode_message(
                {
                    "label": "On this page",
                    "acts": [[_key(number), f"{number} {name}"] for number, name in enumerate(names, start=1)]
                    + [["reference", REFERENCE]],
                }
            ),
        )


def _key(number: int) -> str:
    return f"act-{number}"


@contextmanager
def act(
    name: str,
    title: str = "",
    *words: str,
    asides: Sequence[Sequence[str]] = (),
    beside: bool = False,
    folded: bool = False,
    opened_by: str = "",
) -> Iterator[None]:
    """Hold one act of a page: a heading, what it is about, and the board that is drawn in the `with` block.

    Args:
        name: as the lesson's index has it.
        title: the heading; "" for the first act, whose heading is the page's.
        words: a paragraph each.
        asides: what is folded away below the words: a line, and its paragraphs.
        beside: whether the words stand beside the board, where there is room, instead of above it.
        folded: whether the act is a deep dive, which opens when its title or its entry in the index is pressed.
        opened_by: the beginning of the URL parameters that open a folded act with the page.

    Raises:
        ValueError: the lesson has not announced an act of this name, or a folded one has no title.
    """
    announced: tuple[str, ...] = st.session_state[ACTS]
    if name not in announced:
        raise ValueError(f"The lesson has announced no act {name!r}, only {announced}.")
    if folded and not title:
        raise ValueError(f"{name!r} is folded, but has no title to open it by.")
    number = announced.index(name) + 1
    if not folded:
        with st.container(key=_key(number)), _laid_out(number, title, words, asides, beside=beside):
            yield
        return
    fold = st.expander(title, expanded=_is_unfolded(name, opened_by), key=_key(number))
    with fold, _laid_out(number, title, words, asides, beside=beside):
        yield


@contextmanager
def _laid_out(
    number: int, title: str, words: Sequence[str], asides: Sequence[Sequence[str]], *, beside: bool
) -> Iterator[None]:
    if not beside:
        if title:
            section(title, *words)
        for aside in asides:
            more(*aside)
        yield
        return
    with st.container(key=f"beside-{number}", horizontal=True):
        with st.container(key=f"words-{number}"):
            section(title, *words)
            for aside in asides:
                more(*aside)
        with st.container(key=f"board-{number}"):
            yield


def _is_unfolded(name: str, opened_by: str) -> bool:
    """Return whether a link opens a folded act, during the whole visit: it must not close in between."""
    if not opened_by:
        return False
    here = st.session_state["shell:page"]
    unfolded: dict[tuple[str, str], bool] = st.session_state.setdefault(UNFOLDED, {})
    return unfolded.setdefault((here, name), any(key.startswith(opened_by) for key in st.query_params))


def section(title: str, *paragraphs: str) -> None:
    """Write a heading, and what the part below or beside it is about."""
    words = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    st.html(f'<section class="lesson"><h2>{html.escape(title)}</h2>{words}</section>')


def more(summary: str, *paragraphs: str) -> None:
    """Fold words away that few need, below a line that says what they are about."""
    words = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    st.html(f'<details class="lesson more"><summary>{html.escape(summary)}</summary>{words}</details>')


class Question(NamedTuple):
    """A question that is asked first and answered after a guess.

    Attributes:
        text: what is asked.
        answers: what can be chosen.
        right: index of the right answer.
        because: the explanation, whatever was chosen.
        key: of its widget.
    """

    text: str
    answers: Sequence[str]
    right: int
    because: str
    key: str


def reference(question: Question, *, table: str = "") -> Reference:
    """End a lesson: a question, and beside it the panel with formula, Keras, what to notice, and a table.

    Args:
        question: what the visitor can predict after this lesson.
        table: the name of the last tab; "" for none.
    """
    names = ["The formula", "The same in Keras", "What to notice", *([table] if table else [])]
    with st.container(key="reference", horizontal=True):
        with st.container(key="predict"):
            st.html('<section class="lesson"><h2>Predict, then look</h2></section>')
            _ask(question)
        with st.container(key="reference-panel"):
            st.html(f'<section class="lesson"><h2>{REFERENCE}</h2></section>')
            tabs = st.tabs(names, key="reference-tabs")
    return Reference(tabs[0], tabs[1], tabs[2], tabs[-1])


def _ask(question: Question) -> None:
    chosen = st.radio(question.text, question.answers, index=None, key=question.key)
    if chosen is None:
        return
    if chosen == question.answers[question.right]:
        st.success(f"Yes. {question.because}")
    else:
        st.info(f"Not quite: the answer is “{question.answers[question.right]}”. {question.because}")
