"""ASGI middleware: what every answer tells the browser to allow, and no more; and what nobody is answered.

Nothing comes from another host, so a page may load from none. No script in the page's text runs but Streamlit's own.
It writes styles into the page, and runs components from `blob:` addresses.
"""

import re

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.browser.serving import base_path
from components.streamlit_server import inline_script_digests

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:(\d{1,5}|\*))?")
_ANCESTORS = re.compile(r"frame-ancestors[^;]*")

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}


CLOSED = "/_stcore/metrics"
"""Streamlit counts there what every session holds, for whoever asks: it goes through all of it. No page asks."""


class SafetyHeaders:
    """Add the headers to every answer. A policy that TensorBoard sends stays, but for who may frame it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._media = f"{base_path()}/media/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                add_headers(headers, Headers(scope=scope).get("host", ""))
                if scope["path"].startswith(self._media):
                    headers["cache-control"] = "private, no-store"  # a download may hold its owner's photos
            await send(message)

        closed = scope["path"].rstrip("/").endswith(CLOSED)
        await (PlainTextResponse("Not Found", 404) if closed else self.app)(scope, receive, send_with_headers)


async def server_error(request: Request, _error: Exception) -> Response:
    """Answer a request whose handling failed; Starlette writes the error into the log."""
    answer = PlainTextResponse("The server could not answer this. Load the page again.", 500)
    add_headers(answer.headers, request.headers.get("host", ""))
    return answer


def add_headers(headers: MutableHeaders, host: str) -> None:
    """Add the headers to those of an answer.

    Args:
        headers: the answer's.
        host: the name under which the course was asked, for browsers that do not count WebSockets as "self".
    """
    for name, value in _ALWAYS.items():
        headers[name] = value
    frames = framing_sites()
    ancestors = " ".join(["frame-ancestors 'self'", *frames])
    own = headers.get("content-security-policy", "")
    if not own:
        headers["content-security-policy"] = f"{_policy(host)}; {ancestors}"
    elif _ANCESTORS.search(own):
        headers["content-security-policy"] = _ANCESTORS.sub(ancestors, own)
    else:
        headers["content-security-policy"] = f"{own.rstrip('; ')}; {ancestors}"
    if not frames:  # older browsers know this one alone, and it can name no other site
        headers["x-frame-options"] = "SAMEORIGIN"


def framing_sites() -> list[str]:
    """Return the other sites that may show the course inside of their pages: Streamlit's `client.allowedOrigins`."""
    return [one for one in map(str, st.get_option("client.allowedOrigins") or ()) if _ORIGIN.fullmatch(one)]


def _policy(host: str) -> str:
    sockets = "".join(f" {kind}://{host}" for kind in ("ws", "wss")) if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(inline_script_digests())} blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )
