"""What a page asks for that its visitor has left changes nothing of the page that is there now, and is not lost."""

from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.server import Server, running_page
from tests.without_browser import Visitor

SCRIPT = """
import time

import streamlit as st


def page(name):
    st.fragment(lambda: st.text(f"part of {name}"))()
    st.checkbox("tick", key=f"tick {name}", on_change=lambda: st.session_state.update(ticked=name))
    if "ticked" in st.session_state:
        st.caption(f"{st.session_state['ticked']} was ticked, at {st.query_params.to_dict()}")
    if "slow" in st.query_params:
        time.sleep(0.3)
    if name == "one" and "go" in st.query_params:
        st.switch_page(pages[1])
    st.text(f"end of {name}")


def one():
    page("one")


def two():
    page("two")


def three():
    page("three")


pages = [st.Page(one, default=True), st.Page(two, url_path="two"), st.Page(three, url_path="three")]
st.navigation(pages, position="top").run()
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_page(SCRIPT) as server:
        yield server


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    visitor = Visitor(server.url).open()
    yield visitor
    visitor.leave()


def part_of(messages: list[ForwardMsg]) -> str:
    """Return the name of the fragment that is on a page."""
    (name,) = {one.delta.fragment_id for one in messages if one.delta.fragment_id}
    return name


def texts(messages: list[ForwardMsg]) -> list[str]:
    return [one.delta.new_element.text.body for one in messages if one.delta.new_element.WhichOneof("type") == "text"]


def ask_part(visitor: Visitor, page: str, part: str) -> None:
    """Ask for a run of a fragment, from a page."""
    message = visitor.run_message(page)
    message.rerun_script.fragment_id = part
    visitor.tell(message)


def until_text(visitor: Visitor, text: str) -> list[ForwardMsg]:
    """Return all messages up to the end of the run that writes a text."""
    found: list[ForwardMsg] = []
    while text not in texts(found):
        found += visitor.until("script_finished")
    return found


def pages_told(messages: list[ForwardMsg]) -> set[str]:
    """Return the pages on which the browser is, as the beginnings of runs say."""
    return {one.new_session.page_script_hash for one in messages if one.WhichOneof("type") == "new_session"}


@pytest.mark.parametrize("query", ["", "slow"])
@pytest.mark.parametrize("asks", [1, 3])
def test_what_an_old_page_asks_for_beside_a_click_takes_nothing_of_the_new_page(
    visitor: Visitor, query: str, asks: int
):
    part = part_of(visitor.seen())
    visitor.rerun("two", query)
    for _ in range(asks):
        ask_part(visitor, "", part)
    assert texts(until_text(visitor, "end of two")) == ["part of two", "end of two"]
    # Nothing else was begun: what is asked for next is what comes next.
    found = visitor.seen("two", "again")
    assert texts(found) == ["part of two", "end of two"]
    assert pages_told(found) == {visitor.pages["two"]}


def test_a_widget_that_speaks_after_a_click_is_heard_and_does_not_lead_back(visitor: Visitor):
    for _ in range(2):
        found = visitor.seen()
        visitor.rerun("two", "from=link")
        message = visitor.run_message("", "old=address")
        (box,) = (one.delta.new_element.checkbox.id for one in found if one.delta.new_element.checkbox.id)
        message.rerun_script.widget_states.widgets.add(id=box, bool_value=True)
        visitor.tell(message)
        until_text(visitor, "end of two")
        found = visitor.seen("two", "from=link")
        assert texts(found) == ["part of two", "end of two"]
        assert "one was ticked, at {'from': 'link'}" in {one.delta.new_element.markdown.body for one in found}


def test_a_link_leads_back_at_once(visitor: Visitor):
    visitor.seen()
    visitor.rerun("two")
    visitor.rerun("")
    assert texts(until_text(visitor, "end of one"))[-2:] == ["part of one", "end of one"]
    assert texts(visitor.seen("", "again")) == ["part of one", "end of one"]


def test_a_link_leads_on_whatever_the_browser_sends_along(visitor: Visitor):
    visitor.seen()
    visitor.seen("two")
    message = visitor.run_message("three")
    message.rerun_script.widget_states.widgets.add(id="of no page", bool_value=True)
    visitor.tell(message)
    assert texts(until_text(visitor, "end of three")) == ["part of three", "end of three"]
    ask_part(visitor, "three", part_of(visitor.seen("three")))
    assert texts(visitor.until("script_finished")) == ["part of three"]


def test_nor_where_the_page_itself_opens_the_next_one(visitor: Visitor):
    part = part_of(visitor.seen())
    visitor.rerun(query="go")
    assert texts(until_text(visitor, "end of two"))[-2:] == ["part of two", "end of two"]
    ask_part(visitor, "", part)
    found = visitor.seen("two", "again")
    assert texts(found) == ["part of two", "end of two"]
    assert pages_told(found) == {visitor.pages["two"]}


@pytest.mark.parametrize("opened", [{"query": "go"}, {"page": "two"}])
def test_a_link_leads_back_although_it_tells_what_stands_on_every_page(visitor: Visitor, opened: dict[str, str]):
    visitor.seen()
    visitor.rerun(**opened)
    until_text(visitor, "end of two")
    message = visitor.run_message("")
    message.rerun_script.widget_states.widgets.add(id="$$ID-0123abcd-everywhere-7", bool_value=True)
    visitor.tell(message)
    assert texts(until_text(visitor, "end of one"))[-2:] == ["part of one", "end of one"]


def test_a_part_of_the_page_that_is_there_runs_again_however_the_visitor_came(visitor: Visitor):
    for asked, query, page in (("", "", ""), ("two", "", "two"), ("", "", ""), ("", "go", "two")):
        visitor.rerun(asked, query)
        found = until_text(visitor, f"end of {page or 'one'}")
        last = max(place for place, one in enumerate(found) if one.WhichOneof("type") == "new_session")
        ask_part(visitor, page, part_of(found[last:]))
        assert texts(visitor.until("script_finished")) == [f"part of {page or 'one'}"]
