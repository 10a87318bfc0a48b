"""How good a network is: its probabilities for labelled pictures, and the figures that follow from them.

Nothing here imports Keras: a page may ask for `figures` of probabilities that a worker has computed.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from models.datasets import Part
from models.evaluation.multiclass import confusion, report
from models.figures import Defined, Figures
from models.networks.ending import ending
from models.pictures.photo import grey

Scored = Callable[[int, int], None]
"""Called after every batch with the number of pictures that are done, and the number of all."""


def score(model: Any, part: Part, *, batch_size: int = 128, progress: Scored | None = None) -> np.ndarray:
    """Return a network's probabilities for every picture of a part.

    Pictures are read batch by batch, so that a memory-mapped part is never in memory as a whole. Colour becomes grey
    for a network with one channel, and grey becomes equal red, green and blue for a network with three.

    Args:
        model: a `keras.Model` whose input is (batch, height, width, channels) and whose last layer is a sigmoid unit or
            a softmax.
        part: pictures of the network's size.
        batch_size: most pictures in a batch.
        progress: called after every batch.

    Returns:
        For one sigmoid unit, the probabilities of the second class (n,); for a softmax, (n, classes).

    Raises:
        ValueError: no pictures, a batch size below 1, pictures that do not fit the network, a network that ends in
            something else, or weights that are no numbers.
    """
    count = len(part)
    if not count:
        raise ValueError("There are no pictures to evaluate.")
    if batch_size < 1:
        raise ValueError(f"A batch has at least 1 picture, not {batch_size}.")
    _check_fit(model.input_shape, part.images.shape)
    end, fault = ending(model)
    if end not in ("sigmoid", "softmax"):
        raise ValueError(
            f"The network {fault or 'ends in logits: a sigmoid or a softmax makes probabilities of them.'}"
        )
    channels = model.input_shape[-1]
    # All batches have one size, the last one is padded: TensorFlow would trace the network again for any other size.
    size = -(-count // -(-count // batch_size))
    scores = []
    for begin in range(0, count, size):
        batch = _with_channels(part.images[begin : begin + size], channels)
        filled = np.zeros((size, *batch.shape[1:]), np.float32)
        filled[: len(batch)] = batch
        scores.append(np.asarray(model.predict_on_batch(filled))[: len(batch)])
        if progress:
            progress(min(begin + size, count), count)
    answers = np.concatenate(scores)
    if not np.isfinite(answers).all():
        raise ValueError("The network gives something that is no number: its weights are damaged.")
    return answers[:, 0] if answers.shape[1] == 1 else answers


def figures(y_true: Any, y_score: Any, classes: Sequence[str], *, threshold: float = 0.5) -> Figures:
    """Return the figures of a classification as plain data that is valid JSON.

    Of two classes, the second one is the positive one. It is predicted if its probability is above the threshold, as in
    Keras's `BinaryAccuracy`, and precision, recall and average precision are its own. Of more classes, the most
    probable one is predicted, and the three figures are averages over the classes (macro).

    0 / 0 has no value and is None: the precision of a class that is never predicted, recall and average precision of a
    class without pictures, F1 of a class that is neither there nor predicted. Averages leave these classes out, and
    `averaged_over` says how many remain.

    Args:
        y_true: labels (n,), indices into `classes`.
        y_score: probabilities, (n,) of the second class or (n, classes).
        classes: their names, at least two.
        threshold: from 0 to 1; for two classes only.

    Returns:
        accuracy, confusion_matrix (rows are true, columns predicted classes), precision, recall, average_precision,
        averaged_over (None for two classes), classes, n, threshold (None for more than two classes), and per_class: for
        each class its name as "class", precision, recall, f1, average_precision, and support, the number of its
        pictures.

    Raises:
        ValueError: wrong shapes, labels, probabilities or threshold; no pictures, or a single class.

    Source: scikit-learn's `confusion_matrix`, `precision_recall_fscore_support` with `zero_division=nan`, and
    `average_precision_score`.
    """
    y_true, probabilities = _checked(y_true, y_score, classes, threshold)
    binary = len(classes) == 2
    y_pred = (probabilities[:, 1] > threshold).astype(int) if binary else probabilities.argmax(axis=1)
    matrix = confusion(y_true, y_pred, len(classes))
    found = report(matrix)
    areas = [_average_precision(y_true == label, probabilities[:, label]) for label in range(len(classes))]
    defined = [area for area in areas if area is not None]
    whole = found.classes[1] if binary else found.macro
    mean_area = float(np.mean(defined)) if defined else None
    over: Defined = {
        "precision": found.defined.precision,
        "recall": found.defined.recall,
        "average_precision": len(defined),
    }
    return {
        "accuracy": float(np.mean(y_true == y_pred)),
        "confusion_matrix": matrix.tolist(),
        "precision": whole.precision,
        "recall": whole.recall,
        "average_precision": areas[1] if binary else mean_area,
        "averaged_over": None if binary else over,
        "classes": list(classes),
        "n": len(y_true),
        "threshold": float(threshold) if binary else None,
        "per_class": [
            {
                "class": name,
                "precision": own.precision,
                "recall": own.recall,
                "f1": own.f1,
                "average_precision": area,
                "support": own.support,
            }
            for name, own, area in zip(classes, found.classes, areas, strict=True)
        ],
    }


def _check_fit(shape: Any, pictures: tuple[int, ...]) -> None:
    """Raise ValueError unless pictures (n, height, width, channels) fit a network's input shape."""
    if not isinstance(shape, tuple) or len(shape) != 4:
        raise ValueError("Only a network with one input of pictures (batch, height, width, channels) can be evaluated.")
    if any(wanted not in (None, given) for wanted, given in zip(shape[1:3], pictures[1:3], strict=True)):
        raise ValueError(
            f"The network takes pictures of {shape[2]} by {shape[1]} pixels, "
            f"but these have {pictures[2]} by {pictures[1]}."
        )
    if shape[3] not in (pictures[3], 1, 3):
        raise ValueError(f"The network takes pictures with {shape[3]} channels, but these have {pictures[3]}.")


