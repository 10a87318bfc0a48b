"""The update rules of seven optimizers in NumPy float32, in the very order in which Keras computes them.

Sources: keras.src.optimizers 3.15; Robbins & Monro 1951 (SGD); Polyak 1964 (momentum); Nesterov 1983, in the form of
Sutskever et al. 2013; Duchi et al. 2011 (AdaGrad); Tieleman & Hinton 2012 (RMSProp); Zeiler 2012 (AdaDelta); Kingma &
Ba 2015 (Adam).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

Slots = tuple[np.ndarray, np.ndarray]
"""An optimizer's state for each weight: two numbers. Some optimizers use only one of them, or none."""

MOMENTUM = 0.9
ADAGRAD_START = 0.1
RMSPROP_RHO = 0.9
ADADELTA_RHO = 0.95
BETA_1, BETA_2 = 0.9, 0.999
EPSILON = 1e-7

Update = Callable[[np.ndarray, Slots, np.float32, int], tuple[np.ndarray, Slots]]


@dataclass(frozen=True)
class Rule:
    """One optimizer.

    Attributes:
        name: as in a URL.
        keras: its class in `keras.optimizers`.
        default_rate: Keras's default learning rate.
        update: takes the gradient, the slots, the learning rate and the number of the step (from 1), and returns what
            is added to the weights, and the new slots. All arrays are float32 and have the same shape.
        options: the arguments that differ from Keras's defaults.
        first_slot: the value of the first slot before the first step.
    """

    name: str
    keras: str
    default_rate: float
    update: Update
    options: Mapping[str, float | bool] = field(default_factory=dict)
    first_slot: float = 0.0

    def start(self, shape: tuple[int, ...]) -> Slots:
        """Return the slots before the first step."""
        return np.full(shape, self.first_slot, np.float32), np.zeros(shape, np.float32)


def _sgd(gradient: np.ndarray, slots: Slots, rate: np.float32, step: int) -> tuple[np.ndarray, Slots]:
    return -(gradient * rate), slots


def _momentum(gradient: np.ndarray, slots: Slots, rate: np.float32, step: int) -> tuple[np.ndarray, Slots]:
    velocity = slots[0] * np.float32(MOMENTUM) - gradient * rate
    return velocity, (velocity, slots[1])


def _nesterov(gradient: np.ndarray, slots: Slots, rate: np.float32, step: int) -> tuple[np.ndarray, Slots]:
    velocity = slots[0] * np.float32(MOMENTUM) - gradient * rate
    return velocity * np.float32(MOMENTUM) - gradient * rate, (velocity, slots[1])


def _adagrad(gradient: np.ndarray, slots: Slots, rate: np.float32, step: int) -> tuple[np.ndarray, Slots]:
    total = slots[0] + np.square(gradient)
    return -(rate * gradient / np.sqrt(total + np.float32(EPSILON))), (total, slots[1])


def _rmsprop(gradient: np.ndarray, slots: Slots, rate: np.float32, step: int) -> tuple[np.ndarray, Slots]:
    mean = np.float32(RMSPROP_RHO) * slots[0] + np.float32(1 - RMSPROP_RHO) * np.square(gradient)
    return -(rate * gradient / np.sqrt(mean + np.float32(EPSILON))), (mean, slots[1])


def _adadelta(gradient: np.ndarray, slots: Slots, rate: np.float32, step: int) -> tuple[np.ndarray, Slots]:
    old, new, epsilon = np.float32(ADADELTA_RHO), np.float32(1 - ADADELTA_RHO), np.float32(EPSILON)
    mean = old * slots[0] + new * np.square(gradient)
    change = -(np.sqrt(slots[1] + epsilon) * gradient / np.sqrt(mean + epsilon))
    return rate * change, (mean, old * slots[1] + new * np.square(change))


def adam_rate(rate: np.float32, step: int) -> np.float32:
    """Return Adam's learning rate including both bias corrections, as Keras computes it: float32."""
    power_1 = np.power(np.float32(BETA_1), np.float32(step))
    power_2 = np.power(np.float32(BETA_2), np.float32(step))
    corrected: np.float32 = rate * np.sqrt(np.float32(1) - power_2) / (np.float32(1) - power_1)
    return corrected


