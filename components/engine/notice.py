"""What a page says while the engine starts, or where there is none."""

import streamlit as st

from components.engine import engine, status
from components.scene import rerun
from models.engine import Engine

_SECONDS = 1.0
"""Seconds between two checks of a waiting page."""


def engine_or_word(what: str) -> Engine | None:
    """Return the engine, or say in one sentence why there is none yet; the page runs again when it has started.

    Args:
        what: what the engine is needed for, as in "{what} needs the engine": "Asking a network".
    """
    found = engine()
    if found is not None:
        return found
    said = status()
    if said == "starting":
        _wait(what)
    elif said == "off":
        st.info(f"{what} needs the engine, which was turned off when this app was started (ENGINE=off).")
    else:
        st.warning(f"{what} needs the engine. {said}")
    return None


@st.fragment(run_every=_SECONDS)
def _wait(what: str) -> None:
    if status() != "starting":
        rerun()
    st.info(f"{what} needs the engine, which is just starting. This takes some seconds.")
