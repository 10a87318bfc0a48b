"""A run's optimizer and its learning rate, as Keras has them."""

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
    if not warmup:
        return keras.optimizers.schedules.CosineDecay(peak, end)
    return keras.optimizers.schedules.CosineDecay(peak / 10, end - warmup, warmup_target=peak, warmup_steps=warmup)
