"""What is heavy waits until its visitor comes near: a library of megabytes must not delay the page's first picture."""

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "in_view",
    html="<span></span>\n",
    js=(Path(__file__).resolve().parent / "in_view.js").read_text(encoding="utf-8"),
)


def in_view(key: str) -> bool:
    """Return whether the visitor has been near this place of the page.

    Call it inside a fragment, which runs again when the visitor comes near.
    """
    if st.session_state.get(f"{key}:seen"):
        return True
    _mount(key=key, on_seen_change=lambda: st.session_state.update({f"{key}:seen": True}))
    return False
