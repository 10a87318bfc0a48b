"""Loss functions, softmax with a temperature, and how losses push on a prediction, as Keras computes them."""

import numpy as np

from models.arithmetic.activation import activation

EPSILON = 1e-7
"""Keras clips a probability to [1e-7, 1 − 1e-7] before it takes the logarithm, because ln 0 is undefined."""

CEILING = float(np.float32(1 - EPSILON))
"""The upper end of that as Keras computes, in float32: there 1 − 1e-7 is 1 − 1.19e-7, the number before 1."""


def binary_crossentropy(y_true: np.ndarray, y_pred: np.ndarray, *, from_logits: bool = False) -> np.ndarray:
    """Return −y ln p − (1 − y) ln(1 − p) of every prediction.

    Args:
        y_true: labels, 0 or 1 or between, of any shape.
        y_pred: probabilities p, or logits z with `from_logits`, of the same shape. Keras clips probabilities to
            [`EPSILON`, `CEILING`]; logits need no clipping.
        from_logits: whether sigmoid has not been applied yet.

    Returns:
        float64 array of the same shape. `keras.losses.binary_crossentropy` is its mean over the last axis.

    Raises:
        ValueError: a probability is not between 0 and 1, or the shapes differ.

    Source: with logits, max(z, 0) − z y + ln(1 + e^−|z|), as in tf.nn.sigmoid_cross_entropy_with_logits.
    """
    y, p = _pair(y_true, y_pred)
    losses: np.ndarray
    if from_logits:
        losses = np.maximum(p, 0) - p * y + np.log1p(np.exp(-np.abs(p)))
    else:
        p = np.clip(_probabilities(p), EPSILON, CEILING)
        losses = -y * np.log(p) - (1 - y) * np.log(1 - p)
    return losses


def categorical_crossentropy(y_true: np.ndarray, y_pred: np.ndarray, *, from_logits: bool = False) -> np.ndarray:
    """Return −Σ y ln p over the last axis. Like Keras, it divides the probabilities by their sum first.

    Args:
        y_true: labels, one-hot, (…, classes).
        y_pred: probabilities, or logits with `from_logits`, (…, classes).
        from_logits: whether softmax has not been applied yet.

    Returns:
        float64 array (…).

    Raises:
        ValueError: a probability is not between 0 and 1, or the shapes differ.
    """
    y, p = _pair(y_true, y_pred)
    losses: np.ndarray
    if from_logits:
        shifted = p - p.max(axis=-1, keepdims=True)
        losses = -np.sum(y * (shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))), axis=-1)
    else:
        p = _probabilities(p)
        with np.errstate(invalid="ignore"):
            p = p / p.sum(axis=-1, keepdims=True)
        losses = -np.sum(y * np.log(np.clip(p, EPSILON, 1 - EPSILON)), axis=-1)
    return losses


def mean_squared_error(y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    """Return the mean of (y − p)² over the last axis, float64 (…); both arguments have the shape (…, answers)."""
    y, p = _pair(y_true, y_pred)
    result: np.ndarray = np.mean((y - p) ** 2, axis=-1)
    return result


def smoothed_targets(smoothing: float, classes: int) -> tuple[float, float]:
    """Return what Keras's cross-entropies make of the targets 1 and 0 with this label smoothing.

    Args:
        smoothing: Keras's `label_smoothing`, 0 to 1: this share of the truth is dealt out evenly to all classes.
        classes: how many there are, at least 2; two for a sigmoid.

    Returns:
        The target of the true class and that of each other one: 1 − s + s / classes, and s / classes.

    Raises:
        ValueError: the smoothing is not between 0 and 1, or there are fewer than two classes.

    Source: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2016, section 7.
    """
    if not 0 <= smoothing <= 1:
        raise ValueError(f"Label smoothing lies between 0 and 1, but it is {smoothing:g}.")
    if classes < 2:
        raise ValueError(f"A choice needs at least two classes, not {classes}.")
    return 1 - smoothing + smoothing / classes, smoothing / classes


def softmax(logits: np.ndarray, *, temperature: float = 1.0) -> np.ndarray:
    """Return the softmax of logits / temperature over the last axis, float64 of the same shape.

    Raises:
        ValueError: the temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"The temperature must be above 0, but it is {temperature:g}.")
    return activation("softmax", np.asarray(logits, dtype=np.float64) / temperature)


def crossentropy_slope(y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    """Return the derivative of `binary_crossentropy` by the probability: (p − y) / (p (1 − p)).

    Outside [`EPSILON`, `CEILING`], the clipped loss is flat and its derivative is 0, as in TensorFlow.
    """
    y, p = _pair(y_true, y_pred)
    inside = (p >= EPSILON) & (p <= CEILING)
    safe = np.where(inside, p, 0.5)
    return np.where(inside, (1 - y) / (1 - safe) - y / safe, 0.0)


def crossentropy_push(y_true: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return the derivative of cross-entropy after a sigmoid by the logit: p − y, float64 of the same shape."""
    y, z = _pair(y_true, logits)
    result: np.ndarray = activation("sigmoid", z) - y
    return result


def squared_slope(y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    """Return the derivative of the squared error by the probability: 2 (p − y), float64 of the same shape."""
    y, p = _pair(y_true, y_pred)
    result: np.ndarray = 2 * (p - y)
    return result


def squared_push(y_true: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return the derivative of the squared error after a sigmoid by the logit: 2 (p − y) p (1 − p)."""
    y, z = _pair(y_true, logits)
    p = activation("sigmoid", z)
    # 1 − p is computed as sigmoid(−z): the difference would lose its digits where p is nearly 1.
    result: np.ndarray = 2 * (p - y) * p * activation("sigmoid", -z)
    return result


def _pair(y_true: np.ndarray, y_pred: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y, p = np.asarray(y_true, dtype=np.float64), np.asarray(y_pred, dtype=np.float64)
    if y.shape != p.shape:
        raise ValueError(f"Labels and predictions need the same shape, but they are {y.shape} and {p.shape}.")
    return y, p


def _probabilities(p: np.ndarray) -> np.ndarray:
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("A probability lies between 0 and 1; for other numbers, say from_logits=True.")
    return p
