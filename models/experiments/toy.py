"""Two classes of points in the plane, and a small network trained on them with its whole course recorded."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np

Kind = Literal["circles", "moons", "xor"]
Activation = Literal["identity", "relu", "tanh", "logistic"]

KINDS: tuple[Kind, ...] = get_args(Kind)
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)
"""The hidden layer's activations, by scikit-learn's names: identity is none at all, logistic is the sigmoid."""

COUNT = 200
EPOCHS = 80
BATCH_SIZE = 10
EXTENT = 2.2
"""All points are within ±EXTENT, and so is the grid on which a training is recorded."""
GRID_SIDE = 33

# Measured: with 8 units, these rates solve all kinds within 80 epochs, but slowly enough to watch.
_LEARNING_RATES: dict[Kind, float] = {"circles": 0.008, "moons": 0.04, "xor": 0.005}
# The sigmoid is flat almost everywhere and passes back at most a quarter of a gradient.
_SIGMOID_HURRY = 2.5


@dataclass(frozen=True, eq=False)
class Training:
    """A training from its first epoch to its last; the arrays are read-only.

    Attributes:
        learning_rate: Adam's.
        losses: float64 (epochs,): mean binary cross-entropy of all points after each epoch, in nats.
        accuracies: float64 (epochs,): share of all points on the right side after each epoch.
        correct: bool (epochs, count): which points those are.
        probabilities: float32 (epochs, GRID_SIDE, GRID_SIDE): those of class 1 after each epoch, on `grid()`.
        weights: kernel and bias of every layer after the last epoch, in the order and shapes of Keras's Dense layers.
        seconds: how long the training took.
        finished: `time.perf_counter()` at its end.
    """

    learning_rate: float
    losses: np.ndarray
    accuracies: np.ndarray
    correct: np.ndarray
    probabilities: np.ndarray
    weights: tuple[np.ndarray, ...]
    seconds: float
    finished: float

    @property
    def parameter_count(self) -> int:
        """Number of weights and biases."""
        return sum(array.size for array in self.weights)


@lru_cache(maxsize=16)
def points(kind: Kind, *, count: int = COUNT, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points of two classes that no straight line separates, standardised to mean 0 and standard deviation 1.

    Circles and moons have the very numbers of scikit-learn's `make_circles(factor=0.45, noise=0.08)` and
    `make_moons(noise=0.12)`. They are made here because importing scikit-learn takes a second. Xor is four clusters
    around (±1, ±1) with a standard deviation of 0.3; opposite corners are of one class.

    Args:
        count: points of both classes together, an even number from 4.

    Returns:
        float64 array (count, 2) and the classes, int array (count,) of as many 0 as 1; both are read-only.

    Raises:
        ValueError: an unknown kind, or a count that is odd or too small.
    """
    _check_kind(kind)
    if count < 4 or count % 2:
        raise ValueError(f"Two classes of equal size need an even number of points from 4, not {count}.")
    random = np.random.RandomState(seed)
    half = count // 2
    classes = np.repeat([0, 1], half)
    if kind == "circles":
        angles = np.linspace(0, 2 * np.pi, half, endpoint=False)
        circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        clean, noise = np.concatenate([circle, 0.45 * circle]), 0.08
    elif kind == "moons":
        angles = np.linspace(0, np.pi, half)
        moon = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        clean, noise = np.concatenate([moon, [1, 0.5] - moon]), 0.12
    else:
        corners = np.array([(-1, -1), (-1, 1), (1, 1), (1, -1)])
        clean, noise = corners[np.arange(count) % 4].astype(float), 0.3
        classes = np.arange(count) % 2
    noisy = clean + random.normal(scale=noise, size=clean.shape)
    places = (noisy - noisy.mean(axis=0)) / noisy.std(axis=0)
    return _read_only(places), _read_only(classes)


