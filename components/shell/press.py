"""A button whose press is never lost, however busy the page is."""

from typing import Any, Literal

import streamlit as st

from components.streamlit_parts import finish_this_run

NOTED = "shell:pressed"


def pressed(
    label: str,
    *,
    key: str,
    type: Literal["primary", "secondary"] = "secondary",
    help: str | None = None,
    disabled: bool = False,
    about: str = "",
) -> bool:
    """Draw a button and return whether it was pressed since the page last got as far as this line.

    `st.button` is true in one run only. If that run is cut off before it gets to the button, because a component on
    the page reports something a moment after the press, then nothing of the press is left. Here it is noted before the
    run begins, and stays noted until the page gets here, or to its end without drawing the button. From here on that
    run is not cut off: what is pressed is done.

    Args:
        label, type, help, disabled: as for `st.button`.
        key: the button's, on all pages.
        about: what the press acts on, such as a run's name: the page may have turned to another one by then.
    """
    st.button(label, key=key, type=type, help=help, disabled=disabled, on_click=note, args=(key, about))
    return bool(take(key) == about)


def forget_presses() -> None:
    """End a run of a page: a press on a button that the page no longer has must not act on a later page."""
    st.session_state[NOTED] = {}


def note(key: str, what: Any) -> None:
    """Keep the meaning of a press until the page gets to `take` it, or to its end. For callbacks."""
    st.session_state.setdefault(NOTED, {})[key] = what


def take(key: str) -> Any:
    """Return what a press has left under a key, once; None if there was none.

    With a press in its hands, this run of the page is not cut off any more: what the press asks for is done.
    """
    found = st.session_state.get(NOTED, {}).pop(key, None)
    if found is not None:
        finish_this_run()
    return found
