"""ASGI middleware: another site's page may not speak to the course through its visitor's browser.

A browser says in the header Origin which page a WebSocket or a form comes from. Streamlit looks at it, too, but where
it does not know the host it asks a server on the internet for this machine's address, and everybody waits meanwhile.
"""

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from components.clients import HERE
from components.streamlit_server import is_set_by_hand

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing here. Another site's page cannot read their answers: browsers keep them from it."""

_PORTS = {"http": 80, "https": 443}
_BEHIND_A_PROXY = frozenset({"forwarded", "via", "x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip"})


class KnownOrigins:
    """Refuse WebSockets, and requests that change something, from pages of other hosts.

    A page is known if its host is the one that was asked for, or if Streamlit's settings name it, as they must behind a
    proxy that asks under another name: `browser.serverAddress`, `server.corsAllowedOrigins`, `server.enableCORS`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks."""
        kind = scope["type"]
        asks = kind == "websocket" or (kind == "http" and scope["method"] not in READING)
        if not asks or is_known(Headers(scope=scope)):
            await self.app(scope, receive, send)
        elif kind == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            answer = PlainTextResponse("This was sent by a page of another site.", 403)
            await answer(scope, receive, send)


def is_known(headers: Headers) -> bool:
    """Return whether a request comes from a page of the course, or from no page at all."""
    origins = headers.getlist("origin")
    if not origins:
        return True
    host = _place(f"//{headers.get('host', '')}", origins[0])
    origin = _place(origins[0], origins[0])
    if len(origins) > 1 or origin is None:
        return False
    if not st.get_option("server.enableCORS") or origin == host:
        return True
    named = [_place(str(one).strip(), str(one)) for one in st.get_option("server.corsAllowedOrigins")]
    if origin in named:
        return True
    address = str(st.get_option("browser.serverAddress") or "")
    return is_set_by_hand("browser.serverAddress") and origin[0] == address.lower().strip("[]")


def comes_from_here(headers: Headers) -> bool:
    """Return whether a request was sent to this machine under its own name, by a page of its own, through no proxy.

    A name that somebody else's server gives out, and then points at this machine, is none of its own.
    """
    if any(name in _BEHIND_A_PROXY or name.startswith("x-forwarded") for name in headers):
        return False
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    if len(hosts) != 1 or len(origins) != 1:
        return False
    places = [_place(f"//{hosts[0]}", origins[0]), _place(origins[0], origins[0])]
    return places[0] == places[1] and all(place is not None and place[0] in HERE for place in places)


def _place(address: str, origin: str) -> tuple[str, int] | None:
    """Return host and port of an address; the port that it leaves out is that of the origin's protocol."""
    try:
        parts, scheme = urlsplit(address), urlsplit(origin).scheme
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or parts.username is not None or scheme not in _PORTS:
        return None
    return host.lower().rstrip("."), port or _PORTS[scheme]
