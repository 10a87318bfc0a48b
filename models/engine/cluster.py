"""The Dask cluster: find the one that runs, start the embedded one, or join the teacher's own.

The embedded one is three or more processes on 127.0.0.1 that outlive a web process which crashes: `dask scheduler`, one
`dask worker` that answers questions, and one for each training at a time. They lie under RUNS_DIR/engine.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from models.runs.lock import FileLock
from models.storage import ROOT, runs_dir

LINGER_SECONDS = 600
"""How long the embedded engine outlives its last client if that one crashed or a training is under way
(ENGINE_LINGER_SECONDS)."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class EngineError(RuntimeError):
    """The engine cannot do what was requested. `str()` is a sentence for the visitor."""


def is_embedded() -> bool:
    """Return whether the engine runs on this machine alone and is not the teacher's cluster."""
    return not os.environ.get("DASK_SCHEDULER_ADDRESS")


def folder() -> Path:
    """Return the folder of the embedded engine's files."""
    return runs_dir() / "engine"


def connect(*, timeout: float) -> Any:
    """Return a `distributed.Client` of the cluster. The embedded cluster is started if it is needed.

    Raises:
        EngineError: the cluster cannot be reached or started, or its address is refused.
    """
    if not is_embedded():
        return _join(os.environ["DASK_SCHEDULER_ADDRESS"], timeout)
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"The engine cannot make its folder in the runs folder (RUNS_DIR): {error.strerror}."
        ) from error
    lock = FileLock(place / "start.lock")
    end = time.monotonic() + timeout
    while not lock.acquire():  # another process is starting it
        if time.monotonic() > end:
            raise EngineError("The engine is being started by another process, which takes too long.")
        time.sleep(0.05)
    try:
        client = _find(place / "scheduler.json") or _start(place, end)
        _complete(place, client, end)
        return client
    finally:
        lock.release()


def check_address(address: str) -> None:
    """Refuse a scheduler to which anybody in the network could send programs.

    Raises:
        EngineError: the address is neither on this machine nor encrypted, and no setting allows that.
    """
    parts = urlsplit(address if "//" in address else f"tcp://{address}")
    if parts.scheme == "tls" or parts.hostname in LOOPBACK or os.environ.get("ALLOW_PLAIN_SCHEDULER") == "1":
        return
    raise EngineError(
        f"DASK_SCHEDULER_ADDRESS is {address}: a scheduler runs whatever program it is sent, so beyond this machine it "
        "has to be tls://. In a network that you trust alone, ALLOW_PLAIN_SCHEDULER=1 allows it."
    )


def _join(address: str, timeout: float) -> Any:
    check_address(address)
    from distributed import Client, Security

    security = None
    if address.startswith("tls://"):
        names = ("DASK_TLS_CA_FILE", "DASK_TLS_CERT", "DASK_TLS_KEY")
        missing = [name for name in names if not os.environ.get(name)]
        if missing:
            raise EngineError(f"A tls:// scheduler needs {', '.join(names)}: {missing[0]} is not set.")
        ca, certificate, key = (os.environ[name] for name in names)
        security = Security(tls_ca_file=ca, tls_client_cert=certificate, tls_client_key=key, require_encryption=True)
    try:
        return Client(address, timeout=timeout, security=security, set_as_default=False, name="course")
    except Exception as error:
        raise EngineError(f"The scheduler {address} cannot be reached: {error}") from error


def _find(scheduler_file: Path) -> Any:
    """A client of the running engine, or None."""
    from distributed import Client

    try:
        address = json.loads(scheduler_file.read_text())["address"]
        return Client(address, timeout=3, set_as_default=False, name="course")
    except Exception:  # noqa: BLE001 - none was started, or it is gone: a new one overwrites the file
        return None


