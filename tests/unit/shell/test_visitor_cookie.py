"""The cookie by which a browser is known again."""

import asyncio
import re

import pytest

from components.clients import COOKIE
from components.shell.visitor_cookie import VisitorCookie


def cookies_of(kind="text/html; charset=utf-8", *, method="GET", cookie="", scheme="http"):
    """Return the set-cookie headers of an answer with this content type."""

    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": b"page"})

    async def receive():
        raise AssertionError("nobody reads a request here")

    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/", "scheme": scheme, "headers": []}
    if cookie:
        scope["headers"].append((b"cookie", cookie.encode("utf-8")))
    asyncio.run(VisitorCookie(page)(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    return [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]


def test_a_page_brings_a_cookie_that_no_script_reads():
    (said,) = cookies_of()
    assert re.fullmatch(rf"{COOKIE}=[A-Za-z0-9_-]{{32}}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", said)


def test_over_https_it_stays_there():
    assert cookies_of(scheme="https")[0].endswith("; Secure")


def test_two_browsers_get_two_names():
    assert cookies_of() != cookies_of()


def test_a_browser_that_is_known_keeps_its_name():
    (given,) = cookies_of()
    name = given.partition(";")[0]
    assert cookies_of(cookie=f"other=1; {name}") == []


@pytest.mark.parametrize(
    "value", ["", "abc", "a" * 33, "a" * 60_000, "a b", "ü" * 32, f'"{"a" * 30}"', "../" * 10 + "ab"]
)
def test_a_browser_with_an_odd_name_gets_a_new_one(value):
    assert len(cookies_of(cookie=f"{COOKIE}={value}")) == 1


def test_other_answers_bring_none():
    assert cookies_of("application/json") == []
    assert cookies_of(method="POST") == []
