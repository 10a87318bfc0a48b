"""The look after the engine that an app takes every few seconds: what is missing is started, lost runs go on.

Nothing is replaced that lives, be it stopped, before it has been silent for minutes; then it is ended first. So two
apps on one folder of runs, and processes that go on after a stop, never do the same work twice.
"""

import contextlib
import re
import time
from typing import TYPE_CHECKING

from models.datasets import photos
from models.engine import cluster, processes
from models.engine.cluster import ANSWERS, EngineError
from models.engine.settings import seconds
from models.engine.supervisor import DEATHS
from models.runs.run_directory import PICTURES_GONE, RunDirectory, RunError, all_runs, writing

if TYPE_CHECKING:
    from models.engine import Engine

LOOK_TIMEOUT = 5.0
"""How long the scheduler may take to say who its workers are."""

SILENT_SECONDS = 30.0
"""After this time without a word from a process, pages say so (ENGINE_SILENT_SECONDS)."""

HUNG_SECONDS = 180.0
"""After this time it is ended, so that another one takes its place (ENGINE_HUNG_SECONDS)."""

_AGAIN = re.compile(r"-again(\d+)at(\d+)\.(\d+)$")


class Keeper:
    """Looks after one connection to the engine. For one thread.

    Args:
        engine: a connection that has just been made.
    """

    def __init__(self, engine: "Engine") -> None:
        self.engine = engine
        self._heard: dict[str, tuple[object, float]] = {}  # process → its last word, and when it came
        self._lost: set[str] = set()

    def look(self) -> str:
        """Start what is missing, and put runs back into the queue whose training was cut by the engine's end.

        Returns:
            A sentence if the engine cannot be used at the moment, else "".
        """
        try:
            known = cluster.known_workers(self.engine.client, timeout=LOOK_TIMEOUT)
        except Exception:  # noqa: BLE001 - a time-out, of the answer or of another connection for the question
            # If the connection has just broken, the next look begins with another one.
            return self._about_scheduler() if self.engine.is_alive else ""
        self._hear(processes.SCHEDULER, time.monotonic())
        if cluster.is_embedded():
            self._look_at_workers({str(one["name"]): one["last_seen"] for one in known.values()})
        with contextlib.suppress(EngineError, RunError, OSError):
            self._go_on_with_lost_runs()
        return ""

    # Processes ------------------------------------------------------------------------------------------------------

    def _about_scheduler(self) -> str:
        silent = self._silence(processes.SCHEDULER)
        if silent < seconds("ENGINE_SILENT_SECONDS", SILENT_SECONDS):
            return ""
        if not cluster.is_embedded():
            return "The scheduler (DASK_SCHEDULER_ADDRESS) does not answer. It is asked again all the time."
        number = processes.number_of(cluster.folder(), processes.SCHEDULER)
        if silent > seconds("ENGINE_HUNG_SECONDS", HUNG_SECONDS):
            processes.end(cluster.folder(), processes.SCHEDULER)
        return cluster.HUNG.format(number=number)

    def _look_at_workers(self, last_words: dict[str, object]) -> None:
        missing = [name for name in cluster.wanted_workers() if name not in last_words]
        if missing:
            with contextlib.suppress(EngineError, OSError), cluster.starting(0):  # OSError: no answer in time, too
                missing = cluster.start_missing(self.engine.client)
        trouble = {}
        for name in cluster.wanted_workers():
            self._hear(name, "missing" if name in missing else last_words.get(name))
            silent = self._silence(name)
            if silent > seconds("ENGINE_HUNG_SECONDS", HUNG_SECONDS):
                process = processes.nanny_of(name) if name in missing else name
                processes.end(cluster.folder(), process)
                self._heard.pop(name)
            elif silent > seconds("ENGINE_SILENT_SECONDS", SILENT_SECONDS):
                trouble[name] = _trouble_words(name)
        self.engine.trouble = trouble

    def _hear(self, process: str, word: object) -> None:
        if process not in self._heard or self._heard[process][0] != word:
            self._heard[process] = (word, time.monotonic())

    def _silence(self, process: str) -> float:
        return time.monotonic() - self._heard.setdefault(process, (None, time.monotonic()))[1]

    # Runs -----------------------------------------------------------------------------------------------------------

    def _go_on_with_lost_runs(self) -> None:
        """Queue runs again that wait or are being trained as their folder says, and of which the engine knows nothing.

        A run has to be found so twice: a task is just being handed over, or has just ended.
        """
        left = {key: run for run in all_runs() if (key := run.task()) and run.is_left()}
        lost = self.engine.unknown(left) if left else set()
        again, self._lost = lost & self._lost, lost
        if not again:
            return
        with cluster.starting(0):  # of several apps, one does it
            for run in sorted((left[key] for key in again), key=_place_in_queue):
                if run.task() in again and run.is_left():
                    with contextlib.suppress(EngineError, OSError):
                        go_on(self.engine, run)


def go_on(engine: "Engine", run: RunDirectory) -> None:
    """Queue a run again whose training or waiting was cut, or write why it does not go on by itself.

    Raises:
        EngineError: the engine does not take it.
        OSError: its folder cannot be written.
    """
    state = run.state()
    try:
        if run.wish() is not None:
            _leave(run, "paused", "It was paused when the engine ended.")
        elif run.config().dataset == photos.INFO.name and not engine.has_pictures(run):
            _leave(run, "interrupted", PICTURES_GONE)
        elif (times := _times(run.task(), state.epoch, state.step)) >= DEATHS:
            _leave(run, "failed", f"The engine ended {times} times before another batch of it was finished.")
        else:
            engine.submit(run, mark=f"-again{times + 1}at{state.epoch}.{state.step}")
    except RunError as error:
        if run.is_left():
            with contextlib.suppress(RunError):
                _leave(run, "interrupted", str(error))


def _leave(run: RunDirectory, name: str, reason: str) -> None:
    with writing(run):
        state = run.state()
        run.write_state(name, reason, epoch=state.epoch, step=state.step)  # type: ignore[arg-type]
        run.forget_wish()


def _times(key: str, epoch: int, step: int) -> int:
    """How often a run was queued again at this very place."""
    found = _AGAIN.search(key)
    return int(found[1]) if found and (int(found[2]), int(found[3])) == (epoch, step) else 0


def _place_in_queue(run: RunDirectory) -> tuple[bool, float]:
    """Trainings first, then those that waited, the longest first."""
    state = run.state()
    return state.name == "queued", state.updated


def _trouble_words(worker: str) -> str:
    what = "The process that asks networks" if worker == ANSWERS else "The process that trains"
    return f"{what} does not answer: something has stopped it. It is replaced if it stays like that for some minutes."
