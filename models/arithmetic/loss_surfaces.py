"""Losses of two weights, with their gradients: the ground that optimizers walk on.

Every surface is computed in float64 and written down by its derivative, not by differences; tests compare the gradients
with TensorFlow's tape. All maps are three wide and two high, so that a contour line and the gradient across it meet at
a right angle on the screen, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
Slopes = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

DIGITS = (3, 8)
"""The two digits of the real loss. The model's answer is the probability of the second one."""

HALVES_SCALE = 10
"""Factor on a half's mean ink, 0 to 1, so that the best weights are near 2 and not near 20."""

BATCH_SIZE = 8
BATCH_SEED = 7
"""Of the pictures that are drawn for each step of a noisy descent."""


@dataclass(frozen=True)
class Surface:
    """A loss of the two weights (x, y).

    Attributes:
        name: as in a URL.
        width: half the width of the map, in x; half its height is two thirds of it.
        minima: the best weights (x, y), one or two.
        field: the loss at arrays x and y.
        slopes: the gradient at arrays x and y, by x and by y.
    """

    name: str
    width: float
    minima: tuple[tuple[float, float], ...]
    field: Field
    slopes: Slopes

    @property
    def height(self) -> float:
        """Half the height of the map, in y."""
        return self.width * 2 / 3

    def loss(self, point: np.ndarray) -> np.ndarray:
        """Return the loss at `point`, an array (..., 2): float64 (...), infinite where it is too large for a float."""
        x, y = _coordinates(point)
        with np.errstate(over="ignore", invalid="ignore"):
            return self.field(x, y)

    def gradient(self, point: np.ndarray) -> np.ndarray:
        """Return the loss's derivatives by x and by y at `point`, an array (..., 2): float64 of the same shape."""
        x, y = _coordinates(point)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack(self.slopes(x, y), axis=-1)

    def batch_gradient(self, point: np.ndarray, batch: np.ndarray) -> np.ndarray:
        """Return the gradient of a batch's mean loss at `point`.

        Args:
            point: (..., 2).
            batch: indices of pictures, as `batches` draws them.

        Returns:
            float64 of the shape of `point`.

        Raises:
            ValueError: the surface is a formula and has no pictures to draw from.
        """
        if self.name != "digits":
            raise ValueError(f"The surface {self.name} is a formula: there are no pictures to draw a batch from.")
        x, y = _coordinates(point)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack(_digits_slopes(x, y, batch), axis=-1)

    def grid(self, columns: int, rows: int) -> np.ndarray:
        """Return the losses on the whole map, edges included: float64 (rows, columns), the largest y first."""
        x = np.linspace(-self.width, self.width, columns)
        y = np.linspace(self.height, -self.height, rows)
        return self.loss(np.stack(np.meshgrid(x, y), axis=-1))


def _coordinates(point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    point = np.asarray(point, dtype=np.float64)
    return point[..., 0], point[..., 1]


# Beale, "On an iterative method for finding a local minimum of a function of more than one variable", 1958.
_BEALE = ((1.5, 1), (2.25, 2), (2.625, 3))


def _beale(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    first, second, third = (constant - x * (1 - y**power) for constant, power in _BEALE)
    result: np.ndarray = first * first + second * second + third * third
    return result


def _beale_slopes(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    by_x, by_y = np.zeros_like(x), np.zeros_like(y)
    for constant, power in _BEALE:
        rest = constant - x * (1 - y**power)
        by_x = by_x - 2 * rest * (1 - y**power)
        by_y = by_y + 2 * rest * power * x * y ** (power - 1)
    return by_x, by_y


_EVERY = slice(None)


@lru_cache(maxsize=1)
def halves() -> tuple[np.ndarray, np.ndarray]:
    """Return the data of the real loss: every 3 and 8 of scikit-learn's handwritten digits, 357 pictures.

    Returns:
        float64 (357, 2), ten times the mean ink (0 to 1) of the left and of the right half of each picture, and float64
        (357,), 0 for a 3 and 1 for an 8.
    """
    from sklearn.datasets import load_digits  # slow to import: no visitor's first page waits for it

    bundle = load_digits()
    chosen = np.isin(bundle.target, DIGITS)
    ink = bundle.images[chosen] / 16
    inputs = HALVES_SCALE * np.stack([ink[:, :, :4].mean(axis=(1, 2)), ink[:, :, 4:].mean(axis=(1, 2))], axis=1)
    labels = (bundle.target[chosen] == DIGITS[1]).astype(np.float64)
    inputs.flags.writeable = labels.flags.writeable = False
    return inputs, labels


def batches(count: int) -> np.ndarray:
    """Return the batches of a noisy descent: `BATCH_SIZE` different pictures of `halves`, drawn anew for every step.

    Returns:
        int64 (count, `BATCH_SIZE`), the same for everyone; more batches begin with the same ones.
    """
    generator = np.random.default_rng(BATCH_SEED)
    pictures = len(halves()[1])
    return np.stack([generator.choice(pictures, BATCH_SIZE, replace=False) for _ in range(count)])


def _logits(x: np.ndarray, y: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    result: np.ndarray = x[..., np.newaxis] * inputs[:, 0] + y[..., np.newaxis] * inputs[:, 1]
    return result


def _digits(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    # Binary cross-entropy from logits, written so that no exponential overflows.
    inputs, labels = halves()
    logits = _logits(x, y, inputs)
    losses = np.maximum(logits, 0) - logits * labels + np.log1p(np.exp(-np.abs(logits)))
    result: np.ndarray = losses.mean(axis=-1)
    return result


def _digits_slopes(x: np.ndarray, y: np.ndarray, chosen: np.ndarray | slice = _EVERY) -> tuple[np.ndarray, np.ndarray]:
    inputs, labels = (array[chosen] for array in halves())
    logits = _logits(x, y, inputs)
    small = np.exp(-np.abs(logits))
    probabilities = np.where(logits >= 0, 1, small) / (1 + small)
    errors = probabilities - labels
    return (errors * inputs[:, 0]).mean(axis=-1), (errors * inputs[:, 1]).mean(axis=-1)


SURFACES: Mapping[str, Surface] = MappingProxyType(
    {
        surface.name: surface
        for surface in (
            Surface("bowl", 3.0, ((0.0, 0.0),), lambda x, y: x * x + 2 * y * y, lambda x, y: (2 * x, 4 * y)),
            Surface("ravine", 3.0, ((0.0, 0.0),), lambda x, y: x * x + 50 * y * y, lambda x, y: (2 * x, 100 * y)),
            Surface("beale", 4.5, ((3.0, 0.5),), _beale, _beale_slopes),
            Surface(
                "saddle",
                3.0,
                ((-2.0, 0.0), (2.0, 0.0)),
                lambda x, y: (x * x / 4 - 1) ** 2 + y * y,
                lambda x, y: (x * (x * x / 4 - 1), 2 * y),
            ),
            # The zero of its gradient, found by Newton's method; a test repeats that.
            Surface("digits", 6.0, ((2.574056, -2.038929),), _digits, _digits_slopes),
        )
    }
)
"""The surfaces by name, from easy to hard; the last one is a real loss."""
