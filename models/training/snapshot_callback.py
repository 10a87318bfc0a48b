"""Snapshots for pages, of what `model.fit` computes anyway: validation answers and the first layer's weights.

This module imports Keras.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from models.runs.run_directory import RunDirectory
from models.runs.watching.snapshots import Snapshot, View, as_pictures, read_view, thinned, until, write_view

SECONDS = 2.0
"""Least time between two snapshots within an epoch."""

SHARE = 100
"""Writing snapshots may take 1 / SHARE of the time."""


class Answers:
    """Collects the probabilities that `model.fit` computes in its validation, so that no second pass is needed.

    Args:
        model: compiled, not trained yet. Inside the compiled graph, its validation copies its answers to a variable.
        count: number of validation pictures.
    """

    def __init__(self, model: Any, count: int) -> None:
        self.count = count
        self._answers = tf.Variable(tf.zeros((count, model.output_shape[-1])), trainable=False)
        self._place = tf.Variable(0, dtype=tf.int64, trainable=False)
        self._tests = False  # True only while a validation step is traced: training calls compute_metrics as well
        test_step, compute_metrics = model.test_step, model.compute_metrics

        def listening_test_step(data: Any) -> Any:
            self._tests = True
            try:
                return test_step(data)
            finally:
                self._tests = False

        def telling_compute_metrics(x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
            if self._tests:
                end = self._place + tf.shape(y_pred, out_type=tf.int64)[0]
                self._answers[self._place : end].assign(tf.cast(y_pred, tf.float32))
                self._place.assign(end)
            return compute_metrics(x, y, y_pred, sample_weight=sample_weight)

        model.test_step = listening_test_step
        model.compute_metrics = telling_compute_metrics

    def forget(self) -> None:
        """Begin a new validation."""
        self._place.assign(0)

    def caught(self) -> np.ndarray | None:
        """Return the answers: float32 (count, classes) or (count, 1); None if there was no whole validation."""
        return self._answers.numpy() if int(self._place.numpy()) == self.count else None


class Looking(keras.callbacks.Callback):
    """Writes view.npz after every epoch, and now and then within an epoch with a new snapshot of the first layer.

    It comes before `Recorder` in the list of callbacks, so that view.npz is never older than the checkpoint.

    Args:
        run: the run's folder.
        network: the whole network, even if `model.fit` trains its head alone.
        position: returns (finished epochs, finished batches of the present one) before this batch.
        begun: (epoch, batch) at which the training begins.
        answers: collects the validation's probabilities; None if that is not possible.
    """

    def __init__(
        self,
        run: RunDirectory,
        *,
        network: Any,
        position: Callable[[], tuple[int, int]],
        begun: tuple[int, int],
        answers: Answers | None,
    ) -> None:
        super().__init__()
        self.run = run
        self.network = network
        self.position = position
        self.begun = begun
        self.answers = answers
        self.view = View()
        self._next = 0.0

    def begin(self) -> None:
        """Read the run's view, drop what is later than the training's beginning, and add the first weights.

        To be called after the checkpoint has been restored.

        Raises:
            OSError: the disk is full.
        """
        layer, _ = first_layer(self.network)
        name, frozen = (layer.name, not layer.trainable) if layer is not None else ("", False)
        before = until(read_view(self.run) or View(), *self.begun)
        self.view = replace(before, layer=name, frozen=frozen)
        if not self.view.filters:
            self._take(*self.begun)
        self._write()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Add a snapshot of the first layer, if enough time has passed."""
        if self.view.frozen or time.monotonic() < self._next:
            return
        epoch, step = self.position()
        self._take(epoch, step + 1)
        self._write()

    def on_test_begin(self, logs: Any = None) -> None:
        """Collect the probabilities from the beginning."""
        if self.answers:
            self.answers.forget()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Write the view with this epoch's probabilities and weights."""
        caught = self.answers.caught() if self.answers else None
        self.view = replace(
            self.view, epoch=epoch + 1, probabilities=self.view.probabilities[:0] if caught is None else caught
        )
        if not self.view.frozen:
            self._take(epoch + 1, 0)
        self._write()

    def _take(self, epoch: int, step: int) -> None:
        layer, shape = first_layer(self.network)
        if layer is None:
            return
        weights = as_pictures(keras.ops.convert_to_numpy(layer.kernel), shape)
        self.view = replace(self.view, filters=thinned([*self.view.filters, Snapshot(epoch, step, weights)]))

    def _write(self) -> None:
        begin = time.monotonic()
        write_view(self.run, self.view)
        end = time.monotonic()
        self._next = end + max(SECONDS, SHARE * (end - begin))


def first_layer(model: Any) -> tuple[Any, tuple[int, int, int]]:
    """Return a network's first Conv2D or Dense layer on the pixels, and the input's (height, width, channels).

    The layer is None if the first layer with weights is of another kind.
    """
    shape = tuple(model.input_shape[1:])
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D) and layer.kernel.ndim == 4:
            return layer, shape
        if isinstance(layer, keras.layers.Dense) and layer.kernel.shape[0] == np.prod(shape):
            return layer, shape
        if layer.weights:
            break
    return None, shape
