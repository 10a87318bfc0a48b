"""Batches as `tf.data` pipelines. The only module here that needs TensorFlow."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from models.datasets import Part
from models.datasets.batches import Augmentation, training_batches


def training_pipeline(
    part: Part,
    classes: int,
    *,
    batch_size: int,
    seed: int,
    epoch: int = 0,
    step: int = 0,
    augmentation: Augmentation | None = None,
    maximum: int = 255,
) -> Any:
    """Return an endless `tf.data.Dataset` of (images float32, labels) from any batch on; see `training_batches`.

    Labels are float32 (batch, 1) for two classes, one-hot (batch, classes) for more.
    """
    import tensorflow as tf

    def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        yield from training_batches(
            part,
            batch_size=batch_size,
            seed=seed,
            epoch=epoch,
            step=step,
            augmentation=augmentation,
            maximum=maximum,
        )

    signature = (
        tf.TensorSpec((None, *part.images.shape[1:]), part.images.dtype),
        tf.TensorSpec((None,), tf.int64),
    )
    dataset = tf.data.Dataset.from_generator(batches, output_signature=signature)
    return _finish(dataset, classes)


def evaluation_pipeline(part: Part, classes: int, *, batch_size: int) -> Any:
    """Return a finite `tf.data.Dataset` of the whole part in its own order, with labels as for training."""
    import tensorflow as tf

    def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for begin in range(0, len(part), batch_size):
            yield part.images[begin : begin + batch_size], part.labels[begin : begin + batch_size]

    signature = (
        tf.TensorSpec((None, *part.images.shape[1:]), part.images.dtype),
        tf.TensorSpec((None,), tf.int64),
    )
    dataset = tf.data.Dataset.from_generator(batches, output_signature=signature)
    count = -(-len(part) // batch_size)
    return _finish(dataset.apply(tf.data.experimental.assert_cardinality(count)), classes)


def _finish(dataset: Any, classes: int) -> Any:
    import tensorflow as tf

    def ready(images: Any, labels: Any) -> tuple[Any, Any]:
        target = tf.cast(labels, tf.float32)[:, None] if classes == 2 else tf.one_hot(labels, classes)
        return tf.cast(images, tf.float32), target

    options = tf.data.Options()
    # One process reads, and several devices share its batches: the devices do not read files of their own.
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    return dataset.map(ready, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True).prefetch(2).with_options(options)
