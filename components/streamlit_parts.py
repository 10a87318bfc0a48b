"""What the pages lean on in Streamlit that is no public interface, all in one file; the server's: streamlit_server.py.

A newer Streamlit may change any of it. `tests/unit/test_streamlit_parts.py` and `tests/e2e/test_streamlit_parts.py` say
which part that is; everything else in the course uses what Streamlit documents.
"""

import threading
from collections.abc import Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import starlette.formparsers
import streamlit as st
from streamlit.commands import navigation
from streamlit.navigation.page import Page as StreamlitPage
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SafeSessionState
from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = [
    "CLASSES",
    "TEST_IDS",
    "WENT_BACK",
    "WIDGET_CHANGED",
    "StreamlitPage",
    "UploadedFile",
    "finish_this_run",
    "forget_upload",
    "keep_page_runs_whole",
    "keep_uploads_in_memory",
    "leave_old_pages",
    "let_callbacks_finish",
    "let_this_run_end",
    "page_was_unknown",
    "remember_gone_widgets",
    "say_unknown_pages_ourselves",
    "session_id",
]

TEST_IDS = (
    "InputInstructions",
    "stAlertContainer",
    "stAlertContentError",
    "stAppSkeleton",
    "stBaseButton-primary",
    "stBaseButton-secondary",
    "stBidiComponentIsolated",
    "stButtonGroup",
    "stCaptionContainer",
    "stDownloadButton",
    "stElementContainer",
    "stExpander",
    "stExpanderDetails",
    "stFileChip",
    "stFileChipIconSpinner",
    "stFileChipName",
    "stFileUploader",
    "stFileUploaderDropzone",
    "stFileUploaderDropzoneInstructions",
    "stHeader",
    "stIconMaterial",
    "stLayoutWrapper",
    "stMain",
    "stMainBlockContainer",
    "stMarkdownContainer",
    "stNumberInputField",
    "stPageLink",
    "stPageLink-NavLink",
    "stPopoverBody",
    "stPopoverButton",
    "stSelectbox",
    "stSelectboxVirtualDropdown",
    "stSkeleton",
    "stTextInputField",
    "stToast",
    "stVerticalBlock",
)
"""The values of data-testid by which style sheets and browser modules find parts of Streamlit's page."""

CALLBACK_PATIENCE = 10.0
"""Seconds that a request waits for the callbacks of the one before it, in the same session."""

WIDGET_CHANGED, WENT_BACK = "streamlit:widget-changed", "streamlit:went-back"
"""In the session: a change of a widget, or the browser's Back or Forward, began a run. Who reads it, takes it away."""

UNKNOWN_PAGE = "streamlit:unknown-page"
"""In the session: the browser asked for a page that there is not."""

GONE = "streamlit:gone"
"""In the session: id → value of the widgets that the last runs took off the page."""

REQUEST = "streamlit:request"
"""In the session: the number of the browser's newest request that has had its turn."""

MOST_GONE = 200

CLASSES = ("stApp", "stHtml", "js-plotly-plot")
"""Class names of Streamlit's and Plotly's that the style sheets use. (`st-key-…` is documented.)"""


