"""ASGI middleware: the course's name and style in the page that Streamlit sends before it runs anything.

A style sheet that comes as an element of the page comes too late: what stood there before it is drawn anew and jumps.
So the page's head links to it, and asks at once for the parts of Streamlit that every page needs.
"""

import gzip
import html
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.browser.serving import PREFIX, STYLE_SHEET, accepts_gzip, modules
from components.shell.bar import NAME
from components.streamlit_server import chunk_names

CHUNKS = ("Html", "PageLink", "BidiComponent", "FileUploader", "Button")
"""Parts of Streamlit that every page draws with; the browser would learn of them only when the first has arrived."""

SCRIPTS = ("shell/door/late_icons.js", "shell/door/page_change.js")
"""They stand before Streamlit's own script; modules run in the order of the page."""

_TITLE = b"<title>Streamlit</title>"
_ROOT = b'<div id="root">'
_LEFT_OUT = (b"accept-encoding", b"if-none-match", b"if-modified-since")


class FirstPaint:
    """Change the page that starts Streamlit, and nothing else. It is small and sent whole each time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _wants_a_page(scope):
            await self.app(scope, receive, send)
            return
        # A browser that has the page of an older version must not go on with it: its addresses are gone. And what is to
        # be changed must come as it is.
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in _LEFT_OUT]
        extensions = {name: value for name, value in (scope.get("extensions") or {}).items() if "pathsend" not in name}
        zipped = accepts_gzip(Headers(scope=scope).get("accept-encoding", ""))
        start: Message = {}
        parts: list[bytes] = []

        async def send_changed(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                start.update(message)
            elif not start:
                await send(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    body = changed(b"".join(parts), zipped=zipped)
                    await send({**start, "headers": _headers(start, body, zipped=zipped)})
                    await send({"type": "http.response.body", "body": body})

        await self.app({**scope, "headers": headers, "extensions": extensions}, receive, send_changed)


def _wants_a_page(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    plain = "content-encoding" not in headers
    return start["status"] in (200, 404) and plain and headers.get("content-type", "").startswith("text/html")


def _headers(start: Message, body: bytes, *, zipped: bool) -> list[tuple[bytes, bytes]]:
    dropped = {b"content-length", b"etag", b"last-modified", b"accept-ranges", b"vary"}
    kept = [(name, value) for name, value in start["headers"] if name.lower() not in dropped]
    encoding = [(b"content-encoding", b"gzip")] if zipped else []
    return [*kept, *encoding, (b"vary", b"Accept-Encoding"), (b"content-length", str(len(body)).encode())]


@lru_cache(maxsize=4)
def changed(page: bytes, *, zipped: bool) -> bytes:
    """Return Streamlit's page with the course's name and style. Addresses are relative, as Streamlit's."""
    address = f"./{PREFIX}/{modules().digest}"
    font = next(name for name in modules().files if name.endswith(".woff2"))
    parts = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{one}">' for one in chunk_names(CHUNKS))
    head = (
        f'<title>{html.escape(NAME)}</title><meta name="color-scheme" content="light dark">'
        f'<link rel="preload" href="{address}/{STYLE_SHEET}" as="style">'
        f'<link rel="preload" href="{address}/{font}" as="font" type="font/woff2" crossorigin>{parts}'
    ) + "".join(f'<script type="module" src="{address}/{one}"></script>' for one in SCRIPTS)
    # In the body, behind the styles that Streamlit puts into the head while it runs: where both are as specific, the
    # course's hold.
    sheet = f'<link rel="stylesheet" href="{address}/{STYLE_SHEET}">'
    page = page.replace(_TITLE, head.encode()).replace(_ROOT, sheet.encode() + _ROOT)
    return gzip.compress(page, mtime=0) if zipped else page
