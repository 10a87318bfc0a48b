"""A run as one zip file, to go on with it on another machine."""

import contextlib
import os
import tempfile
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

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
    with writing(run, patience=EXPORT_PATIENCE):  # files of different moments would not fit together
        files = sorted(path for path in run.path.rglob("*") if path.is_file() and _is_taken(run, path))
        files = [path for path in files if own_pictures or path != run.pictures_file]
        beside = target.with_name(f".{target.name}.tmp")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Not strict: a machine with a wrong clock dates files to 1970, which a zip cannot express.
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
                for path in files:
                    name = path.relative_to(run.path).as_posix()
                    if path == run.config_file and (marked := _without_path(run)):
                        archive.writestr(name, marked)
                    else:
                        archive.write(path, name)
            beside.replace(target)
        except OSError as error:
            raise RunError(f"{target.name} cannot be written: {error.strerror}.") from error
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
    return target


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
            unpacked.rename(target)
    except OSError as error:
        raise RunError(f"{target.name} cannot be written: {error.strerror}.") from error
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
