"""TensorBoard passed on under the app's own address, and gone when the app is."""

import asyncio
import http.client
import importlib.util
import json
import subprocess
import sys
import threading
import time

import psutil  # type: ignore[import-untyped]
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from components.shell import tensorboard_proxy as proxy
from models.engine import tensorboard_server
from models.engine.tensorboard_server import TensorBoardError, TensorBoardServer
from models.storage import ROOT


def ask(path, *, method="GET", query="", body=b""):
    """Return the proxy's answer to a request."""

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode()}
    scope |= {
        "headers": [(b"accept", b"*/*"), (b"cookie", b"visitor=secret")],
        "server": ("host", 80),
        "scheme": "http",
    }
    return asyncio.run(proxy.tensorboard(Request(scope, receive)))


@pytest.fixture(scope="module")
def running(runs_folder):
    yield proxy.server
    proxy.server.stop()


def test_its_page_and_its_data_come_through(running):
    page = ask("/tensorboard/")
    assert page.status_code == 200
    assert b"<tf-" in page.body or b"tb-webapp" in page.body
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    environment = json.loads(ask("/tensorboard/data/environment").body)
    assert environment["data_location"] == "runs"  # not where the folder lies on the server
    assert ask("/tensorboard").headers["location"].endswith("/tensorboard/")


@pytest.mark.parametrize(
    "path",
    [
        *("/other", "/tensorboardx", "/tensorboard/../healthz", "/tensorboard/..", "/tensorboard/%2e%2e/healthz"),
        *("/tensorboard/x/%2E%2E/%2e%2e/healthz", "/tensorboard/..%2fhealthz", "/tensorboard/..%5chealthz"),
        *("/tensorboard/%252e%252e/healthz", "/tensorboard/..\\healthz"),
    ],
)
def test_no_path_leads_anywhere_else(path):
    assert ask(path).status_code == 404


def test_a_large_request_is_refused():
    assert ask("/tensorboard/data", method="POST", body=bytes(proxy.MAX_REQUEST_BYTES + 1)).status_code == 413


class Giving:
    """A connection to TensorBoard that brings as much as it is asked for."""

    def __init__(self, *_where, **_how):
        self.status = 200

    def request(self, *_what):
        pass

    def getresponse(self):
        return self

    def read(self, most):
        return bytes(most)

    def getheader(self, _name):
        return None

    def close(self):
        pass


def test_an_answer_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(proxy.server, "port", lambda: 1)
    monkeypatch.setattr(http.client, "HTTPConnection", Giving)
    answer = ask("/tensorboard/data/plugin/histograms/histograms")
    assert (answer.status_code, b"too large" in answer.body) == (502, True)


def test_many_who_wait_for_it_leave_the_threads_of_the_pages_alone(monkeypatch):
    """Streamlit's files are read by 28 threads: slow answers of TensorBoard must not have them all."""
    under_way, most, release = [0], [0], threading.Event()

    def slow(*_request):
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        release.wait(20)
        under_way[0] -= 1
        return PlainTextResponse("done")

    monkeypatch.setattr(proxy, "_asked", slow)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def scene():
        scope = {"type": "http", "method": "GET", "path": "/tensorboard/", "raw_path": b"/tensorboard/", "headers": []}
        scope |= {"query_string": b"", "server": ("host", 80), "scheme": "http"}
        asked = [asyncio.create_task(proxy.tensorboard(Request(scope, receive))) for _ in range(100)]
        await asyncio.sleep(0.3)
        release.set()
        return [answer.status_code for answer in await asyncio.gather(*asked)]

    statuses = asyncio.run(scene())
    assert most[0] == proxy.AT_ONCE
    assert statuses.count(200) == proxy.AT_ONCE + proxy.WAITING
    assert statuses.count(503) == 100 - proxy.AT_ONCE - proxy.WAITING


def test_a_missing_package_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(TensorBoardError, match="tensorboard is missing"):
        TensorBoardServer().port()
    monkeypatch.setattr(proxy, "server", TensorBoardServer())
    answer = ask("/tensorboard/")
    assert (answer.status_code, b"is missing" in answer.body) == (503, True)


def test_one_that_dies_is_started_again_and_one_that_never_starts_is_said(running, monkeypatch):
    first = running.port()
    running._child.kill()
    running._child.wait()
    assert running.port() != first
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(TensorBoardError, match="did not start"):
        TensorBoardServer().port()


PARENT = """
import time
from models.engine.tensorboard_server import TensorBoardServer
server = TensorBoardServer()
server.port()
print(server._child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is for POSIX")
def test_it_does_not_outlive_an_app_that_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
    end = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < end:
        time.sleep(0.05)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_its_address_is_the_apps():
    assert tensorboard_server.PREFIX == "/tensorboard"
