"""A run's folder: the whole truth about a training. Whoever holds it can look at the run, and go on with it.

config.json       what it is to do (RunConfig)
state.json        how it is: queued, running, paused, interrupted, finished or failed, and why
metrics.jsonl     what happened: one line a batch, one line an epoch
checkpoints/      the two newest, each with everything that the next batch depends on
best.keras, last.keras
data.json         classes, numbers of pictures, files that were skipped
machine.json      device, versions, where and how exactly it was computed
view.npz          what is shown after each epoch: answers for the validation pictures, the first layer's weights
tensorboard/      event files, where wished
parameters        their number in an imported run's network, for pages
origin            "imported" if the run was brought here: nobody knows what its network takes
stage             what its process does before its first batch, until then
wish              "pause" or "stop", from outside, until it is fulfilled
former.json       how it was before it was given more epochs, until it has gone on
task              the name of the engine's task that is to train it
lock              held by the process that trains; death lets go of it
"""

import contextlib
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeGuard, Unpack, get_args

from models import disk
from models.disk import entries, is_there, why
from models.runs import lines, names
from models.runs.bounds import (
    CONFIG_BYTES,
    RECORD_BYTES,
    SMALL_BYTES,
    is_count,
    is_number,
    json_of,
    shortened,
    text_of,
)
from models.runs.config import RunConfig
from models.runs.lock import FileLock
from models.runs.records import DataRecord, EpochLine, Event, MachineRecord, SessionRecord, is_epoch, known_fields
from models.storage import file_mark, json_text, runs_dir, without_paths, write_text

StateName = Literal["queued", "running", "paused", "interrupted", "finished", "failed"]
STATES: tuple[StateName, ...] = get_args(StateName)
Wish = Literal["pause", "stop"]

ORIGIN = "origin"

INITIAL_WEIGHTS = "initial.keras"
"""What the configuration of a run that travels says of its initial weights: their file in the run's own folder."""

PICTURES_GONE = "Its pictures were in a memory that is gone: add them again, and the run goes on."

LAST_MOMENT = 1e11
"""Seconds since 1970 that no clock shows."""

RESERVE_BYTES = 65536
"""Space that is set aside for a run's last state, should the disk be full."""


class RunError(Exception):
    """A run that cannot be started, read or resumed. `str()` is a sentence for the visitor."""


class PicturesMissing(RunError):
    """The visitor's own pictures were in the memory of a worker that is gone. They have to be added again."""


@dataclass(frozen=True)
class State:
    """The state of a run.

    Attributes:
        name: queued, running, paused, interrupted, finished or failed.
        reason: a sentence, or "" if there is nothing to say.
        epoch: number of finished epochs.
        step: number of finished batches of the present epoch.
        updated: seconds since 1970.
    """

    name: StateName
    reason: str = ""
    epoch: int = 0
    step: int = 0
    updated: float = 0.0


