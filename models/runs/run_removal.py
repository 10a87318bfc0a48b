"""Take a run away."""

import uuid

from models import disk
from models.disk import why
from models.runs.run_directory import RunDirectory, RunError, writing
from models.storage import write_whole

LEFT_SECONDS = 86400.0
"""What an interrupted removal has left is deleted by a later one, if it is older."""

_PREFIX = ".deleted-"


def delete_run(run: RunDirectory) -> None:
    """Delete a run's folder with everything in it.

    The folder is renamed first, in one step, so that nobody ever sees half a run.

    Raises:
        RunError: the run is being trained or waits, it is gone already, or its files cannot be removed.
    """
    if not run.config_file.is_file():
        raise RunError(f"The run {run.name} is not there any more.")
    aside = run.path.with_name(f"{_PREFIX}{uuid.uuid4().hex}")
    try:
        with writing(run):
            # Checked under the lock: a worker that takes the run from the queue would hold it.
            if run.state().name == "queued" and _can_begin(run):
                raise RunError(f"The run {run.name} waits for a worker: pause it first, then delete it.")
            config = run.config_file.read_bytes()
            disk.remove(run.config_file)  # without it, the folder is no run: no worker takes it from here on
        try:
            # The lock's file is closed: Windows renames no folder while a file in it is open.
            disk.move(run.path, aside)
        except OSError:
            # A run that somebody can delete later, and not a folder that only blocks its name.
            write_whole(run.config_file, lambda file: file.write(config))
            raise
        disk.remove_folder(aside)
    except OSError as error:
        raise RunError(f"The run {run.name} could not be removed wholly: {why(error)}") from error
    finally:
        disk.sweep(run.path.parent, f"{_PREFIX}*", older_than=LEFT_SECONDS)


def _can_begin(run: RunDirectory) -> bool:
    """Whether a worker could train a run: none can if its configuration is damaged."""
    try:
        run.config()
    except RunError:
        return False
    return True
