"""components/shell/compression.py: each file is compressed once, and nobody gets a body that they cannot read."""

import asyncio
import gzip
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from starlette.responses import FileResponse

from components.shell.compression import MINIMUM_BYTES, CachedGzip
from tests.unit.asgi import Answer, get, receive, request

SCRIPT = b"export const answer = 42;\n" * 200
IMMUTABLE = {"cache-control": "public, immutable, max-age=31536000"}


@dataclass
class Server:
    """An app that serves a few files like Streamlit, and counts the requests."""

    files: dict[str, bytes]
    headers: dict[str, str] = field(default_factory=lambda: dict(IMMUTABLE))
    chunks: int = 1
    asked: list[dict] = field(default_factory=list)

    async def __call__(self, scope, receive, send):
        self.asked.append(scope)
        if scope["type"] != "http":
            await send({"type": "websocket.accept"})
            return
        body = self.files.get(scope["path"])
        status = 200 if body is not None else 404
        body = b"Not Found" * 100 if body is None else body
        if scope["method"] == "HEAD":
            body = b""
        headers = {"content-type": "text/javascript", "content-length": str(len(body)), "etag": '"1"', **self.headers}
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": encoded})
        step = -(-len(body) // self.chunks) or 1
        pieces = [body[start : start + step] for start in range(0, len(body), step)] or [b""]
        for index, piece in enumerate(pieces):
            more = index < len(pieces) - 1
            await send({"type": "http.response.body", "body": piece, "more_body": more})


@pytest.fixture
def server() -> Server:
    return Server(
        {
            "/static/js/index.a1.js": SCRIPT,
            "/static/css/index.b2.css": SCRIPT,
            "/static/small.c3.js": b"x" * (MINIMUM_BYTES - 1),
            "/static/media/font.d4.woff2": SCRIPT,
            "/media/photo.js": SCRIPT,
            "/": SCRIPT,
        }
    )


@pytest.mark.parametrize("path", ["/static/js/index.a1.js", "/static/css/index.b2.css"])
def test_a_script_or_a_style_comes_gzipped_and_is_the_same_after_unpacking(server, path):
    answer = get(CachedGzip(server), path)
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert gzip.decompress(answer.body) == SCRIPT
    assert len(answer.body) < len(SCRIPT) / 5


def test_the_second_visitor_gets_the_same_bytes_without_asking_the_app(server):
    app = CachedGzip(server)
    first, second = get(app, "/static/js/index.a1.js"), get(app, "/static/js/index.a1.js")
    assert first == second
    assert len(server.asked) == 1


def test_below_a_base_path_the_scripts_are_compressed_too(server, monkeypatch):
    monkeypatch.setattr("components.shell.compression.base_path", lambda: "/pets")
    app = CachedGzip(Server({f"/pets{path}": body for path, body in server.files.items()}))
    assert get(app, "/pets/static/js/index.a1.js").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in get(app, "/pets/media/photo.js").headers
    server.files["/pets/static/js/index.a1.js"] = SCRIPT
    monkeypatch.undo()
    assert "content-encoding" not in get(CachedGzip(server), "/pets/static/js/index.a1.js").headers


def test_two_files_are_not_mixed_up(server):
    server.files["/static/css/index.b2.css"] = SCRIPT[::-1]
    app = CachedGzip(server)
    for _ in range(2):
        assert gzip.decompress(get(app, "/static/js/index.a1.js").body) == SCRIPT
        assert gzip.decompress(get(app, "/static/css/index.b2.css").body) == SCRIPT[::-1]


def test_the_same_file_gives_the_same_bytes_whenever_it_is_compressed(server):
    body = get(CachedGzip(server), "/static/js/index.a1.js").body
    assert body[4:8] == bytes(4)  # gzip's time stamp (RFC 1952, 2.3)


def test_type_and_lifetime_stay_and_what_named_the_plain_bytes_goes(server):
    headers = get(CachedGzip(server), "/static/js/index.a1.js").headers
    assert headers["content-type"] == "text/javascript"
    assert headers["cache-control"] == IMMUTABLE["cache-control"]
    assert headers["vary"] == "Accept-Encoding"
    assert "etag" not in headers


def test_a_load_that_broke_off_cannot_go_on_in_the_middle(server):
    server.headers |= {"last-modified": "Sun, 29 Nov 2026 13:23:15 GMT", "accept-ranges": "bytes"}
    headers = get(CachedGzip(server), "/static/js/index.a1.js").headers
    # Chrome resumes with Range where it has a validator and a length (RFC 9110, 13.1.5 and 14.3).
    assert "etag" not in headers
    assert "last-modified" not in headers
    assert headers["accept-ranges"] == "none"


def test_a_body_that_comes_in_pieces_is_put_together(server):
    server.chunks = 7
    assert gzip.decompress(get(CachedGzip(server), "/static/js/index.a1.js").body) == SCRIPT


def test_a_visitor_who_leaves_while_a_file_loads_takes_nothing_of_it_from_the_next(tmp_path):
    """Starlette stops reading a file when its visitor has gone: the rest must not be missing for the whole class."""
    script = b"".join(b"export const n%d = f(%d);\n" % (number, number) for number in range(20_000))
    (tmp_path / "large.e5.js").write_bytes(script)
    file = FileResponse(tmp_path / "large.e5.js", headers=IMMUTABLE)

    async def first_and_second():
        begun = asyncio.Event()

        async def watched(scope, receive, send):
            async def noted(message):
                await send(message)
                if message.get("body"):
                    begun.set()

            await file(scope, receive, noted)

        async def leaves():
            await begun.wait()
            return {"type": "http.disconnect"}

        async def stays():
            await asyncio.Event().wait()

        app, path = CachedGzip(watched), "/static/js/large.e5.js"
        with suppress(AssertionError):  # nobody is there to get the rest
            await request(app, path, hears=leaves, accept_encoding="gzip")
        return await request(app, path, hears=stays, accept_encoding="gzip")

    assert gzip.decompress(asyncio.run(first_and_second()).body) == script


def test_a_body_that_is_shorter_than_announced_is_not_kept(server):
    app = CachedGzip(server)
    server.headers["content-length"] = str(len(SCRIPT) + 1)
    assert get(app, "/static/js/index.a1.js").headers["content-length"] == str(len(SCRIPT) + 1)
    del server.headers["content-length"]
    assert gzip.decompress(get(app, "/static/js/index.a1.js").body) == SCRIPT


def test_the_app_is_not_offered_to_send_a_file_past_the_middleware(server):
    get(CachedGzip(server), "/static/js/index.a1.js")
    assert list(server.asked[0]["extensions"]) == ["other"]


@pytest.mark.parametrize("path", ["/", "/media/photo.js", "/static/media/font.d4.woff2", "/static/small.c3.js"])
def test_other_paths_pass_through_every_time(server, path):
    app = CachedGzip(server)
    for _ in range(2):
        answer = get(app, path)
        assert answer.body == server.files[path]
        assert "content-encoding" not in answer.headers
        assert answer.headers["etag"] == '"1"'
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"accept_encoding": "identity"},
        {"accept_encoding": ""},
        {"accept_encoding": "br, deflate"},
        {"accept_encoding": "gzip;q=0"},
        {"accept_encoding": "br, gzip; q=0.000"},
        {"range": "bytes=0-99"},
        {"if_none_match": '"1"'},
        {"if_modified_since": "Tue, 24 Nov 2026 02:54:20 GMT"},
    ],
    ids=str,
)
def test_a_client_that_wants_plain_bytes_a_part_or_a_comparison_talks_to_the_app(server, headers):
    app = CachedGzip(server)
    get(app, "/static/js/index.a1.js")
    answer = get(app, "/static/js/index.a1.js", **headers)
    assert answer.body == SCRIPT
    assert "content-encoding" not in answer.headers
    assert len(server.asked) == 2