def grid() -> np.ndarray:
    """Return the points at which a training's probabilities are recorded: from the top left, row by row.

    Returns:
        float64 array (GRID_SIDE², 2): x and y, each from -EXTENT to EXTENT.
    """
    axis = np.linspace(-EXTENT, EXTENT, GRID_SIDE)
    x, y = np.meshgrid(axis, axis[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def suitable_rate(kind: Kind, activation: Activation) -> float:
    """Return the learning rate at which 8 units with this activation solve this kind of points within 80 epochs.

    Raises:
        ValueError: an unknown kind or activation.
    """
    _check_kind(kind)
    _check_activation(activation)
    return _LEARNING_RATES[kind] * (_SIGMOID_HURRY if activation == "logistic" else 1)


_one_at_a_time = threading.Lock()
"""If a class presses the button at the same time, the first thread trains and the others find its result cached."""


def train(
    kind: Kind,
    *,
    activation: Activation,
    hidden: int,
    seed: int = 0,
    epochs: int = EPOCHS,
    learning_rate: float | None = None,
    told: Callable[[int], None] = lambda _epochs: None,
) -> Training:
    """Train scikit-learn's MLPClassifier on `points(kind)` and record it after every epoch.

    The network has one hidden layer and one output with a sigmoid; Adam minimises the binary cross-entropy in batches
    of BATCH_SIZE. Trainings with one seed get the same batches and the same initial weights, except that scikit-learn
    makes those for the sigmoid √3 times smaller. The record begins after the first epoch: MLPClassifier has no public
    way to get the initial weights.

    Args:
        activation: the hidden layer's; "identity" leaves two linear layers.
        hidden: units of the hidden layer, at least 1.
        seed: decides the initial weights and the order of the batches.
        learning_rate: None for `suitable_rate`.
        told: called with the number of finished epochs after each one; not at all where the training is known.

    Raises:
        ValueError: an unknown kind or activation, or fewer than one unit or epoch.
    """
    _check_activation(activation)
    if hidden < 1 or epochs < 1:
        raise ValueError(f"A training needs at least one unit and one epoch, not {hidden} and {epochs}.")
    rate = suitable_rate(kind, activation) if learning_rate is None else learning_rate
    asked = (kind, activation, hidden, seed, epochs, rate)
    with _one_at_a_time:
        found = _known.pop(asked, None) or _train(*asked, told)
        _known[asked] = found
        while len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
        return found


_Asked = tuple[Kind, Activation, int, int, int, float]
_known: OrderedDict[_Asked, Training] = OrderedDict()
_MOST_KNOWN = 64


def _train(
    kind: Kind,
    activation: Activation,
    hidden: int,
    seed: int,
    epochs: int,
    rate: float,
    told: Callable[[int], None],
) -> Training:
    places, classes = points(kind)
    from sklearn.neural_network import MLPClassifier

    started = time.perf_counter()
    network = MLPClassifier(
        hidden_layer_sizes=(hidden,),
        activation=activation,
        solver="adam",
        alpha=0,
        batch_size=BATCH_SIZE,
        learning_rate_init=rate,
        # With a plain number, every epoch would have the same order of the points.
        random_state=np.random.RandomState(seed),
    )
    asked = np.concatenate([places, grid()])
    answers = np.empty((epochs, len(asked)))
    for epoch in range(epochs):
        network.partial_fit(places, classes, classes=(0, 1))
        answers[epoch] = network.predict_proba(asked)[:, 1]
        told(epoch + 1)
    on_points = answers[:, : len(places)]
    correct = (on_points > 0.5) == classes
    certainty = np.where(classes, on_points, 1 - on_points).clip(np.finfo(float).tiny)
    finished = time.perf_counter()
    layers = zip(network.coefs_, network.intercepts_, strict=True)
    return Training(
        learning_rate=rate,
        losses=_read_only(-np.log(certainty).mean(axis=1)),
        accuracies=_read_only(correct.mean(axis=1)),
        correct=_read_only(correct),
        probabilities=_read_only(answers[:, len(places) :].reshape(epochs, GRID_SIDE, GRID_SIDE).astype(np.float32)),
        weights=tuple(_read_only(array) for layer in layers for array in layer),
        seconds=finished - started,
        finished=finished,
    )


def _read_only(array: np.ndarray) -> np.ndarray:
    # Cached and shared by all visitors.
    array.flags.writeable = False
    return array


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"There are no points of the kind {kind!r}; there are {', '.join(KINDS)}.")


def _check_activation(activation: str) -> None:
    if activation not in ACTIVATIONS:
        raise ValueError(f"There is no activation {activation!r} here; there are {', '.join(ACTIVATIONS)}.")
