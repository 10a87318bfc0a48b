"""ASGI middleware: send Streamlit's own scripts and styles gzipped, compressing each file once.

Streamlit serves them uncompressed (2.7 MB for an empty page) and leaves compression to a proxy. A classroom has no
proxy, and forty phones on one access point feel every megabyte.
"""

import asyncio
import gzip
import posixpath

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.browser.serving import accepts_gzip, base_path

COMPRESSIBLE = (".js", ".css", ".html", ".json", ".svg", ".mjs", ".wasm")
MINIMUM_BYTES = 500


class CachedGzip:
    """Answer GET /static/… (below the base path, if there is one) with a gzipped body that is compressed once and kept.

    Only files under /static/ are touched: their names hold a hash of their content, so a cached body cannot go stale.
    Everything else (pages, uploads, range requests, web sockets) passes through unchanged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._prefix = f"{base_path()}/static/"
        self._cache: dict[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}
        self._busy = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks."""
        if not self._applies(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._cache:
            # A class that arrives at the same time waits for one compression instead of starting forty.
            async with self._busy:
                if path not in self._cache:
                    start, body = await self._fetch(scope)
                    if self._worth_keeping(start, body):
                        self._cache[path] = await self._compress(start, body)
        if path in self._cache:
            headers, body = self._cache[path]
            start = {"type": "http.response.start", "status": 200, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _applies(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        path = scope["path"]
        if not path.startswith(self._prefix) or not path.endswith(COMPRESSIBLE):
            return False
        if posixpath.normpath(path) != path:  # /static/./x.js is /static/x.js: each file is kept under one name only
            return False
        headers = Headers(scope=scope)
        conditional = "range" in headers or "if-none-match" in headers or "if-modified-since" in headers
        return accepts_gzip(headers.get("accept-encoding", "")) and not conditional

    @staticmethod
    def _worth_keeping(start: Message, body: bytes) -> bool:
        """Streamlit answers /static/invented.js with its index page (200, no-cache): only real files are immutable."""
        headers = Headers(raw=start["headers"])
        immutable = "immutable" in headers.get("cache-control", "") and "content-encoding" not in headers
        whole = headers.get("content-length", str(len(body))) == str(len(body))
        return start["status"] == 200 and immutable and whole and len(body) >= MINIMUM_BYTES

    async def _fetch(self, scope: Scope) -> tuple[Message, bytes]:
        """Run the wrapped app and return its start message and whole body."""
        start: Message = {}
        parts: list[bytes] = []
        asked = False

        async def stay() -> Message:
            # The file is for all who come after, too: it is read to its end, although whoever asked for it may leave.
            nonlocal asked
            if asked:
                await asyncio.Event().wait()
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        # Without this, a server that offers zero-copy sending would bypass `collect`.
        extensions = {name: value for name, value in (scope.get("extensions") or {}).items() if "pathsend" not in name}
        await self.app({**scope, "extensions": extensions}, stay, collect)
        return start, b"".join(parts)

    @staticmethod
    async def _compress(start: Message, body: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
        # mtime=0: the same file gives the same bytes in every process.
        compressed = await to_thread.run_sync(lambda: gzip.compress(body, compresslevel=6, mtime=0))
        # What would let a browser continue a load that broke off goes, too: the rest of the plain file does not fit a
        # beginning that is compressed.
        dropped = {b"content-length", b"content-encoding", b"etag", b"last-modified", b"accept-ranges"}
        headers = [(name, value) for name, value in start["headers"] if name.lower() not in dropped]
        headers += [
            (b"content-encoding", b"gzip"),
            (b"vary", b"Accept-Encoding"),
            (b"accept-ranges", b"none"),
            (b"content-length", str(len(compressed)).encode()),
        ]
        return headers, compressed
