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
    app = AppTest.from_string(SCRIPT, default_timeout=60).run()
    app.button(key="stop").click().run()
    assert app.session_state["stopped"] == "first"
    app.session_state["shown"] = "second"  # the page shows another run before the press arrives
    app.button(key="stop").click().run()
    assert app.session_state["stopped"] == "first"
    app.button(key="stop").click().run()
    assert app.session_state["stopped"] == "second"


ELSEWHERE = """
import streamlit as st
from components.shell.press import forget_presses, note, take
st.button("Go", key="go", on_click=note, args=("way", "convolution"))
if st.session_state.get("on the map", True):
    st.session_state["gone"] = take("way")
forget_presses()
"""


def test_what_a_press_left_is_taken_once_and_does_not_outlast_the_page():
    app = AppTest.from_string(ELSEWHERE, default_timeout=60).run()
    app.button(key="go").click().run()
    assert app.session_state["gone"] == "convolution"
    assert app.run().session_state["gone"] is None
    app.session_state["on the map"] = False  # another page was opened before this one was finished
    app.button(key="go").click().run()
    app.session_state["on the map"] = True
    assert app.run().session_state["gone"] is None
