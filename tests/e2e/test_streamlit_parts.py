"""Every part of Streamlit's page that the style sheets name is found on one: a newer Streamlit may rename it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit import file_util

from components.streamlit_parts import CLASSES, TEST_IDS, WENT_BACK, WIDGET_CHANGED
from tests.e2e.conftest import OpenPage
from tests.server import Server, running_page

SCRIPT = """
import time

import plotly.graph_objects
import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.streamlit_parts import WENT_BACK, WIDGET_CHANGED


def wait_for_a_request():
    while get_script_run_ctx().script_requests._state.name == "CONTINUE":
        time.sleep(0.01)


def note(name):
    if name == "first":
        wait_for_a_request()  # which would cut this callback off
    st.session_state.setdefault("noted", []).append(name)


bare = st.components.v2.component("bare", html="<p>component</p>\\n", js="export default () => {};\\n")


def one():
    st.html("<h1>Parts</h1>")
    st.caption("caption")
    st.write("words")
    st.page_link(pages[1], label="other page")
    st.segmented_control("group", ["a", "b"], default="a")
    st.text_input("text")
    st.number_input("number")
    st.selectbox("choice", ["a", "b"])
    st.file_uploader("file", max_upload_size=1)
    st.plotly_chart(plotly.graph_objects.Figure())
    with st.popover("more"):
        st.write("inside")
    st.download_button("save", b"saved")
    with st.expander("fold"):
        st.write("folded")
    st.tabs(["tab", "other tab"])
    for name in ("first", "second"):
        st.button(name, on_click=note, args=(name,))
    if st.button("busy"):
        wait_for_a_request()
        get_instance()._get_async_objs().eventloop.call_soon_threadsafe(time.sleep, 0.5)  # nothing is sent meanwhile
    st.fragment(lambda: st.text(f"part {st.checkbox('ticked')}"))()
    st.text("behind the part")
    st.button("further", on_click=lambda: st.query_params.update(further="yes"))
    began = [name for name in (WIDGET_CHANGED, WENT_BACK) if st.session_state.pop(name, False)]
    st.text(f"began with {began} at {st.query_params.to_dict()}")
    st.text(f"noted {st.session_state.get('noted')}")
    if st.button("toast"):
        st.toast("said")
    st.error("wrong")
    st.button("main", type="primary")
    bare(key="bare")
    st.columns(2)[0].write("left")


pages = [st.Page(one, title="One"), st.Page(lambda: st.html("<h1>Two</h1>"), title="Two", url_path="two")]
st.navigation(pages, position="top").run()
"""


@pytest.fixture(scope="module")
def parts() -> Iterator[Server]:
    with running_page(SCRIPT) as server:
        yield server


def test_a_press_whose_callback_still_runs_is_not_lost_by_the_next_one(open_page: OpenPage, parts: Server):
    page = open_page("/", host=parts)
    page.get_by_role("button", name="first").click()
    page.get_by_role("button", name="second").click()
    expect(page.get_by_text("noted ['first', 'second']")).to_be_visible()


def test_a_part_that_runs_again_at_once_replaces_nothing_of_the_page(open_page: OpenPage, parts: Server):
    page = open_page("/", host=parts)
    behind = page.get_by_text("behind the part")
    expect(behind).to_be_visible()
    page.get_by_role("button", name="busy").click()
    page.get_by_text("ticked").click()
    expect(page.get_by_text("part True")).to_be_visible()
    expect(behind).to_be_visible()


def test_a_page_knows_whether_a_widget_or_the_way_back_began_its_run(open_page: OpenPage, parts: Server):
    page = open_page("/", host=parts)
    expect(page.get_by_text("began with [] at {}")).to_be_visible()
    page.get_by_label("number").fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"began with ['{WIDGET_CHANGED}'] at {{}}")).to_be_visible()
    page.get_by_text("ticked").click()
    expect(page.get_by_text("part True")).to_be_visible()
    page.get_by_role("link", name="One").click()  # a fragment's change is none of the page's next run
    expect(page.get_by_text("began with [] at {}")).to_be_visible()
    page.get_by_role("button", name="further").click()
    expect(page.get_by_text(f"began with ['{WIDGET_CHANGED}'] at {{'further': 'yes'}}")).to_be_visible()
    expect(page).to_have_url(re.compile("further=yes"))
    page.go_back()
    expect(page.get_by_text(f"began with ['{WENT_BACK}'] at {{}}")).to_be_visible()


def found(page: Page, selectors: set[str]) -> set[str]:
    return {selector for selector in selectors if page.locator(selector).count()}


PASSING = {"stAppSkeleton", "stSkeleton"}
"""Parts that are there for moments only: they are looked for in Streamlit's scripts."""


def streamlits_scripts() -> str:
    folder = Path(file_util.get_static_dir()) / "static" / "js"
    return "".join(path.read_text("utf-8") for path in folder.glob("*.js"))


def test_every_part_that_a_style_sheet_names_is_on_a_page(open_page: OpenPage, parts: Server):
    page = open_page("/", host=parts)
    assert {name for name in PASSING if f"`{name}`" in streamlits_scripts()} == PASSING
    wanted = {f'[data-testid="{name}"]' for name in set(TEST_IDS) - PASSING} | {f".{name}" for name in CLASSES}
    seen: set[str] = set()
    expect(page.get_by_label("choice")).to_be_visible()
    expect(page.get_by_text("Two").first).to_be_visible()
    expect(page.locator(".main-svg").first).to_be_visible()
    expect(page.get_by_text("component", exact=True)).to_be_visible()
    seen |= found(page, wanted)

    page.locator("input[type=file]").set_input_files(
        {"name": "large.bin", "mimeType": "application/octet-stream", "buffer": bytes(2 * 2**20)}
    )
    expect(page.get_by_text("large.bin")).to_be_visible()
    page.route("**/_stcore/upload_file/**", lambda _held: None)
    page.locator("input[type=file]").set_input_files({"name": "held.bin", "mimeType": "", "buffer": b"held"})
    expect(page.get_by_text("held.bin")).to_be_visible()
    seen |= found(page, wanted)
    page.get_by_label("text").fill("typed")
    expect(page.get_by_text("Press Enter to apply")).to_be_visible()
    seen |= found(page, wanted)

    page.get_by_label("choice").click()
    expect(page.get_by_role("option").first).to_be_visible()
    seen |= found(page, wanted)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="more").click()
    expect(page.get_by_text("inside")).to_be_visible()
    seen |= found(page, wanted)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="toast").click()
    expect(page.get_by_text("said")).to_be_visible()
    seen |= found(page, wanted)
    assert wanted - seen == set(), "Streamlit calls these parts otherwise now"


def test_an_upload_that_is_refused_says_so_where_the_style_sheet_shows_it(open_page: OpenPage, parts: Server):
    page = open_page("/", host=parts)
    page.locator("input[type=file]").set_input_files(
        {"name": "large.bin", "mimeType": "application/octet-stream", "buffer": bytes(2 * 2**20)}
    )
    chip = page.locator('[data-testid="stFileChip"][aria-invalid="true"]')
    expect(chip.locator('[role="alert"]')).to_be_attached()
