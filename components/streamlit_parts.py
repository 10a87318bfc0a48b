"""What the course leans on in Streamlit and the server below it that is no public interface, all in one file.

A newer Streamlit may change any of it. `tests/unit/test_streamlit_parts.py` and `tests/e2e/test_streamlit_parts.py` say
which part that is; everything else in the course uses what Streamlit documents.
"""

import base64
import hashlib
import re
import threading
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from weakref import WeakValueDictionary

import h11
import starlette.formparsers
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit import config, file_util, net_util
from streamlit.navigation.page import Page as StreamlitPage
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, RuntimeState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SafeSessionState
from streamlit.runtime.uploaded_file_manager import UploadedFile
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

__all__ = [
    "CLASSES",
    "RERUN",
    "TEST_IDS",
    "WENT_BACK",
    "WIDGET_CHANGED",
    "Connection",
    "StreamlitPage",
    "UploadedFile",
    "ask_no_other_host",
    "cookies_of_session",
    "drop_uploads",
    "end_expired_sessions",
    "ends_a_run",
    "forget_upload",
    "inline_script_digests",
    "is_place_for_upload",
    "is_set_by_hand",
    "keep_page_runs_whole",
    "keep_uploads_in_memory",
    "let_callbacks_finish",
    "message_kind",
    "note_upload_places",
    "session_id",
    "unclaimed_uploads",
    "uploaded_bytes",
    "watch_connections",
]

TEST_IDS = (
    "InputInstructions",
    "stButtonGroup",
    "stCaptionContainer",
    "stFileChip",
    "stFileChipIconSpinner",
    "stFileChipName",
    "stFileUploader",
    "stFileUploaderDropzone",
    "stFileUploaderDropzoneInstructions",
    "stHeader",
    "stMainBlockContainer",
    "stMarkdownContainer",
    "stNumberInputField",
    "stPageLink",
    "stPageLink-NavLink",
    "stPopoverBody",
    "stSelectbox",
    "stSelectboxVirtualDropdown",
    "stTextInputField",
    "stToast",
    "stTopNavLink",
    "stVerticalBlock",
)
"""The values of data-testid by which style sheets and browser modules find parts of Streamlit's page."""

CALLBACK_PATIENCE = 10.0
"""Seconds that a request waits for the callbacks of the one before it, in the same session."""

WIDGET_CHANGED, WENT_BACK = "streamlit:widget-changed", "streamlit:went-back"
"""In the session: a change of a widget, or the browser's Back or Forward, began a run. Who reads it, takes it away."""

CLASSES = ("stApp", "js-plotly-plot")
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


def let_callbacks_finish() -> None:
    """Let no request of the browser cut off the callbacks of the one before it, or run beside them.

    Streamlit 1.67 looks for a newer request whenever a callback touches the session, and ends the callback if there is
    one. What the visitor did is lost then: the next run takes the widget's value for known and calls nobody. Two clicks
    in quick succession on a busy computer are enough.

    It also notes in the session what brought about a run, which Streamlit tells nobody: see `WIDGET_CHANGED`.
    """
    begin = SafeSessionState.on_script_will_rerun
    if getattr(begin, "lets_callbacks_finish", False):
        return

    one_at_a_time = threading.Lock()
    turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()  # of the sessions whose callbacks run

    def undisturbed(state: SafeSessionState, *states: Any, **replayed: Any) -> None:
        runner = vars(getattr(vars(state)["_yield_callback"], "__self__", SimpleNamespace()))
        running = runner.get("_execing", False)
        with one_at_a_time:
            turn = turns.setdefault(runner.get("_session_id", ""), threading.Lock())
        waited = turn.acquire(timeout=CALLBACK_PATIENCE)
        try:
            if running:
                runner["_execing"] = False  # only while it runs the script does it look for requests
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

    undisturbed.lets_callbacks_finish = True  # type: ignore[attr-defined]
    SafeSessionState.on_script_will_rerun = undisturbed  # type: ignore[method-assign, assignment]


def _has_changed(widgets: Any) -> bool:
    return any(widgets._widget_changed(one) for one in widgets._new_widget_state)  # noqa: SLF001


