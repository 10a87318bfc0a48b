"""A server of one file on this machine that does, on a test's wish, everything that a network does."""

import contextlib
import http.server
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class FileServer:
    """How the server is to behave, and the requests that it got."""

    data: bytes
    etag: str | None = '"version 1"'
    ranges: bool = True
    says_length: bool = True
    cuts: list[int] = field(default_factory=list)  # for each answer, the bytes after which it is cut off
    always_cut: int | None = None
    answers: list[int] = field(default_factory=list)  # statuses of the answers before the one with the file
    stall: float = 0.0  # seconds before the second half of an answer
    shift: int = 0  # bytes that are missing at the beginning of a continued answer
    asked: list[dict[str, str]] = field(default_factory=list)
    sent: int = 0
    url: str = ""


def answer(server: FileServer, handler: http.server.BaseHTTPRequestHandler) -> None:
    server.asked.append(dict(handler.headers))
    if handler.path == "/moved":
        handler.send_response(302)
        handler.send_header("Location", "/file")
        handler.end_headers()
        return
    if server.answers:
        handler.send_error(server.answers.pop(0))
        return
    start, size = 0, len(server.data)
    asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    if asked and server.ranges and handler.headers.get("If-Range") == server.etag:
        start = int(asked[1]) + server.shift
        if start >= size:
            handler.send_response(416)
            handler.send_header("Content-Range", f"bytes */{size}")
            handler.end_headers()
            return
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
    else:
        handler.send_response(200)
    if server.etag:
        handler.send_header("ETag", server.etag)
    if server.says_length:
        handler.send_header("Content-Length", str(size - start))
    handler.end_headers()
    cut = server.cuts.pop(0) if server.cuts else server.always_cut
    body = server.data[start:][:cut]
    half = len(body) // 2
    handler.wfile.write(body[:half])
    if server.stall:
        pause, server.stall = server.stall, 0.0
        time.sleep(pause)
    server.sent += len(body)  # before the last byte is sent: its receiver may look at once
    handler.wfile.write(body[half:])


@contextlib.contextmanager
def serving(data: bytes) -> Iterator[FileServer]:
    """Serve one file on a free port of 127.0.0.1 while the block runs."""
    wishes = FileServer(data)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with contextlib.suppress(ConnectionError):  # the client may disconnect
                answer(wishes, self)

        def log_message(self, *_):
            pass

    http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    wishes.url = f"http://127.0.0.1:{http_server.server_port}/file"
    try:
        yield wishes
    finally:
        http_server.shutdown()
        http_server.server_close()
        thread.join()
