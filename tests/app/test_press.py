"""A press acts on what was there when it came; cut-off runs are in tests/e2e/test_press.py."""

from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from components.shell.press import forget_presses, pressed
shown = st.session_state.get("shown", "first")
if pressed("Stop", key="stop", about=shown):
    st.session_state["stopped"] = shown
forget_presses()
"""


def test_a_press_acts_on_the_run_that_was_shown_and_on_no_other():
    app = AppTest.from_string(SCRIPT).run()
    app.button(key="stop").click().run()
    assert app.session_state["stopped"] == "first"
    app.session_state["shown"] = "second"  # the page turns to another run before the press gets through
    app.button(key="stop").click().run()
    assert app.session_state["stopped"] == "first"
    app.button(key="stop").click().run()
    assert app.session_state["stopped"] == "second"
