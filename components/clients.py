"""Who knocks: a browser by its cookie, and the network that it comes from.

Neither is proof of anything. They are what limits are counted by: a cookie can be thrown away, an address is shared by
a class behind one router. So a browser may have little, an address much more.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from components.streamlit_parts import session_id

COOKIE = "visitor"
"""The cookie with a browser's name, which `shell/visitor_cookie.py` gives it."""

_NAME = re.compile(r"[A-Za-z0-9_-]{32}")

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""What a browser on the serving computer calls it."""


class Client(NamedTuple):
    """Who sent a request.

    Attributes:
        network: an IPv4 address, or the first 64 bits of an IPv6 address, all of which one computer may have.
        browser: the name in the visitor's cookie, "" without one.
    """

    network: str
    browser: str


def is_name(value: str) -> bool:
    """Return whether a cookie's value has the form of the names that the course gives.

    Anything else, such as a short word that somebody could guess, identifies nobody, and gets a new name.
    """
    return _NAME.fullmatch(value) is not None


def page_client() -> Client:
    """Return who looks at the page that is being drawn; Client("", "") where none is.

    A browser without cookies goes by its session: that is one tab.
    """
    session = session_id()
    if not session:
        return Client("", "")
    address = st.context.ip_address
    # Without a browser (in AppTest), this is not a text.
    return Client(network_of(address) if isinstance(address, str) else "", page_browser() or session)


def page_browser() -> str:
    """Return the name of the browser that shows the page which is being drawn, "" if it accepts no cookies."""
    cookie = st.context.cookies.get(COOKIE)
    # Without a browser (in AppTest), this is not a text.
    return cookie if isinstance(cookie, str) and is_name(cookie) else ""


_hear_of_waiting: list[Callable[[str], None]] = []


def on_waiting(hear: Callable[[str], None]) -> None:
    """Call a function, in the page's thread, with the name of every browser whose page begins to wait: `page_waits`."""
    _hear_of_waiting[:] = [hear]


_asks_for: ContextVar[Client | None] = ContextVar("asks_for", default=None)


@contextmanager
def asking_for(client: Client) -> Iterator[None]:
    """Let `page_waits` name this client within the block: a thread of its own asks for a page, which does not wait."""
    before = _asks_for.set(client)
    try:
        yield
    finally:
        _asks_for.reset(before)


def page_waits() -> Client:
    """Say that the page that is being drawn waits for another process, and return who looks at it."""
    asks_for = _asks_for.get()
    if asks_for is not None:
        return asks_for
    client = page_client()
    for hear in _hear_of_waiting:
        hear(client.browser)
    return client


def client_of(scope: Scope) -> Client:
    """Return who sent an HTTP request or opened a WebSocket."""
    peer = scope.get("client")
    cookies = Headers(scope=scope).getlist("cookie")
    return Client(network_of(peer[0] if peer else ""), browser_in(cookies))


def browser_in(cookies: Iterable[str]) -> str:
    """Return the visitor's name in Cookie headers, or "" if there is none of the form that the course gives."""
    name = cookie_parser("; ".join(cookies)).get(COOKIE, "")
    return name if is_name(name) else ""


def network_of(address: str) -> str:
    """Return an address as it is counted: see `Client.network`. What is no address stays as it is."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)).network_address) if not found.is_loopback else "::1"


def is_loopback(network: str) -> bool:
    """Return whether it is this machine's own address, on which a proxy would be, too."""
    try:
        return ipaddress.ip_address(network).is_loopback
    except ValueError:
        return False