def _adam(gradient: np.ndarray, slots: Slots, rate: np.float32, step: int) -> tuple[np.ndarray, Slots]:
    mean = slots[0] + (gradient - slots[0]) * np.float32(1 - BETA_1)
    square = slots[1] + (np.square(gradient) - slots[1]) * np.float32(1 - BETA_2)
    return -(mean * adam_rate(rate, step) / (np.sqrt(square) + np.float32(EPSILON))), (mean, square)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            Rule("sgd", "SGD", 0.01, _sgd),
            Rule("momentum", "SGD", 0.01, _momentum, {"momentum": MOMENTUM}),
            Rule("nesterov", "SGD", 0.01, _nesterov, {"momentum": MOMENTUM, "nesterov": True}),
            Rule("adagrad", "Adagrad", 0.001, _adagrad, first_slot=ADAGRAD_START),
            Rule("rmsprop", "RMSprop", 0.001, _rmsprop),
            Rule("adadelta", "Adadelta", 0.001, _adadelta),
            Rule("adam", "Adam", 0.001, _adam),
        )
    }
)
"""The optimizers by name, in the order in which they build on each other."""


@dataclass(frozen=True)
class Run:
    """One optimizer's path down a loss of two weights.

    All arrays are float32 and have one row for each position: row 0 is the start, row t is after step t.

    Attributes:
        weights: (steps + 1, 2).
        losses: (steps + 1,), infinite where a loss is too large for a float32.
        gradients: (steps + 1, 2), at these weights; step t + 1 uses row t.
        changes: (steps + 1, 2): row t is what step t added; row 0 is zeros.
        slots: (steps + 1, 2, 2): slot by weight, after step t.
        ended: the number of the step after which the run was ended because it diverged, or None. Later rows repeat that
            step's row.
    """

    weights: np.ndarray
    losses: np.ndarray
    gradients: np.ndarray
    changes: np.ndarray
    slots: np.ndarray
    ended: int | None


def run(
    name: str,
    loss: Callable[[np.ndarray], np.ndarray],
    gradient: Callable[[np.ndarray, int], np.ndarray],
    *,
    start: tuple[float, float],
    learning_rate: float,
    steps: int,
    reach: float = np.inf,
) -> Run:
    """Let an optimizer minimise a loss.

    Args:
        loss: of weights, a float32 array (2,); what it returns is rounded to float32.
        gradient: of weights and the number of steps taken so far, so that it may be of another batch in every step.
        reach: a run has diverged when a weight is farther than this from 0, or not finite.

    Raises:
        ValueError: there is no such optimizer, or the learning rate is not a positive number.
    """
    if name not in RULES:
        raise ValueError(f"There is no optimizer {name}: choose from {', '.join(RULES)}.")
    if not 0 < learning_rate < np.inf:
        raise ValueError(f"A learning rate is a number above 0, not {learning_rate}.")
    rule, rate = RULES[name], np.float32(learning_rate)
    weights = np.empty((steps + 1, 2), np.float32)
    losses = np.empty(steps + 1, np.float32)
    gradients, changes = np.empty_like(weights), np.zeros_like(weights)
    slots = np.empty((steps + 1, 2, 2), np.float32)
    state = rule.start((2,))
    ended = None
    weights[0] = start
    slots[0] = state
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps + 1):
            if step:
                changes[step], state = rule.update(gradients[step - 1], state, rate, step)
                slots[step] = state
                weights[step] = weights[step - 1] + changes[step]
            losses[step] = loss(weights[step])
            gradients[step] = gradient(weights[step], step)
            if not np.all(np.abs(weights[step]) <= reach):
                ended = step
                for array in (weights, losses, gradients, changes, slots):
                    array[step + 1 :] = array[step]
                break
    return Run(weights, losses, gradients, changes, slots, ended)
