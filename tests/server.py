"""Start the app as a visitor meets it: a real server in its own process, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running app.

    Attributes:
        url: its address, without a slash at the end.
        temporary: the folder for the server's temporary files.
        log: the file with its output.
    """

    url: str
    temporary: Path
    log: Path


SMALL_APP = """
import streamlit as st
from components.browser.serving import route
from components.streamlit_parts import (
    keep_page_runs_whole,
    leave_old_pages,
    let_callbacks_finish,
    remember_gone_widgets,
)

let_callbacks_finish()
remember_gone_widgets()
keep_page_runs_whole()
leave_old_pages(["everywhere"])

app = st.App({page!r}, routes=[route()])
"""


def free_port() -> int:
    """Return a port at which nothing listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_app(
    script: Path = ROOT / "app.py",
    *,
    port: int | None = None,
    base: str = "",
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run `streamlit run script` until the block ends, on a free port or on the given one, with or without a base path.

    The engine is off, because most tests need none; ENGINE=on in `environment` turns it on.

    Raises:
        RuntimeError: the server did not answer in time; the message contains its output.
    """
    with tempfile.TemporaryDirectory(prefix="app-server-", ignore_cleanup_errors=True) as folder:
        home, temporary, log = Path(folder, "home"), Path(folder, "tmp"), Path(folder, "log.txt")
        home.mkdir()
        temporary.mkdir()
        port = port or free_port()
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
        settings = {"HOME": str(home), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1", "ENGINE": "off"}
        settings["PYTHONPATH"] = str(ROOT)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--server.address", "127.0.0.1", "--server.baseUrlPath", base],
                cwd=ROOT,
                env={**os.environ, **settings, **(environment or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            url = f"http://127.0.0.1:{port}/{base}".rstrip("/")
            _wait(f"{url}/_stcore/health", process, log)
            yield Server(url, temporary, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def running_page(source: str, *, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run an app of one page, which is given as its source, with the route of the browser's modules."""
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        page, script = Path(folder, "page.py"), Path(folder, "small_app.py")
        page.write_text(source, encoding="utf-8")
        script.write_text(SMALL_APP.format(page=str(page)), encoding="utf-8")
        with running_app(script, environment=environment) as server:
            yield server


def _wait(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"The app did not start. It printed:\n{log.read_text(errors='replace')}")
