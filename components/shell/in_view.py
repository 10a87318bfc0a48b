"""Load heavy parts only when a visitor scrolls near: megabytes of a library must not delay the page's first picture."""

from pathlib import Path

import streamlit as st

from components.browser import component

_mount = component("in_view", Path(__file__).resolve().with_suffix(".js"), html="<span></span>")


def in_view(key: str) -> bool:
    """Return whether the visitor has been near this place of the page.

    Call it inside a fragment, which runs again when the visitor comes near.
    """
    if st.session_state.get(f"{key}:seen"):
        return True
    _mount(key=key, on_seen_change=lambda: st.session_state.update({f"{key}:seen": True}))
    return False
