"""Hands work to other processes: trainings, and questions to networks. TensorFlow is loaded there, never here.

One Dask cluster does it: the embedded one on this machine, which `Engine.connect` starts where none runs, or the
teacher's own (DASK_SCHEDULER_ADDRESS). The run's folder is the truth about a training, and says what happens in it; the
engine only sees to it that somebody trains.
"""

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from models.answers import Prediction
from models.datasets import photos
from models.disk import is_of_the_disk, why
from models.engine import cluster, lifetime, strangers
from models.engine.cluster import BusyError, EngineError
from models.engine.questions import PREDICT, WARM_UP, Answer, Question, answer
from models.engine.supervisor import deposit_pictures, forget_pictures, has_pictures, supervise
from models.fair_line import FairTurns, NoTurnError, Who
from models.runs.run_directory import RunDirectory, RunError, all_runs, writing
from models.storage import without_paths, write_text

__all__ = ["BusyError", "Engine", "EngineError"]

ENDING_SECONDS = 10.0
"""How long a training may take, on a busy machine, from writing its last state to releasing its lock."""

ANSWER_SECONDS = 60.0
"""How long an answer may take. The first one after a start includes loading TensorFlow."""

CROWDED = "Many questions wait for an answer at the moment: please ask again a little later."

WARM_UP_SECONDS = 600.0
"""How long loading TensorFlow and the networks that come along may take."""


class WorkerFacts(TypedDict):
    """A worker's address, its name, and how much it has of each resource (TRAIN, ANSWER, GPU)."""

    address: str
    name: str
    resources: dict[str, float]


