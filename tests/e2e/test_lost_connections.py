"""A training goes on, and the pages that show it, when the web process is killed or a page's connection is cut."""

import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, expect

from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from run import something_listens
from tests.e2e.dropping_proxy import dropping_proxy
from tests.e2e.engine_app import app_with_engine, end_engine, until
from tests.faults.conftest import assert_same_run, begin, ended
from tests.server import Server, free_port

STARTS = 90_000
"""Milliseconds until a run has a batch: an engine starts, and a process loads TensorFlow."""

CONFIG = RunConfig(dataset="digits", network="mlp", epochs=10_000, seed=11)
"""More epochs than any test waits for."""


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "runs"
    end_engine(tmp_path / "runs")


def epoch_on(page: Page) -> int:
    """Return the epoch that a page shows; 0 while it shows none, or the run is in its first stages."""
    tile = page.locator(".counters li").filter(has=page.get_by_text("epoch", exact=True)).locator("b")
    return max((int(told.split("/")[0]) for told in tile.all_inner_texts()), default=0)


def goes_on(run: RunDirectory) -> None:
    """Wait until a run has learned another epoch."""
    epoch = run.state().epoch
    until(lambda: run.state().epoch > epoch, 90)


def is_shown(run: RunDirectory, page: Page) -> None:
    """Wait until a page shows what a run learns now: an epoch that had not begun when this was called."""
    epoch = run.state().epoch + 1
    until(lambda: epoch_on(page) > epoch, 90)


def web_process(server: Server) -> psutil.Process:
    """Return the process that listens at a server's port."""
    port = urlsplit(server.url).port
    (pid,) = {
        one.pid for one in psutil.net_connections("tcp") if one.laddr.port == port and one.status == psutil.CONN_LISTEN
    }
    return psutil.Process(pid)


@pytest.mark.parametrize(
    ("kept", "cuts"), [(4, (1, 12)), pytest.param(60, (30, 300), marks=pytest.mark.slow)], ids=["short", "as-it-is"]
)
def test_a_training_and_its_pages_outlive_cut_connections_and_a_killed_web_process(
    browser: Browser, runs: Path, kept: int, cuts: tuple[int, ...]
):
    """A session is kept for some seconds when its browser is away: after the first cut it is still there."""
    port = free_port()
    settings = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(kept), "TEACHER_PASSWORD": ""}
    # Not `open_page`: while the server is away, Streamlit's page rightly logs errors.
    context = browser.new_context()
    with app_with_engine(runs, port=port, **settings) as server, dropping_proxy(port) as proxy:
        until(lambda: "ready" in urlopen(f"{server.url}/healthz").read().decode(), STARTS / 1000)
        run = RunDirectory.create(runs / "long", CONFIG)
        ended(begin(runs, "resume", run.path, "--submit"))
        page, second = context.new_page(), context.new_page()
        page.goto(f"http://127.0.0.1:{proxy.port}/training?run=long")
        second.goto(f"{server.url}/training?run=long")
        expect(page.locator('.run-line [data-state="running"]')).to_be_visible(timeout=STARTS)
        is_shown(run, second)
        for seconds in cuts:
            proxy.drop()
            expect(page.locator(".stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
            page.wait_for_timeout(1000 * seconds)
            goes_on(run)
            proxy.allow()
            is_shown(run, page)
            is_shown(run, second)
        web_process(server).send_signal(signal.SIGKILL)
        until(lambda: not something_listens(port))
        goes_on(run)
        with app_with_engine(runs, port=port, **settings):
            for one in (page, second):
                is_shown(run, one)  # nobody had to load it again
            assert len(run.machine()["sessions"]) == 1
            page.get_by_role("button", name="Pause").click()
            for one in (page, second):
                expect(one.locator('.run-line [data-state="paused"]')).to_be_visible(timeout=STARTS)
    context.close()
    until(lambda: not run.lock.is_held())  # the process that has paused it still has to end
    ended(begin(runs, "resume", run.path, "--epochs", run.state().epoch + 1))
    alone = RunDirectory.create(runs / "alone", run.config())
    ended(begin(runs, "resume", alone.path), 900)  # all its epochs once more
    assert_same_run(alone, run)