# The server -----------------------------------------------------------------------------------------------------------

RERUN = "rerun_script"
"""The kind of message that asks for a run of a page."""

MOST_PLACES = 4000
"""Files that one session's uploaders may be about to send; the places of the first ones are taken back."""

MOST_MESSAGE_BYTES = 2 * 2**20
"""Of one message from a browser. The largest of the course, a drawing or a table of words, has some ten thousand."""

_END_BYTES = 4096
"""The message that ends a run is shorter."""


def is_set_by_hand(option: str) -> bool:
    """Return whether an option of Streamlit's has been set, in a file, by a flag or in the environment."""
    return config.is_manually_set(option)


def ask_no_other_host() -> None:
    """Let Streamlit 1.67 ask no server on the internet for this machine's address: it does so while everybody waits."""
    net_util.get_external_ip = lambda: None


@cache
def inline_script_digests() -> tuple[str, ...]:
    """Return what a content policy calls the scripts that stand in Streamlit's own page: 'sha256-…'."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)


def message_kind(data: bytes) -> str | None:
    """Return the kind of a browser's message: `RERUN` or another name, "" for one to leave out, None for garbage."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return None
    if len(message.file_urls_request.file_names) > MOST_PLACES:
        return ""
    return message.WhichOneof("type") or ""


def ends_a_run(data: bytes) -> bool:
    """Return whether a message to a browser says that its page's run has ended, and that no other has taken over."""
    if len(data) > _END_BYTES:
        return False
    message = ForwardMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return False
    ended = message.WhichOneof("type") == "script_finished"
    return ended and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def cookies_of_session(session: str) -> Mapping[str, str] | None:
    """Return the cookies with which the browser of a session connected; None if no such session is connected."""
    client = Runtime.instance().get_client(session) if Runtime.exists() else None
    context = client.client_context if client is not None else None
    return context.cookies if context is not None else None


def note_upload_places() -> None:
    """Remember for each session where its uploaders were told to send their files: see `is_place_for_upload`."""
    give = MemoryUploadedFileManager.get_upload_urls
    if getattr(give, "notes_places", False):
        return

    def give_and_note(manager: MemoryUploadedFileManager, session_id: str, file_names: Any) -> Any:
        given = give(manager, session_id, file_names)
        places = vars(manager).setdefault("_course_places", {})
        known = places.setdefault(session_id, {})
        known.update(dict.fromkeys(one.file_id for one in given))
        for oldest in list(known)[:-MOST_PLACES]:
            del known[oldest]
        return given

    give_and_note.notes_places = True  # type: ignore[attr-defined]
    MemoryUploadedFileManager.get_upload_urls = give_and_note  # type: ignore[method-assign, assignment]


def is_place_for_upload(session: str, file: str) -> bool:
    """Return whether an uploader of this session was told to send a file there."""
    return file in vars(_uploads()).get("_course_places", {}).get(session, {})


def uploaded_bytes() -> dict[str, int]:
    """Return how many bytes of uploaded files each session holds."""
    files = {session: list(of_session.values()) for session, of_session in list(_uploads().file_storage.items())}
    return {session: sum(len(file.data) for file in of_session) for session, of_session in files.items()}


def unclaimed_uploads() -> set[tuple[str, str]]:
    """Return session and name of every uploaded file that no uploader of its page shows."""
    manager = Runtime.instance()._session_mgr  # noqa: SLF001
    shown = {one.session.id: vars(one.session)["_client_state"] for one in manager.list_sessions()}
    found = set()
    for session, files in list(_uploads().file_storage.items()):
        state = shown[session].SerializeToString() if session in shown else b""
        found |= {(session, file) for file in list(files) if file.encode() not in state}
    return found


def drop_uploads(uploads: set[tuple[str, str]]) -> None:
    """Forget uploaded files, given as `unclaimed_uploads` returns them."""
    for session, file in uploads:
        _uploads().remove_file(session_id=session, file_id=file)


