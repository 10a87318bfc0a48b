"""TensorBoard as a child of the app: started when somebody opens it, gone when the app is.

python -m models.engine.tensorboard_server --logdir runs --port 6007 …    with TensorBoard's own arguments
"""

import contextlib
import importlib.util
import math
import os
import socket
import subprocess
import sys
import threading
import time
import types
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from models.disk import why
from models.storage import ROOT, runs_dir

HOST = "127.0.0.1"
PREFIX = "/tensorboard"
"""The path below the app's own address under which the app serves TensorBoard."""

START_SECONDS = 40.0

MEMORY_BYTES = 2**30
"""Most memory that TensorBoard may take. It holds what is in the event files of all runs; 300 MB are usual."""

REST_SECONDS = 60.0
"""So long it is not started again after it took more: it would read the same files."""

LOOK_SECONDS = 0.25

TOO_MUCH = (
    f"TensorBoard took more memory than the {MEMORY_BYTES // 2**20:,} MB that it may have, and was ended: the event "
    "files of some run are too large for it. It can be opened again in a minute; without that run, it will stay."
)


class TensorBoardError(Exception):
    """TensorBoard is not installed or does not start. `str()` is a sentence for the visitor."""


class TensorBoardServer:
    """One TensorBoard for all runs. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._rests_until = -math.inf

    def port(self) -> int:
        """Return the port on this machine at which TensorBoard listens; start it if it does not run.

        Raises:
            TensorBoardError: the package is missing, it does not start, or it took too much memory a moment ago.
        """
        with self._lock:
            if time.monotonic() < self._rests_until:
                raise TensorBoardError(TOO_MUCH)
            if self._child is None or self._child.poll() is not None:
                self._discard()
                self._start()
            return self._port

    def stop(self) -> None:
        """End TensorBoard."""
        with self._lock:
            self._discard()

    def _discard(self) -> None:
        if self._child is not None:
            _end(self._child)
            self._child = None

    def _start(self) -> None:
        if importlib.util.find_spec("tensorboard") is None:
            raise TensorBoardError("The package tensorboard is missing: install requirements.txt again.")
        folder: Path = runs_dir()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TensorBoardError(f"The folder of the runs cannot be made: {why(error)}") from error
        port = _free_port()
        command = [sys.executable, "-m", "models.engine.tensorboard_server", "--logdir", str(folder), "--host", HOST]
        command += ["--port", str(port), "--path_prefix", PREFIX, "--reload_interval", "5", "--load_fast", "false"]
        # Its standard input is a pipe that nobody writes to. The pipe closes when this process ends, however it ends.
        child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        threading.Thread(target=self._watch, args=(child,), daemon=True).start()
        end = time.monotonic() + START_SECONDS
        while not _answers(port):
            if child.poll() is not None or time.monotonic() > end:
                _end(child)
                if time.monotonic() < self._rests_until:
                    raise TensorBoardError(TOO_MUCH)
                raise TensorBoardError("TensorBoard did not start. Try again, or look at the runs on this page.")
            time.sleep(0.1)
        self._child, self._port = child, port

    def _watch(self, child: subprocess.Popen[bytes]) -> None:
        """End a child that takes too much memory."""
        with contextlib.suppress(psutil.Error):
            watched = psutil.Process(child.pid)
            while child.poll() is None:
                if watched.memory_info().rss > MEMORY_BYTES:
                    self._rests_until = time.monotonic() + REST_SECONDS
                    child.kill()
                time.sleep(LOOK_SECONDS)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    if child.stdin is not None:
        child.stdin.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


# The child ------------------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Serve until the standard input ends."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)  # pages come first
    _bound_memory()
    # TensorBoard can read event files by itself. With TensorFlow, the same would take 10 s and 700 MB.
    sys.modules["tensorboard.compat.notf"] = types.ModuleType("tensorboard.compat.notf")
    from tensorboard import default, program

    board = program.TensorBoard(plugins=default.get_plugins())
    board.configure(argv=["tensorboard", *arguments])
    return int(board.main() or 0)


def _bound_memory() -> None:
    """Let the system refuse memory, too, should the app look too late."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (2 * MEMORY_BYTES, 2 * MEMORY_BYTES))


def _end_with_the_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
