"""What happens around the arithmetic of `model.fit`: log lines, checkpoints, requests to pause or stop.

Each callback that remembers something has `state()` and `restore(state)`: Keras's own forget everything when a process
ends, and an exact resume may forget nothing.
"""

import math
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from models.runs import checkpoint
from models.runs.config import EarlyStopping as StoppingConfig
from models.runs.metrics_log import MetricsLog, Report
from models.runs.records import (
    BatchLine,
    BestState,
    CallbackStates,
    CheckpointState,
    EpochLine,
    StoppingState,
    TensorBoardState,
)
from models.runs.run_directory import RunDirectory, Wish


class Interruption(Exception):
    """Leaves `model.fit` between two batches, after everything has been saved."""

    def __init__(self, wish: Wish) -> None:
        super().__init__(wish)
        self.wish = wish


class NotANumber(Exception):
    """The loss has become NaN or infinite, so going on would be of no use."""


class OneTraining(keras.callbacks.CallbackList):
    """The callbacks of a training that takes two calls of `model.fit`.

    The first call is for the rest of an interrupted epoch, the second for the other epochs. Every callback is told of
    the training's beginning and end once, as if nothing had been interrupted.
    """

    def begin(self) -> None:
        """Call every callback's `on_train_begin`."""
        super().on_train_begin()

    def end(self) -> None:
        """Call every callback's `on_train_end`."""
        super().on_train_end()

    def on_train_begin(self, logs: Any = None) -> None:
        """Do nothing: `model.fit` calls this twice."""

    def on_train_end(self, logs: Any = None) -> None:
        """Do nothing: `model.fit` calls this twice."""


class EarlyStopping(keras.callbacks.EarlyStopping):
    """Keras's EarlyStopping with a state that can be saved and restored, for which no NaN is ever the best figure.

    Keras itself takes the first figure as the best one whatever it is, and nothing is better than NaN.
    """

    def __init__(self, config: StoppingConfig) -> None:
        super().__init__(
            monitor=config.monitor,
            patience=config.patience,
            min_delta=config.min_delta,
            restore_best_weights=config.restore_best_weights,
        )

    def _is_improvement(self, monitor_value: Any, reference_value: Any) -> bool:
        return math.isfinite(monitor_value) and bool(super()._is_improvement(monitor_value, reference_value))

    def state(self) -> StoppingState:
        """Return the state, without the best weights."""
        return {
            "wait": self.wait,
            "stopped_epoch": self.stopped_epoch,
            "best": self.best,
            "best_epoch": self.best_epoch,
        }

    def arrays(self) -> list[np.ndarray]:
        """Return the best weights, or an empty list."""
        return list(self.best_weights or [])

    def restore(self, state: StoppingState, arrays: list[np.ndarray]) -> None:
        """Restore what `state` and `arrays` returned."""
        for name, value in state.items():
            setattr(self, name, value)
        best = state["best"]
        self.best = best if best is not None and math.isfinite(best) else None  # an earlier version may have kept NaN
        self.best_weights = arrays or None


class BestModel(keras.callbacks.Callback):
    """Keeps best.keras as Keras's ModelCheckpoint(save_best_only=True) does.

    If the process is killed while it writes, the old file stays.

    Args:
        monitor: the figure that decides which epoch is the best: the lowest loss, or the highest accuracy.
        save: writes the model's file.
    """

    def __init__(self, monitor: str, save: Callable[[], None]) -> None:
        super().__init__()
        self.monitor = monitor
        self.save = save
        self.best: float | None = None
        self.best_epoch = -1

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Save the model if this epoch is better than all before it."""
        value = (logs or {}).get(self.monitor)
        if value is None or not math.isfinite(value):  # nothing would ever be better than NaN
            return
        if self.best is None or (value < self.best if "loss" in self.monitor else value > self.best):
            self.best, self.best_epoch = float(value), epoch
            self.save()

    def state(self) -> BestState:
        """Return the state."""
        return {"best": self.best, "best_epoch": self.best_epoch}

    def restore(self, state: BestState) -> None:
        """Restore what `state` returned."""
        best = state["best"]
        # A checkpoint of an earlier version may hold a NaN.
        self.best = best if best is not None and math.isfinite(best) else None
        self.best_epoch = state["best_epoch"]


class TensorBoard(keras.callbacks.TensorBoard):
    """Keras's TensorBoard, which goes on with its steps and drops the events of batches that are trained again."""

    def __init__(self, folder: Path) -> None:
        super().__init__(log_dir=str(folder), write_graph=False)
        self.folder = folder

    def state(self) -> TensorBoardState:
        """Return the steps and the length of every event file."""
        for writer in getattr(self, "_writers", {}).values():
            writer.flush()
        sizes = {file.relative_to(self.folder).as_posix(): file.stat().st_size for file in self._files()}
        return {"train": self._global_train_batch, "test": self._global_test_batch, "sizes": sizes}

    def restore(self, state: TensorBoardState) -> None:
        """Restore what `state` returned."""
        self._global_train_batch, self._global_test_batch = state["train"], state["test"]

    def cut_back(self, sizes: dict[str, int]) -> None:
        """Cut the event files back to their lengths at a checkpoint. To be called before a writer is open."""
        for file in self._files():
            size = sizes.get(file.relative_to(self.folder).as_posix(), 0)
            if not size:
                file.unlink()
            elif file.stat().st_size > size:
                os.truncate(file, size)

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("events.out.tfevents.*") if path.is_file())


