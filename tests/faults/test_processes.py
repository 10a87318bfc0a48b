"""The engine's processes killed, stopped and doubled under a training: it goes on by itself, with the same bits."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from components import engine as app
from models.engine import Engine, keeping, processes
from models.engine.questions import INSTALLATION
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from tests.faults.conftest import assert_same_run
from tests.faults.test_engine import alive, engine_processes, wait

# Dask closes its sockets in its own threads.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

CONFIG = RunConfig(
    dataset="drawn-pets:train=96,validation=16,test=2",
    side=32,
    network="mlp",
    network_options={"units": 8},
    epochs=60,
    batch_size=8,
    checkpoint_seconds=0.1,
    seed=5,
)
SILENT, HUNG = 1.0, 600.0

APP = """
import asyncio
from components import engine
engine.DELAY_SECONDS, engine.LOOK_SECONDS = 0.0, 0.2

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


@pytest.fixture(scope="module")
def alone(runs: Path, engine: Callable[[], Engine]) -> RunDirectory:
    """The undisturbed run."""
    run = RunDirectory.create(runs / "alone", CONFIG)
    engine().submit(run)
    wait(lambda: run.state().name == "finished")
    return run


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


def goes_on(run: RunDirectory) -> bool:
    """Wait until a run has written further lines, and return whether it has not ended yet."""
    before = len(run.metrics()[0])
    wait(lambda: run.state().name == "running" and len(run.metrics()[0]) > before + 3)
    return len(run.epochs()) < CONFIG.epochs


KILLED: dict[str, Callable[[Path], list[int]]] = {
    "child": lambda runs: [child(runs)],
    "worker": lambda runs: [number(runs, "training")],
    "nanny": lambda runs: [number(runs, "training-nanny")],
    "answering worker": lambda runs: [number(runs, "answers")],
    "answering nanny": lambda runs: [number(runs, "answers-nanny")],
    "scheduler": lambda runs: [number(runs, "scheduler")],
    "all": everything,
}


def test_whatever_is_killed_a_run_goes_on_by_itself_and_ends_with_the_same_bits(
    runs: Path, engine: Callable[[], Engine], alone: RunDirectory
) -> None:
    run, second, third = (RunDirectory.create(runs / name, CONFIG) for name in ("killed", "second", "third"))
    for one in (run, second, third):
        engine().submit(one)
    goes_on(run)
    for name, find in KILLED.items():
        for pid in find(runs):
            os.kill(pid, signal.SIGKILL)
        assert goes_on(run), f"the {name} was killed when the run had ended"
        waiting = [one.name for one in engine().queue()]
        assert waiting == ["second", "third"], f"after the {name} was killed"
        wait(lambda: {one["name"] for one in engine().workers()} == {"answers", "training"}, 60)
    engine().pause(third)
    engine().pause(second)
    wait(lambda: run.state().name == "finished")
    assert_same_run(alone, run)
    assert engine().ask(INSTALLATION)
