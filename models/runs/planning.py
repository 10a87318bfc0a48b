"""Plan a run before it is trained: its name, and later more epochs with their learning rate. Needs no TensorFlow."""

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypedDict

from models import disk
from models.disk import why
from models.runs import checkpoint, names
from models.runs.bounds import CONFIG_BYTES, json_of
from models.runs.config import Continuation, RunConfig
from models.runs.records import CallbackStates, known_fields
from models.runs.run_directory import RunDirectory, RunError
from models.runs.schedule import continued, epochs_words, idle_epochs
from models.storage import json_text, write_text


def idle_of(run: RunDirectory, epochs: int | None = None) -> range:
    """Return the epochs, from 0, that a run has not begun yet and that would learn at rate 0.

    Args:
        run: the run.
        epochs: the total that it is to have; None for the one that it has.

    Raises:
        RunError: its config.json cannot be used.
    """
    return _idle(_with_epochs(_still_wanted(run.config(), run, epochs), epochs), run)


def more_epochs(
    run: RunDirectory,
    epochs: int | None = None,
    *,
    rate: float | None = None,
    schedule: Literal["constant", "cosine"] = "constant",
) -> None:
    """Give a run more epochs. Its learning rate keeps the schedule that it began with, as long as that lasts.

    A run that was stopped early goes on, too, with its patience reset. The best figure stays.

    This is a wish: `fulfil` makes it part of the run as soon as the training can go on, and `take_back` leaves nothing
    of it if the training is refused, because its pictures are gone, for instance.

    Args:
        run: nobody holds its lock.
        epochs: the new total, not the additional ones; None to keep it, and only give its idle epochs a rate.
        rate: the learning rate of the epochs after the end of the schedule, needed only if there are any. It replaces
            one for epochs that have not begun.
        schedule: how these epochs go on: at that rate, or from it to 0 along another cosine.

    Raises:
        RunError: fewer epochs than it has trained already, epochs without a learning rate, a rate that no epoch needs,
            or the disk is full.
        ConfigError: a rate that a run cannot have.
    """
    config, done = run.config(), run.state().epoch
    if epochs is not None and epochs < done:
        raise RunError(f"The run {run.name} has trained {done} epochs already: --epochs must be {done} at least.")
    config = _still_wanted(config, run, epochs)
    changed = _with_epochs(config, epochs)
    idle = _idle(changed, run)
    if rate is not None and not idle:
        changed = replace(changed, continuations=_begun(config, run))
        idle = _idle(changed, run)
    if idle and rate is None:
        raise RunError(
            f"The {config.schedule} of the run {run.name} has come to 0 before {epochs_words(idle)}: at rate 0 nothing "
            f"is learned. Say at which rate to go on, such as --learning-rate {suggested_rate(config):g}, and with "
            "--schedule cosine if it is to fall to 0 once more."
        )
    if rate is not None and not idle:
        raise RunError(
            f"The run {run.name} needs no new learning rate: it has one for every epoch that it is to train. A new one "
            "is for epochs after the end of a schedule."
        )
    if rate is not None:
        changed = continued(changed, idle, rate, schedule)
    before = _former(run)
    former: _Former = {
        "config": before["config"] if before else run.config().to_json(),
        "finished": before["finished"] if before else run.state().name == "finished",
        "reason": before["reason"] if before else run.state().reason,
        "further": bool(before and before["further"]) or (epochs is not None and epochs > done),
    }
    try:
        write_text(run.former_file, json_text(former))
        write_text(run.config_file, changed.to_json())
    except OSError as error:
        if before is None:
            with contextlib.suppress(OSError):
                run.former_file.unlink(missing_ok=True)
        raise RunError(f"The wish for more epochs cannot be written: {why(error)}") from error


def fulfil(run: RunDirectory) -> None:
    """Make the wish for more epochs a part of the run: it goes on now. Its lock is held.

    Raises:
        OSError: the disk is full.
    """
    former = _former(run)
    if former is not None and former["further"]:
        _reset_patience(run)
    disk.remove(run.former_file)


