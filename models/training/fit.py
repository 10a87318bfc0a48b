"""A run's training, from its folder alone: begin it, or go on with it as if nothing had happened."""

import contextlib
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from models import datasets, zoo
from models.datasets import PIXELS, Dataset
from models.datasets.description import check_trainable, describe
from models.disk import refusal_in, remove, sweep, why
from models.progress import Progress
from models.runs.config import RunConfig
from models.runs.metrics_log import Report
from models.runs.planning import fulfil, take_back
from models.runs.preparation import note_stage
from models.runs.records import BatchLine, DataRecord, EpochLine, MachineRecord, SessionRecord
from models.runs.run_directory import PicturesMissing, RunDirectory, RunError, Wish, writing
from models.storage import json_text, without_paths, write_text

LEFT_SECONDS = 60.0
"""A younger file may be on its way: a page's request to pause."""


def train(
    run: RunDirectory,
    *,
    report: Report | None = None,
    progress: Progress | None = None,
    asked: Callable[[], Wish | None] | None = None,
    pictures: bytes | None = None,
    found: Callable[[Sequence[str]], None] | None = None,
    supervised: bool = False,
) -> str:
    """Train a run from its present position to its end, with `model.fit`.

    Args:
        run: the run's folder.
        report: called with every line after it has been written.
        progress: called with the progress of preparing the data.
        asked: returns a request to pause or to stop that comes from elsewhere than the run's folder.
        pictures: for the dataset "photos": the pictures, if they are not stored with the run.
        found: called before the first batch with sentences on the data: parts, classes, what was left out and why.
        supervised: the engine is calling. Wait for the child of a killed worker to die, and do nothing if the run has
            been paused or has ended meanwhile.

    Returns:
        The name of the run's state at the end: finished, paused or failed.

    Raises:
        RunError: the run cannot be trained, and its state says so, too; or another process trains it.
        KeyboardInterrupt: Ctrl-C before the first batch; later it pauses the run.
    """
    with writing(run, patience=30.0 if supervised else 0.5):
        if not run.config_file.exists():
            raise RunError(f"The run {run.name} is not there any more.")
        before = run.state().name
        if supervised and before in ("paused", "finished", "failed"):
            return before
        epoch, step = _position(run)
        try:
            config = run.config()
            if not supervised:
                remove(run.task_file)  # no engine has to go on with it
            if before != "queued":  # a request to a waiting run still holds when it begins
                run.forget_wish()
            sweep(run.path, ".*.tmp", older_than=LEFT_SECONDS)  # by a process that was killed while it wrote
            run.write_state("running", epoch=epoch, step=step)
            run.keep_reserve()
            return _train(run, config, report, progress, asked or (lambda: None), pictures, found)
        except PicturesMissing as error:
            _write_end(run, "interrupted", str(error))
            raise
        except RunError as error:
            _write_end(run, "failed", str(error))
            raise
        except datasets.DatasetError as error:
            _write_end(run, "failed", str(error))
            raise RunError(str(error)) from error
        except (KeyboardInterrupt, BrokenPipeError):  # or whoever reads what it prints has gone
            _write_end(run, "paused", "It was interrupted before the first batch.")
            raise
        except MemoryError as error:
            _write_end(
                run, "failed", "The memory of this machine is full: a smaller batch or smaller pictures need less."
            )
            raise RunError("The memory of this machine is full.") from error
        except Exception as error:  # TensorFlow's, such as a graphics card without memory: the log has the traceback
            if (refused := refusal_in(error)) is not None:
                reason = f"A file cannot be read or written: {why(refused)} Nothing saved is lost: it can be resumed."
                _write_end(run, "paused", reason)
                raise RunError(reason) from error
            traceback.print_exc()
            reason = f"{type(error).__name__}: {without_paths(error)[:300]}"
            _write_end(run, "failed", reason)
            raise RunError(reason) from error


def _position(run: RunDirectory) -> tuple[int, int]:
    state = run.state()
    return state.epoch, state.step


