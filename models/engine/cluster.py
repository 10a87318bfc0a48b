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
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from models.engine import certificate, processes
from models.runs.lock import FileLock
from models.storage import ROOT, runs_dir

LINGER_SECONDS = 600
"""How long the embedded engine outlives its last client if that one crashed or a training is under way
(ENGINE_LINGER_SECONDS)."""

ANSWERS = "answers"
"""The worker that answers questions."""

CALL_SECONDS = 20.0
"""How long a call may take to which the scheduler, or every worker, answers at once."""

HUNG = (
    "The engine runs but does not answer: something has stopped its process {number}. It is asked again all the time, "
    "and is replaced if it stays like that."
)

_LOOPBACK_ONLY = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
"""Without its address, Dask's web server would listen to the whole network; `lifetime` then closes it."""

_spawned: dict[str, subprocess.Popen[bytes]] = {}

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class EngineError(RuntimeError):
    """The engine cannot do what was requested. `str()` is a sentence for the visitor."""


class BusyError(EngineError):
    """The engine cannot do it now: who asks again in a moment may get an answer."""


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
    end = time.monotonic() + timeout
    with starting(timeout):
        client = _find(folder()) or _start(folder(), end)
        try:
            _complete(folder(), client, end)
        except OSError:
            raise EngineError("The engine has started and does not answer: this computer is very busy.") from None
        except BaseException:
            with contextlib.suppress(Exception):
                client.close(timeout=5)
            raise
        return client


@contextlib.contextmanager
def starting(patience: float) -> Iterator[None]:
    """Hold the right to start what is missing of the embedded engine: of several apps, one does it.

    Raises:
        EngineError: the engine's folder cannot be used, or another process holds the right for longer than `patience`
            (seconds).
    """
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o700)  # the key lies there, and logs: of no interest to other users of this computer
        lock = FileLock(place / "start.lock")
        end = time.monotonic() + patience
        while not lock.acquire():  # another process is starting it
            if time.monotonic() > end:
                raise EngineError("The engine is being started by another process, which takes too long.")
            time.sleep(0.05)
    except OSError as error:
        raise EngineError(
            f"The engine cannot make its folder in the runs folder (RUNS_DIR): {error.strerror}."
        ) from error
    try:
        yield
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
    from distributed import Security

    security = None
    if address.startswith("tls://"):
        names = ("DASK_TLS_CA_FILE", "DASK_TLS_CERT", "DASK_TLS_KEY")
        missing = [name for name in names if not os.environ.get(name)]
        if missing:
            raise EngineError(f"A tls:// scheduler needs {', '.join(names)}: {missing[0]} is not set.")
        ca, certificate, key = (os.environ[name] for name in names)
        security = Security(tls_ca_file=ca, tls_client_cert=certificate, tls_client_key=key, require_encryption=True)
    try:
        return _client(address, timeout=timeout, security=security)
    except Exception as error:
        raise EngineError(f"The scheduler {address} cannot be reached: {error}") from error


def _client(address: str, *, timeout: float, security: Any) -> Any:
    from distributed import Client

    class BoundedClient(Client):
        """A client whose every call has an end: a scheduler that is stopped answers nobody, and says nothing."""

        def sync(self, func: Any, *args: Any, callback_timeout: Any = None, **kwargs: Any) -> Any:
            bound = CALL_SECONDS if callback_timeout is None else callback_timeout
            return super().sync(func, *args, callback_timeout=bound, **kwargs)  # type: ignore[no-untyped-call]

    client: Any = BoundedClient  # Dask's class says nothing of its types
    return client(address, timeout=timeout, security=security, set_as_default=False, name="course")


def _find(place: Path) -> Any:
    """A client of the running engine, or None.

    Raises:
        EngineError: it runs and does not answer. A second one beside it would take its work away.
    """
    if not processes.is_alive(place, processes.SCHEDULER):
        return None
    try:
        address = json.loads((place / "scheduler.json").read_text())["address"]
        return _client(address, timeout=3, security=certificate.security(place))
    except Exception:  # noqa: BLE001 - it may have ended just now
        if number := processes.number_of(place, processes.SCHEDULER):
            raise EngineError(HUNG.format(number=number)) from None
        return None


def _start(place: Path, end: float) -> Any:
    for worker in wanted_workers():  # of an engine that is gone: they wait for its trainings to end
        for name in (processes.nanny_of(worker), worker):
            processes.end(place, name)
    scheduler_file = place / "scheduler.json"
    scheduler_file.unlink(missing_ok=True)
    for name in ("workers", "asked"):
        shutil.rmtree(place / name, ignore_errors=True)
    try:
        certificate.make(place)
    except OSError as error:
        raise EngineError(
            f"The engine cannot write into its folder in the runs folder (RUNS_DIR): {error.strerror}."
        ) from error
    command = ["scheduler", "--host", "127.0.0.1", "--port", "0", *_LOOPBACK_ONLY]
    command += ["--preload", "models.engine.lifetime"]
    scheduler = _spawn(place, processes.SCHEDULER, command)
    while not (client := _just_started(place)):
        if scheduler.poll() is not None or time.monotonic() > end:
            log = (place / "scheduler.log").read_text(errors="replace").strip().splitlines()
            raise EngineError(f"The engine could not be started: {log[-1] if log else 'it said nothing'}")
        time.sleep(0.05)
    return client


