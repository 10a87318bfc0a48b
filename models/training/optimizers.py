"""A run's optimizer and its learning rate, as Keras has them."""

from collections.abc import Sequence
from typing import Any

import keras

from models.runs.config import RunConfig

_CLASSES = {
    "sgd": keras.optimizers.SGD,
    "nesterov": keras.optimizers.SGD,
    "adagrad": keras.optimizers.Adagrad,
    "adadelta": keras.optimizers.Adadelta,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
}


class Continued(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule with others after it.

    Args:
        first: the schedule until the first of the others begins.
        later: (step, rate or schedule) of each: it holds from that step on, and a schedule counts from there.
    """

    def __init__(self, first: Any, later: Sequence[tuple[int, Any]]) -> None:
        super().__init__()
        self.first = first
        self.later = tuple(later)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step."""
        rate = self.first(step)
        for begin, then in self.later:
            rate = keras.ops.where(step < begin, rate, then(step - begin) if callable(then) else then)
        return rate

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {"first": self.first, "later": self.later}


def build_optimizer(config: RunConfig, steps: int) -> Any:
    """Return the optimizer of a run.

    Args:
        config: the run's values.
        steps: batches in an epoch.
    """
    settings = config.optimizer_settings
    rate = _learning_rate(config, settings.pop("learning_rate"), steps)
    nesterov = {"nesterov": True} if config.optimizer == "nesterov" else {}
    optimizer = _CLASSES[config.optimizer](
        learning_rate=rate, weight_decay=config.weight_decay or None, **settings, **nesterov
    )
    if config.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    if config.precision == "mixed_float16":
        # Small gradients would become 0 in 16 bits.
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    return optimizer


def _learning_rate(config: RunConfig, peak: float, steps: int) -> Any:
    if config.schedule == "constant":
        return peak
    end = (config.schedule_epochs or config.epochs) * steps
    warmup = min(round(config.warmup_epochs * steps), end - 1)
    cosine = keras.optimizers.schedules.CosineDecay
    warmed = {"warmup_target": peak, "warmup_steps": warmup} if warmup else {}
    first = cosine(peak / 10 if warmup else peak, end - warmup, **warmed)
    later: list[tuple[int, Any]] = []
    for one in config.continuations:
        then = one.learning_rate if one.end is None else cosine(one.learning_rate, (one.end - one.epoch) * steps)
        later.append((one.epoch * steps, then))
    return Continued(first, later) if later else first
