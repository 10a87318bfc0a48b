"""A press that comes a moment before something else on the page changes, on a small page of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.server import Server, running_page

SCRIPT = """
import time
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from components.shell.press import forget_presses, pressed
from components.shell.visitor import teacher_sign_in

st.html("<h1>A slow page</h1>")
st.checkbox("something else")
shown = st.checkbox("with buttons", value=True)
st.session_state.setdefault("noted", 0)
st.session_state.setdefault("plain", 0)
for step in range(24):  # the script may be cut off at each of these lines
    time.sleep(0.05)
    st.html(f"<p>{step}</p>")
if shown:
    if pressed("Noted", key="a"):
        st.session_state.noted += 1
    if st.button("Plain", key="b"):
        st.session_state.plain += 1
    if pressed("Slow", key="c"):
        st.html("<p>waiting</p>")
        while get_script_run_ctx().script_requests._state.name == "CONTINUE":
            time.sleep(0.01)
        st.session_state.noted += 10
teacher_sign_in()
st.html(f"<p id='told'>noted {st.session_state.noted}, plain {st.session_state.plain}</p>")
forget_presses()
"""


def press_and_tick(page: Page, button: str, box: str) -> None:
    """Press a button, and tick a box before the run that the press has started gets to the button."""
    page.get_by_role("button", name=button).click()
    page.get_by_text(box).click()


@pytest.fixture(scope="module")
def app() -> Iterator[Server]:
    with running_page(SCRIPT, environment={"TEACHER_PASSWORD": "for a test"}) as server:
        yield server


def test_a_press_counts_once_though_its_run_is_cut_off_and_not_when_its_button_went(open_page, app):
    page = open_page("/", host=app)
    told = page.locator("#told")
    expect(told).to_have_text("noted 0, plain 0")
    press_and_tick(page, "Noted", "something else")
    expect(told).to_have_text("noted 1, plain 0")
    # The reason for `pressed`: Streamlit's own button loses such a press.
    press_and_tick(page, "Plain", "something else")
    page.get_by_role("button", name="Noted").click()
    expect(told).to_have_text("noted 2, plain 0")
    press_and_tick(page, "Noted", "with buttons")
    expect(page.get_by_role("button", name="Noted")).to_have_count(0)
    expect(told).to_have_text("noted 2, plain 0")
    page.get_by_text("with buttons").click()
    expect(page.get_by_role("button", name="Noted")).to_be_visible()
    page.get_by_role("button", name="Plain").click()
    expect(told).to_have_text("noted 2, plain 1")


def test_what_a_press_asks_for_is_done_whatever_is_requested_meanwhile(open_page, app):
    page = open_page("/", host=app)
    told = page.locator("#told")
    expect(told).to_have_text("noted 0, plain 0")
    page.get_by_role("button", name="Slow").click()
    expect(page.get_by_text("waiting")).to_be_visible()
    page.get_by_text("something else").click()  # Slow waits for this request, which would cut off its run
    expect(told).to_have_text("noted 10, plain 0")


def test_a_password_is_judged_though_the_run_that_it_starts_is_cut_off(open_page, app):
    page = open_page("/", host=app)
    page.get_by_text("I am the teacher").click()
    page.get_by_label("Password", exact=True).fill("a wrong one")
    page.keyboard.press("Enter")
    page.get_by_text("something else").click()
    # What is said of one where the course cannot give the browser a cookie, as this small page's server.
    expect(page.get_by_text("This browser takes no cookies")).to_be_visible()