@dataclass(frozen=True)
class Remembering:
    """The callbacks whose states belong in a checkpoint; None if the run does not have one."""

    tensorboard: TensorBoard | None = None
    best: BestModel | None = None
    early_stopping: EarlyStopping | None = None

    def callbacks(self) -> list[Any]:
        """Return the callbacks that the run has, in the order in which `model.fit` calls them."""
        return [one for one in (self.tensorboard, self.best, self.early_stopping) if one is not None]

    def states(self) -> CallbackStates:
        """Return the callbacks' states."""
        found: CallbackStates = {}
        if self.tensorboard is not None:
            found["tensorboard"] = self.tensorboard.state()
        if self.best is not None:
            found["best"] = self.best.state()
        if self.early_stopping is not None:
            found["early_stopping"] = self.early_stopping.state()
        return found

    def restore(self, states: CallbackStates, arrays: list[np.ndarray]) -> None:
        """Restore what `states` returned, and EarlyStopping's best weights."""
        if self.tensorboard is not None and "tensorboard" in states:
            self.tensorboard.restore(states["tensorboard"])
        if self.best is not None and "best" in states:
            self.best.restore(states["best"])
        if self.early_stopping is not None and "early_stopping" in states:
            self.early_stopping.restore(states["early_stopping"], arrays)


