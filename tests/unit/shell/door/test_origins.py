"""components/shell/door/origins.py: whose pages may speak to the course, and who is at the serving computer."""

import json

import pytest
import streamlit as st
from starlette.datastructures import Headers
from websockets.exceptions import InvalidStatus

from components.shell.door import origins


def headers(**given):
    """Headers by name; a list gives several of one name."""
    pairs = [(name, one) for name, value in given.items() for one in ([value] if isinstance(value, str) else value)]
    return Headers(raw=[(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in pairs])


@pytest.fixture
def options(monkeypatch):
    """Streamlit's settings, to be changed."""
    given = {"server.enableCORS": True, "server.corsAllowedOrigins": [], "browser.serverAddress": "localhost"}
    by_hand: set[str] = set()
    monkeypatch.setattr(st, "get_option", given.__getitem__)
    monkeypatch.setattr(origins, "is_set_by_hand", by_hand.__contains__)
    return given, by_hand


KNOWN = [
    ("localhost:8501", "http://localhost:8501"),
    ("192.168.1.20:8501", "http://192.168.1.20:8501"),
    ("[::1]:8501", "http://[::1]:8501"),
    ("course.school.example", "https://course.school.example"),
    ("course.school.example:443", "https://course.school.example"),
    ("COURSE.school.example", "https://course.school.example"),
]
FOREIGN = [
    ("localhost:8501", "http://evil.example"),
    ("localhost:8501", "http://localhost:3000"),
    ("localhost:8501", "http://127.0.0.1:8501"),
    ("localhost:8501", "https://localhost"),
    ("localhost:8501", "null"),
    ("localhost:8501", ""),
    ("localhost:8501", "file://"),
    ("localhost:8501", "http://localhost:8501.evil.example"),
    ("localhost:8501", "http://localhost:8501@evil.example"),
    ("localhost:8501", "http://evil.example/localhost:8501"),
    ("localhost:8501", "http://evil@localhost:8501"),
    ("localhost:8501", "http://localhost:99999"),
    ("localhost:8501", "chrome-extension://localhost:8501"),
    ("localhost:8501", ["http://localhost:8501", "http://evil.example"]),
    ("", "http://localhost"),
]


@pytest.mark.parametrize(("host", "origin"), KNOWN)
def test_pages_of_the_course_are_known_under_whatever_name_it_was_asked(options, host, origin):
    assert origins.is_known(headers(host=host, origin=origin))


@pytest.mark.parametrize(("host", "origin"), FOREIGN)
def test_other_sites_are_not(options, host, origin):
    assert not origins.is_known(headers(host=host, origin=origin))


def test_programs_that_are_no_page_send_no_origin(options):
    assert origins.is_known(headers(host="localhost:8501"))


def test_behind_a_proxy_that_asks_under_another_name_streamlits_settings_count(options):
    given, by_hand = options
    asked = headers(host="127.0.0.1:8501", origin="https://course.school.example")
    assert not origins.is_known(asked)
    given["server.corsAllowedOrigins"] = ["https://other.example", "https://course.school.example"]
    assert origins.is_known(asked)
    given["server.corsAllowedOrigins"] = []
    given["browser.serverAddress"] = "course.school.example"
    assert not origins.is_known(asked)
    by_hand.add("browser.serverAddress")
    assert origins.is_known(asked)
    given["browser.serverAddress"] = "localhost"
    assert not origins.is_known(asked)
    given["server.enableCORS"] = False
    assert origins.is_known(asked)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST", "localhost."])
def test_a_browser_that_asks_this_machine_by_its_own_name_is_here(name):
    assert origins.comes_from_here(headers(host=f"{name}:8501", origin=f"http://{name}:8501"))


@pytest.mark.parametrize(
    "asked",
    [
        {"host": "evil.example", "origin": "http://evil.example"},  # a name that points at this machine
        {"host": "localhost.evil.example", "origin": "http://localhost.evil.example"},
        {"host": "127.0.0.1.evil.example", "origin": "http://127.0.0.1.evil.example"},
        {"host": "0.0.0.0:8501", "origin": "http://0.0.0.0:8501"},
        {"host": "2130706433", "origin": "http://2130706433"},
        {"host": "192.168.1.20:8501", "origin": "http://192.168.1.20:8501"},
        {"host": "localhost:8501", "origin": "http://evil.example"},
        {"host": "localhost:8501", "origin": "http://localhost:3000"},
        {"host": "localhost:8501", "origin": "null"},
        {"host": "localhost:8501"},
        {"origin": "http://localhost:8501"},
        {"host": ["localhost:8501", "evil.example"], "origin": "http://localhost:8501"},
        {"host": "evil@localhost:8501", "origin": "http://localhost:8501"},
        {"host": "localhost:port", "origin": "http://localhost:8501"},
    ],
)
def test_under_another_name_or_from_another_page_nobody_is_here(asked):
    assert not origins.comes_from_here(headers(**asked))


@pytest.mark.parametrize(
    "name",
    [
        *("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-server", "forwarded", "via"),
        *("x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip"),
    ],
)
def test_nobody_who_came_through_a_proxy_is_here(name):
    asked = {"host": "localhost:8501", "origin": "http://localhost:8501", name: "127.0.0.1"}
    assert not origins.comes_from_here(headers(**asked))


# The running server ---------------------------------------------------------------------------------------------------


def words(messages):
    return [one.delta.new_element.text.body for one in messages if one.WhichOneof("type") == "delta"]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:3000"])
def test_a_web_socket_of_another_sites_page_is_refused_and_nobody_else_is_asked(come, origin):
    visitor = come()
    visitor.ask("GET", "/")
    with pytest.raises(InvalidStatus) as refused:
        visitor.connect(headers={"Origin": origin})
    assert refused.value.response.status_code == 403
    assert json.loads(visitor.ask("GET", "/state").body)["calls"] == []


def test_a_form_of_another_sites_page_is_refused(come):
    visitor = come()
    assert visitor.ask("POST", "/change", b"x=1", {"Origin": "http://evil.example"}).status == 403
    assert visitor.ask("POST", "/change", b"x=1", {"Origin": f"http://{visitor.host}"}).status == 200
    assert visitor.ask("POST", "/change", b"x=1").status == 200


def test_a_name_that_points_at_this_machine_makes_no_teacher(come):
    assert "teacher True visitor True" in words(come().open().seen())
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert "teacher False visitor True" in words(come().open(headers=rebound).seen())
    proxied = {"X-Real-IP": "127.0.0.1"}
    assert "teacher False visitor True" in words(come().open(headers=proxied).seen())
    forged = {"X-Forwarded-For": "127.0.0.1"}
    assert "teacher False visitor True" in words(come().open(headers=forged).seen())