def _write_end(run: RunDirectory, name: Any, reason: str) -> None:
    """Write how the run ended, even on a full disk: some space was set aside for that.

    A wish for more epochs with which the training could not begin is taken back, unless all that it needs is to be
    resumed.
    """
    epoch, step = _position(run)
    with contextlib.suppress(OSError):
        run.reserve_file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        if name == "failed" and take_back(run, reason):
            return
    with contextlib.suppress(OSError):
        run.write_state(name, reason, epoch=epoch, step=step)
        run.forget_wish()


def _train(
    run: RunDirectory,
    config: RunConfig,
    report: Report | None,
    progress: Progress | None,
    asked: Callable[[], Wish | None],
    pictures: bytes | None,
    found: Callable[[Sequence[str]], None] | None,
) -> str:
    note_stage(run, "tensorflow")
    with _quietly():
        from models.training.session import Session  # imports TensorFlow: config.json is on the disk by now

    note_stage(run, "pictures")
    data = _open_data(run, config, progress, pictures)
    if found is not None:
        found([*describe(data), *_not_compared(run)])
    _check_same_pictures(run, config, data)
    note_stage(run, "network")
    begun = False

    def reported(event: BatchLine | EpochLine) -> None:
        nonlocal begun
        if not begun:
            begun = True
            note_stage(run, None)
        if report is not None:
            report(event)

    session = Session(run, config, data, report=reported, asked=lambda: asked() or run.wish(), progress=progress)
    if run.former_file.exists():
        session.newest_checkpoint()  # raises RunError
        fulfil(run)
    _describe(run, data, session)
    note_stage(run, "batch")
    return session.train()


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep TensorFlow's start messages, which no setting silences, off the terminal, unless the import fails."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    before = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        except BaseException:
            said.seek(0)
            os.write(before, said.read())
            raise
        finally:
            os.dup2(before, 2)
            os.close(before)


def _open_data(run: RunDirectory, config: RunConfig, progress: Progress | None, pictures: bytes | None) -> Dataset:
    if config.dataset.partition(":")[0] == "photos":
        from models.training.own_pictures import of_run

        data = of_run(run, side=config.resolved_side, how=zoo.info(config.network).resize, pictures=pictures)
    else:
        how = zoo.info(config.network).resize
        data = datasets.load(config.dataset, side=config.resolved_side, resize=how, progress=progress)
    check_trainable(data)
    return data


def _check_same_pictures(run: RunDirectory, config: RunConfig, data: Dataset) -> None:
    """Refuse to go on with other pictures than those that a run began with. Raises RunError."""
    before = run.data()
    if not before or data.fits(before.get("fingerprint")):
        return
    then, now = before.get("train"), len(data.train)
    how = f"{then} for training then, {now} now" if then != now else "as many, but others, or under other names"
    # A visitor can add the right pictures again.
    kind = PicturesMissing if config.dataset == "photos" else RunError
    raise kind(
        f"The pictures of {data.title} are not those that the run {run.name} began with ({how}): it cannot go on "
        "exactly. Start a new run, or bring the pictures back as they were."
    )


def _not_compared(run: RunDirectory) -> list[str]:
    before = run.data().get("fingerprint")
    if before is None or before.startswith(PIXELS):
        return []
    return [
        "This run began with an earlier version, which noted the names, labels and number of its pictures, but not "
        "their pixels: only those can be compared with today's."
    ]


def _describe(run: RunDirectory, data: Dataset, session: Any) -> None:
    """Write data.json and machine.json. A run of an earlier version gets a fingerprint with pixels by that."""
    now: DataRecord = {
        "name": data.name,
        "title": data.title,
        "drawn": data.drawn,
        "classes": list(data.classes),
        "maximum": data.maximum,
        "train": len(data.train),
        "validation": len(data.validation),
        "test": len(data.test),
        "fingerprint": data.fingerprint(),
        "skipped": [list(item) for item in data.skipped[:1000]],
        "skipped_count": len(data.skipped),
    }
    write_text(run.data_file, json_text(now, indent=1) + "\n")
    devices: SessionRecord = session.devices()
    this: SessionRecord = {
        **devices,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "time": time.time(),
    }
    machine: MachineRecord = {**this, "sessions": [*run.machine().get("sessions", []), this]}
    write_text(run.machine_file, json_text(machine, indent=1) + "\n")
