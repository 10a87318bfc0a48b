"""A run as one zip file, to go on with it on another machine."""

import contextlib
import os
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO

from models import disk
from models.limited_process import LimitedProcess, LimitError
from models.runs import names
from models.runs.run_directory import INITIAL_WEIGHTS, RunDirectory, RunError, writing
from models.runs.unpacking import most_bytes
from models.storage import file_mark, without_paths

EXPORT_PATIENCE = 20.0
"""Seconds to wait while somebody else exports the same run."""

IMPORT_MEMORY = 512 * 2**20
"""Bytes that the process which unpacks a run may take."""

IMPORT_SECONDS = 120.0
"""Processor time that it may take."""

_importing = threading.Lock()


def export_run(run: RunDirectory, target: Path, *, own_pictures: bool = True) -> Path:
    """Write a run to a zip file that `import_run` reads on another machine.

    Args:
        run: the run.
        target: the zip file.
        own_pictures: take a visitor's own photos along, if the run keeps any. They are for their owner alone.

    Raises:
        RunError: the run is being trained, or the file cannot be written.
    """
    beside = target.with_name(f".{target.name}.tmp")
    with _resting(run):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                _pack(run, file, own_pictures=own_pictures)
            disk.move(beside, target)
        except OSError as error:
            raise RunError(f"{target.name} cannot be written: {disk.why(error)}") from error
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
    return target


def packed_run(run: RunDirectory, *, own_pictures: bool = True) -> bytes:
    """Return what `export_run` writes, without a disk: a run can be taken away from one that is full or read-only.

    Args:
        run: the run, which fits into the memory.
        own_pictures: see `export_run`.

    Raises:
        RunError: the run is being trained, or cannot be read.
    """
    file = BytesIO()
    with _resting(run):
        try:
            _pack(run, file, own_pictures=own_pictures)
        except OSError as error:
            raise RunError(f"The run {run.name} cannot be read: {disk.why(error)}") from error
    return file.getvalue()


@contextlib.contextmanager
def _resting(run: RunDirectory) -> Iterator[None]:
    """See to it that nobody trains the run meanwhile: files of different moments would not fit together."""
    if not os.access(run.path, os.W_OK) and not run.lock.is_held():
        yield  # where no lock can be written, no run can be trained
        return
    with writing(run, patience=EXPORT_PATIENCE):
        yield


def _pack(run: RunDirectory, file: IO[bytes], *, own_pictures: bool) -> None:
    files = sorted(path for path in run.path.rglob("*") if path.is_file() and _is_taken(run, path))
    # Not strict: a machine with a wrong clock dates files to 1970, which a zip cannot express.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for path in files:
            name = path.relative_to(run.path).as_posix()
            if path == run.config_file and (marked := _without_path(run)):
                archive.writestr(name, marked)
            elif own_pictures or path != run.pictures_file:
                archive.write(path, name)


def size_of(run: RunDirectory) -> int:
    """Return how many bytes a run's files have, also while they come and go."""
    return sum(
        max(file_mark(os.path.join(folder, name))[1], 0)  # noqa: PTH118 - a Path for each would cost more than the look
        for folder, _, files in os.walk(run.path)
        for name in files
    )


def _without_path(run: RunDirectory) -> str:
    """A run's configuration without the path of its initial weights, which lie in its folder; "" if it has no path."""
    try:
        config = run.config()
    except RunError:
        return ""
    if config.initial_weights in ("", INITIAL_WEIGHTS):
        return ""
    return replace(config, initial_weights=INITIAL_WEIGHTS).to_json()


def import_run(source: Path, target: Path, *, stranger: bool = False) -> RunDirectory:
    """Read a run from a zip file, so that it can be viewed and resumed here.

    A process with bounds on memory and time unpacks and checks it; one at a time, whoever asks.

    Args:
        source: a file that `export_run` wrote, perhaps unpacked and packed again by an operating system, or that is
            said to be one.
        target: the run's new folder, which does not exist yet.
        stranger: see `models.runs.unpacking.unpack`.

    Raises:
        RunError: no such file, no run, an inconsistent or too large run, no room, a folder that exists, or a name that
            no run can have.
    """
    if problem := names.problem_of(target.name):
        raise RunError(problem)
    if target.exists():
        raise RunError(f"{target.name} exists already: give the run another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Unpacked into a folder of its own and renamed at the end: an interruption leaves no half run.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".import-") as folder:
            unpacked = Path(folder, "run")
            with _importing:
                problem = _unpacked_apart(source, unpacked, stranger=stranger)
            if problem:
                raise RunError(problem)
            disk.move(unpacked, target)
    except OSError as error:
        raise RunError(f"The run {target.name} cannot be written: {disk.why(error)}") from error
    return RunDirectory(target)


def _unpacked_apart(source: Path, target: Path, *, stranger: bool) -> str:
    """Unpack a run in another process; return what is wrong, or ""."""
    apart = LimitedProcess(memory=IMPORT_MEMORY, modules=("models.runs.unpacking", "h5py"))
    try:
        with apart:
            arguments = (str(source.absolute()), str(target.absolute()), stranger)
            return str(apart.ask("models.runs.unpacking", "problem_with", *arguments, seconds=IMPORT_SECONDS))
    except LimitError as error:
        if error.reason in ("memory", "time"):
            return f"{source.name} cannot be read as a run: to unpack it takes more {error.reason} than any run does."
        return f"{source.name} cannot be read as a run: {without_paths(error)}"


def _is_taken(run: RunDirectory, path: Path) -> bool:
    return most_bytes(path.relative_to(run.path).as_posix()) is not None