def take_back(run: RunDirectory, reason: str = "") -> bool:
    """Take a wish for more epochs back with which no training has begun; nothing happens if there is none.

    Args:
        run: nobody else holds its lock.
        reason: why the run does not go on, to be said with its state.

    Returns:
        Whether the run is finished, as it was before the wish.

    Raises:
        OSError: the folder cannot be written.
    """
    former = _former(run)
    if former is None:
        return False
    state = run.state()
    write_text(run.config_file, former["config"])
    if former["finished"]:
        run.write_state("finished", reason or former["reason"], epoch=state.epoch, step=state.step)
    run.former_file.unlink(missing_ok=True)
    return former["finished"]


class _Former(TypedDict):
    """former.json: how the run was before the wish.

    "config" is its config.json. "reason" is what its state said. "further": the wish is for epochs beyond the trained
    ones.
    """

    config: str
    finished: bool
    reason: str
    further: bool


def _former(run: RunDirectory) -> _Former | None:
    found = json_of(run.former_file, 2 * CONFIG_BYTES)
    if not isinstance(found, dict):
        return None
    try:
        RunConfig.from_json(found["config"])
        return {
            "config": found["config"],
            "finished": found["finished"] is True,
            "reason": str(found["reason"]),
            "further": found["further"] is True,
        }
    except (ValueError, KeyError, TypeError):
        return None


def suggested_rate(config: RunConfig) -> float:
    """Return a rate to go on with after the end of a schedule: small steps, a tenth of the highest rate so far."""
    highest = config.continuations[-1].learning_rate if config.continuations else None
    return (highest or config.optimizer_settings["learning_rate"]) / (1 if highest else 10)


def _with_epochs(config: RunConfig, epochs: int | None) -> RunConfig:
    """The run with a new total of epochs, and a schedule that ends where it was planned to end."""
    planned = config.schedule_epochs or (config.epochs if config.schedule != "constant" else None)
    return replace(config, epochs=config.epochs if epochs is None else epochs, schedule_epochs=planned)


def _idle(config: RunConfig, run: RunDirectory) -> range:
    state = run.state()
    return idle_epochs(config, epoch=state.epoch, step=state.step)


def _begun(config: RunConfig, run: RunDirectory) -> tuple[Continuation, ...]:
    """The continuations of the learning rate at which at least one batch was trained."""
    state = run.state()
    return tuple(one for one in config.continuations if one.epoch < state.epoch + (1 if state.step else 0))


def _still_wanted(config: RunConfig, run: RunDirectory, epochs: int | None) -> RunConfig:
    """The run without continuations for epochs that it is not to have any more, and has not begun."""
    total = config.epochs if epochs is None else epochs
    begun = _begun(config, run)
    wanted = tuple(one for one in config.continuations if one in begun or one.epoch < total)
    return replace(config, continuations=wanted)


def _reset_patience(run: RunDirectory) -> None:
    """Take the early stop out of the newest checkpoint, if there was one. Its arrays are not read."""
    for path in checkpoint.newest_first(run.checkpoints):
        try:
            state = checkpoint.state_of(path)
            callbacks = known_fields(state.get("callbacks"), CallbackStates)
            stopping = callbacks.get("early_stopping")
            if state.get("stopped") and stopping is not None:
                stopping["wait"] = stopping["stopped_epoch"] = 0
                checkpoint.replace_state(path, {**state, "callbacks": callbacks, "stopped": False})
        except ValueError:  # damaged: a resume takes the one before it, too
            continue
        return


def check_name(name: str, folder: Path) -> None:
    """Refuse a name that a new run cannot have.

    Args:
        name: as `names.tidy` returns it.
        folder: the folder of the runs.

    Raises:
        RunError: the name breaks the rule for names, or is taken.
    """
    if problem := names.problem_of(name):
        raise RunError(problem)
    if taken := names.twin_of(name, folder):
        raise RunError(f"There is something called {taken} already: choose another name.")


def default_name(config: RunConfig, folder: Path) -> Path:
    """Return the path of a new folder for a run, named by network, dataset and a number."""
    base = f"{config.network}-{config.dataset.partition(':')[0]}"
    number = 1
    while names.twin_of(f"{base}-{number}", folder):
        number += 1
    return folder / f"{base}-{number}"
