"""components/shell/door/uploads.py: files come from the page that asked for them, and there is room for others'."""

import asyncio
import contextlib
import socket
import threading
from urllib.parse import urlsplit

import pytest

from components.clients import Client
from components.shell.door import uploads
from components.shell.door.uploads import Uploads
from tests.unit.asgi import request

NAME, OTHER = "n" * 32, "o" * 32
SESSION = "/_stcore/upload_file/session/"


@pytest.fixture
def door(monkeypatch):
    """The door before an app that keeps what it gets; its sessions are NAME's "session" and OTHER's "others"."""
    held: dict[str, int] = {}
    cookies = {"session": {"visitor": NAME}, "others": {"visitor": OTHER}, "none": {}}
    monkeypatch.setattr(uploads, "cookies_of_session", cookies.get)
    monkeypatch.setattr(uploads, "is_place_for_upload", lambda session, file: file.startswith("place"))
    monkeypatch.setattr(uploads, "uploaded_bytes", lambda: dict(held))

    async def app(scope, receive, send):
        session = scope["path"].split("/")[3]
        size = int(dict(scope["headers"]).get(b"content-length", b"0"))
        if scope["method"] == "PUT":
            held[session] = held.get(session, 0) + size
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    found = Uploads(app)
    found.most_bytes = 3000
    return found, held


def put(door, path=SESSION + "place1", *, size=100, browser=NAME, method="PUT", **headers):
    given = {"content_length": str(size), "cookie": f"visitor={browser}", **headers}
    given = {name: value for name, value in given.items() if value}
    return asyncio.run(request(door[0], path, method=method, **given)).status


def test_the_page_that_asked_may_send_its_file_and_take_it_back(door):
    assert put(door) == 204
    assert put(door, method="DELETE") == 204


def test_another_browser_may_do_neither(door):
    for method in ("PUT", "DELETE"):
        for browser in (OTHER, "short", ""):
            assert put(door, browser=browser, method=method) == 403
        assert put(door, "/_stcore/upload_file/none/place1", method=method) == 403
        assert put(door, "/_stcore/upload_file/none/place1", browser="", method=method) == 204
        assert put(door, "/_stcore/upload_file/gone/place1", method=method) == 400


def test_a_file_that_no_uploader_asked_for_is_not_taken(door):
    assert put(door, SESSION + "invented") == 404
    assert door[1] == {}


@pytest.mark.parametrize("length", ["", "-1", "1e9", "999999999999999999999", "١٠", " 5"])
def test_a_file_of_unknown_length_is_not_taken(door, length):
    assert put(door, content_length=length) == 411


def test_one_browser_gets_a_third_of_the_room_and_others_still_have_some(door):
    assert [put(door, size=400) for _ in range(4)] == [204, 204, 413, 413]
    assert put(door, size=200) == 204
    assert put(door, "/_stcore/upload_file/others/place", size=900, browser=OTHER) == 204
    door[1]["session"] = 0  # the page has read them
    assert put(door, size=400) == 204


def test_one_network_gets_two_thirds_and_all_together_no_more_than_there_is(door):
    found, held = door
    held["x"] = 1500
    found._owners["x"] = Client("", "x" * 32)
    assert put(door, size=600) == 413
    assert put(door, size=500) == 204
    held["y"] = 900
    assert put(door, size=200) == 413


def test_files_that_are_under_way_count_too(door):
    found, _ = door
    with found._counted(Client("", NAME), 900):
        assert put(door, size=200) == 413
        assert put(door, size=100) == 204
    for _ in range(uploads.AT_ONCE_OF_BROWSER):
        found._arriving.append(uploads._Arriving(Client("", NAME), 0))
    assert put(door, size=10) == 429
    assert put(door, "/_stcore/upload_file/others/place", size=10, browser=OTHER) == 204


def test_a_file_that_stops_coming_is_given_up(door, monkeypatch):
    from starlette.requests import Request

    monkeypatch.setattr(uploads, "PATIENCE_SECONDS", 0.05)

    async def reading(scope, receive, send):
        await Request(scope, receive).body()

    async def nothing_more():
        await asyncio.Event().wait()

    found = Uploads(reading)
    path = SESSION + "place1"
    answer = asyncio.run(
        request(found, path, method="PUT", hears=nothing_more, content_length="5", cookie=f"visitor={NAME}")
    )
    assert answer.status == 408
    assert found._arriving == []


def test_everything_else_passes(door):
    assert put(door, "/elsewhere/x/y/z", browser="") == 204
    assert put(door, SESSION + "place1", method="OPTIONS", browser="") == 204


# The running server ---------------------------------------------------------------------------------------------------


def test_uploads_of_a_foreign_session_without_a_token_or_too_large_are_refused(come):
    visitor, other = come().open(), come().open()
    visitor.seen()
    other.seen()
    places = visitor.places("a.bin", "b.bin")
    assert visitor.send_file(places[0].upload_url, b"mine").status == 204
    assert other.send_file(places[1].upload_url, b"foreign").status == 403
    assert other.send_file(places[0].delete_url, b"", method="DELETE").status == 403
    assert visitor.send_file(f"/_stcore/upload_file/{visitor.session}/invented", b"x").status == 404
    token, visitor.cookies["_streamlit_xsrf"] = visitor.cookies["_streamlit_xsrf"], "forged"
    assert visitor.send_file(places[1].upload_url, b"x").status == 403
    visitor.cookies["_streamlit_xsrf"] = token
    large = {"Content-Length": str(300 * 2**20), "X-Xsrftoken": token}
    assert visitor.ask("PUT", places[1].upload_url, b"x", large).status == 413
    assert visitor.send_file(places[0].delete_url, b"", method="DELETE").status == 204


def test_who_says_nothing_or_never_ends_the_head_is_hung_up_on_and_a_quiet_page_is_not(come, small):
    parts = urlsplit(small.url)
    quiet = come().open()
    quiet.seen()
    for begin in (b"", b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nCookie: "):
        with socket.create_connection((parts.hostname, parts.port), 10) as wire:
            wire.sendall(begin)
            with contextlib.suppress(ConnectionResetError):
                assert wire.recv(1) == b""
    with socket.create_connection((parts.hostname, parts.port), 10) as wire:  # a second request that never ends
        wire.sendall(b"GET /state HTTP/1.1\r\nHost: x\r\n\r\nGET ")
        with contextlib.suppress(ConnectionResetError):
            while wire.recv(4096):
                pass
    quiet.seen()


def test_two_hundred_and_fifty_half_open_connections_keep_nobody_out(come, small):
    parts = urlsplit(small.url)
    wires = [socket.create_connection((parts.hostname, parts.port), 10) for _ in range(250)]
    try:
        for number, wire in enumerate(wires):
            wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n"[: number % 25])
        done = threading.Event()
        visitor = come()

        def come_in():
            visitor.open().seen()
            done.set()

        threading.Thread(target=come_in, daemon=True).start()
        assert done.wait(20)
    finally:
        for wire in wires:
            wire.close()