class RunDirectory:
    """The files of one run. Reading needs no lock; writing is for the one process that holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config_file = path / "config.json"
        self.state_file = path / "state.json"
        self.metrics_file = path / "metrics.jsonl"
        self.data_file = path / "data.json"
        self.machine_file = path / "machine.json"
        self.checkpoints = path / "checkpoints"
        self.best_model = path / "best.keras"
        self.last_model = path / "last.keras"
        self.initial_model = path / INITIAL_WEIGHTS
        self.pictures_file = path / "pictures.npz"
        self.view_file = path / "view.npz"
        self.tensorboard = path / "tensorboard"
        self.parameters_file = path / "parameters"
        self.origin_file = path / ORIGIN
        self.wish_file = path / "wish"
        self.reserve_file = path / "reserve"
        self.task_file = path / "task"
        self.former_file = path / "former.json"
        self.lock = FileLock(path / "lock")

    @property
    def name(self) -> str:
        """The run's name, which is its folder's."""
        return self.path.name

    # Making and reading ---------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path, config: RunConfig, *, initial_weights: Path | None = None) -> "RunDirectory":
        """Make the folder of a new run. Its state is "queued".

        Args:
            path: the folder.
            config: what the run is to do. Its `initial_weights` says that the run begins with some and is never opened:
                a configuration may be a stranger's.
            initial_weights: the file of the weights to begin with; it is copied into the folder.

        Raises:
            RunError: there is a run already, a run cannot have this name, or the folder cannot be written.
        """
        run = cls(path)
        if names.run_folder(path.name, path.parent) != path:
            if problem := names.problem_of(path.name):
                raise RunError(problem)
            twin = names.twin_of(path.name, path.parent)
            if twin not in (None, path.name):
                raise RunError(f"There is something called {twin} already: choose another name.")
            if path.is_dir() and any(one.is_dir() for one in path.iterdir()):  # photos, or all the runs
                raise RunError(f"{path.name} holds other folders already: a run needs a folder of its own.")
        new, mine = not path.exists(), False
        try:
            path.mkdir(parents=True, exist_ok=True)
            with writing(run):  # of two runs with the same name at the same time, one gets it
                mine = not run.config_file.exists()
                if mine:
                    run._fill(config, initial_weights)
        except BaseException as error:
            if mine:
                run.discard(folder=new)
            elif new:
                with contextlib.suppress(OSError):  # somebody else may be making a run in it
                    path.rmdir()
            if isinstance(error, OSError):
                raise RunError(f"The run {path.name} cannot be written: {why(error)}") from error
            raise
        if not mine:
            raise RunError(f"There is a run {path.name} already: resume it, or give the new one another name.")
        return run

    def _fill(self, config: RunConfig, initial_weights: Path | None) -> None:
        if initial_weights is not None:
            if not initial_weights.is_file():
                name = initial_weights.name
                raise RunError(f"The run {self.name} cannot be written: there is no file {name} to start from.")
            # The folder alone must be enough to resume the run.
            shutil.copyfile(initial_weights, self.initial_model)
        self.keep_reserve()
        self.write_state("queued")
        write_text(self.config_file, config.to_json())

    def never_began(self) -> bool:
        """Return whether nothing has been trained, so that nothing is lost with it."""
        try:
            return not any(self.checkpoints.glob("*.npz")) and not self.metrics_file.stat().st_size
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def discard(self, *, folder: bool = True) -> None:
        """Take away what was made for a run that never began, as far as the disk allows it. Nobody holds its lock.

        Args:
            folder: the run's folder goes, too, if nothing else lies in it.
        """
        files = [self.config_file, self.state_file, self.reserve_file, self.initial_model, self.data_file]
        files += [self.machine_file, self.view_file, self.metrics_file, self.wish_file, self.task_file]
        files += [self.former_file, self.pictures_file, self.parameters_file, self.origin_file]
        files += [self.lock.path]
        files += [self.path / name for name in ("owner", "log.txt", "preparing.json", "stage", "plug.json")]
        for file in files:  # config.json first: without it, the folder is no run
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            for kept in (self.checkpoints, self.tensorboard):
                shutil.rmtree(kept, ignore_errors=True)
            if folder:
                self.path.rmdir()

    @classmethod
    def open(cls, path: Path) -> "RunDirectory":
        """Return the run in a folder.

        Raises:
            RunError: there is no run.
        """
        if not names.is_run(path):
            name = path.name if len(path.name) <= names.MOST_LETTERS else f"{path.name[:20]}…"
            raise RunError(f"There is no run {name}: it has no config.json.")
        return cls(path)

    def config(self) -> RunConfig:
        """Return the run's configuration.

        Raises:
            RunError: config.json cannot be read or has a value that a run cannot have.
        """
        try:
            return RunConfig.from_json(text_of(self.config_file, CONFIG_BYTES))
        except (OSError, ValueError) as error:
            words = "it is damaged" if isinstance(error, UnicodeDecodeError) else shortened(without_paths(error))
            raise RunError(f"The config.json of the run {self.name} cannot be used: {words.rstrip('.')}.") from error

    def state(self) -> State:
        """Return the run's state. If state.json says "running" but nobody holds the lock, the run was interrupted."""
        state = self._read_state()
        if state.name == "running" and not self.lock.is_held():
            state = self._read_state()  # it may have ended properly in between
        if state.name == "running" and not self.lock.is_held():
            then = "The engine goes on with it in a moment." if self.task() else "It can be resumed."
            reason = f"The process that trained it is gone. {then}"
            return State("interrupted", reason, state.epoch, state.step, state.updated)
        return state

    def is_left(self) -> bool:
        """Return whether it waits or is being trained, as state.json says, and nobody holds its lock."""
        return self._read_state().name in ("queued", "running") and not self.lock.is_held()

    def task(self) -> str:
        """Return the name of the engine's task that is to train it, or did; "" if it was never the engine's."""
        try:
            return self.task_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _read_state(self) -> State:
        told = json_of(self.state_file, SMALL_BYTES)
        if not is_state(told):
            return State("interrupted", "Its state could not be read.")
        return State(**{**told, "reason": shortened(told.get("reason", ""))})

    def data(self) -> DataRecord:
        """Return classes, numbers of pictures and skipped files; empty before the run has opened its data."""
        return known_fields(json_of(self.data_file, RECORD_BYTES), DataRecord)

    def machine(self) -> MachineRecord:
        """Return device and versions; empty before the run has begun."""
        return known_fields(json_of(self.machine_file, RECORD_BYTES), MachineRecord)

    def features_once(self) -> bool:
        """Return whether the base's features are computed once for every picture and only the head is trained on them.

        Such a run's figures differ in float error from those of a run through the whole network, and its checkpoints
        hold the head alone. So a run goes on as it began, and machine.json says how. Earlier versions always ran the
        whole network in every epoch, and their machine.json says nothing about it.

        Raises:
            RunError: config.json cannot be used.
        """
        machine = self.machine()
        if machine or any(self.checkpoints.glob("*.npz")):
            return machine.get("features_once") is True
        return self.config().features_once

    def note(self, **facts: Unpack[SessionRecord]) -> None:
        """Add facts about the present session to machine.json.

        Raises:
            OSError: the disk is full.
        """
        machine = self.machine()
        sessions = machine.get("sessions") or [SessionRecord()]
        noted = {**machine, **facts, "sessions": [*sessions[:-1], {**sessions[-1], **facts}]}
        write_text(self.machine_file, json_text(noted, indent=1) + "\n")

    def metrics(self, start: int = 0, *, batches: int | None = None) -> tuple[list[Event], int]:
        """Return the whole lines of metrics.jsonl after an offset; see `models.runs.lines.read`.

        Args:
            start: an offset in bytes that an earlier call returned, or 0.
            batches: about how many lines of batches are enough; None for all of them.

        Returns:
            The lines, and the offset after them. If a resumed run has cut its file back below `start`, all lines are
            returned, from 0. A figure that is no number, null in the file, is NaN.
        """
        return lines.read(self.metrics_file, start, batches=batches)

    def metrics_bytes(self) -> int:
        """Return the length of metrics.jsonl; 0 if there is none."""
        return max(file_mark(self.metrics_file)[1], 0)

    def events(self, start: int = 0) -> Iterator[Event]:
        """Yield the lines of metrics.jsonl one by one, from the first one that begins after an offset in bytes."""
        return lines.all_of(self.metrics_file, start)

    def epochs(self) -> list[EpochLine]:
        """Return the lines of all finished epochs."""
        return [event for event in self.metrics(batches=0)[0] if is_epoch(event)]

    # Writing --------------------------------------------------------------------------------------------------------

    def write_state(self, name: StateName, reason: str = "", *, epoch: int = 0, step: int = 0) -> None:
        """Write the run's state, whole or not at all.

        Raises:
            OSError: the disk is full, or the folder is gone.
        """
        state = State(name, reason, epoch, step, time.time())
        write_text(self.state_file, json_text(asdict(state)) + "\n")

    def keep_reserve(self) -> None:
        """Set some space aside for the run's last state, should the disk be full.

        Raises:
            OSError: the disk is full already.
        """
        if not self.reserve_file.exists():
            self.reserve_file.write_bytes(bytes(RESERVE_BYTES))

    def wish(self) -> Wish | None:
        """Return the pending request to the running training, if there is one."""
        try:
            text = text_of(self.wish_file, SMALL_BYTES).strip()
        except (OSError, ValueError):
            return None
        return text if text in ("pause", "stop") else None  # type: ignore[return-value]

    def ask(self, wish: Wish) -> None:
        """Ask the running training to pause or to stop after its present batch.

        Raises:
            RunError: the run is neither running nor waiting, it is gone, or its folder cannot be written.
        """
        if not self.config_file.exists():
            raise RunError(f"The run {self.name} is not there any more.")
        state = self.state()
        if state.name not in ("running", "queued"):
            raise RunError(f"The run {self.name} is {state.name}: only a running one can be asked to {wish}.")
        try:
            write_text(self.wish_file, wish)
        except OSError as error:
            raise RunError(f"The run {self.name} cannot be asked to {wish}: {why(error)}") from error

    def forget_wish(self) -> None:
        """Remove the pending request.

        Raises:
            OSError: the folder cannot be written.
        """
        disk.remove(self.wish_file)