def _just_started(place: Path) -> Any:
    with contextlib.suppress(EngineError):  # it has its number already and does not listen yet
        return _find(place) if (place / "scheduler.json").exists() else None


def wanted_workers() -> dict[str, tuple[str, int, str | None]]:
    """Return the embedded engine's workers: name → (resources, threads, the graphics card that it sees)."""
    gpus = visible_gpus()
    # The second thread only waits for the process that opens networks of strangers.
    workers: dict[str, tuple[str, int, str | None]] = {ANSWERS: ("ANSWER=1 STRANGER=1", 2, "")}
    for number in gpus:
        workers[f"training-gpu{number}"] = ("GPU=1", 1, number)
    if not gpus:
        workers["training"] = ("TRAIN=1", 1, None)
    return workers


def known_workers(client: Any, *, timeout: float = CALL_SECONDS) -> dict[str, dict[str, Any]]:
    """Return address → what the scheduler knows of a worker.

    Raises:
        OSError: it does not answer in that many seconds (TimeoutError is one), or the connection is broken.
    """
    known = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=timeout)
    workers: dict[str, dict[str, Any]] = known["workers"]
    return workers


def missing_workers(client: Any) -> list[str]:
    """Return the names of the embedded engine's workers that the scheduler does not know at the moment."""
    known = {worker["name"] for worker in known_workers(client).values()}
    return [name for name in wanted_workers() if name not in known]


def start_missing(client: Any) -> list[str]:
    """Start the workers that are missing, but for those that are just being started, and return all missing ones.

    Whoever calls this holds the right to it (`starting`).
    """
    missing = missing_workers(client)
    for name in missing:
        spawned = _spawned.get(name)
        beginning = spawned is not None and spawned.poll() is None
        if not beginning and not processes.is_alive(folder(), processes.nanny_of(name)):
            _spawned[name] = _spawn_worker(folder(), name)
    return missing


def _complete(place: Path, client: Any, end: float) -> None:
    """Start the workers that are missing: all of them at first, later those that an app could not start any more."""
    while missing := start_missing(client):
        if time.monotonic() > end:
            raise EngineError(
                f"The engine's worker {missing[0]} did not start: its log, in the folder {place.name} of the runs "
                "folder, says more."
            )
        time.sleep(0.1)


def _spawn_worker(place: Path, name: str) -> subprocess.Popen[bytes]:
    resources, threads, gpu = wanted_workers()[name]
    environment = {} if gpu is None else {"CUDA_VISIBLE_DEVICES": gpu}
    command = ["worker", "--nanny", "--nworkers", "1", "--nthreads", str(threads), "--memory-limit", "0"]
    command += ["--host", "127.0.0.1", "--name", name, "--resources", resources, "--death-timeout", "60"]
    command += [*_LOOPBACK_ONLY, "--preload", "models.engine.lifetime", "--preload-nanny", "models.engine.lifetime"]
    return _spawn(place, name, command, environment)


def _spawn(
    place: Path, name: str, command: list[str], environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start `dask …` so that it outlives this process and gets no Ctrl-C from its terminal."""
    settings = {
        "RUNS_DIR": str(runs_dir()),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        # A run whose worker dies goes on with the next one, however often. Nothing is spilled to the disk.
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1000000",
        # A clock that jumps must not make every worker look dead: `keeping` looks itself.
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "None",
        "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
        "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
        "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False",
        "DASK_TEMPORARY_DIRECTORY": str(place / "workers"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    words = [*command, "--scheduler-file", str(place / "scheduler.json"), *certificate.words(place)]
    with open(place / f"{name}.log", "wb", opener=_private) as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=ROOT,
            env={**os.environ, **settings, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


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


def unknown(keys: list[str], dask_scheduler: Any) -> list[str]:
    """Return those of some trainings' keys of which none is being computed or waits."""
    tasks = {key: dask_scheduler.tasks.get(key) for key in keys}
    under_way = ("processing", "no-worker", "queued", "waiting", "released")
    return [key for key, task in tasks.items() if task is None or task.state not in under_way]


def kill_this_process() -> None:
    """End the worker at once, without any clean-up. Its training ends with it."""
    from models.engine.supervisor import kill_children

    kill_children()
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
