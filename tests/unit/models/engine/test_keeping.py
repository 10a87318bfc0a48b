"""The look after the engine: what is started, what is waited for, and which runs go on. A connection stands in."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models.engine import cluster, keeping, processes
from models.engine.cluster import EngineError
from models.engine.keeping import Keeper, go_on
from models.runs.config import RunConfig
from models.runs.run_directory import PICTURES_GONE, RunDirectory, StateName


class _Connection(SimpleNamespace):
    """Stands for a connection: knows no task, and notes what is handed to it."""

    def __init__(self) -> None:
        super().__init__(client=None, trouble={}, is_alive=True, submitted=[], known=set(), pictures=False)

    def unknown(self, keys: list[str]) -> set[str]:
        return set(keys) - self.known

    def has_pictures(self, run: RunDirectory) -> bool:
        return self.pictures

    def submit(self, run: RunDirectory, *, mark: str) -> None:
        self.submitted.append((run.name, mark))
        run.task_file.write_text(f"train-{run.name}-2{mark}")
        self.known.add(run.task())


Connection: Any = _Connection


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that the test turns."""
    made = SimpleNamespace(now=1000.0)
    made.monotonic = lambda: made.now
    monkeypatch.setattr(keeping, "time", made)
    return made


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An engine whose workers and their last words the test decides; which processes are started and ended."""
    made = SimpleNamespace(
        words={"answers": 1.0, "training": 1.0}, silent=False, error=TimeoutError(), started=[], ended=[]
    )

    def known(_client: object, *, timeout: float = 0.0) -> dict[str, Any]:
        if made.silent:
            raise made.error
        return {f"tls://{name}": {"name": name, "last_seen": word} for name, word in made.words.items()}

    def start(_client: object) -> list[str]:
        missing = [name for name in cluster.wanted_workers() if name not in made.words]
        made.started.append(missing)
        return missing

    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    monkeypatch.setattr(cluster, "known_workers", known)
    monkeypatch.setattr(cluster, "start_missing", start)
    monkeypatch.setattr(processes, "end", lambda _folder, name: made.ended.append(name))
    return made


def left(folder: Path, name: str, state: StateName, key: str = "train-1", **values: Any) -> RunDirectory:
    run = RunDirectory.create(folder / name, RunConfig(**{"dataset": "digits", "network": "mlp", **values}))
    run.write_state(state, epoch=3, step=2)
    if key:
        run.task_file.write_text(f"{key}-{name}")
    return run


def test_a_missing_worker_is_started_and_one_that_does_not_come_back_is_ended(seen, clock) -> None:
    connection = Connection()
    keeper = Keeper(connection)
    assert keeper.look() == ""
    assert seen.started == []
    del seen.words["training"]
    assert keeper.look() == ""
    assert seen.started == [["training"]]
    clock.now += keeping.SILENT_SECONDS + 1
    keeper.look()
    assert "that trains does not answer" in connection.trouble["training"]
    clock.now += keeping.HUNG_SECONDS
    seen.words["answers"] = 2.0
    keeper.look()
    assert seen.ended == ["training-nanny"]
    seen.words["training"] = 7.0
    keeper.look()
    assert connection.trouble == {}


def test_a_worker_that_says_nothing_is_waited_for_and_ended_after_minutes(seen, clock) -> None:
    connection = Connection()
    keeper = Keeper(connection)
    for passed in range(0, int(keeping.HUNG_SECONDS) + 1, 10):
        seen.words["training"] = float(passed)  # a clock that jumps makes no worker silent, nor a silent one speak
        keeper.look()
        assert ("answers" in connection.trouble) == (passed > keeping.SILENT_SECONDS), passed
        clock.now += 10
    assert seen.ended == []
    seen.words["training"] = -1e9
    keeper.look()
    assert seen.ended == ["answers"]
    assert seen.started == []


@pytest.mark.parametrize("error", [TimeoutError(), OSError("Timed out trying to connect to tls://127.0.0.1:1")])
def test_a_scheduler_that_does_not_answer_is_said_waited_for_and_ended_after_minutes(seen, clock, error) -> None:
    connection = Connection()
    keeper = Keeper(connection)
    seen.error = error
    assert keeper.look() == ""
    seen.silent = True
    assert keeper.look() == ""
    clock.now += keeping.SILENT_SECONDS + 1
    assert "does not answer" in keeper.look()
    assert seen.ended == []
    seen.silent = False
    assert keeper.look() == ""
    seen.silent = True
    clock.now += keeping.HUNG_SECONDS - 1
    assert "does not answer" in keeper.look()
    assert seen.ended == []
    clock.now += 2
    keeper.look()
    assert seen.ended == ["scheduler"]
    connection.is_alive = False  # it has gone: another connection is made, and nothing is said of a silent one
    assert keeper.look() == ""


def test_lost_runs_go_on_in_their_order_and_only_if_they_are_lost_twice(seen, tmp_path: Path) -> None:
    connection = Connection()
    for name, state in (("third", "queued"), ("second", "queued"), ("first", "running"), ("over", "finished")):
        left(tmp_path, name, state)  # type: ignore[arg-type]
    left(tmp_path, "noted", "interrupted")
    left(tmp_path, "terminal", "running", key="")
    known = left(tmp_path, "known", "queued")
    connection.known.add(known.task())
    keeper = Keeper(connection)
    keeper.look()
    assert connection.submitted == []
    keeper.look()
    assert connection.submitted == [(name, "-again1at3.2") for name in ("first", "third", "second")]
    keeper.look()
    keeper.look()
    assert len(connection.submitted) == 3


def test_while_another_app_starts_what_is_missing_this_one_does_nothing(seen, tmp_path: Path) -> None:
    connection = Connection()
    left(tmp_path, "lost", "running")
    del seen.words["training"]
    keeper = Keeper(connection)
    with cluster.starting(0):
        for _ in range(3):
            assert keeper.look() == ""
    assert (connection.submitted, seen.started) == ([], [])
    keeper.look()
    assert (len(connection.submitted), len(seen.started)) == (1, 1)


def test_a_run_that_cannot_go_on_by_itself_says_why(seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection()
    own = left(tmp_path, "own", "running", dataset="photos")
    go_on(connection, own)
    assert (own.state().name, own.state().reason) == ("interrupted", PICTURES_GONE)
    connection.pictures = True
    own.write_state("queued")
    go_on(connection, own)
    assert [name for name, _ in connection.submitted] == ["own"]

    paused = left(tmp_path, "paused", "running")
    paused.ask("pause") if paused.lock.acquire() else pytest.fail("it is held")
    paused.lock.release()
    go_on(connection, paused)
    assert (paused.state().name, paused.state().epoch, paused.wish()) == ("paused", 3, None)

    broken = left(tmp_path, "broken", "queued")
    broken.config_file.write_text("{")
    go_on(connection, broken)
    assert broken.state().name == "interrupted"
    assert "cannot be used" in broken.state().reason
    assert len(connection.submitted) == 1


def test_a_run_at_which_the_engine_ends_again_and_again_is_given_up(seen, tmp_path: Path) -> None:
    connection = Connection()
    run = left(tmp_path, "deadly", "running")
    for time in range(1, 6):
        go_on(connection, run)
        assert connection.submitted[-1] == ("deadly", f"-again{time}at3.2")
    go_on(connection, run)
    assert len(connection.submitted) == 5
    assert run.state().name == "failed"
    assert "ended 5 times before another batch" in run.state().reason
    run.write_state("running", epoch=3, step=3)  # another batch was finished: the count begins again
    go_on(connection, run)
    assert connection.submitted[-1] == ("deadly", "-again1at3.3")


def test_an_engine_that_takes_nothing_leaves_the_run_for_the_next_look(seen, tmp_path: Path) -> None:
    connection = Connection()
    run = left(tmp_path, "lost", "running")

    def refuse(*_: object, **__: object) -> None:
        raise EngineError("It is busy.")

    connection.submit = refuse
    keeper = Keeper(connection)
    for _ in range(3):
        assert keeper.look() == ""
    assert run.is_left()
