"""Plan a run before it is trained: its name, and later more epochs. Needs no TensorFlow."""

from dataclasses import replace
from pathlib import Path

from models.runs import checkpoint
from models.runs.config import RunConfig
from models.runs.records import CallbackStates, known_fields
from models.runs.run_directory import RunDirectory, RunError
from models.storage import write_text


def more_epochs(run: RunDirectory, epochs: int) -> None:
    """Give a run more epochs. Its learning rate keeps the schedule that it began with.

    A run that was stopped early goes on, too, with its patience reset. The best figure stays.

    Args:
        run: nobody holds its lock.
        epochs: the new total, not the additional ones.

    Raises:
        RunError: fewer epochs than it has trained already, or the disk is full.
    """
    config = run.config()
    done = run.state().epoch
    if epochs < done:
        raise RunError(f"The run {run.name} has trained {done} epochs already: --epochs must be {done} at least.")
    planned = config.schedule_epochs or (config.epochs if config.schedule != "constant" else None)
    changed = replace(config, epochs=epochs, schedule_epochs=planned)
    try:
        write_text(run.config_file, changed.to_json())
        if epochs > done:
            _reset_patience(run)
    except OSError as error:
        raise RunError(f"The wish for more epochs cannot be written: {error.strerror}.") from error


def _reset_patience(run: RunDirectory) -> None:
    """Take the early stop out of the newest checkpoint, if there was one."""
    found = checkpoint.load_newest(run.checkpoints)
    if found is None:
        return
    arrays, state, _ = found
    callbacks, step = known_fields(state.get("callbacks"), CallbackStates), state.get("global_step")
    stopping = callbacks.get("early_stopping")
    if not state.get("stopped") or stopping is None or not isinstance(step, int):
        return
    stopping["wait"] = stopping["stopped_epoch"] = 0
    checkpoint.save(run.checkpoints, step, arrays, {**state, "callbacks": callbacks, "stopped": False})


def default_name(config: RunConfig, folder: Path) -> Path:
    """Return the path of a new folder for a run, named by network, dataset and a number."""
    base = f"{config.network}-{config.dataset.partition(':')[0]}"
    number = 1
    while (folder / f"{base}-{number}").exists():
        number += 1
    return folder / f"{base}-{number}"
