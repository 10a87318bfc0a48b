"""Take a run away, and say what a run may be called."""

import os
import re
import shutil
import uuid
from pathlib import Path

from models.runs.run_directory import RunDirectory, RunError, writing

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.\-]{0,59}")


def delete_run(run: RunDirectory) -> None:
    """Delete a run's folder with everything in it.

    The folder is renamed first, in one step, so that nobody ever sees half a run.

    Raises:
        RunError: the run is being trained or waits, it is gone already, or its files cannot be removed.
    """
    if not run.config_file.is_file():
        raise RunError(f"The run {run.name} is not there any more.")
    aside = run.path.with_name(f".deleted-{uuid.uuid4().hex}")
    try:
        with writing(run):
            # Checked under the lock: a worker that takes the run from the queue would hold it.
            if run.state().name == "queued":
                raise RunError(f"The run {run.name} waits for a worker: pause it first, then delete it.")
            run.config_file.unlink()  # without it, the folder is no run, whatever happens to the rest
            if os.name != "nt":
                run.path.rename(aside)
        if os.name == "nt":  # Windows renames no folder while a file in it, here the lock, is open
            run.path.rename(aside)
        shutil.rmtree(aside)
    except OSError as error:
        raise RunError(f"The run {run.name} could not be removed wholly: {error.strerror}.") from error


def check_name(name: str, folder: Path) -> None:
    """Refuse a name that a new run cannot have.

    Args:
        name: as it was typed.
        folder: the folder of the runs.

    Raises:
        RunError: the name has other characters, is too long, or is taken.
    """
    if not _NAME.fullmatch(name):
        raise RunError(
            "A run's name has up to 60 letters, digits, spaces, dots, dashes and underscores, "
            "and begins with a letter or a digit."
        )
    if (folder / name).exists():
        raise RunError(f"There is something called {name} already: choose another name.")


def free_name(wish: str, folder: Path) -> str:
    """Return the wished-for name if it is free, else wish-2, wish-3 and so on."""
    name, number = wish, 1
    while (folder / name).exists():
        number += 1
        name = f"{wish}-{number}"
    return name


def name_from_file(file_name: str) -> str:
    """Return a run's name made from the name of its zip file: "my run.zip" → "my run"."""
    stem = re.sub(r"(\.run)?\.zip$", "", file_name, flags=re.IGNORECASE)
    return re.sub(r"^[^A-Za-z0-9]+", "", re.sub(r"[^A-Za-z0-9 _.\-]+", "-", stem))[:60] or "run"
