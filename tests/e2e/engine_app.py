"""An app with its engine, and visitors who are the teacher or are not, for browser tests."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from models.runs.run_directory import RunDirectory
from tests.server import Server, running_app

PASSWORD = "chalk and sponge"


@contextlib.contextmanager
def app_with_engine(runs: Path, *, port: int | None = None, **environment: str) -> Iterator[Server]:
    """Run the app with a separate engine. The engine goes on when the block ends; see `end_engine`."""
    # The engine outlives the server, so its temporary files must not lie in the server's folder.
    temporary = runs.parent / f"{runs.name}-temporary"
    temporary.mkdir(exist_ok=True)
    own = {"ENGINE": "on", "RUNS_DIR": str(runs), "TEACHER_PASSWORD": PASSWORD, "TMPDIR": str(temporary)}
    settings = {**own, **environment}
    with running_app(environment=settings, port=port) as server:
        yield server


def end_engine(runs: Path) -> None:
    """Kill all processes that work on a runs folder, and wait until they are gone."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("RUNS_DIR") == str(runs) and process.pid != os.getpid():
                found.append(process)
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(found, timeout=10)


def until(condition, seconds: float = 60.0) -> None:
    """Wait until a condition holds; fail after some seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def state_of(runs: Path, name: str) -> str:
    """Return the name of a run's state."""
    return RunDirectory(runs / name).state().name
