"""Projector view: menus away, everything as large as the screen; in the URL, and kept from page to page."""

from pathlib import Path

import streamlit as st

from components.browser import component

KEY = "projector-switch"
PARAMETER = "view"
VALUE = "projector"

_FOLDER = Path(__file__).resolve().parent
_switch = component(
    "projector_switch",
    _FOLDER / "projector.js",
    html='<button type="button"><svg viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M2 3h20M4 3v12h16V3M12 15v3m0 0-4 4m4-4 4 4"/></svg></button>',
    css=[_FOLDER / "projector.css"],
)


def projector_view() -> bool:
    """Return whether this visitor's pages are drawn for a projector, and write it into the URL.

    Streamlit drops `?view=projector` when a menu entry is clicked, so the session remembers it.
    """
    wanted: bool = st.session_state.get("shell:projector", False)
    if PARAMETER in st.query_params:
        wanted = st.query_params[PARAMETER] == VALUE
    elif wanted:
        st.query_params[PARAMETER] = VALUE
    st.session_state["shell:projector"] = wanted
    return wanted


def text_size() -> float:
    """Return the text size in pixels, for what takes no rem; when projected, that of a full-HD screen."""
    return 23 if st.session_state.get("shell:projector") else 16


def projector_switch() -> None:
    """Draw the button; it also listens to the keys P and Escape."""
    projected = st.session_state["shell:projector"]
    _switch(
        key=KEY,
        data={
            "projected": projected,
            "label": "Leave projector view" if projected else "Projector view",
            "bar": "The course",
        },
        width="content",
        on_wanted_change=_take_wish,
    )


def _take_wish() -> None:
    wanted = st.session_state[KEY].get("wanted") == "on"
    st.session_state["shell:projector"] = wanted
    if wanted:
        st.query_params[PARAMETER] = VALUE
    else:
        st.query_params.pop(PARAMETER, None)