def session_id() -> str:
    """Return Streamlit's id of this visitor's session, or "" outside one."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def forget_upload(file: UploadedFile) -> None:
    """Make Streamlit forget an uploaded file at once, not when its visitor has left."""
    context = get_script_run_ctx()
    if context is not None:
        # Without this method, the file stays until its visitor leaves. A test notices that; pages go on working.
        remove = getattr(context.uploaded_file_mgr, "remove_file", None)
        if remove is not None:
            remove(session_id=context.session_id, file_id=file.file_id)


def keep_uploads_in_memory(most_bytes: int) -> None:
    """Keep uploads of at most this many bytes in memory, off the disk.

    Starlette, which receives them for Streamlit, writes uploads of more than 1 MB to a temporary file.
    """
    starlette.formparsers.MultiPartParser.spool_max_size = most_bytes


def say_unknown_pages_ourselves() -> None:
    """Let a page say that an address is unknown, in its own words: Streamlit 1.67 opens a dialog."""

    def note_it(ctx: ScriptRunContext) -> None:
        ctx.session_state[UNKNOWN_PAGE] = True

    navigation.send_page_not_found = note_it


def page_was_unknown() -> bool:
    """Return, once, whether the browser asked for a page that there is not; `st.navigation` has taken another one."""
    return bool(st.session_state.pop(UNKNOWN_PAGE, False))


def keep_page_runs_whole() -> None:
    """Let no run of a fragment take messages of the page's run before it that still wait to be sent.

    Streamlit 1.67 drops those that draw the fragment, because it draws it anew; but the page's end still comes first,
    and there the browser closes the gap: what the fragment draws then replaces what stood behind it on the page.
    """
    clear = ForwardMsgQueue.clear
    if getattr(clear, "keeps_page_runs_whole", False):
        return

    def clear_but_for_fragments(
        queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        if retain_lifecycle_msgs and fragment_ids_this_run is not None:
            vars(queue)["_delta_index_map"] = {}  # the new run's messages come behind all that wait, in place of none
        else:
            clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)

    clear_but_for_fragments.keeps_page_runs_whole = True  # type: ignore[attr-defined]
    ForwardMsgQueue.clear = clear_but_for_fragments  # type: ignore[method-assign, assignment]


class _Page(NamedTuple):
    """The page that a visitor has gone to last.

    Attributes:
        name: Streamlit's hash of it, "" where only the browser knows.
        query: of the address with which the browser asked for it, None if another page opened it.
        widgets: ids of those of no page, whose values the browser sends with a click on a link.
        before: the page that was left for this one.
    """

    name: str = ""
    query: str | None = None
    widgets: frozenset[str] = frozenset()
    before: str = ""


def leave_old_pages(of_all_pages: Sequence[str] = ()) -> None:
    """Let no page that its visitor has left take away the next one, or the click that opens it.

    A timer, a module or a widget of a page asks for its runs for as long as the browser has not heard of the page that
    a click asked for. Streamlit 1.67 then forgets the click; or it draws the new page and, for a fragment of the old
    one, tells the browser afterwards that it is there again, and all that the new page drew is taken away.

    Args:
        of_all_pages: how the keys of widgets begin that stand on every page: a click on a link tells their values, too.
    """
    ask, hear = AppSession.request_rerun, AppSession._on_scriptrunner_event  # noqa: SLF001
    if getattr(ask, "leaves_old_pages", False):
        return

    def everywhere(widget: str) -> bool:
        return _key_of(widget).startswith(tuple(of_all_pages))

    def shown(session: AppSession) -> str:
        return str(vars(session)["_client_state"].page_script_hash)

    def request_rerun(session: AppSession, state: ClientState | None) -> None:
        now: _Page = vars(session).get("_course_page", _Page())
        if state is None or not state.page_script_hash:
            ask(session, state)
            return
        page = state.page_script_hash
        widgets = frozenset(one.id for one in state.widget_states.widgets if not everywhere(one.id))
        left = bool(now.name) and page != now.name
        of_a_widget = page == now.before and not widgets <= now.widgets
        if left and (state.fragment_id or (of_a_widget and now.query is None)):
            return
        if left and of_a_widget:
            state.page_script_hash, state.query_string = now.name, now.query or ""  # what a widget said is not lost
        elif page == now.name and not state.fragment_id:
            vars(session)["_course_page"] = now._replace(query=state.query_string, widgets=now.widgets & widgets)
        elif not state.fragment_id:
            vars(session)["_course_page"] = _Page(page, state.query_string, widgets, now.name or shown(session))
        ask(session, state)

    def on_scriptrunner_event(session: AppSession, sender: Any, event: Any, *given: Any, **named: Any) -> None:
        page = named.get("page_script_hash")
        if page is not None and not named.get("fragment_ids_this_run") and sender is vars(session)["_scriptrunner"]:
            main = vars(session)["_pages_manager"].main_script_hash  # the first page begins under its name
            now: _Page = vars(session).get("_course_page", _Page())
            if page != now.name:
                vars(session)["_course_page"] = (
                    _Page() if page == main else _Page(page, before=now.name or shown(session))
                )
        hear(session, sender, event, *given, **named)

    request_rerun.leaves_old_pages = True  # type: ignore[attr-defined]
    AppSession.request_rerun = request_rerun  # type: ignore[method-assign, assignment]
    AppSession._on_scriptrunner_event = on_scriptrunner_event  # type: ignore[method-assign, assignment]  # noqa: SLF001


def _key_of(widget: str) -> str:
    """Return the key of a widget that has one, from its id: "$$ID-<hash>-<key>"."""
    return widget.split("-", 2)[2] if widget.startswith("$$ID-") and widget.count("-") > 1 else widget


def let_callbacks_finish() -> None:
    """Let no request of the browser cut off the callbacks of the one before it, or run beside them.

    Streamlit 1.67 looks for a newer request whenever a callback touches the session, and ends the callback if there is
    one. What the visitor did is lost then: the next run takes the widget's value for known and calls nobody. Two clicks
    in quick succession on a busy computer are enough.

    Each request begins a thread of its own, and the newer one may be the first to get here. What the older one says is
    then out of date, but for what was pressed: taken for a change, it would undo the newer one.

    It also notes in the session what brought about a run, which Streamlit tells nobody: see `WIDGET_CHANGED`.
    """
    begin, make = SafeSessionState.on_script_will_rerun, SafeSessionState.__init__
    if getattr(make, "counts_requests", False):
        return

    one_at_a_time = threading.Lock()
    requests = count()

    def made(state: SafeSessionState, *given: Any, **named: Any) -> None:
        make(state, *given, **named)
        vars(state)["_course_request"] = next(requests)

    def is_late(state: SafeSessionState) -> bool:
        """Return whether a newer request of the same session has had its turn; note this one if not."""
        kept = vars(state)["_state"]._old_state  # noqa: SLF001
        newest = kept.get(REQUEST, 0)
        request = vars(state).get("_course_request", newest)
        kept[REQUEST] = max(request, newest)
        return bool(request < newest)

    turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()  # of the sessions whose callbacks run

    def undisturbed(state: SafeSessionState, *states: Any, **replayed: Any) -> None:
        runner = _runner_of(state)
        runner.pop("_finishes", None)  # said of the run before
        running = runner.get("_execing", False)
        with one_at_a_time:
            turn = turns.setdefault(runner.get("_session_id", ""), threading.Lock())
        waited = turn.acquire(timeout=CALLBACK_PATIENCE)
        try:
            if running:
                runner["_execing"] = False  # only while it runs the script does it look for requests
            if is_late(state):
                fresh, *more = states
                pressed = [one for one in (fresh.widgets if fresh else ()) if _is_pressed(one)]
                if not pressed:
                    return
                states = (WidgetStates(widgets=pressed), *more)
            begin(state, *states, **replayed)
            context = get_script_run_ctx()
            # A run of a fragment reads no URL, and its change says nothing of the page's next run.
            of_the_page = context is None or not context.fragment_ids_this_run
            if of_the_page and _has_changed(vars(state)["_state"]):
                state[WIDGET_CHANGED] = True
            if replayed.get("is_history_navigation"):
                state[WENT_BACK] = True
        finally:
            if running:
                runner["_execing"] = True
            if waited:
                turn.release()

    made.counts_requests = True  # type: ignore[attr-defined]
    SafeSessionState.__init__ = made  # type: ignore[method-assign, assignment]
    SafeSessionState.on_script_will_rerun = undisturbed  # type: ignore[method-assign, assignment]


def finish_this_run() -> None:
    """Let no request of the browser cut off this run of the page from here on: it does what a visitor has pressed."""
    context = get_script_run_ctx()
    if context is not None:
        # Only while that is set does it look for requests.
        _runner_of(context.session_state).update(_execing=False, _finishes=True)


def let_this_run_end() -> None:
    """Let what comes now end a run that nothing else may cut off: `st.rerun` and `st.switch_page` are requests, too."""
    context = get_script_run_ctx()
    if context is not None:
        runner = _runner_of(context.session_state)
        if runner.pop("_finishes", False):
            runner["_execing"] = True


def _runner_of(state: Any) -> dict[str, Any]:
    """Return the attributes of what runs the page; those of nothing if Streamlit keeps it elsewhere."""
    return vars(getattr(vars(state).get("_yield_callback"), "__self__", SimpleNamespace()))


def remember_gone_widgets() -> None:
    """Let a widget that is not on the page any more be changed by a change only.

    Until the browser has heard that a widget is gone, it sends its value with every request. Streamlit 1.67 has
    forgotten the value by then, takes it for a new one, and calls the widget's callback: the number of epochs, which
    stands beside the button that starts a training, then closed the run that this button had opened.
    """
    begin, finish = SafeSessionState.on_script_will_rerun, SafeSessionState.on_script_finished
    if getattr(finish, "remembers_gone_widgets", False):
        return

    def with_the_gone(state: SafeSessionState, fresh: Any, *more: Any, **replayed: Any) -> None:
        known = vars(state)["_state"]
        gone = known._old_state.get(GONE, {})  # noqa: SLF001
        for widget in fresh.widgets if fresh is not None else ():
            if widget.id in gone:
                known._old_state.setdefault(widget.id, gone[widget.id])  # noqa: SLF001
        begin(state, fresh, *more, **replayed)

    def on_script_finished(state: SafeSessionState, *ids: Any, **named: Any) -> None:
        known = vars(state)["_state"]
        before = known._old_state  # noqa: SLF001 - another dictionary takes its place
        finish(state, *ids, **named)
        after = known._old_state  # noqa: SLF001
        gone = {one: before[one] for one in before.keys() - after.keys() if not _holds_files(before[one])}
        if gone:
            kept = after.get(GONE, {}) | gone
            after[GONE] = dict(list(kept.items())[-MOST_GONE:])

    on_script_finished.remembers_gone_widgets = True  # type: ignore[attr-defined]
    SafeSessionState.on_script_will_rerun = with_the_gone  # type: ignore[method-assign, assignment]
    SafeSessionState.on_script_finished = on_script_finished  # type: ignore[method-assign, assignment]


def _holds_files(value: object) -> bool:
    """Return whether a widget's value is an upload, which nobody should keep for longer than its visitor."""
    return any(isinstance(one, UploadedFile) for one in (value if isinstance(value, list) else [value]))


def _is_pressed(widget: WidgetState) -> bool:
    """Return whether a widget's state is a press, or an event of a component: told once, and by no later request."""
    return bool(widget.trigger_value or widget.json_trigger_value)


def _has_changed(widgets: Any) -> bool:
    return any(widgets._widget_changed(one) for one in widgets._new_widget_state)  # noqa: SLF001
