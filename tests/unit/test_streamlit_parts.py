"""components/streamlit_parts.py: a newer Streamlit that changes one of these parts fails the test that names it."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import starlette.formparsers
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.session_state import Serialized
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from components import streamlit_parts
from components.streamlit_parts import (
    CLASSES,
    TEST_IDS,
    UploadedFile,
    forget_upload,
    let_callbacks_finish,
    remember_gone_widgets,
    session_id,
)

ROOT = Path(__file__).resolve().parents[2]
STYLE_SHEETS = [path for folder in ("assets", "components") for path in sorted((ROOT / folder).rglob("*.css"))]
PUBLIC = {"streamlit", "streamlit.testing.v1"}
"""Documented modules of Streamlit that the course imports."""


def test_style_sheets_and_modules_use_the_test_ids_that_are_listed():
    files = [*STYLE_SHEETS, *sorted((ROOT / "components").rglob("*.js"))]
    used = {name for path in files for name in re.findall(r'data-testid="(\w[^"$]*)"', path.read_text("utf-8"))}
    assert {name for name in used if re.match("st[A-Z]|Input", name)} == set(TEST_IDS)


def test_the_style_sheets_use_the_classes_that_are_listed():
    names = re.compile(r"\.(st[A-Z]\w*|js-\w[\w-]*)")
    assert {name for path in STYLE_SHEETS for name in names.findall(path.read_text("utf-8"))} == set(CLASSES)


def test_no_other_file_imports_what_streamlit_does_not_document():
    elsewhere = {}
    for path in [ROOT / "app.py", *sorted((ROOT / "components").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))]:
        tree = ast.parse(path.read_text("utf-8"))
        names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        own = {name for name in names if name.split(".")[0] == "streamlit"} - PUBLIC | names & {"starlette.formparsers"}
        if own and path.name not in ("streamlit_parts.py", "streamlit_server.py"):
            elsewhere[str(path.relative_to(ROOT))] = own
    assert elsewhere == {}


def test_a_page_of_the_menu_is_a_streamlit_page():
    app = AppTest.from_string(
        """
import streamlit as st
from components.streamlit_parts import StreamlitPage
page = st.Page(lambda: None, title="One", url_path="one", default=True)
st.text(f"{isinstance(page, StreamlitPage)} {page.url_path!r} {page.title}")
""",
        default_timeout=60,
    ).run()
    assert not app.exception
    assert app.text[0].value == "True '' One"


def test_a_session_has_a_name_of_its_own():
    script = "import streamlit as st\nfrom components.streamlit_parts import session_id\nst.text(session_id())"
    names = {AppTest.from_string(script, default_timeout=60).run().text[0].value for _ in range(2)}
    # AppTest has one id for every session; a server does not.
    assert names == {"test session id"}
    assert session_id() == ""


def test_an_upload_is_forgotten_at_once(monkeypatch):
    manager = MemoryUploadedFileManager("/upload")
    manager.add_file("me", UploadedFileRec("1", "a.jpg", "image/jpeg", b"bytes"))

    class Context:
        session_id, uploaded_file_mgr = "me", manager

    monkeypatch.setattr(streamlit_parts, "get_script_run_ctx", Context)
    (record,) = manager.get_files("me", ["1"])
    forget_upload(UploadedFile(record, FileURLs()))
    assert manager.get_files("me", ["1"]) == []


def test_what_an_uploader_returns_is_an_uploaded_file():
    script = """
import streamlit as st
from components.streamlit_parts import UploadedFile
st.text(isinstance(st.file_uploader("File"), UploadedFile))
"""
    app = AppTest.from_string(script, default_timeout=60).run()
    app.file_uploader[0].upload("a.txt", b"a").run()
    assert app.text[0].value == "True"


def test_the_limit_of_spooling_is_one_that_starlette_reads(monkeypatch):
    parser = starlette.formparsers.MultiPartParser
    assert isinstance(parser.spool_max_size, int)
    monkeypatch.setattr(parser, "spool_max_size", 0)
    streamlit_parts.keep_uploads_in_memory(5)
    assert parser.spool_max_size == 5
    source = Path(starlette.formparsers.__file__).read_text("utf-8")
    assert "max_size=self.spool_max_size" in source


PAGE_WITH_A_NUMBER = """
import streamlit as st
from components.streamlit_parts import let_callbacks_finish, remember_gone_widgets

