"""Two stacked linear layers of one input and one output, and the one layer that does the same."""

from dataclasses import dataclass

import numpy as np

from models.arithmetic import activation

UNITS = 3


@dataclass(frozen=True)
class LinearStack:
    """Dense(3) followed by Dense(1), with weights of one decimal, so that all results can be written out in full.

    Attributes:
        first, first_bias: weights and biases of the first layer, float64 (3,).
        second: weights of the second layer, float64 (3,).
        second_bias: its bias.
    """

    first: np.ndarray
    first_bias: np.ndarray
    second: np.ndarray
    second_bias: float

    @property
    def weight(self) -> float:
        """Weight of the one layer that does the same: Σ second · first."""
        return round(float(self.second @ self.first), 2) + 0.0

    @property
    def bias(self) -> float:
        """Bias of the one layer that does the same: Σ second · first_bias + second_bias."""
        return round(float(self.second @ self.first_bias + self.second_bias), 2) + 0.0

    def hidden(self, x: np.ndarray, *, between: str = "linear") -> np.ndarray:
        """Return the first layer's outputs after the activation `between`, for inputs (n,): float64 (n, 3)."""
        return activation(between, np.asarray(x)[:, np.newaxis] * self.first + self.first_bias)

    def outputs(self, x: np.ndarray, *, between: str = "linear") -> np.ndarray:
        """Return the outputs of both layers with the activation `between` them, for inputs (n,): float64 (n,)."""
        result: np.ndarray = self.hidden(x, between=between) @ self.second + self.second_bias
        return result


def draw_stack(seed: int) -> LinearStack:
    """Return a stack with random weights, the same for the same seed.

    The kinks of its ReLU units are apart from each other and within −3 to 3, so that the bends of the curve are seen.
    """
    generator = np.random.default_rng(seed)
    while True:
        first = generator.choice([-1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0], UNITS)
        first_bias = generator.integers(-20, 21, UNITS) / 10
        second = generator.choice([-2.0, -1.5, -1.0, 1.0, 1.5, 2.0], UNITS)
        kinks = np.sort(-first_bias / first)
        if np.abs(kinks).max() < 3 and np.diff(kinks).min() > 0.8:
            return LinearStack(first, first_bias, second, float(generator.integers(-10, 11)) / 10)
