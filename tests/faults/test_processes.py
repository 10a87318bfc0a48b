"""The engine's processes killed, stopped and doubled under a training: it goes on by itself, with the same bits."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from components import engine as app
from models.engine import Engine, EngineError, keeping, processes
from models.engine.questions import INSTALLATION
from models.runs.config import RunConfig
from models.runs.planning import more_epochs
from models.runs.run_directory import RunDirectory, RunError, all_runs
from models.runs.run_removal import delete_run
from tests.faults.conftest import ROOT, assert_same_run
from tests.faults.test_engine import alive, engine_processes, wait

# Dask closes its sockets in its own threads.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

CONFIG = RunConfig(
    dataset="drawn-pets:train=96,validation=16,test=2",
    side=32,
    network="mlp",
    network_options={"units": 8},
    epochs=10_000,  # more than any test waits for: see `ends_as_undisturbed`
    batch_size=8,
    checkpoint_seconds=0.1,
    seed=5,
)
SILENT, HUNG = 3.0, 600.0

APP = """
import asyncio
from components import engine
from models.engine import Engine
engine.DELAY_SECONDS, engine.LOOK_SECONDS = 0.0, 0.2
Engine.warm_up = lambda self: None

async def serve():
    async with engine.running_beside_the_app(None):
        while True:
            print(engine.status(), flush=True)
            await asyncio.sleep(0.1)

asyncio.run(serve())
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The runs folder of this module's apps."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("processes")
        patch.setenv("RUNS_DIR", str(folder))
        patch.setenv("ENGINE", "on")
        patch.setenv("ENGINE_SILENT_SECONDS", str(SILENT))
        patch.setenv("ENGINE_HUNG_SECONDS", str(HUNG))
        patch.setenv("ENGINE_LINGER_SECONDS", "20")
        patch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
        patch.setattr(app, "DELAY_SECONDS", 0.0)
        patch.setattr(app, "LOOK_SECONDS", 0.2)
        patch.setattr(keeping, "LOOK_TIMEOUT", 0.7)
        patch.setattr(Engine, "warm_up", lambda self: None)  # it loads TensorFlow, and nobody asks a network here
        yield folder


@pytest.fixture(scope="module")
def engine(runs: Path) -> Iterator[Callable[[], Engine]]:
    """What keeps an engine in an app, in this process. Returns a function that waits for the engine of the moment."""
    loop = asyncio.new_event_loop()
    beside = app.running_beside_the_app(None)
    loop.run_until_complete(beside.__aenter__())

    def found() -> Engine:
        wait(lambda: app.engine() is not None, 60)
        now = app.engine()
        return now if now is not None else found()

    yield found
    left = engine_processes(runs)
    loop.run_until_complete(beside.__aexit__(None, None, None))
    loop.close()
    wait(lambda: not any(alive(pid) for pid in left), 60)


def number(runs: Path, name: str) -> int:
    """The number of the engine's process of that name, as soon as it lives."""
    folder = runs / "engine"
    wait(lambda: processes.number_of(folder, name) is not None, 60)
    return processes.number_of(folder, name) or number(runs, name)


def child(runs: Path) -> int:
    """The number of the process that trains."""
    found: list[psutil.Process] = []

    def trains() -> bool:
        worker = psutil.Process(number(runs, "training"))
        found[:] = [one for one in worker.children() if "models.training" in one.cmdline()]
        return bool(found)

    wait(trains, 60)
    return found[0].pid


def everything(runs: Path) -> list[int]:
    return [*engine_processes(runs), number(runs, "training"), number(runs, "answers"), child(runs)]


def goes_on(run: RunDirectory) -> None:
    """Wait until a run has learned another epoch."""
    before = run.state().epoch
    wait(lambda: run.state().name == "running" and run.state().epoch > before)


def ends_as_undisturbed(run: RunDirectory, engine: Engine) -> None:
    """End a run, and assert that it is the same, to the bit, as one of as many epochs that nothing has happened to."""
    engine.pause(run)
    wait(lambda: run.state().name == "paused")
    more_epochs(run, run.state().epoch + 1)
    alone = RunDirectory.create(run.path.with_name(f"{run.name}-alone"), run.config())
    for one in (run, alone):
        engine.submit(one)
    wait(lambda: run.state().name == alone.state().name == "finished", 900)  # all its epochs once more
    assert_same_run(alone, run)


