"""The engine: runs that wait, workers that die, news, several machines, and an end of its own."""

import json
import os
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from models import weights
from models.datasets import photos
from models.engine import Engine, EngineError, certificate, cluster, processes
from models.engine.questions import INSTALLATION, PREDICT, Question
from models.pictures.photo import Photo
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, RunError
from tests.faults.conftest import ROOT, begin, ended, history
from tests.server import running_app

# Dask closes its sockets in its own threads.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

CONFIG = RunConfig(
    dataset="drawn-pets:train=96,validation=16,test=2",
    side=32,
    network="convnet",
    network_options={"width": 0.2},
    epochs=2,
    batch_size=8,
    checkpoint_seconds=0.2,
    seed=5,
)


@pytest.fixture(scope="module")
def engine_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The runs folder for this module's engine."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("engine")
        patch.setenv("RUNS_DIR", str(folder))
        patch.setenv("ENGINE_LINGER_SECONDS", "30")
        patch.setenv("ENGINE_STRANGER_SECONDS", "6")
        patch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
        yield folder


@pytest.fixture(scope="module")
def engine(engine_runs: Path) -> Iterator[Engine]:
    """An embedded engine that ends with this module."""
    with Engine.connect() as found:
        yield found
        found.close(end_if_idle=True)


def wait(condition: Callable[[], Any], seconds: float = 180.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_engine_listens_on_this_machine_only_and_to_nobody_without_its_key(
    engine: Engine, engine_runs: Path, tmp_path: Path
) -> None:
    address = json.loads((engine_runs / "engine" / "scheduler.json").read_text())["address"]
    assert address.startswith("tls://127.0.0.1:")
    workers = engine.workers()
    assert all(worker["address"].startswith("tls://127.0.0.1:") for worker in workers)
    resources = sorted(resource for worker in workers for resource in worker["resources"])
    assert resources == ["ANSWER", "STRANGER", "TRAIN"]

    engine.ask(INSTALLATION)  # whatever opens a port later has done so
    ports = listening(engine_runs)
    assert {host for host, _ in ports} == {"127.0.0.1"}
    # A scheduler, and two workers with their nannies: nothing else listens, no web server of Dask's above all.
    assert len(ports) == 5
    certificate.make(tmp_path)
    strange = ssl.create_default_context(cafile=engine_runs / "engine" / "certificate.pem")
    strange.check_hostname = False
    strange.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    for place in ports:
        assert talk(place, None) == b"", "it spoke without TLS"
        for context in (nobody(), strange):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                talk(place, context)
        assert talk(place, own(engine_runs)) != b""  # as a check of the check: who has the key is greeted


def listening(runs: Path) -> set[tuple[str, int]]:
    """Address and port of every socket of the engine's that waits for connections."""
    engines = [psutil.Process(pid) for pid in engine_processes(runs)]
    engines += [below for process in engines for below in process.children(recursive=True)]
    found = [one.laddr for process in engines for one in process.net_connections() if one.status == "LISTEN"]
    return {(place.ip, place.port) for place in found}


def nobody() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def own(runs: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=runs / "engine" / "certificate.pem")
    context.check_hostname = False
    context.load_cert_chain(runs / "engine" / "certificate.pem", runs / "engine" / "key.pem")
    return context


def talk(place: tuple[str, int], context: ssl.SSLContext | None) -> bytes:
    """The first bytes that are said at a port to somebody who asks; b"" if the connection is closed without a word."""
    with socket.create_connection(place, timeout=20) as plain:
        if context is None:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n" * 4)
            try:
                return plain.recv(1)
            except ConnectionError:
                return b""
        with context.wrap_socket(plain) as encrypted:
            return encrypted.recv(1)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's folders from other users by other means")
def test_nothing_of_the_engines_folder_can_be_read_by_other_users(engine: Engine, engine_runs: Path) -> None:
    folder = engine_runs / "engine"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in (folder / "key.pem", folder / "certificate.pem", *folder.glob("*.log")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    folder.chmod(0o755)  # as an earlier version left it
    with Engine.connect():
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_second_app_joins_the_engine_that_runs(engine: Engine) -> None:
    with Engine.connect() as other:
        assert {worker["address"] for worker in other.workers()} == {worker["address"] for worker in engine.workers()}


def test_a_killed_workers_run_goes_on_by_itself_while_another_waits_its_turn(engine: Engine, engine_runs: Path) -> None:
    first, second = (RunDirectory.create(engine_runs / name, CONFIG) for name in ("first", "second"))
    engine.submit(first)
    engine.submit(second)
    with pytest.raises(RunError, match="already"):
        engine.submit(second)
    wait(lambda: first.state().name == "running" and len(first.metrics()[0]) >= 5)
    assert [run.name for run in engine.queue()] == ["second"]
    before = {worker["name"]: worker["address"] for worker in engine.workers()}
    engine.kill(first)
    wait(lambda: first.state().name == second.state().name == "finished")
    # On a busy machine, a worker may be missing from the list for a moment.
    wait(lambda: any(one["name"] == "training" and one["address"] != before["training"] for one in engine.workers()))
    assert len(first.machine()["sessions"]) == 2
    assert len(second.machine()["sessions"]) == 1
    # The killed run and the other one have the same values, and so the same bits.
    assert history(first) == history(second)
    assert engine.queue() == []
    with pytest.raises(RunError, match="no plug"):
        engine.kill(first)


def test_a_run_is_paused_and_one_that_waits_leaves_the_queue(engine: Engine, engine_runs: Path) -> None:
    long = RunConfig(**{**CONFIG.__dict__, "epochs": 500})
    running, waiting = (RunDirectory.create(engine_runs / name, long) for name in ("running", "waiting"))
    engine.submit(running)
    engine.submit(waiting)
    wait(lambda: len(running.metrics()[0]) >= 3)
    engine.pause(waiting)
    assert waiting.state().name == "paused"
    engine.pause(running)
    wait(lambda: running.state().name == "paused")
    assert waiting.metrics()[0] == []
    with pytest.raises(RunError, match="paused"):
        engine.pause(running)


def test_a_run_that_looks_paused_can_be_resumed_while_its_process_is_still_leaving(
    engine: Engine, engine_runs: Path
) -> None:
    run = RunDirectory.create(engine_runs / "leaving", CONFIG)
    run.write_state("paused", "It was paused.")
    process = RunDirectory(run.path)  # another holder of the same lock
    assert process.lock.acquire()
    leaves = threading.Timer(0.7, process.lock.release)
    leaves.start()
    engine.submit(run)
    leaves.join()
    wait(lambda: run.state().name == "finished")


def test_a_wish_that_comes_when_the_run_has_just_ended_changes_nothing(
    engine: Engine, engine_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunDirectory.create(engine_runs / "just-ended", CONFIG)
    run.task_file.write_text("train-earlier")

    def granted_meanwhile(wish: str) -> None:
        run.wish_file.write_text(wish)
        run.write_state("finished", "It was stopped.", epoch=2)

    monkeypatch.setattr(run, "ask", granted_meanwhile)
    engine.stop(run)
    assert (run.state().name, run.state().reason, run.state().epoch) == ("finished", "It was stopped.", 2)
    assert run.wish() is None


def test_own_photos_live_in_the_workers_memory_until_it_dies(engine: Engine, engine_runs: Path) -> None:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (20, 40, 40, 3), dtype=np.uint8)
    pixels[::2] //= 4
    pack = photos.pack(
        [(("dark", "light")[place % 2], Photo(one, str(place), "upload", (40, 40))) for place, one in enumerate(pixels)]
    )
    values = {**CONFIG.__dict__, "dataset": "photos", "epochs": 400, "network": "mlp", "network_options": {"units": 8}}
    run = RunDirectory.create(engine_runs / "own", RunConfig(**values))
    engine.submit(run, pictures=pack)
    wait(lambda: len(run.metrics()[0]) >= 3)
    engine.pause(run)
    wait(lambda: run.state().name == "paused")
    assert engine.has_pictures(run)
    lines = len(run.metrics()[0])
    engine.submit(run)  # the pictures are still there
    wait(lambda: run.state().name == "running" and len(run.metrics()[0]) > lines + 2)
    engine.kill(run)
    wait(lambda: run.state().name == "interrupted" and "add them again" in run.state().reason)
    assert not engine.has_pictures(run)
    assert [path for path in run.path.rglob("*") if "picture" in path.name] == []
    engine.submit(run, pictures=pack)
    wait(lambda: run.state().name == "running")
    engine.stop(run)
    wait(lambda: run.state().name == "finished")


def test_a_run_that_is_paused_while_its_child_starts_stays_paused(engine: Engine, engine_runs: Path) -> None:
    run = RunDirectory.create(engine_runs / "hasty", CONFIG)
    engine.submit(run)
    engine.pause(run)  # the child is just starting
    wait(lambda: run.state().name == "paused")
    time.sleep(8)  # long enough to load TensorFlow and train
    assert run.state().name == "paused"
    assert len(run.metrics()[0]) <= 1
    engine.submit(run)
    wait(lambda: run.state().name == "finished")


def test_an_engine_that_lost_its_workers_gets_new_ones_from_the_next_app(engine: Engine, engine_runs: Path) -> None:
    before = {worker["name"]: worker["address"] for worker in engine.workers()}
    for pid in engine_processes(engine_runs):
        if b"answers" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)  # the nanny, so that nothing starts its worker again
    wait(lambda: "answers" not in {worker["name"] for worker in engine.workers()}, 60)
    with Engine.connect() as other:
        after = {worker["name"]: worker["address"] for worker in other.workers()}
    assert after.keys() == before.keys()
    assert after["training"] == before["training"]


def test_the_command_line_hands_a_run_to_the_engine(engine: Engine, engine_runs: Path) -> None:
    words = ["start", "--dataset", CONFIG.dataset, "--side", "32", "--network", "mlp", "--network-option", "units=8"]
    ended(begin(engine_runs, *words, "--epochs", "1", "--run", engine_runs / "handed-over", "--submit"))
    run = RunDirectory(engine_runs / "handed-over")
    wait(lambda: run.state().name == "finished")
    assert len(run.epochs()) == 1
    ended(begin(engine_runs, "resume", run.path, "--epochs", "2", "--submit"))
    wait(lambda: run.state().name == "finished" and len(run.epochs()) == 2)


def test_a_run_that_cannot_start_says_why(engine: Engine, engine_runs: Path) -> None:
    values = {**CONFIG.__dict__, "dataset": "folder:/nowhere/at/all"}
    run = RunDirectory.create(engine_runs / "nowhere", RunConfig(**values))
    engine.submit(run)
    wait(lambda: run.state().name == "failed")
    assert "There is no folder" in run.state().reason


def test_an_answer_that_fails_is_a_sentence_and_never_tensorflows_exception(engine: Engine) -> None:
    with pytest.raises(EngineError) as caught:
        engine.predict(np.zeros((64, 64, 3), np.uint8), "no-such-network")
    assert "no-such-network" in str(caught.value)


def test_a_question_that_takes_too_long_ends_and_the_next_one_is_answered(engine: Engine, engine_runs: Path) -> None:
    before = processes.number_of(engine_runs / "engine", "answers")
    with pytest.raises(EngineError, match="did not answer in time"):
        engine.ask(Question("time", "sleep"), 600, timeout=1)
    assert engine.ask(INSTALLATION)
    assert processes.number_of(engine_runs / "engine", "answers") != before


@pytest.fixture
def brought_in(engine_runs: Path, library: SimpleNamespace) -> Callable[..., RunDirectory]:
    """Return a function that makes a run whose network somebody has brought in: of the layers given, or a good one."""

    def make(name: str, *layers: Any) -> RunDirectory:
        run = RunDirectory.create(engine_runs / name, CONFIG)
        if layers:
            flat = library.keras.layers.GlobalAveragePooling2D()
            answer = library.keras.layers.Dense(1, activation="sigmoid")
            library.keras.Sequential([library.keras.Input((64, 64, 3)), *layers, flat, answer]).save(run.best_model)
        else:
            shutil.copyfile(weights.FOLDER / "digits.keras", run.best_model)
        (run.path / "origin").write_text("imported")
        run.write_state("finished", epoch=2)
        return run

    return make


def test_a_strangers_network_has_bounds_and_nobody_waits_for_it(
    engine: Engine, brought_in: Callable[..., RunDirectory], library: SimpleNamespace
) -> None:
    layers = library.keras.layers
    honest = brought_in("brought-honest")
    slow = brought_in("slow", layers.Resizing(1024, 1024), *(layers.Conv2D(32, 3) for _ in range(30)))
    large = brought_in("large", layers.Resizing(9000, 9000), layers.Conv2D(24, 1))
    photo = np.random.default_rng(3).integers(0, 256, (8, 8, 1), dtype=np.uint8)
    ours = engine.predict(photo, "digits")["probabilities"]
    np.testing.assert_array_equal(engine.predict(photo, str(honest.path))["probabilities"], ours)
    with ThreadPoolExecutor(1) as others:
        colours = photo.repeat(3, axis=2)
        asked = others.submit(engine.ask, PREDICT, colours, str(slow.path), timeout=170)
        for _ in range(5):  # others are answered meanwhile
            engine.predict(photo, "digits")
        assert not asked.done()
        with pytest.raises(EngineError, match="slow was brought in, and its answer takes longer than such a network"):
            asked.result()
        # TensorFlow may end the process itself, where it is refused a piece of memory before the bound is seen outside.
        too_large = (
            "large (was brought in, and its answer takes more memory than the 2 GB|could not answer: .* has ended)"
        )
        with pytest.raises(EngineError, match=too_large):
            engine.predict(colours, str(large.path))
    np.testing.assert_array_equal(engine.predict(photo, str(honest.path))["probabilities"], ours)


def test_a_restarted_app_finds_its_runs_and_marks_those_that_were_cut(engine: Engine, engine_runs: Path) -> None:
    lost, cut, spoilt = (RunDirectory.create(engine_runs / name, CONFIG) for name in ("lost", "cut", "spoilt"))
    spoilt.state_file.write_text("{")
    cut.write_state("running", epoch=1, step=2)
    names = {run.name for run in engine.take_stock()}
    assert {"lost", "cut"} <= names
    for run in (lost, cut, spoilt):
        assert json.loads(run.state_file.read_text())["name"] == "interrupted"
    assert (cut.state().epoch, cut.state().step) == (1, 2)


def test_the_engine_ends_some_time_after_its_last_client_was_killed(tmp_path: Path) -> None:
    code = "import time; from models.engine import Engine; Engine.connect(); print('up', flush=True); time.sleep(600)"
    settings = {"RUNS_DIR": str(tmp_path), "ENGINE_LINGER_SECONDS": "2", "PYTHONPATH": str(ROOT)}
    app = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE)
    assert app.stdout is not None
    try:
        assert app.stdout.readline() == b"up\n"
        found = engine_processes(tmp_path)
        assert len(found) >= 3
        app.send_signal(signal.SIGKILL)
        app.wait()
        wait(lambda: not any(alive(pid) for pid in found), 60)
    finally:
        app.kill()
        app.wait()
        app.stdout.close()


