"""What a page says while the engine starts, or where there is none."""

import streamlit as st

from components.engine import STARTING, STARTING_AGAIN, engine, status
from components.scene import rerun
from models.engine import Engine

TURNED_OFF = "{what} needs the engine, which was turned off when this app was started (ENGINE=off)."

_SECONDS = 1.0
"""Seconds between two checks of a waiting page."""


def engine_or_word(what: str) -> Engine | None:
    """Return the engine, or say in one sentence why there is none; the page runs again when there is one.

    Args:
        what: what the engine is needed for, as in "{what} needs the engine": "Asking a network".
    """
    found = engine()
    if found is not None:
        return found
    if status() == "off":
        st.info(TURNED_OFF.format(what=what))
    else:
        _wait(what)
    return None


@st.fragment(run_every=_SECONDS)
def _wait(what: str) -> None:
    if engine() is not None:
        rerun()
    said = status()
    if said in (STARTING, "ready"):
        st.info(f"{what} needs the engine, which is just starting. This takes some seconds.")
    elif said == STARTING_AGAIN:
        st.info(
            f"{what} needs the engine, which has ended and is being started again. This takes some seconds; trainings "
            "then go on by themselves."
        )
    else:
        st.warning(f"{what} needs the engine. {said}")