def end_expired_sessions() -> int:
    """End the sessions whose browsers have been away for too long, with all that they hold; return how many.

    Streamlit 1.67 does this only when another browser leaves. For the thread that serves everybody.
    """
    runtime = Runtime.instance()
    manager: Any = runtime._session_mgr  # noqa: SLF001
    kept = manager._session_storage._cache  # noqa: SLF001
    with manager._storage_lock:  # noqa: SLF001
        known = dict(kept._data)  # noqa: SLF001
        kept.expire()
        gone = [info.session for session, info in known.items() if session not in kept._data]  # noqa: SLF001
    for session in gone:
        session.shutdown()
        vars(manager)["_session_connect_times"].pop(session.id, None)
    there = {one.session.id for one in manager.list_sessions()}
    # A file that came to its end after its session had ended would stay for ever.
    for session in {*_uploads().file_storage, *vars(_uploads()).get("_course_places", {})} - there:
        _uploads().remove_session_files(session)
        vars(_uploads()).get("_course_places", {}).pop(session, None)
    if gone:
        runtime.media_file_mgr.remove_orphaned_files()  # downloads go at the second time, see Streamlit
        _send_to_nobody(runtime, manager)
    return len(gone)


def _send_to_nobody(runtime: Runtime, manager: Any) -> None:
    """Let the loop that sends all messages go round once: it still holds the last visitor and the last message."""
    listed = manager.list_active_sessions

    def done() -> None:
        vars(manager).pop("list_active_sessions", None)
        runtime._on_session_disconnected()  # noqa: SLF001

    session = SimpleNamespace(id="", flush_browser_queue=lambda: [ForwardMsg()], on_flushed_messages_sent=done)
    client = SimpleNamespace(write_forward_msg=lambda _message: None)
    nobody = SimpleNamespace(session=session, client=client, script_run_count=0)
    manager.list_active_sessions = lambda: [*listed(), nobody]
    waiting = runtime._get_async_objs()  # noqa: SLF001
    runtime._set_state(RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED)  # noqa: SLF001
    waiting.has_connection.set()
    waiting.need_send_data.set()


def _uploads() -> MemoryUploadedFileManager:
    return Runtime.instance().uploaded_file_mgr  # type: ignore[return-value]


class Connection:
    """A connection of the HTTP server below Streamlit."""

    def __init__(self, protocol: H11Protocol) -> None:
        self._protocol = protocol

    @property
    def address(self) -> str:
        """The other end's address, "" if it is unknown."""
        return self._protocol.client[0] if self._protocol.client else ""

    @property
    def is_open(self) -> bool:
        """Whether neither side has closed it."""
        return not self._protocol.transport.is_closing()

    @property
    def waiting_for(self) -> object:
        """What identifies the request whose head is not complete yet; None if nothing is waited for."""
        protocol = self._protocol
        if protocol.transport.get_protocol() is not protocol:  # it is a WebSocket by now
            return None
        return (id(self), id(protocol.cycle)) if protocol.conn.their_state is h11.IDLE else None

    def abort(self) -> None:
        """Close it at once."""
        self._protocol.transport.abort()


def watch_connections(opened: Callable[[Connection], None]) -> None:
    """Call a function with every connection that the HTTP server takes from now on, and bound browsers' messages."""
    made, begin = H11Protocol.connection_made, WebSocketsSansIOProtocol.__init__
    made = getattr(made, "before", made)
    begin = getattr(begin, "before", begin)

    def connection_made(protocol: H11Protocol, transport: Any) -> None:
        made(protocol, transport)
        opened(Connection(protocol))

    def begin_small(protocol: WebSocketsSansIOProtocol, *given: Any, **named: Any) -> None:
        begin(protocol, *given, **named)
        protocol.conn.max_message_size = min(protocol.conn.max_message_size or MOST_MESSAGE_BYTES, MOST_MESSAGE_BYTES)

    connection_made.before = made  # type: ignore[attr-defined]
    begin_small.before = begin  # type: ignore[attr-defined]
    H11Protocol.connection_made = connection_made  # type: ignore[method-assign, assignment]
    WebSocketsSansIOProtocol.__init__ = begin_small  # type: ignore[method-assign, assignment]