def _start(place: Path, end: float) -> Any:
    scheduler_file = place / "scheduler.json"
    scheduler_file.unlink(missing_ok=True)
    shutil.rmtree(place / "workers", ignore_errors=True)
    scheduler = _spawn(
        place,
        "scheduler",
        ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--preload", "models.engine.lifetime"],
    )
    while not (client := _find(scheduler_file) if scheduler_file.exists() else None):
        if scheduler.poll() is not None or time.monotonic() > end:
            log = (place / "scheduler.log").read_text(errors="replace").strip().splitlines()
            raise EngineError(f"The engine could not be started: {log[-1] if log else 'it said nothing'}")
        time.sleep(0.05)
    return client


def _workers() -> dict[str, tuple[str, str | None]]:
    """The embedded engine's workers: name → (resource, the graphics card that it sees)."""
    gpus = visible_gpus()
    workers: dict[str, tuple[str, str | None]] = {"answers": ("ANSWER", "")}
    for number in gpus:
        workers[f"training-gpu{number}"] = ("GPU", number)
    if not gpus:
        workers["training"] = ("TRAIN", None)
    return workers


def _complete(place: Path, client: Any, end: float) -> None:
    """Start the workers that are missing: all of them at first, later those that an app could not start any more."""
    wanted = _workers()

    def missing() -> list[str]:
        known = {worker["name"] for worker in client.scheduler_info(n_workers=-1)["workers"].values()}
        return [name for name in wanted if name not in known]

    patience = time.monotonic() + (3.0 if len(missing()) < len(wanted) else 0.0)
    while missing() and time.monotonic() < patience:  # a killed one is being started again by its nanny
        time.sleep(0.1)
    for name in missing():
        resource, gpu = wanted[name]
        _spawn_worker(place, name, resource, gpu=gpu)
    while missing():
        if time.monotonic() > end:
            client.close()
            raise EngineError(
                f"The engine's worker {missing()[0]} did not start: its log, in the folder {place.name} of the runs "
                "folder, says more."
            )
        time.sleep(0.1)


def _spawn_worker(place: Path, name: str, resource: str, *, gpu: str | None) -> None:
    environment = {} if gpu is None else {"CUDA_VISIBLE_DEVICES": gpu}
    command = ["worker", "--nanny", "--nworkers", "1", "--nthreads", "1", "--memory-limit", "0", "--no-dashboard"]
    command += ["--host", "127.0.0.1", "--name", name, "--resources", f"{resource}=1", "--death-timeout", "60"]
    command += ["--local-directory", str(place / "workers")]
    _spawn(place, name, command, environment)


def _spawn(
    place: Path, name: str, command: list[str], environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start `dask …` so that it outlives this process and gets no Ctrl-C from its terminal."""
    settings = {
        "RUNS_DIR": str(runs_dir()),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        # A run whose worker dies goes on with the next one, however often. Nothing is spilled to the disk.
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1000000",
        "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
        "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
        "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    with (place / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *command, "--scheduler-file", str(place / "scheduler.json")],
            cwd=ROOT,
            env={**os.environ, **settings, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )


def visible_gpus() -> list[str]:
    """Return the numbers of this machine's NVIDIA cards, as CUDA_VISIBLE_DEVICES takes them, without TensorFlow."""
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is not None:
        return [number for number in chosen.split(",") if number.strip() and number.strip() != "-1"]
    program = shutil.which("nvidia-smi")
    if not program:
        return []
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        listed = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=10, check=False)
        lines = [line for line in listed.stdout.splitlines() if line.startswith("GPU ")]
        return [str(number) for number in range(len(lines))]
    return []


def reference(path: Path) -> str:
    """Return the path by which workers find a run: relative to the shared runs folder if it is there, else absolute."""
    path = path.resolve()
    with contextlib.suppress(ValueError):
        return path.relative_to(runs_dir()).as_posix()
    return str(path)


# Called on the scheduler or on a worker -------------------------------------------------------------------------------


def knows(key: str, dask_scheduler: Any) -> bool:
    """Return whether a training with this key is being computed or waits."""
    task = dask_scheduler.tasks.get(key)
    return task is not None and task.state in ("processing", "no-worker", "queued", "waiting", "released")


def kill_this_process() -> None:
    """End the worker at once, without any clean-up. Its training ends with it."""
    from models.engine.supervisor import kill_children

    kill_children()
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
