"""Plan a run before it is trained: its name, and later more epochs. Needs no TensorFlow."""

from dataclasses import replace
from pathlib import Path

from models.runs import checkpoint
from models.runs.config import RunConfig
from models.runs.records import CallbackStates, known_fields
from models.runs.run_directory import RunDirectory, RunError
from models.storage import write_text


def more_epochs(run: RunDirectory, epochs: int) -> None:
    """Let a run go on to more epochs than it was to have; its learning rate follows the plan it began with.

    One that was stopped early goes on, too, and waits for an improvement anew. The best figure stays what it was.

    Args:
        run: held by nobody.
        epochs: all its epochs, not the further ones.

    Raises:
        RunError: fewer epochs than it has trained, or the disk is full.
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
            _wait_anew(run)
    except OSError as error:
        raise RunError(f"The wish for more epochs cannot be written: {error.strerror}.") from error


def _wait_anew(run: RunDirectory) -> None:
    """Take the early stop out of the newest checkpoint, if it ended there."""
    found = checkpoint.load_newest(run.checkpoints)
    if found is None:
        return
    arrays, state, _ = found
    callbacks, step = known_fields(state.get("callbacks"), CallbackStates), state.get("global_step")
    stopping = callbacks.get("early_stopping")
    if not state.get("stopped") or stopping is None or not isinstance(step, int):
        return
    stopping.update(wait=0, stopped_epoch=0)
    checkpoint.save(run.checkpoints, step, arrays, {**state, "callbacks": callbacks, "stopped": False})


def default_name(config: RunConfig, folder: Path) -> Path:
    """Return a folder for a new run that does not exist yet: network, dataset, and a number."""
    base = f"{config.network}-{config.dataset.partition(':')[0]}"
    number = 1
    while (folder / f"{base}-{number}").exists():
        number += 1
    return folder / f"{base}-{number}"
