"""The same work one picture at a time and in batches, timed on this machine. Only a worker imports TensorFlow."""

import statistics
import time
from typing import Any

import numpy as np

from models.answers import BatchTiming
from models.networks.inference import checked, warm
from models.pictures.photo import grey
from models.pictures.resize import resize

BATCHES = (1, 8, 32)
PICTURES = 32
"""Pictures of one measurement: 32 times one, 4 times eight, or all at once."""

REPEATS = 5
NETWORKS = ("convnet", "digits")


def time_batches(pixels: np.ndarray, network: str) -> BatchTiming:
    """Let a network read the same pictures in batches of several sizes, and take the time of each.

    All sizes are measured in turns, so that whatever else this machine does meanwhile disturbs them alike.

    Args:
        pixels: uint8 (height, width, 3), a photo; it stands for every picture, as the time does not depend on them.
        network: one of `NETWORKS`.

    Returns:
        Plain data. "pictures" and "repeats"; "shape" of one picture; "batches": for each size a dict with "size",
        "seconds" (one for each repeat, for all pictures) and "rate" (pictures a second, by their median); "difference":
        the largest one between two sizes' answers.

    Raises:
        ValueError: no photo, or no such network.
    """
    if network not in NETWORKS:
        raise ValueError(f'There is no network "{network}" to be timed: choose from {", ".join(NETWORKS)}.')
    about = warm(network).network
    square = checked(pixels) if about.channels == 3 else grey(checked(pixels))[..., np.newaxis]
    picture = resize(square, about.side, about.resize).astype(np.float32)
    pictures = np.repeat(picture[np.newaxis], PICTURES, axis=0)
    ask = {size: _compiled(about.model, (size, *picture.shape)) for size in BATCHES}
    answers = {size: _all(ask[size], pictures, size) for size in BATCHES}  # the first call compiles
    seconds: dict[int, list[float]] = {size: [] for size in BATCHES}
    for _ in range(REPEATS):
        for size in BATCHES:
            begun = time.perf_counter()
            _all(ask[size], pictures, size)
            seconds[size].append(time.perf_counter() - begun)
    return {
        "pictures": PICTURES,
        "repeats": REPEATS,
        "shape": list(picture.shape),
        "batches": [
            {"size": size, "seconds": seconds[size], "rate": PICTURES / statistics.median(seconds[size])}
            for size in BATCHES
        ],
        "difference": max(float(np.abs(answers[size] - answers[BATCHES[0]]).max()) for size in BATCHES[1:]),
    }


def _compiled(model: Any, shape: tuple[int, ...]) -> Any:
    import tensorflow as tf

    signature = [tf.TensorSpec(shape, tf.float32)]
    return tf.function(lambda batch: model(batch, training=False), input_signature=signature, autograph=False)


def _all(ask: Any, pictures: np.ndarray, size: int) -> np.ndarray:
    return np.concatenate([np.asarray(ask(pictures[at : at + size])) for at in range(0, len(pictures), size)])