@pytest.mark.parametrize("accepted", ["gzip", "br;q=1.0, gzip;q=0.8", "deflate,gzip", "gzip;q=0.5, identity"])
def test_every_way_to_accept_gzip_is_understood(server, accepted):
    answer = get(CachedGzip(server), "/static/js/index.a1.js", accept_encoding=accepted)
    assert answer.headers["content-encoding"] == "gzip"


def test_head_passes_through(server):
    answer = get(CachedGzip(server), "/static/js/index.a1.js", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert "content-encoding" not in answer.headers


def test_a_missing_file_is_missing_now_and_found_once_it_is_there(server):
    app = CachedGzip(server)
    answer = get(app, "/static/js/later.js")
    assert answer.status == 404
    assert answer.body == b"Not Found" * 100
    assert "content-encoding" not in answer.headers
    server.files["/static/js/later.js"] = SCRIPT
    assert gzip.decompress(get(app, "/static/js/later.js").body) == SCRIPT


def test_what_the_app_compressed_itself_is_not_compressed_again(server):
    packed = gzip.compress(SCRIPT * 10)
    server.files["/static/js/packed.js"] = packed + bytes(MINIMUM_BYTES)
    server.headers = {**IMMUTABLE, "content-encoding": "gzip"}
    answer = get(CachedGzip(server), "/static/js/packed.js")
    assert answer.body == server.files["/static/js/packed.js"]
    assert answer.headers["content-encoding"] == "gzip"


def test_a_page_that_answers_for_a_missing_file_is_not_kept(server):
    # Streamlit answers /static/anything.js with its index page: 200 and no-cache. If it were cached under every
    # invented name, that page would fill the memory.
    server.headers = {"cache-control": "no-cache"}
    app = CachedGzip(server)
    server.files["/static/js/invented.js"] = b"<!doctype html>" * 100
    get(app, "/static/js/invented.js")
    server.files["/static/js/invented.js"] = SCRIPT
    answer = get(app, "/static/js/invented.js")
    body = gzip.decompress(answer.body) if "content-encoding" in answer.headers else answer.body
    assert body == SCRIPT


def test_a_path_that_is_spelled_in_many_ways_is_not_kept_many_times(server):
    app = CachedGzip(server)
    for path in ("/static/js/index.a1.js", "/static/./js/index.a1.js", "/static//js/x/../index.a1.js"):
        server.files[path] = SCRIPT
        answer = get(app, path)
        assert (gzip.decompress(answer.body) if "content-encoding" in answer.headers else answer.body) == SCRIPT
    assert len(app._cache) == 1


def test_web_sockets_and_the_start_of_the_server_pass_through(server):
    app = CachedGzip(server)
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(app({"type": "websocket", "path": "/static/js/index.a1.js", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.accept"}]


def test_a_class_that_comes_at_the_same_time_gets_a_file_that_was_compressed_once(server):
    app = CachedGzip(server)

    async def come() -> list[Answer]:
        return await asyncio.gather(
            *(request(app, "/static/js/index.a1.js", accept_encoding="gzip") for _ in range(40))
        )

    answers = asyncio.run(come())
    assert all(gzip.decompress(answer.body) == SCRIPT for answer in answers)
    assert len(server.asked) == 1