def engine_processes(runs: Path) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(runs / "engine" / "scheduler.json").encode() in words:
            found.append(int(folder.name))
    return found


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("tcp://127.0.0.1:8786", True),
        ("localhost:8786", True),
        ("tls://teacher.school:8786", True),
        ("tcp://teacher.school:8786", False),
        ("192.168.1.20:8786", False),
    ],
)
def test_a_scheduler_beyond_this_machine_has_to_be_encrypted(monkeypatch, address: str, allowed: bool) -> None:
    monkeypatch.delenv("ALLOW_PLAIN_SCHEDULER", raising=False)
    if allowed:
        cluster.check_address(address)
        return
    with pytest.raises(EngineError, match="tls://"):
        cluster.check_address(address)
    monkeypatch.setenv("ALLOW_PLAIN_SCHEDULER", "1")
    cluster.check_address(address)


def test_tls_without_its_files_is_refused_by_name(monkeypatch) -> None:
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tls://127.0.0.1:1")
    monkeypatch.delenv("DASK_TLS_CA_FILE", raising=False)
    with pytest.raises(EngineError, match="DASK_TLS_CA_FILE"):
        Engine.connect(timeout=1)


def made_by_openssl(folder: Path) -> dict[str, str]:
    """The three files of a self-signed certificate, as in README.md; nothing without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return {}
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    made = [*command, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    return {"ca-file": cert, "cert": cert, "key": key}


def test_a_teachers_own_cluster_trains_two_runs_at_once_and_one_worker_takes_over(tmp_path: Path, monkeypatch) -> None:
    """Two workers stand for two machines with a graphics card each. One is killed during a run and stays away."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    tls = made_by_openssl(tmp_path)
    for name, value in tls.items():
        monkeypatch.setenv(f"DASK_TLS_{name.upper().replace('-', '_')}", value)
    scheduler_file = tmp_path / "scheduler.json"
    settings = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1000"}
    common = ["--scheduler-file", str(scheduler_file), "--no-dashboard"]
    common += [word for name, value in tls.items() for word in (f"--tls-{name}", value)]
    common += ["--protocol", "tls"] if tls else []
    started = []

    def dask(*words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "dask", *words, *common]
        process = subprocess.Popen(
            command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started.append(process)
        return process

    worker = ("worker", "--no-nanny", "--nthreads", "1", "--resources", "GPU=1", "--host", "127.0.0.1", "--name")
    try:
        dask("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait(scheduler_file.exists, 30)
        machines = {name: dask(*worker, name) for name in ("one", "two")}
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", json.loads(scheduler_file.read_text())["address"])
        with Engine.connect() as teacher:
            wait(lambda: len(teacher.workers()) == 2, 30)
            assert not tls or all(worker["address"].startswith("tls://") for worker in teacher.workers())
            runs = [RunDirectory.create(tmp_path / name, CONFIG) for name in ("left", "right")]
            for run in runs:
                teacher.submit(run)
            wait(lambda: all(len(run.metrics()[0]) >= 3 for run in runs))  # both at once
            machines["one"].kill()
            machines["one"].wait()
            wait(lambda: all(run.state().name == "finished" for run in runs))
            assert sorted(len(run.machine()["sessions"]) for run in runs) == [1, 2]
            assert history(runs[0]) == history(runs[1])
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_the_app_starts_its_engine_in_the_background_and_takes_it_along_at_its_end(tmp_path: Path) -> None:
    with running_app(environment={"ENGINE": "on", "RUNS_DIR": str(tmp_path)}) as server:

        def status() -> str:
            with urllib.request.urlopen(f"{server.url}/healthz") as answer:
                return json.load(answer)["engine"]

        assert status() == "starting"  # the app answers already
        wait(lambda: status() == "ready", 60)
        found = engine_processes(tmp_path)
        assert len(found) >= 3
    wait(lambda: not any(alive(pid) for pid in found), 60)
