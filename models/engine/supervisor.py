"""How a worker runs a training: the command line as a child process, started again if it dies.

TensorFlow lives and dies with the child: its memory is free again when the run ends, and the command line and the
engine train in one way only.
"""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

from models.datasets.photos import INFO
from models.runs.run_directory import RunDirectory
from models.storage import ROOT, runs_dir, without_paths

DEATHS = 5
"""A child that was killed this often without finishing another batch will not get further the next time."""

_pictures: dict[str, bytes] = {}  # run → the visitor's own pictures, in this worker's memory only
_children: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()
_leaving = threading.Event()


def deposit_pictures(reference: str, pictures: bytes) -> None:
    """Keep a visitor's pictures in this worker's memory for the trainings of one run; forget those of ended runs.

    Every training worker gets them, but only the one that trains the run learns when it ends.
    """
    for other in list(_pictures):
        path = Path(other) if Path(other).is_absolute() else runs_dir() / other
        if not path.is_dir() or RunDirectory(path).state().name in ("finished", "failed"):
            _pictures.pop(other, None)
    _pictures[reference] = pictures


def forget_pictures(reference: str) -> None:
    """Drop the pictures of a run from this worker's memory."""
    _pictures.pop(reference, None)


def has_pictures(reference: str) -> bool:
    """Return whether this worker holds the pictures of a run."""
    return reference in _pictures


def kill_children() -> None:
    """Kill this worker's trainings with SIGKILL."""
    with _lock:
        for child in _children:
            child.kill()


def leave() -> None:
    """End this worker's trainings, and begin no more: the worker is just ending, because its scheduler has gone."""
    _leaving.set()
    kill_children()


def supervise(reference: str, key: str) -> dict[str, str]:
    """Train a run to its end in child processes. Runs on a worker; never raises.

    Args:
        reference: the run's folder, relative to the runs folder or absolute.
        key: of this task. If the run's folder names another key, this task is outdated.

    Returns:
        {"state": …, "reason": …}: the run's state at the end.
    """
    path = Path(reference)
    run = RunDirectory(path if path.is_absolute() else runs_dir() / path)
    try:
        return _supervise(run, reference, key)
    except Exception as error:  # noqa: BLE001 - the client may lack what an exception's class needs: it gets text
        reason = f"The worker could not train it: {type(error).__name__}: {without_paths(error)}"
        with contextlib.suppress(OSError):
            if not run.lock.is_held():
                run.write_state("failed", reason)
        return {"state": "failed", "reason": reason}


def _supervise(run: RunDirectory, reference: str, key: str) -> dict[str, str]:
    deaths, place = 0, _place(run)
    while _is_wanted(run, key):
        code = _one_child(run, reference)
        state = run.state()
        if not _is_named(run, key) or _leaving.is_set():
            break  # submitted again meanwhile: the state belongs to that task now; or another worker goes on with it
        began = state.name != "queued" or run.lock.is_held()
        if not began and code >= 0:
            reason = "Its process ended before it began; log.txt in its folder says more."
            run.write_state("failed", reason, epoch=state.epoch, step=state.step)
            break
        if (began and state.name != "interrupted") or _waits_for_pictures(run, reference):
            break
        deaths = deaths + 1 if _place(run) == place else 1
        place = _place(run)
        if deaths >= DEATHS:
            reason = f"Its process was killed {DEATHS} times without finishing a batch: is this machine's memory full?"
            run.write_state("failed", reason, epoch=state.epoch, step=state.step)
            break
    state = run.state()
    if state.name in ("finished", "failed"):
        _pictures.pop(reference, None)
    return {"state": state.name, "reason": state.reason}


def _is_wanted(run: RunDirectory, key: str) -> bool:
    """Whether the run still waits for this very task. It may have been paused or ended, or belong to a newer task."""
    return not _leaving.is_set() and _is_named(run, key) and run.state().name in ("queued", "running", "interrupted")


def _is_named(run: RunDirectory, key: str) -> bool:
    return run.task() == key


def _waits_for_pictures(run: RunDirectory, reference: str) -> bool:
    """Whether the pictures were lost with an earlier worker: another child would not find them either."""
    own = run.config().dataset == INFO.name
    return own and reference not in _pictures and not run.pictures_file.is_file()


def _place(run: RunDirectory) -> tuple[int, int]:
    state = run.state()
    return state.epoch, state.step


def _one_child(run: RunDirectory, reference: str) -> int:
    """Train in a child until it ends, and return its exit code: below 0 if it was killed (but on Windows)."""
    environment = {**os.environ, "RUNS_DIR": str(runs_dir())}
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        environment.pop(name, None)  # Dask sets them to 1 for its own work
    command = [sys.executable, "-m", "models.training", "resume", str(run.path), "--supervised"]
    with (run.path / "log.txt").open("ab") as log:
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log
        )
        with _lock:
            _children.add(child)
            if _leaving.is_set():
                child.kill()
        try:
            pictures = _pictures.get(reference, b"")
            assert child.stdin is not None
            # The pipe stays open. When this worker dies, it closes, and the child ends itself.
            child.stdin.write(len(pictures).to_bytes(8, "big") + pictures)
            child.stdin.flush()
        except OSError:  # the child died before it read them
            pass
        finally:
            child.wait()
            with _lock:
                _children.discard(child)
    return child.returncode
