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
"""Pictures in one measurement: 32 batches of one, 4 of eight, or one of all."""

REPEATS = 5
NETWORKS = ("convnet", "digits")


def time_batches(pixels: np.ndarray, network: str) -> BatchTiming:
    """Time how long a network takes for the same pictures in batches of several sizes.

    The sizes are measured in turns, so that other work on this machine disturbs all of them alike.

    Args:
        pixels: uint8 (height, width, 3), a photo. It is used for every picture: the time does not depend on the pixels.
        network: one of `NETWORKS`.

    Returns:
        Plain data. "pictures" and "repeats"; "shape" of one picture; "batches": for each size a dict with "size",
        "seconds" (for all pictures, one number for each repeat) and "rate" (pictures a second, from their median);
        "difference": the largest difference between the answers for two sizes.

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
