"""Last activation and loss, the right pair against a wrong one: two small Keras networks trained for real on digits.

The engine's answering worker calls `compare_pairs`. Only it needs TensorFlow, which it imports itself.
"""

import contextlib
import warnings
from collections.abc import Callable, Iterator

import numpy as np

from models.answers import PairComparison, PairSide
from models.experiments.output_endings import COMPARISONS, EPOCHS, SGD_RATE, Comparison, Ending, Task, progress_file
from models.progress import teller

HELD_OUT = 360
"""Number of pictures that are not trained on: loss and accuracy are measured on them."""

_HIDDEN = 32
_BATCH = {"three-eight": 32, "digits": 128, "traits": 128}
_RATE = 0.01


def labelled(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Return scikit-learn's digits with a task's labels, in a fixed order.

    Returns:
        Pictures, float32 (n, 64), 0 to 1; labels, float32 (n, 1) for "three-eight" (1 is an eight), one-hot (n, 10)
        for "digits", (n, 3) for "traits" (see `TRAITS`). "three-eight" has only these two digits.
    """
    from sklearn.datasets import load_digits

    found = load_digits()
    order = np.random.default_rng(0).permutation(len(found.target))
    x, digit = (found.data[order] / 16).astype(np.float32), found.target[order]
    if task == "three-eight":
        chosen = np.isin(digit, (3, 8))
        return x[chosen], (digit[chosen, np.newaxis] == 8).astype(np.float32)
    if task == "digits":
        return x, np.eye(10, dtype=np.float32)[digit]
    return x, np.stack([digit % 2 == 0, np.isin(digit, (0, 6, 8, 9)), digit > 4], axis=1).astype(np.float32)


def compare_pairs(name: str) -> PairComparison:
    """Train the right and the wrong network of a comparison. They differ in their endings only.

    Args:
        name: one of `COMPARISONS`.

    Returns:
        "trained" and "held_out": numbers of pictures. "right" and "wrong": each network's "loss" and "accuracy" (the
        share of pictures with all labels right) on the held-out pictures, as Keras computes them, before the first
        epoch and after each one (`EPOCHS` + 1 floats); and after the last epoch "lowest" and "highest" (of all answers)
        and "sum_low" and "sum_high" (the smallest and largest sum of one picture's answers). None stands for NaN and
        infinity.

    Raises:
        ValueError: there is no such comparison.
    """
    if name not in COMPARISONS:
        raise ValueError(f"There is no comparison “{name}”; there are {', '.join(COMPARISONS)}.")
    comparison = COMPARISONS[name]
    x, y = labelled(comparison.task)
    held = min(HELD_OUT, len(x) // 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of some of the wrong endings, and they are wrong on purpose
        with _progress(name) as told:
            right = _trained(comparison, comparison.right, x, y, held, told)
            wrong = _trained(comparison, comparison.wrong, x, y, held, lambda epochs: told(EPOCHS + epochs))
    return {"trained": len(x) - held, "held_out": held, "right": right, "wrong": wrong}


@contextlib.contextmanager
def _progress(name: str) -> Iterator[Callable[[int], None]]:
    """Yield what is told the number of finished epochs of both networks, for whoever waits; without a disk, nobody."""
    file = progress_file(name)
    tell = teller(file)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield lambda epochs: tell("training", epochs, 2 * EPOCHS)
    finally:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def _trained(
    comparison: Comparison, ending: Ending, x: np.ndarray, y: np.ndarray, held: int, told: Callable[[int], None]
) -> PairSide:
    import keras

    layers = [
        keras.Input((x.shape[1],)),
        keras.layers.Dense(_HIDDEN, "relu", kernel_initializer=keras.initializers.GlorotUniform(seed=1)),
        keras.layers.Dense(
            ending.units,
            ending.activation,
            kernel_initializer=keras.initializers.GlorotUniform(seed=2),
            bias_initializer=keras.initializers.Constant(comparison.bias),
        ),
    ]
    if ending.again:
        layers.append(keras.layers.Activation(ending.again))
    model = keras.Sequential(layers)

    loss = keras.losses.get(ending.loss)
    losses: list[float | None] = []
    shares: list[float] = []

    def measure() -> np.ndarray:
        # Not model.evaluate: to compile it takes longer than all of these trainings.
        outputs = model(x[:held])
        losses.append(_finite(np.mean(loss(y[:held], outputs))))
        answers = np.asarray(outputs)
        if comparison.task == "digits":
            right = answers.argmax(axis=-1) == y[:held].argmax(axis=-1)
        else:
            right = np.all((answers > 0.5) == (y[:held] > 0.5), axis=-1)
        shares.append(float(right.mean()))
        return answers

    def ended(epoch: int, _logs: object) -> None:
        measure()
        told(epoch + 1)

    measure()
    optimizer = keras.optimizers.Adam(_RATE) if comparison.optimizer == "adam" else keras.optimizers.SGD(SGD_RATE)
    model.compile(optimizer, loss=ending.loss, jit_compile=False)
    # The order is fixed, so that everybody in a class sees the same curves.
    model.fit(
        x[held:],
        y[held:],
        batch_size=_BATCH[comparison.task],
        epochs=EPOCHS,
        shuffle=False,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=ended)],
    )
    answers = np.asarray(model(x[:held]))
    sums = answers.sum(axis=-1)
    return {
        "loss": losses,
        "accuracy": shares,
        "lowest": _finite(answers.min()),
        "highest": _finite(answers.max()),
        "sum_low": _finite(sums.min()),
        "sum_high": _finite(sums.max()),
    }


def _finite(value: np.floating) -> float | None:
    # JSON knows neither NaN nor ∞, and a wrong ending may lead to both.
    return float(value) if np.isfinite(value) else None