KILLED: dict[str, Callable[[Path], list[int]]] = {
    "child": lambda runs: [child(runs)],
    "scheduler": lambda runs: [number(runs, "scheduler")],
    "worker, and the answering one's nanny": lambda runs: [number(runs, "training"), number(runs, "answers-nanny")],
    "nanny, and the answering worker": lambda runs: [number(runs, "training-nanny"), number(runs, "answers")],
    "all of them": everything,
}
PROCESSES = ("training", "training-nanny", "scheduler", "answers", "answers-nanny")
Disturb = Callable[[Path, Callable[[], Engine], RunDirectory], None]


def kill(names: Iterable[str]) -> Disturb:
    """Kill processes, one kind after the other; the run goes on each time, and others still wait."""

    def disturb(runs: Path, engine: Callable[[], Engine], run: RunDirectory) -> None:
        waiting = [RunDirectory.create(runs / name, CONFIG) for name in ("second", "third")]
        for one in waiting:
            engine().submit(one)
        for name in names:
            for pid in KILLED[name](runs):
                os.kill(pid, signal.SIGKILL)
            goes_on(run)
            assert [one.name for one in engine().queue()] == ["second", "third"], f"after the {name} was killed"
            wait(lambda: {one["name"] for one in engine().workers()} == {"answers", "training"}, 60)
        for one in reversed(waiting):
            engine().pause(one)
        wait(lambda: all(one.state().name == "paused" for one in waiting))
        for one in waiting:
            delete_run(one)

    return disturb


def stop(seconds: float) -> Disturb:
    """Stop processes for a while: they are waited for, and never doubled."""

    def disturb(runs: Path, engine: Callable[[], Engine], run: RunDirectory) -> None:
        before = {name: number(runs, name) for name in PROCESSES}
        sessions = len(run.machine()["sessions"])
        for name in ("all of them", "child", *PROCESSES):
            found = {"all of them": everything, "child": lambda runs: [child(runs)]}.get(
                name, lambda runs, name=name: [before[name]]
            )(runs)
            with stopped(found):
                lines = run.metrics_file.stat().st_size
                if name == "scheduler":
                    wait(lambda: "does not answer" in app.status(), 30)
                    with pytest.raises(EngineError, match="does not answer: something has stopped its process"):
                        Engine.connect(timeout=1)  # another app, which starts none beside it
                if name == "answers":
                    wait(lambda: "answers" in engine().trouble, 30)
                    with pytest.raises(EngineError, match="asks networks does not answer"):
                        engine().ask(INSTALLATION)
                time.sleep(seconds)
                assert run.metrics_file.stat().st_size == lines or name not in ("all of them", "child")
            wait(lambda: app.status() == "ready" and not engine().trouble, 60)
            if name in ("all of them", "child"):
                goes_on(run)
        assert {name: number(runs, name) for name in PROCESSES} == before  # nothing was replaced
        assert len(run.machine()["sessions"]) == sessions

    return disturb