let_callbacks_finish()
remember_gone_widgets()


def note(kind):
    st.session_state.setdefault("changed", []).append(kind)


if st.toggle("shown", value=True):
    st.number_input("epochs", value=8, key="epochs", on_change=note, args=("number",))
    st.file_uploader("photo", key="photo")
"""


def test_a_widget_that_is_gone_changes_when_its_value_does_and_not_because_the_browser_sends_it_again():
    app = AppTest.from_string(PAGE_WITH_A_NUMBER, default_timeout=60).run()
    app.file_uploader[0].upload("a.jpg", b"a").run()
    drawn = app._tree.get_widget_states()
    app.toggle[0].set_value(False).run()
    (toggle,) = app._tree.get_widget_states().widgets
    late = type(drawn)(widgets=[toggle, *(one for one in drawn.widgets if "epochs" in one.id)])
    for _ in range(2):
        app._run(late)  # a timer of the page before, whose browser has not heard that the number is gone
    assert "changed" not in app.session_state
    (number,) = (one for one in late.widgets if "epochs" in one.id)
    number.double_value = 9
    app._run(late)  # what the visitor chose at last, just before the number went, is not lost
    assert app.session_state["changed"] == ["number"]
    assert [one.rpartition("-")[2] for one in app.session_state[streamlit_parts.GONE]] == ["epochs"]  # no upload


def test_only_what_lets_a_run_end_ends_it():
    """A run that does what was pressed is not cut off; there, a bare `st.rerun` would go on behind its line."""
    calls = {}
    for path in sorted([*(ROOT / "components").rglob("*.py"), *(ROOT / "pages").glob("*.py")]):
        found = re.findall(r"^ +st\.(?:rerun|switch_page)\(", path.read_text("utf-8"), re.MULTILINE)
        if found:
            calls[path.relative_to(ROOT).as_posix()] = len(found)
    assert calls == {"components/scene/address.py": 1, "components/shell/__init__.py": 1}


ENDING = """
import streamlit as st
from components.scene import rerun
from components.shell.press import forget_presses, pressed
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
if pressed("Go", key="go"):
    rerun()
    st.session_state["behind"] = True
forget_presses()
"""


def test_a_run_that_does_what_was_pressed_ends_where_it_says_so():
    app = AppTest.from_string(ENDING, default_timeout=60).run()
    app.button(key="go").click().run()
    assert app.session_state["runs"] == 3
    assert "behind" not in app.session_state


def told(press: bool = False, **numbers: int) -> WidgetStates:
    """Return what the browser tells of number fields, and of the button "press" where it was pressed."""
    widgets = [WidgetState(id=name, int_value=value) for name, value in numbers.items()]
    return WidgetStates(widgets=[*widgets, *[WidgetState(id="press", trigger_value=True)][:press]])


@pytest.fixture
def requests() -> tuple[SessionState, SafeSessionState, SafeSessionState]:
    """Return a session, and how an older and a newer request see it."""
    for _ in range(2):
        let_callbacks_finish()  # the second time, it is there already, whatever has come on top of it
        remember_gone_widgets()
    session = SessionState()
    older, newer = (SafeSessionState(session, lambda: None) for _ in range(2))
    return session, older, newer


def known(session: SessionState) -> dict[str, Any]:
    return {name: one.value for name, one in session._new_widget_state.states.items() if isinstance(one, Serialized)}


def test_an_older_request_that_has_its_turn_after_a_newer_one_undoes_nothing(requests):
    session, older, newer = requests
    newer.on_script_will_rerun(told(first=2, second=5))
    older.on_script_will_rerun(told(first=1, second=5))
    assert [one.int_value for one in known(session).values()] == [2, 5]
    newer.on_script_will_rerun(told(first=3, second=5))  # by st.rerun, in the same run
    assert [one.int_value for one in known(session).values()] == [3, 5]


def test_what_was_pressed_in_it_is_not_lost(requests):
    session, older, newer = requests
    newer.on_script_will_rerun(told(first=2))
    older.on_script_will_rerun(told(first=1, press=True))
    assert known(session)["press"].trigger_value is True
    assert known(session)["first"].int_value == 2


def test_requests_in_their_order_are_each_heard(requests):
    session, older, newer = requests
    for request, value in ((older, 1), (newer, 2)):
        request.on_script_will_rerun(told(first=value))
        assert known(session)["first"].int_value == value