class Recorder(keras.callbacks.Callback):
    """Writes the lines and the checkpoints, and follows requests to pause or stop. It is the last of all callbacks.

    Args:
        run: the run's folder.
        log: the open metrics.jsonl.
        remembering: the callbacks whose states belong in a checkpoint.
        position: (epoch, batch) at which the training begins.
        images: number of training pictures.
        batch_size: pictures in a batch.
        checkpoint_seconds: time between two checkpoints.
        report: called with every line after it has been written.
        asked: returns a pending request to pause or stop; called after every batch.
    """

    def __init__(
        self,
        run: RunDirectory,
        log: MetricsLog,
        remembering: Remembering,
        *,
        position: tuple[int, int],
        images: int,
        batch_size: int,
        checkpoint_seconds: float,
        report: Report | None,
        asked: Callable[[], Wish | None],
    ) -> None:
        super().__init__()
        self.run = run
        self.log = log
        self.remembering = remembering
        self.epoch, self.step = position
        self.images = images
        self.batch_size = batch_size
        self.steps = -(-images // batch_size)
        self.checkpoint_seconds = checkpoint_seconds
        self.report = report
        self.asked = asked
        self.sums: list[np.ndarray] = []  # the running sums of the metrics, from a checkpoint
        self.mean_before = 0.0  # the mean loss of this epoch up to the previous batch
        self.seconds = 0.0  # spent on training so far, over all processes
        self._restored_step = self.step
        self._offset = self.step  # Keras counts the remaining batches of an interrupted epoch from 0
        self._since = self._saved = time.monotonic()
        self._epoch_since = self._since
        self._epoch_images = 0
        self._window: list[tuple[float, int]] = []
        self._rate = 0.0

    # Position -------------------------------------------------------------------------------------------------------

    @property
    def global_step(self) -> int:
        """Batches since the run's beginning."""
        return self.epoch * self.steps + self.step

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Restore the metrics' sums of an interrupted epoch: Keras has just reset them."""
        self.epoch = epoch
        self._offset, self._restored_step = self._restored_step, 0
        self.step = self._offset
        if self._offset:
            for variable, value in zip(self.model.metrics_variables, self.sums, strict=True):
                variable.assign(value)
        else:
            self.mean_before = 0.0
        now = time.monotonic()
        self._epoch_since, self._epoch_images = now, 0
        self._window = [(now, 0)]

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Note the learning rate of an epoch's last batch: after it, the schedule stands at the next epoch's."""
        if self._offset + batch + 1 == self.steps:
            self._rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Write the batch's line. Save a checkpoint if it is due; leave on request.

        Raises:
            NotANumber: the loss is NaN or infinite.
            Interruption: there is a request to pause or to stop; everything is saved.
            OSError: the disk is full.
        """
        logs = logs or {}
        self.step = self._offset + batch + 1
        seen = min(self.step * self.batch_size, self.images)
        size = seen - (self.step - 1) * self.batch_size
        mean = float(logs["loss"])
        if not math.isfinite(mean):
            raise NotANumber(f"The loss of batch {self.step} in epoch {self.epoch + 1} is no number any more ({mean}).")
        own = (mean * seen - self.mean_before * (seen - size)) / size
        self.mean_before = mean
        self._epoch_images += size
        now = time.monotonic()
        self._window.append((now, self._epoch_images))
        del self._window[:-20]
        (then, count), (now, count_now) = self._window[0], self._window[-1]
        line: BatchLine = {
            "kind": "batch",
            "epoch": self.epoch,
            "step": self.step,
            "batch_loss": own,
            "images_per_s": round((count_now - count) / max(now - then, 1e-9), 1),
            "time": time.time(),
        }
        _add_figures(line, logs)
        self._write(line)
        if self.step == self.steps:
            return  # the epoch's end comes next, and saves
        if now - self._saved >= self.checkpoint_seconds:
            self.save()
        wish = self.asked()
        if wish:
            self.save()
            raise Interruption(wish)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the epoch's line and save a checkpoint.

        Raises:
            Interruption: there is a request to pause or to stop; everything is saved.
            OSError: the disk is full.
        """
        now = time.monotonic()
        rate = self._epoch_images / max(now - self._epoch_since, 1e-9)
        line: EpochLine = {
            "kind": "epoch",
            "epoch": epoch,
            "learning_rate": self._rate,
            "images_per_s": round(rate, 1),
            "seconds": round(self.seconds + now - self._since, 2),
            "time": time.time(),
        }
        _add_figures(line, logs or {})
        if self.remembering.best is not None:
            line["best_epoch"] = self.remembering.best.best_epoch
        self._write(line)
        self.epoch, self.step, self.mean_before = epoch + 1, 0, 0.0
        self.save()
        wish = self.asked()
        if wish and not self.model.stop_training:
            raise Interruption(wish)

    def _write(self, line: BatchLine | EpochLine) -> None:
        self.log.write(line)
        if self.report:
            self.report(line)

    # Checkpoints ----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write a checkpoint of everything that the next batch depends on.

        Raises:
            OSError: the disk is full; the earlier checkpoints are as they were.
        """
        now = time.monotonic()
        self.seconds += now - self._since
        self._since = now
        variables = training_variables(self.model)
        arrays = [keras.ops.convert_to_numpy(variable) for variable in variables]
        stopping = self.remembering.early_stopping
        extra = stopping.arrays() if stopping else []
        state: CheckpointState = {
            "epoch": self.epoch,
            "step": self.step,
            "global_step": self.global_step,
            "metrics_bytes": self.log.flushed(),
            "mean_before": self.mean_before,
            "seconds": self.seconds,
            "variables": len(arrays),
            "shapes": [list(array.shape) for array in arrays],
            "callbacks": self.remembering.states(),
            "stopped": bool(self.model.stop_training),
        }
        checkpoint.save(self.run.checkpoints, self.global_step, [*arrays, *extra], state)
        self.run.write_state("running", epoch=self.epoch, step=self.step)
        self._saved = time.monotonic()

    def restore(self, arrays: list[np.ndarray], state: CheckpointState) -> None:
        """Restore a checkpoint: weights, optimizer, seed generators, the metrics' sums, and the callbacks' states.

        Raises:
            ValueError: the checkpoint is of another network.
        """
        variables = training_variables(self.model)
        count = state["variables"]
        if [list(variable.shape) for variable in variables] != state["shapes"]:
            raise ValueError("the checkpoint was written by another network")
        for variable, value in zip(variables, arrays[:count], strict=True):
            variable.assign(value)
        self.sums = arrays[count - len(self.model.metrics_variables) : count]
        self.mean_before, self.seconds = state["mean_before"], state["seconds"]
        self.remembering.restore(state["callbacks"], arrays[count:])


def training_variables(model: Any) -> list[Any]:
    """Return all variables of a compiled and built model that change in training.

    These are the weights and the seed generators of Dropout, then the optimizer's, then the metrics' running sums.
    """
    return [*model.variables, *model.optimizer.variables, *model.metrics_variables]


def free_space(path: Path) -> str:
    """Return the free space on a folder's disk as text: "12 MB free"."""
    free = f"{shutil.disk_usage(path).free / 2**20:,.0f} MB free"
    entries = os.statvfs(path) if hasattr(os, "statvfs") else None
    # A disk that counts no entries says that it has none at all.
    return f"{free}, but no entry for another file" if entries and entries.f_files and not entries.f_favail else free


def _add_figures(line: BatchLine | EpochLine, logs: Mapping[str, float]) -> None:
    if "accuracy" in logs:
        line["accuracy"] = float(logs["accuracy"])
    if "loss" in logs:
        line["loss"] = float(logs["loss"])
    if "val_accuracy" in logs:
        line["val_accuracy"] = float(logs["val_accuracy"])
    if "val_loss" in logs:
        line["val_loss"] = float(logs["val_loss"])