class Engine:
    """A connection to the cluster. Safe to use from several threads.

    Use `Engine.connect()`; as a context manager it is closed at the end.

    Attributes:
        client: of `distributed`, for this folder alone.
        trouble: a worker's name → a sentence on what is wrong with it at the moment (`keeping.Keeper` writes it).
        asker: says who asks when `ask` is called: askers take turns.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self.trouble: dict[str, str] = {}
        self.asker: Callable[[], Who] = lambda: ("", "")
        self._turns = {"ANSWER": FairTurns(), "STRANGER": FairTurns()}
        self._submitting = threading.Lock()  # two visitors may press the same button at once

    @classmethod
    def connect(cls, *, timeout: float = 60.0) -> "Engine":
        """Join the cluster; start the embedded one if none is named and none runs.

        Raises:
            EngineError: the cluster cannot be reached or started, or its address is refused.
        """
        return cls(cluster.connect(timeout=timeout))

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_alive(self) -> bool:
        """Whether the scheduler still answers this connection."""
        return bool(self.client.status == "running")

    def close(self, *, end_if_idle: bool = False) -> None:
        """Leave the cluster.

        Args:
            end_if_idle: the embedded cluster ends, too, once nobody else is connected and nothing is being computed.
        """
        with contextlib.suppress(Exception):
            if end_if_idle and cluster.is_embedded():
                self.client.run_on_scheduler(lifetime.end_when_idle)
        with contextlib.suppress(Exception):
            self.client.close(timeout=5)

    # Trainings ------------------------------------------------------------------------------------------------------

    def submit(self, run: RunDirectory, *, pictures: bytes | None = None, mark: str = "") -> None:
        """Put a run into the queue: a worker trains it as soon as one is free.

        Args:
            run: new, paused or interrupted, or finished and given more epochs.
            pictures: for the dataset "photos", if they are not stored with the run. They go to the workers' memory.
            mark: is added to the task's name.

        Raises:
            RunError: the run is being trained or waits already.
            EngineError: the cluster does not answer.
        """
        from distributed import fire_and_forget

        reference = cluster.reference(run.path)
        if not cluster.is_embedded() and Path(reference).is_absolute():
            raise RunError(f"The run {run.name} lies outside the runs folder that all machines share (RUNS_DIR).")
        self._await_end(run)
        with self._submitting, self._asking():
            resources, workers = self._training_place()
            state = run.state()
            if run.lock.is_held() or (state.name == "queued" and self._is_known(run)):
                if state.name in ("queued", "running"):
                    raise RunError(f"The run {run.name} is {state.name} already.")
                raise RunError(f"Somebody is just taking the run {run.name} along: try again in a moment.")
            if pictures is None and run.config().dataset == photos.INFO.name and not run.data_file.exists():
                raise RunError(f"The run {run.name} is on own photos: hand them over with it.")
            key = f"train-{run.name}-{time.time_ns()}{mark}"
            with writing(run):
                write_text(run.task_file, key)  # first: a task that is just ending must see that it is outdated
                run.write_state("queued", epoch=state.epoch, step=state.step)
                run.forget_wish()
            try:
                if pictures is not None:
                    self.client.run(deposit_pictures, reference, pictures, workers=workers or None)
                # Dask runs tasks that come within a moment in any order. The queue's order shall hold.
                first = -time.time_ns() // 10**6
                future = self.client.submit(
                    supervise, reference, key, key=key, resources=resources, pure=False, priority=first
                )
                fire_and_forget(future)  # it goes on when this process has ended
            except BaseException:
                run.write_state("interrupted", "The engine did not take it.", epoch=state.epoch, step=state.step)
                raise
            # Messages to the scheduler take a moment. Whoever looks next shall find the run there.
            end = time.monotonic() + 5
            while not self._is_known(run) and not future.done() and time.monotonic() < end:
                time.sleep(0.01)

    def _await_end(self, run: RunDirectory) -> None:
        """Wait until a training has released its lock, so that a run that looks paused can be resumed at once."""
        end = time.monotonic() + ENDING_SECONDS
        while run.state().name not in ("queued", "running") and run.lock.is_held() and time.monotonic() < end:
            time.sleep(0.02)

    def pause(self, run: RunDirectory) -> None:
        """Pause a running run after its present batch, or take a waiting one out of the queue.

        Raises:
            RunError: it neither runs nor waits.
        """
        self._ask(run, "pause")

    def stop(self, run: RunDirectory) -> None:
        """End a running run after its present batch: it is finished with what it has learned. A waiting one is paused.

        Raises:
            RunError: it neither runs nor waits.
        """
        self._ask(run, "stop")

    def _ask(self, run: RunDirectory, wish: Any) -> None:
        run.ask(wish)
        # If it is not being trained yet, it leaves the queue. A child that is just starting sees that
        # (training/fit.py).
        with contextlib.suppress(RunError), writing(run, patience=0):
            state = run.state()
            if state.name not in ("paused", "finished", "failed"):  # it may have followed the request by now
                with self._asking():
                    self._cancel(run)
                run.task_file.unlink(missing_ok=True)
                run.write_state("paused", "It was taken out of the queue.", epoch=state.epoch, step=state.step)
            run.forget_wish()

    def kill(self, run: RunDirectory) -> None:
        """Kill the worker that trains a run, and its training, with SIGKILL, as a power cut would.

        Raises:
            RunError: nobody trains it.
        """
        with self._asking():
            key = run.task()
            for address, keys in self.client.processing().items():
                if key in keys and run.lock.is_held():
                    with contextlib.suppress(Exception):  # a dead worker cannot answer
                        self.client.run(cluster.kill_this_process, workers=[address], on_error="ignore")
                    return
        raise RunError(f"The run {run.name} is {run.state().name}: nobody trains it, so there is no plug to pull.")

    def queue(self) -> list[RunDirectory]:
        """Return the waiting runs, the next one first."""
        waiting = [run for run in all_runs() if run.state().name == "queued"]
        return sorted(waiting, key=lambda run: run.state().updated)

    def take_stock(self) -> list[RunDirectory]:
        """Return all runs after a start. Those that nobody trains or will train are marked interrupted.

        Those that were in the hands of an engine that is gone are left as they are: `keeping.Keeper` goes on with them.
        """
        runs = all_runs()
        for run in runs:
            if run.task() and run.is_left():
                continue
            state = run.state()
            if state.name == "queued" and not self._is_known(run) and not run.lock.is_held():
                reason = "The engine that was to train it is gone. It can be resumed."
                run.write_state("interrupted", reason, epoch=state.epoch, step=state.step)
            elif state.name == "interrupted":
                with contextlib.suppress(RunError, OSError), writing(run, patience=0):
                    run.write_state("interrupted", state.reason, epoch=state.epoch, step=state.step)
        return runs

    def forget_pictures(self, run: RunDirectory) -> None:
        """Let all workers forget the pictures of a run on "photos" that was deleted or whose owner has left.

        Raises:
            EngineError: the cluster does not answer.
        """
        with self._asking():
            self.client.run(forget_pictures, cluster.reference(run.path), on_error="ignore")

    def has_pictures(self, run: RunDirectory) -> bool:
        """Return whether the pictures of a run on "photos" are still there: in its folder, or in a worker's memory."""
        if run.pictures_file.is_file():
            return True
        with self._asking():
            answers = self.client.run(has_pictures, cluster.reference(run.path), on_error="ignore")
        return any(answers.values())

    def trouble_of_trainings(self) -> str:
        """Return a sentence on why no waiting run is taken at the moment, or ""."""
        return next((words for worker, words in self.trouble.items() if worker != cluster.ANSWERS), "")

    # Questions ------------------------------------------------------------------------------------------------------

    def predict(self, pixels: np.ndarray, network: str) -> Prediction:
        """Ask a network what is on a photo; see `models.networks.inference.predict`.

        Raises:
            EngineError: no such network, or no answer in time.
        """
        return self.ask(PREDICT, np.asarray(pixels), network)

    def warm_up(self) -> None:
        """Let the answering worker load TensorFlow now, so that the first visitor does not wait for it."""
        with self._asking():
            resources, _ = self._place("ANSWER")
            self._warm = self.client.submit(
                answer, WARM_UP, (), uuid.uuid4().hex, WARM_UP_SECONDS, resources=resources, pure=False, priority=-1
            )

    def ask(self, question: Question[Answer], *arguments: Any, timeout: float = ANSWER_SECONDS) -> Answer:
        """Ask the answering worker a question that needs TensorFlow.

        Args:
            question: one of `models.engine.questions`.
            arguments: plain data and arrays.
            timeout: seconds to wait for the turn, and then for the answer, which may take as long once it is begun.

        Raises:
            EngineError: the function raised an exception (`str()` is its message).
            BusyError: there was no answer in time, or there is nobody who answers at the moment.
        """
        stranger = strangers.brought_in(arguments)
        kind = "ANSWER" if stranger is None else "STRANGER"
        with self._asking():
            if cluster.ANSWERS in self.trouble:
                raise BusyError(self.trouble[cluster.ANSWERS])
            resources, workers = self._place(kind, "ANSWER")
            at_once = max(1, len(workers)) + 1  # one more than is computed: no worker waits for the next question
            with self._turns[kind].turn(self.asker(), at_once=at_once, seconds=timeout):
                if stranger is not None:
                    task: tuple[Any, ...] = (strangers.answer, question, arguments, stranger, timeout)
                else:
                    task = (answer, question, arguments, uuid.uuid4().hex, timeout)
                future = self.client.submit(*task, resources=resources, pure=False, priority=10)
                found, value = future.result(timeout=timeout)
        if not found:
            raise EngineError(value)
        answered: Answer = value
        return answered

    # The cluster ----------------------------------------------------------------------------------------------------

    def workers(self) -> list[WorkerFacts]:
        """Return the address, name and resources of every worker."""
        with self._asking():
            known = self.client.scheduler_info(n_workers=-1)["workers"]
        return [{"address": address, "name": w["name"], "resources": w["resources"]} for address, w in known.items()]

    def _training_place(self) -> tuple[dict[str, float] | None, list[str]]:
        """The resource that a training needs, and the workers that have it: graphics cards before processors."""
        return self._place("GPU", "TRAIN")

    def _place(self, *resources: str) -> tuple[dict[str, float] | None, list[str]]:
        workers = self.workers()
        for resource in resources:
            found = [worker["address"] for worker in workers if resource in worker["resources"]]
            if found:
                return {resource: 1}, found
        if cluster.is_embedded() or any(worker["resources"] for worker in workers):
            # The right worker is just being restarted: wait for it, rather than let a training block the answers.
            return {"GPU" if "GPU" in resources and cluster.visible_gpus() else resources[-1]: 1}, []
        return None, [worker["address"] for worker in workers]

    def unknown(self, keys: Iterable[str]) -> set[str]:
        """Return those of some tasks' names that the engine neither computes nor has waiting."""
        with self._asking():
            return set(self.client.run_on_scheduler(cluster.unknown, keys=list(keys)))

    def _is_known(self, run: RunDirectory) -> bool:
        key = run.task()
        return bool(key) and not self.unknown([key])

    def _cancel(self, run: RunDirectory) -> None:
        from distributed import Future

        key = run.task()
        if key:
            self.client.cancel([Future(key, client=self.client)], force=True)

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """Turn every error of the cluster into an `EngineError` with one sentence."""
        from distributed import TimeoutError as DaskTimeout

        try:
            yield
        except (RunError, EngineError):
            raise
        except NoTurnError as error:
            raise BusyError(CROWDED) from error
        except (DaskTimeout, TimeoutError) as error:
            raise BusyError("The engine did not answer in time: it is busy. Try again in a moment.") from error
        except Exception as error:
            if isinstance(error, OSError) and is_of_the_disk(error):
                raise EngineError(f"A file in the runs folder cannot be written: {why(error)}") from error
            raise BusyError(f"The engine does not answer ({type(error).__name__}: {without_paths(error)}).") from error
