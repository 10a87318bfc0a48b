"""What the door leans on in Streamlit's server and the one below it that is no public interface, all in one file.

A newer Streamlit or uvicorn may change any of it. `tests/unit/test_streamlit_server.py` says which part that is.
"""

import base64
import hashlib
import re
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h11
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit import config, file_util, net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, RuntimeState
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

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


@cache
def chunk_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files of parts of Streamlit's page, such as "PageLink"; of a part that is there no more, none."""
    folder = Path(file_util.get_static_dir()) / "static" / "js"
    return tuple(path.name for name in names for path in sorted(folder.glob(f"{name}.*.js")))


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


def keep_sessions(most: int) -> None:
    """Keep up to so many sessions of browsers that are away for a moment; Streamlit 1.67 keeps 128."""
    kept: Any = Runtime.instance()._session_mgr._session_storage  # type: ignore[attr-defined]  # noqa: SLF001
    kept._cache._maxsize = most  # noqa: SLF001


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


# Connections ----------------------------------------------------------------------------------------------------------


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
        """What is equal for as long as the head of one request is waited for; None if none is."""
        protocol = self._protocol
        if protocol.transport.get_protocol() is not protocol:  # it is a WebSocket by now
            return None
        return (protocol.cycle,) if protocol.conn.their_state is h11.IDLE else None

    def abort(self) -> None:
        """Close it at once."""
        self._protocol.transport.abort()


def watch_connections(opened: Callable[[Connection], None]) -> None:
    """Call a function with every connection that the HTTP server takes from now on."""
    made = H11Protocol.connection_made
    made = getattr(made, "before", made)

    def connection_made(protocol: H11Protocol, transport: Any) -> None:
        made(protocol, transport)
        opened(Connection(protocol))

    connection_made.before = made  # type: ignore[attr-defined]
    H11Protocol.connection_made = connection_made  # type: ignore[method-assign, assignment]


PIECE_BYTES = 2048
"""Read from a WebSocket in one go: some hundred of the smallest messages."""

SHARE = 0.01
"""Of the time of the thread that serves everybody, for taking apart what comes through one WebSocket."""


def read_web_sockets_in_pieces() -> None:
    """Take what comes through a WebSocket in small pieces, and bound the size of a message.

    uvicorn 0.54 reads up to 256 kB and takes all messages in it apart before anybody else's turn: twenty thousand
    small ones, a second's work, for each WebSocket of whoever means harm.
    """
    if hasattr(WebSocketsSansIOProtocol.data_received, "in_pieces"):
        return
    begin, take, give = (
        WebSocketsSansIOProtocol.__init__,
        WebSocketsSansIOProtocol.data_received,
        WebSocketsSansIOProtocol.receive,
    )

    def begin_small(socket: WebSocketsSansIOProtocol, *given: Any, **named: Any) -> None:
        begin(socket, *given, **named)
        socket.conn.max_message_size = min(socket.conn.max_message_size or MOST_MESSAGE_BYTES, MOST_MESSAGE_BYTES)
        vars(socket)["_course_rest"] = bytearray()
        vars(socket)["_course_timer"] = None

    def data_received(socket: WebSocketsSansIOProtocol, data: bytes) -> None:
        vars(socket)["_course_rest"] += data
        if vars(socket)["_course_timer"] is None:
            go_on(socket)

    def go_on(socket: WebSocketsSansIOProtocol) -> None:
        """Take one piece; the next one comes when its messages were handled and others had their turn."""
        rest: bytearray = vars(socket)["_course_rest"]
        vars(socket)["_course_timer"] = None
        if socket.transport.is_closing():
            rest.clear()
        if not rest or socket.read_paused:
            return
        piece = bytes(rest[:PIECE_BYTES])
        del rest[:PIECE_BYTES]
        begun = time.perf_counter()
        take(socket, piece)
        if rest:
            socket.transport.pause_reading()
            wait = (time.perf_counter() - begun) / SHARE
            vars(socket)["_course_timer"] = socket.loop.call_later(wait, go_on, socket)
        elif not socket.read_paused and not socket.transport.is_closing():
            socket.transport.resume_reading()

    async def receive(socket: WebSocketsSansIOProtocol) -> Any:
        message = await give(socket)
        if not socket.read_paused and vars(socket)["_course_rest"]:
            socket.transport.pause_reading()
            if vars(socket)["_course_timer"] is None:
                vars(socket)["_course_timer"] = socket.loop.call_soon(go_on, socket)
        return message

    data_received.in_pieces = True  # type: ignore[attr-defined]
    WebSocketsSansIOProtocol.__init__ = begin_small  # type: ignore[method-assign, assignment]
    WebSocketsSansIOProtocol.data_received = data_received  # type: ignore[method-assign, assignment]
    WebSocketsSansIOProtocol.receive = receive  # type: ignore[method-assign, assignment]
