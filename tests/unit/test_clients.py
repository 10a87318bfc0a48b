"""Who looks at a page."""

from types import SimpleNamespace

import pytest
import streamlit as st

from components import clients
from components.clients import Client, page_client, page_waits

NAME = "n" * 32


@pytest.fixture
def browse(monkeypatch):
    """Return a function that switches to another browser, or to none."""

    def come(cookie: object = NAME, address: str | None = "192.168.1.30", session: str = "session") -> None:
        monkeypatch.setattr(st, "context", SimpleNamespace(cookies={"visitor": cookie}, ip_address=address))
        monkeypatch.setattr(clients, "session_id", lambda: session)

    return come


@pytest.mark.parametrize(
    ("cookie", "address", "session", "who"),
    [
        (NAME, "192.168.1.30", "session", Client("192.168.1.30", NAME)),
        (NAME, None, "session", Client("", NAME)),  # on the serving computer
        (NAME, "::ffff:192.168.1.30", "session", Client("192.168.1.30", NAME)),
        ("short", "192.168.1.30", "session", Client("192.168.1.30", "session")),
        (None, "192.168.1.30", "session", Client("192.168.1.30", "session")),
        (NAME, "192.168.1.30", "", Client("", "")),  # a thread that no page has
    ],
)
def test_a_browser_goes_by_its_cookie_and_its_address(browse, cookie, address, session, who):
    browse(cookie, address, session)
    assert page_client() == who


def test_the_door_hears_whose_page_waits(browse, monkeypatch):
    heard: list[str] = []
    monkeypatch.setattr(clients, "_hear_of_waiting", [])
    clients.on_waiting(lambda _: pytest.fail("another one has taken its place"))
    clients.on_waiting(heard.append)
    browse()
    assert page_waits() == page_client()
    assert heard == [NAME]
