"""TensorBoard in the page, on the runs of this server."""

import streamlit as st

from components.shell.press import pressed
from models.disk import entries
from models.engine.tensorboard_server import PREFIX
from models.storage import runs_dir


def tensorboard_section() -> None:
    """Draw a link to TensorBoard, and TensorBoard itself once the visitor wants it."""
    if not any(any(folder.glob("tensorboard/*/events.out.tfevents.*")) for folder in entries(runs_dir())):
        st.info(
            "No run on this server has written event files yet. On the page “Training”, step 6 has a "
            "tick box for TensorBoard: tick it, train, and come back."
        )
    with st.container(key="tensorboard-ways", horizontal=True, vertical_alignment="center"):
        if pressed("Open TensorBoard here", key="tensorboard-open"):
            st.session_state["tensorboard-opened"] = True
        st.html(f'<a href="{PREFIX}/" target="_blank" rel="noopener">Open it in a tab of its own</a>')
    if st.session_state.get("tensorboard-opened"):
        st.iframe(f"{PREFIX}/", height=760)
        st.caption("Its first start takes some seconds. It reads new event files every five seconds.")
