"""What a frozen base makes of every picture, computed once: then only the head has to be trained, in seconds.

A base that does not learn, looking at pictures that do not change, gives the same features in every epoch. Its batch
normalisation runs on ImageNet's means and variances, in training as well, so that these are the features that the whole
network would compute. Keras's own `predict` computes them.

The features of a visitor's own photos stay in this process's memory. Those of other pictures are kept beside the
prepared pictures, under a key that changes whenever they would; a resumed run reads or computes the very same bits.

This module imports Keras.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from models import kept_arrays
from models.datasets import Part
from models.datasets.pipeline import evaluation_pipeline
from models.progress import Progress
from models.storage import cache_dir

BATCH = 32
"""Batch size of the base, whatever a run's own batch size is: with another one, oneDNN may add in another order, and
the last digits of the features would differ."""

DOING = "the frozen base looks at every picture once"

_VERSION = 1  # of the files; to be increased when the features change for a reason that is not in the key


def digest_of(base: Any) -> str:
    """Return a digest of a base's layers and weights."""
    digest = hashlib.sha256(repr([(type(layer).__name__, layer.name) for layer in base.layers]).encode())
    digest.update(repr((base.input_shape, base.output_shape)).encode())
    for array in base.get_weights():
        digest.update(repr((array.shape, array.dtype.str)).encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:32]


def looked_at(
    base: Any,
    parts: list[Part],
    *,
    kept_as: str | None,
    progress: Progress | None = None,
    after_batch: Callable[[], None] = lambda: None,
) -> tuple[list[Part], int]:
    """Return parts with a frozen base's features in place of the pictures.

    Args:
        base: pixels (batch, side, side, channels) → features (batch, features). It is compiled here.
        parts: pictures, uint8 (n, side, side, channels); n may be 0.
        kept_as: a text that differs whenever the features of the same pictures would. Features are read from a file
            with this key, or written to it. None: they are computed and not stored.
        progress: called with the number of pictures that are done.
        after_batch: called after every batch. If it raises, the features of this part are not stored.

    Returns:
        The parts with float32 (n, features), and for how many pictures the features were computed and not read from a
        file.
    """
    base.compile(jit_compile=False)  # as for the whole network: on a CPU, XLA makes convolutions slower
    files = [None if kept_as is None else _file_of(part, kept_as) for part in parts]
    wide = base.output_shape[-1]
    found = [
        None if file is None else _opened(file, (len(part), wide)) for file, part in zip(files, parts, strict=True)
    ]
    total, done = sum(len(part) for part, have in zip(parts, found, strict=True) if have is None), 0
    seen = []
    for part, file, kept in zip(parts, files, found, strict=True):
        have = kept
        if have is None:
            watch = _Watch(done, total, progress, after_batch)
            have = _computed(base, part, watch)
            done += len(part)
            if file is not None and len(part):
                _keep(file, have)
        seen.append(replace(part, images=have, digests=None))
    return seen, done


class _Watch(keras.callbacks.Callback):
    """Reports the progress of `predict`, and lets `after_batch` end it."""

    def __init__(self, done: int, total: int, progress: Progress | None, after_batch: Callable[[], None]) -> None:
        super().__init__()
        self.done, self.total = done, total
        self.progress, self.after_batch = progress, after_batch

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        if self.progress:
            self.progress(DOING, min(self.done + (batch + 1) * BATCH, self.total), self.total)
        self.after_batch()


def _computed(base: Any, part: Part, watch: _Watch) -> np.ndarray:
    """The features in float32, even if the base computes in 16 bits: NumPy's files know no bfloat16."""
    if not len(part):
        return np.zeros((0, base.output_shape[-1]), np.float32)
    # `predict` ignores the labels, so the number of classes does not matter.
    pictures = evaluation_pipeline(part, 2, batch_size=BATCH)
    return np.asarray(base.predict(pictures, callbacks=[watch], verbose=0)).astype(np.float32)


def _file_of(part: Part, key: str) -> Path:
    digest = hashlib.sha256(json.dumps(["features", _VERSION, BATCH, key, _machine()], allow_nan=False).encode())
    digest.update(repr((part.images.shape, part.images.dtype.str)).encode())
    for begin in range(0, len(part), 1024):  # in portions: the pictures may be larger than the memory
        digest.update(np.ascontiguousarray(part.images[begin : begin + 1024]).data)
    return cache_dir() / f"{digest.hexdigest()[:32]}.json"


def _machine() -> list[str]:
    """What decides the last digits: other versions and devices have other kernels."""
    return [tf.__version__, keras.__version__, "GPU" if tf.config.list_physical_devices("GPU") else "CPU"]


def _opened(file: Path, shape: tuple[int, int]) -> np.ndarray | None:
    """Stored features, memory-mapped, or None."""
    found = kept_arrays.opened(file)
    if found is None or found[1].dtype != np.float32 or found[1].shape != shape:
        return None
    return found[1]


def _keep(file: Path, features: np.ndarray) -> None:
    """Store features. On a full disk, nothing is stored and the training goes on: they can be computed again."""
    with contextlib.suppress(OSError):
        kept_arrays.keep(
            file, {"features": len(features)}, lambda target: np.save(target, features, allow_pickle=False)
        )
        kept_arrays.forget_old_ones(file.parent, keep={file})
