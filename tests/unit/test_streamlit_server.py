"""components/streamlit_server.py: a newer Streamlit or uvicorn that changes one of these parts fails the test of it."""

import asyncio
import inspect
import time
from types import SimpleNamespace

import pytest
from streamlit import net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server import server_util
from uvicorn.config import Config
from uvicorn.protocols.http import auto
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.protocol import State
from websockets.uri import parse_uri

from components import streamlit_server
from components.streamlit_server import (
    MOST_MESSAGE_BYTES,
    MOST_PLACES,
    PIECE_BYTES,
    ask_no_other_host,
    inline_script_digests,
    message_kind,
    note_upload_places,
    read_web_sockets_in_pieces,
)


def test_no_host_is_asked_for_this_machines_address(monkeypatch):
    asked = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *request, **more: asked.append(request))
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    ask_no_other_host()
    assert not server_util.is_url_from_allowed_origins("http://evil.example")
    assert asked == []


def test_streamlits_own_page_has_one_script_and_the_policy_names_it():
    (digest,) = inline_script_digests()
    assert len(digest) == len("'sha256-'") + 44


def test_an_uploaders_places_are_noted_and_not_too_many(monkeypatch):
    note_upload_places()
    manager = MemoryUploadedFileManager("/upload")
    monkeypatch.setattr(streamlit_server, "_uploads", lambda: manager)
    first, second = manager.get_upload_urls("me", ["a", "b"])
    assert streamlit_server.is_place_for_upload("me", first.file_id)
    assert streamlit_server.is_place_for_upload("me", second.file_id)
    assert not streamlit_server.is_place_for_upload("other", first.file_id)
    assert not streamlit_server.is_place_for_upload("me", "invented")
    newest = manager.get_upload_urls("me", ["a"] * MOST_PLACES)
    assert not streamlit_server.is_place_for_upload("me", first.file_id)
    assert all(streamlit_server.is_place_for_upload("me", one.file_id) for one in newest)


@pytest.mark.parametrize(("data", "kind"), [(b"", ""), (b"\xff\xff", None), (b"\x0a", None)])
def test_what_is_no_message_has_no_kind(data, kind):
    assert message_kind(data) == kind


def test_connections_are_those_of_the_server_that_is_installed():
    """Another one would be used if its package were there, and nobody would look after its connections."""
    assert auto.AutoHTTPProtocol is H11Protocol
    assert "their_state" in dir(__import__("h11").Connection)
    assert list(inspect.signature(H11Protocol.connection_made).parameters)[1] == "transport"


# WebSockets in pieces -------------------------------------------------------------------------------------------------


class Transport:
    """A connection that only notes whether it is read."""

    def __init__(self):
        self.reading, self.closing = True, False

    def pause_reading(self):
        self.reading = False

    def resume_reading(self):
        self.reading = True

    def is_closing(self):
        return self.closing

    def close(self):
        self.closing = True

    def write(self, data):
        pass

    def get_extra_info(self, name):
        return None


@pytest.fixture
def client():
    """The other end of a WebSocket."""
    return ClientProtocol(parse_uri("ws://localhost/"), max_size=None)


async def opened(client, app):
    """Return a WebSocket of the server for an app, and its transport, after the handshake."""
    read_web_sockets_in_pieces()
    config = Config(app, ws="websockets-sansio", ws_max_size=200 * 2**20, ws_ping_interval=None)
    config.load()
    socket, transport = WebSocketsSansIOProtocol(config, ServerState(), {}), Transport()
    socket.connection_made(transport)  # type: ignore[arg-type]
    client.send_request(client.connect())
    socket.data_received(b"".join(client.data_to_send()))
    await asyncio.sleep(0)
    client.state = State.OPEN  # what the server answers is of no interest here
    return socket, transport


def app_that_keeps(got):
    async def app(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            got.append(message["bytes"])

    return app


def wire(client, messages):
    for one in messages:
        client.send_binary(one)
    return b"".join(client.data_to_send())


async def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("chunk", [1, 100, PIECE_BYTES, 256 * 1024])
@pytest.mark.parametrize("sizes", [[0] * 3000, [10] * 500, [300_000, 0, 70_000], [PIECE_BYTES] * 3, [1_500_000]])
def test_every_message_arrives_whole_and_in_order_however_it_is_cut(client, sizes, chunk):
    if chunk == 1 and sum(sizes) > 10_000:
        sizes = [min(size, 3000) for size in sizes]
    messages = [bytes([number % 251]) * size for number, size in enumerate(sizes)]

    async def scene():
        got: list[bytes] = []
        socket, transport = await opened(client, app_that_keeps(got))
        data = wire(client, messages)
        for begin in range(0, len(data), chunk):
            while not transport.reading:
                await asyncio.sleep(0)
            socket.data_received(data[begin : begin + chunk])
        await until(lambda: len(got) == len(messages))
        assert got == messages
        assert transport.reading
        socket.connection_lost(None)
        await asyncio.sleep(0)

    asyncio.run(scene())


def test_others_have_their_turn_while_twenty_thousand_messages_are_taken_apart(client):
    async def scene():
        got: list[bytes] = []
        socket, transport = await opened(client, app_that_keeps(got))
        data = wire(client, [BackMsg(stop_script=True).SerializeToString()] * 20_000)
        begun = time.perf_counter()
        socket.data_received(data)
        assert time.perf_counter() - begun < 0.2  # all of them take a second and more
        assert not transport.reading
        turns = 0
        while len(got) < 2000:
            await asyncio.sleep(0)
            turns += 1
        assert turns > 50
        transport.closing = True
        socket.connection_lost(None)
        await asyncio.sleep(0.01)

    asyncio.run(scene())


def test_pings_without_end_leave_others_their_turn(client):
    async def scene():
        socket, transport = await opened(client, app_that_keeps([]))
        for _ in range(20_000):
            client.send_ping(b"")
        begun = time.perf_counter()
        socket.data_received(b"".join(client.data_to_send()))
        assert time.perf_counter() - begun < 0.2
        assert not transport.reading
        transport.closing = True
        socket.connection_lost(None)
        await asyncio.sleep(0.01)

    asyncio.run(scene())


def test_a_message_that_is_too_large_ends_the_web_socket(client):
    async def scene():
        socket, transport = await opened(client, app_that_keeps([]))
        data = wire(client, [bytes(MOST_MESSAGE_BYTES + 1)])
        socket.data_received(data)
        await until(lambda: transport.closing)

    asyncio.run(scene())


def test_an_expired_session_is_one_that_streamlits_store_still_holds():
    """Streamlit looks for those whose time is over when another one is saved."""
    from streamlit.runtime.memory_session_storage import MemorySessionStorage

    now = [0.0]
    storage = MemorySessionStorage(ttl_seconds=60)
    cache = storage._cache
    cache._timer = lambda: now[0]  # type: ignore[attr-defined]
    storage.save(SimpleNamespace(session=SimpleNamespace(id="a")))  # type: ignore[arg-type]
    now[0] = 61
    assert storage.list() == []
    assert list(cache._data) == ["a"]  # type: ignore[attr-defined]
    cache.expire()  # type: ignore[attr-defined]
    assert list(cache._data) == []  # type: ignore[attr-defined]
