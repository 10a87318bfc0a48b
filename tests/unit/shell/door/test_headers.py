"""components/shell/door/headers.py, and what the server answers to odd requests."""

import http.client
import socket
from urllib.parse import urlsplit

import pytest
import streamlit as st
from starlette.datastructures import MutableHeaders

from components.shell.door import headers as door_headers
from components.shell.door.headers import add_headers
from models.storage import ROOT

ALWAYS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin", "x-frame-options": "SAMEORIGIN"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/convolution?kernel=own"),
        ("HEAD", "/"),
        ("GET", "/state"),
        ("GET", "/failing"),
        ("GET", "/media/none.png"),
        ("GET", "/_stcore/health"),
        ("GET", "/_stcore/host-config"),
        ("PUT", "/_stcore/upload_file/a/b"),
        ("POST", "/change"),
        ("GET", "/static/none.js"),
        ("GET", "//evil.example/x"),
        ("PATCH", "/"),
    ],
)
def test_every_answer_says_what_a_browser_may_do(come, method, path):
    answer = come().ask(method, path)
    assert ALWAYS.items() <= answer.headers.items()
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    scripts = next(one for one in policy.split("; ") if one.startswith("script-src"))
    assert "unsafe-inline" not in scripts


def test_no_other_site_may_steer_the_page(come):
    answer = come().ask("GET", "/_stcore/host-config")
    assert b'"allowedOrigins":[]' in answer.body.replace(b" ", b"")


def test_a_failing_answer_is_a_sentence_and_shows_nothing_of_the_program(come):
    answer = come().ask("GET", "/failing")
    assert answer.status == 500
    assert answer.body == b"The server could not answer this. Load the page again."


ODD = [
    *("/../app.py", "/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%2e%2e%2fapp.py"),
    *("/static/../../app.py", "/static/..%2f..%2f..%2fapp.py", "/static/%2e%2e/server.py", "/static//etc/passwd"),
    *("/media/../app.py", "/media/..%2fapp.py", "/media/%00", "/media/" + "a" * 3000, "//etc/passwd"),
    *("/component/../../app.py", "/component/x/..%2f..%2fapp.py", "/_stcore/bidi-components/../../app.py"),
    *("/_stcore/bidi-components/x/..%2f..%2fapp.py", "/course-js/../app.py", "/course-js/x/..%2f..%2f..%2fapp.py"),
    *("/app/static/../app.py", "/app/static/app.py", "/app.py", "/.streamlit/config.toml", "/.git/config"),
    *("/runs/", "/components/shell/visitor.py", "/c:/windows/win.ini", "/..\\..\\app.py", "/%5c%5cserver%5cshare"),
]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=session_state"])
def test_nobody_has_the_sessions_counted(come, path):
    answer = come().ask("GET", path)
    assert answer.status == 404
    assert b"session" not in answer.body


@pytest.mark.parametrize("path", ODD)
def test_an_odd_path_never_brings_a_file(small, path):
    """Sent as it stands: a browser would tidy it before."""
    parts = urlsplit(small.url)
    with socket.create_connection((parts.hostname, parts.port), 10) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        body = answer.read()
    assert answer.status in (301, 307, 400, 404) or (answer.status == 200 and b"<title>Streamlit</title>" in body)
    for secret in (b"root:", b"st.App(", b"disconnectedSessionTTL", b"[core]", b"def "):
        assert secret not in body


def test_a_learning_platform_may_frame_the_course_where_the_settings_name_it(monkeypatch):
    sites = ["https://moodle.school.example", "https://*.lms.example", "javascript:alert(1)", "https://a.example; x"]
    monkeypatch.setattr(st, "get_option", {"client.allowedOrigins": sites}.__getitem__)
    given = MutableHeaders()
    add_headers(given, "localhost")
    ancestors = given["content-security-policy"].split("; ")[-1]
    assert ancestors == "frame-ancestors 'self' https://moodle.school.example https://*.lms.example"
    assert "x-frame-options" not in given


def test_a_policy_that_an_answer_brings_along_stays_but_for_who_may_frame_it():
    given = MutableHeaders({"content-security-policy": "default-src 'self'; frame-ancestors *; font-src data:"})
    add_headers(given, "localhost")
    assert given["content-security-policy"] == "default-src 'self'; frame-ancestors 'self'; font-src data:"
    given = MutableHeaders({"content-security-policy": "default-src 'none';"})
    add_headers(given, "localhost")
    assert given["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"


@pytest.mark.parametrize(("host", "shown"), [("a.example:1", True), ("[::1]:8501", True), ("x; script-src *", False)])
def test_what_a_client_calls_the_server_gets_into_the_policy_as_a_name_only(host, shown):
    given = MutableHeaders()
    add_headers(given, host)
    assert (f"ws://{host}" in given["content-security-policy"]) == shown
    assert "script-src *" not in given["content-security-policy"]


def test_the_app_itself_has_this_door():
    source = (ROOT / "app.py").read_text("utf-8")
    for part in ("door.build()", "door.open_door()", "door.middleware()", "door.error_handlers", "take_password()"):
        assert part in source
    assert door_headers.SafetyHeaders is __import__("components.shell.door", fromlist=["x"]).middleware()[0].cls
