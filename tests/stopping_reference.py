"""What EarlyStopping and ModelCheckpoint do on a training whose figures are known: no training, no TensorFlow.

Every comparison is Keras's own, so that a threshold that is met exactly falls to the same side.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """Where EarlyStopping ends a training.

    Attributes:
        last: the last epoch that is trained, from 0.
        stopped: whether the callback ended it; otherwise the training came to its own end.
        best: the best epoch by the callback's reckoning, from 0: an improvement smaller than min_delta is none.
        waits: after each epoch trained, how many there were since the last improvement.
    """

    last: int
    stopped: bool
    best: int
    waits: tuple[int, ...]


def early_stopping(values: Sequence[float], *, patience: int, min_delta: float = 0.0, maximise: bool = False) -> Stop:
    """Return what `keras.callbacks.EarlyStopping` does on the monitored figure of every epoch.

    Args:
        values: one number an epoch, at least one.
        patience: epochs without an improvement that it waits for, 0 or more. As in Keras, 0 and 1 do the same.
        min_delta: what counts as an improvement, 0 or more: it has to be larger than this.
        maximise: True where more is better, as for an accuracy.

    Raises:
        ValueError: no values, or a setting below 0.

    Source: keras/src/callbacks/early_stopping.py, Keras 3.15: `value - delta < best`, with delta negated for minima.
    """
    if len(values) == 0:
        raise ValueError("There are no epochs to look at.")
    if patience < 0 or min_delta < 0:
        raise ValueError(f"patience and min_delta are 0 or more, not {patience} and {min_delta}.")
    best_value: float | None = None
    best, wait = 0, 0
    waits = []
    for epoch, value in enumerate(values):
        wait += 1
        if best_value is None or (value - min_delta > best_value if maximise else value + min_delta < best_value):
            best_value, best, wait = value, epoch, 0
        waits.append(wait)
        if wait and wait >= patience and epoch > 0:
            return Stop(epoch, True, best, tuple(waits))
    return Stop(len(values) - 1, False, best, tuple(waits))


def kept_epochs(values: Sequence[float], *, save_best_only: bool, maximise: bool = False) -> tuple[int, ...]:
    """Return the epochs, from 0, after which `keras.callbacks.ModelCheckpoint` writes a file.

    Args:
        values: the monitored figure of every epoch that is trained.
        save_best_only: write only where it is better than in all epochs before.
        maximise: True where more is better.
    """
    if not save_best_only:
        return tuple(range(len(values)))
    kept: list[int] = []
    for epoch, value in enumerate(values):
        if not kept or (value > values[kept[-1]] if maximise else value < values[kept[-1]]):
            kept.append(epoch)
    return tuple(kept)
