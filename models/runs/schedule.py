"""The learning rate over a run's epochs: where its schedule ends, and how it is continued. No TensorFlow.

A schedule never trains on in silence at rate 0: who adds epochs beyond its end says at which rate they learn.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from models.runs.config import ConfigError, Continuation, RunConfig


def schedule_end(config: RunConfig) -> int | None:
    """Return the number of epochs after which the learning rate stays at 0; None if it never does."""
    if config.schedule == "constant":
        return None
    if config.continuations:
        return config.continuations[-1].end
    return config.schedule_epochs or config.epochs


def idle_epochs(config: RunConfig, *, epoch: int = 0, step: int = 0) -> range:
    """Return the epochs, from 0, that have not begun yet and would learn at rate 0.

    Args:
        config: the run's values.
        epoch: finished epochs.
        step: finished batches of the present epoch.
    """
    end = schedule_end(config)
    if end is None:
        return range(0)
    return range(max(end, epoch + (1 if step else 0)), config.epochs)


def continued(config: RunConfig, idle: range, rate: float, schedule: Literal["constant", "cosine"]) -> RunConfig:
    """Return the run with a learning rate for its idle epochs.

    Args:
        config: the run's values.
        idle: what `idle_epochs` returned, not empty.
        rate: the rate, or a cosine's first one.
        schedule: "constant", or "cosine" for a fall to 0 until the last epoch.

    Raises:
        ConfigError: a rate or a schedule that a run cannot have.
    """
    one = Continuation(idle.start, rate, schedule, idle.stop if schedule == "cosine" else None)
    planned = config.schedule_epochs or config.epochs
    return replace(config, schedule_epochs=planned, continuations=(*config.continuations, one))


def refuse_idle(config: RunConfig) -> None:
    """Refuse a new run that would spend epochs at rate 0.

    Raises:
        ConfigError: its schedule ends before its last epoch.
    """
    idle = idle_epochs(config)
    if idle:
        raise ConfigError(
            f"schedule_epochs: the {config.schedule} reaches 0 after epoch {idle.start}, so that "
            f"{epochs_words(idle)} would learn at rate 0: train {idle.start} epochs, or let the schedule last "
            f"{config.epochs}."
        )


def continued_alike(one: RunConfig, other: RunConfig) -> bool:
    """Return whether two runs of one schedule learn at the same rate in every epoch that both have."""
    shorter, longer = sorted((one, other), key=lambda config: len(config.continuations))
    count = len(shorter.continuations)
    if shorter.continuations != longer.continuations[:count]:
        return False
    further = longer.continuations[count:]
    return not further or shorter.epochs <= further[0].epoch


class Phase(NamedTuple):
    """Epochs with one rule for the learning rate: `epochs` counts from 0, `words` say the rule."""

    epochs: range
    words: str


def phases(config: RunConfig) -> Sequence[Phase]:
    """Return how the learning rate goes through a run's epochs, one phase after the other."""
    rate = config.optimizer_settings["learning_rate"]
    if config.schedule == "constant":
        return [Phase(range(config.epochs), f"{rate:g}")]
    end = config.schedule_epochs or config.epochs
    rises = ""
    if config.warmup_epochs:
        warm = min(config.warmup_epochs, end)
        rises = f"up from {rate / 10:g} for {warm:g} epoch{'s' * (warm != 1)}, then "
    found = [Phase(range(end), f"{rises}along a cosine from {rate:g} to 0")]
    for one in config.continuations:
        last = one.end or max(config.epochs, one.epoch)
        falls = one.schedule == "cosine"
        words = f"along a cosine from {one.learning_rate:g} to 0" if falls else f"{one.learning_rate:g}"
        if one.epoch > found[-1].epochs.stop:
            found.append(Phase(range(found[-1].epochs.stop, one.epoch), "0"))
        if last > one.epoch:
            found.append(Phase(range(one.epoch, last), words))
    if config.epochs > found[-1].epochs.stop:
        found.append(Phase(range(found[-1].epochs.stop, config.epochs), "0"))
    return found


def rate_words(config: RunConfig) -> str:
    """Return a sentence on the learning rate: "Learning rate: along a cosine from 0.1 to 0 in epochs 1 to 3."."""
    told = [f"{phase.words} in {epochs_words(phase.epochs)}" for phase in phases(config)]
    return f"Learning rate: {'; '.join(told)}."


def epochs_words(epochs: range) -> str:
    """Return "epoch 4", "epochs 4 and 5" or "epochs 4 to 8" for epochs that count from 0."""
    if len(epochs) == 1:
        return f"epoch {epochs.start + 1:,}"
    return f"epochs {epochs.start + 1:,} {'and' if len(epochs) == 2 else 'to'} {epochs.stop:,}"