def hang(runs: Path, engine: Callable[[], Engine], run: RunDirectory) -> None:
    """Stop processes for good: they are ended, and others take their place."""
    hung = [number(runs, "scheduler"), number(runs, "training")]
    for pid in hung:
        os.kill(pid, signal.SIGSTOP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENGINE_HUNG_SECONDS", str(2 * SILENT))
        wait(lambda: not any(alive(pid) for pid in hung), 60)
    goes_on(run)
    wait(lambda: "ready" in app.status(), 60)
    assert engine().ask(INSTALLATION)


@pytest.mark.parametrize(
    "disturb",
    [
        pytest.param((stop(0.5), kill(["all of them"]), hang), id="stopped-killed-hung"),
        pytest.param((kill(KILLED),), id="each-killed", marks=pytest.mark.slow),
        pytest.param((stop(60.0),), id="each-stopped-for-a-minute", marks=pytest.mark.slow),
    ],
)
def test_whatever_becomes_of_its_processes_a_run_goes_on_by_itself_and_ends_with_the_same_bits(
    runs: Path, engine: Callable[[], Engine], disturb: tuple[Disturb, ...], request: pytest.FixtureRequest
) -> None:
    run = RunDirectory.create(runs / request.node.callspec.id, CONFIG)
    engine().submit(run)
    goes_on(run)
    for one in disturb:
        one(runs, engine, run)
    ends_as_undisturbed(run, engine())


@contextlib.contextmanager
def stopped(numbers: list[int]) -> Iterator[None]:
    """Stop processes, and let them go on at the end of the block."""
    for pid in numbers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in numbers:
            os.kill(pid, signal.SIGCONT)


def test_two_apps_share_one_engine_and_one_of_them_starts_it_again(runs: Path, engine: Callable[[], Engine]) -> None:
    with second_app() as said:
        wait(lambda: said() == "ready", 60)
        assert len([pid for pid in engine_processes(runs) if alive(pid)]) == 3  # a scheduler, and two nannies
        os.kill(number(runs, "scheduler"), signal.SIGKILL)
        wait(lambda: said() != "ready", 60)
        wait(lambda: said() == "ready" and app.status() == "ready", 60)
        assert len([pid for pid in engine_processes(runs) if alive(pid)]) == 3
        assert {one["name"] for one in engine().workers()} == {"answers", "training"}
    assert engine().ask(INSTALLATION)  # the other app was killed: nothing changes for this one


@contextlib.contextmanager
def second_app() -> Iterator[Callable[[], str]]:
    """Another app on the same folder of runs, killed at the end. Gives a function that returns its last status."""
    command = [sys.executable, "-c", APP]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = [""]
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        yield lambda: str(lines[-1]).strip()
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def test_two_hundred_starts_at_once_are_one_queue(runs: Path, engine: Callable[[], Engine]) -> None:
    found = engine()

    def start(place: int) -> str:
        try:
            found.submit(RunDirectory.create(runs / f"many-{place % 180}", CONFIG))
        except RunError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(200) as pool:
        refused = [problem for problem in pool.map(start, range(200)) if problem]
    assert len(refused) == 20  # of two with one name, one
    assert all(problem.startswith(("There is a run many-", "The run many-")) for problem in refused)
    many = [run for run in all_runs() if run.name.startswith("many-")]
    assert len(many) == 180
    assert {run.state().name for run in many} <= {"queued", "running"}
    assert len(found.unknown([run.task() for run in many])) == 0
    for run in many:
        found.pause(run)
    wait(lambda: all(run.state().name == "paused" for run in many))


def test_runs_that_need_somebody_say_so_when_the_engine_has_ended(runs: Path, engine: Callable[[], Engine]) -> None:
    values = {**CONFIG.__dict__, "dataset": "photos"}
    photos, paused, hopeless, others = (
        RunDirectory.create(runs / name, RunConfig(**one))
        for name, one in (
            ("own", values),
            ("paused", CONFIG.__dict__),
            ("hopeless", CONFIG.__dict__),
            ("others", CONFIG.__dict__),
        )
    )
    held = RunDirectory(others.path)
    assert held.lock.acquire()  # somebody trains it, from a terminal
    paused.ask("pause")
    for run in (photos, paused, hopeless, others):
        run.write_state("running", epoch=3, step=2)
        run.task_file.write_text(f"train-{run.name}-1" + ("-again5at3.2" if run is hopeless else ""))
    wait(lambda: all(run.state().name != "running" and not run.is_left() for run in (photos, paused, hopeless)))
    assert photos.state().name == "interrupted"
    assert "add them again" in photos.state().reason
    assert (paused.state().name, paused.wish()) == ("paused", None)
    assert hopeless.state().name == "failed"
    assert "ended 5 times before another batch" in hopeless.state().reason
    assert {(run.state().epoch, run.state().step) for run in (photos, paused, hopeless)} == {(3, 2)}
    assert (others.state().name, others.task()) == ("running", "train-others-1")
    others.task_file.unlink()
    held.lock.release()