def all_runs(folder: Path | None = None) -> list[RunDirectory]:
    """Return every run in a folder (default: `runs_dir()`), the newest first."""
    found = []
    for path in entries(folder or runs_dir()):
        if not names.can_be_there(path.name):  # no page and no link could name it
            continue
        with contextlib.suppress(OSError):  # not a run, or one that is just being deleted
            file = (path / "config.json").stat()
            if stat.S_ISREG(file.st_mode):
                found.append((file.st_mtime, path))
    return [RunDirectory(path) for _, path in sorted(found, reverse=True)]


@contextlib.contextmanager
def writing(run: RunDirectory, *, patience: float = 0.5) -> Iterator[None]:
    """Hold the run's lock, so that nobody else trains it meanwhile.

    Args:
        run: the run.
        patience: seconds to wait for the lock. Its holder may only be checking it, or be about to die.

    Raises:
        RunError: another process holds it.
    """
    end = time.monotonic() + patience
    while not _acquired(run):
        if time.monotonic() < end:
            time.sleep(0.02)
            continue
        raise RunError(f"The run {run.name} is being trained by another process.")
    try:
        yield
    finally:
        run.lock.release()


def _acquired(run: RunDirectory) -> bool:
    if not is_there(run.path):  # the lock's library would make the folder of a run that was deleted anew
        raise RunError(f"The run {run.name} is not there any more.")
    try:
        return run.lock.acquire()
    except OSError as error:
        raise RunError(f"The run {run.name} cannot be written: {why(error)}") from error


def is_state(values: object) -> TypeGuard[dict[str, Any]]:
    """Return whether the content of a state.json is one that a run can have."""
    return (
        isinstance(values, dict)
        and values.keys() <= State.__dataclass_fields__.keys()
        and values.get("name") in STATES
        and isinstance(values.get("reason", ""), str)
        and all(is_count(values.get(name, 0)) for name in ("epoch", "step"))
        and is_number(values.get("updated", 0.0), 0.0, LAST_MOMENT)
    )


def under_way() -> list[RunDirectory]:
    """Return the runs that are being trained or wait, whoever began them."""
    return [run for run in all_runs() if run.state().name in ("queued", "running")]