def _with_channels(images: np.ndarray, channels: int) -> np.ndarray:
    if images.shape[-1] == channels:
        return images
    if channels == 1:
        return np.stack([grey(image) for image in images])[..., np.newaxis]
    return images.repeat(channels, axis=-1)


def _checked(y_true: Any, y_score: Any, classes: Sequence[str], threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Labels (n,) and probabilities (n, classes). Raises ValueError if the arguments do not fit together."""
    labels, scores = np.asarray(y_true), np.asarray(y_score)
    if len(classes) < 2:
        raise ValueError(f"Figures need at least two classes, not {len(classes)}.")
    if not 0 <= threshold <= 1:
        raise ValueError(f"The threshold is a probability from 0 to 1, not {threshold}.")
    if labels.ndim != 1 or not len(labels):
        raise ValueError("Figures need at least one picture, with one label each.")
    if scores.shape == labels.shape and len(classes) == 2:
        scores = np.stack([1 - scores, scores], axis=1)
    if scores.shape != (len(labels), len(classes)):
        raise ValueError(
            f"{len(labels)} labels of {len(classes)} classes do not go with probabilities of shape {scores.shape}."
        )
    if not (labels.min() >= 0 and labels.max() < len(classes)):
        raise ValueError(f"Labels are numbers from 0 to {len(classes) - 1}.")
    if not np.isfinite(scores).all():
        raise ValueError("A probability is not a number: the network's weights are damaged.")
    return labels, scores


def _average_precision(is_class: np.ndarray, probability: np.ndarray) -> float | None:
    """The average precision of a class; None for a class without pictures."""
    from sklearn.metrics import average_precision_score

    if not is_class.any():
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(average_precision_score(is_class, probability))
