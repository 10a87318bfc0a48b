"""One process's share of a run: the model, the data from where the run is, and `model.fit`.

The only modules of this package that import Keras are this one, `callbacks` and `optimizers`.
"""

import signal
import threading
import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from models.datasets import Dataset
from models.datasets.batches import steps_per_epoch
from models.datasets.pipeline import evaluation_pipeline, training_pipeline
from models.storage import write_whole
from models.training import checkpoint
from models.training.callbacks import (
    BestModel,
    EarlyStopping,
    Interruption,
    NotANumber,
    OneTraining,
    Recorder,
    TensorBoard,
    free_space,
    is_full_disk,
)
from models.training.config import RunConfig
from models.training.metrics_log import MetricsLog
from models.training.optimizers import build_optimizer
from models.training.run_directory import RunDirectory, RunError, Wish
from models.zoo import assembly

EVALUATION_BATCH = 128


class Session:
    """A run that is being trained by this process.

    Args:
        run: the run's folder; this process holds its lock.
        config: what it is to do.
        data: the pictures.
        report: is called with every event.
        asked: returns what somebody wants of the run.
    """

    def __init__(
        self,
        run: RunDirectory,
        config: RunConfig,
        data: Dataset,
        *,
        report: Callable[[dict[str, Any]], None] | None,
        asked: Callable[[], Wish | None],
    ) -> None:
        self.run = run
        self.config = config
        self.data = data
        self.report = report
        self._asked = asked
        self._interrupted = threading.Event()
        self._servable: Any = None
        self.gpus = tf.config.list_physical_devices("GPU")
        self.exact = not self.gpus if config.deterministic is None else config.deterministic
        self._set_up()
        self.strategy = self._strategy()
        self.steps = steps_per_epoch(len(data.train), config.batch_size)
        with self.strategy.scope():
            self.model = self._build()

    def _set_up(self) -> None:
        """Devices, precision, seeds: all before the first tensor, or TensorFlow refuses."""
        for gpu in self.gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
        keras.config.set_dtype_policy(self.config.precision)
        keras.utils.set_random_seed(self.config.seed)
        if self.exact:
            tf.config.experimental.enable_op_determinism()

    def _strategy(self) -> Any:
        """Several devices share each batch. A test stands in for graphics cards with logical processors."""
        devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        if len(devices) > 1:
            return tf.distribute.MirroredStrategy([device.name for device in devices])
        return tf.distribute.get_strategy()

    def devices(self) -> dict[str, Any]:
        """Return what this process computes with, for machine.json."""
        names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in self.gpus]
        note = (
            "A resumed run gives the same bits on the same machine and versions."
            if self.exact
            else "A resumed run agrees to float error: the kernels used here may differ from call to call."
        )
        return {
            "device": ", ".join(names) or "CPU",
            "replicas": self.strategy.num_replicas_in_sync,
            "precision": self.config.precision,
            "deterministic": self.exact,
            "note": note,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        }

    # The model ------------------------------------------------------------------------------------------------------

    def _shape(self) -> dict[str, Any]:
        return {
            "side": self.config.resolved_side,
            "channels": self.data.channels,
            "classes": len(self.data.classes),
            "maximum": self.data.maximum,
            "options": dict(self.config.network_options),
        }

    def _build(self) -> Any:
        config = self.config
        try:
            model = assembly.build(config.network, **self._shape())
        except ValueError as error:
            raise RunError(f"The network cannot be built: {error}") from error
        if self.run.initial_model.is_file():
            start_with(model, self.run.initial_model)
        elif config.initial_weights and not checkpoint.newest_first(self.run.checkpoints):
            raise RunError(f"The initial weights of the run {self.run.name} did not come along.")
        model.compile(
            optimizer=build_optimizer(config, self.steps),
            loss=self._loss(),
            metrics=["accuracy"],
            jit_compile=False,  # XLA on a CPU computes these convolutions at half the speed
        )
        # Build optimizer and metrics now: a checkpoint is restored into their variables.
        model.optimizer.build(model.trainable_variables)
        shape = (1, config.resolved_side, config.resolved_side, self.data.channels)
        target = (1, 1 if len(self.data.classes) == 2 else len(self.data.classes))
        model._symbolic_build(data_batch=(np.zeros(shape, "float32"), np.zeros(target, "float32")))
        return model

    def _loss(self) -> Any:
        smoothing = self.config.label_smoothing
        if len(self.data.classes) == 2:
            return keras.losses.BinaryCrossentropy(label_smoothing=smoothing)
        return keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)

    def save_model(self, path: Any) -> None:
        """Write the model as a file that answers for photos of any size by itself, in 32 bits, whole or not at all."""
        if self._servable is None:
            policy = keras.config.dtype_policy()
            keras.config.set_dtype_policy("float32")
            try:
                self._servable = assembly.build(self.config.network, any_size=True, **self._shape())
            finally:
                keras.config.set_dtype_policy(policy)
        self._servable.set_weights(self.model.get_weights())
        # Keras writes to a path that ends in .keras.
        beside = path.with_name(f".{path.stem}.saving.keras")
        try:
            self._servable.save(beside)
            write_whole(path, lambda file: file.write(beside.read_bytes()))
        finally:
            beside.unlink(missing_ok=True)

    # Training -------------------------------------------------------------------------------------------------------

    def train(self) -> str:
        """Train from where the run is to its last epoch, and return the state that it ends in.

        Raises:
            RunError: the checkpoint does not fit.
        """
        found = checkpoint.load_newest(self.run.checkpoints)
        if found is None and self._has_begun():
            raise RunError(f"No checkpoint of the run {self.run.name} can be read: it cannot go on.")
        arrays, state, damaged = found or ([], {"epoch": 0, "step": 0, "metrics_bytes": 0, "callbacks": {}}, [])
        for path in damaged:
            path.replace(path.with_suffix(".damaged"))
        log = MetricsLog(self.run.metrics_file, state["metrics_bytes"])
        try:
            return self._train(log, arrays, state)
        except OSError as error:
            if not is_full_disk(error):
                raise
            reason = (
                f"The disk is full ({free_space(self.run.path)} free). Make room and resume: nothing saved is lost."
            )
            return self._end("paused", reason)
        finally:
            log.close()

    def _has_begun(self) -> bool:
        """A checkpoint is written before the first line, so that lines without one mean a loss."""
        metrics = self.run.metrics_file
        return bool(checkpoint.newest_first(self.run.checkpoints)) or (metrics.exists() and metrics.stat().st_size > 0)

    def _train(self, log: MetricsLog, arrays: list[np.ndarray], state: dict[str, Any]) -> str:
        config = self.config
        remembering = self._callbacks(state)
        recorder = Recorder(
            self.run,
            log,
            remembering,
            position=(state["epoch"], state["step"]),
            images=len(self.data.train),
            batch_size=config.batch_size,
            checkpoint_seconds=config.checkpoint_seconds,
            report=self.report,
            asked=self._wish,
        )
        together = OneTraining(
            [*remembering.values(), recorder], add_history=True, model=self.model, epochs=config.epochs
        )
        together.begin()  # Keras's callbacks forget here; what they remembered is restored after that
        if arrays:
            try:
                recorder.restore(arrays, state)
            except ValueError as error:
                raise RunError(f"The run {self.run.name} cannot be resumed: {error}.") from error
        else:
            recorder.save()
        if state.get("stopped") and config.early_stopping is not None:
            return self._finish(together, "It was stopped early: there was no improvement for too long.")
        try:
            with _Signals(self._interrupted):
                self._fit(together, state["epoch"], state["step"])
        except Interruption as interruption:
            if interruption.wish == "stop":
                return self._finish(together, "It was stopped before its last epoch.", recorder)
            return self._end("paused", "It was paused.", recorder)
        except NotANumber as error:
            return self._end("failed", f"{error} A smaller learning rate usually helps.", recorder)
        early = self.model.stop_training
        reason = "It was stopped early: there was no improvement for too long." if early else ""
        return self._finish(together, reason, recorder)

    def _callbacks(self, state: dict[str, Any]) -> dict[str, Any]:
        config = self.config
        found: dict[str, Any] = {}
        if config.tensorboard:
            found["tensorboard"] = TensorBoard(self.run.tensorboard)
            found["tensorboard"].cut_back(state["callbacks"].get("tensorboard", {}).get("sizes", {}))
        if config.keep_best:
            found["best"] = BestModel(self._monitor(config.monitor), lambda: self.save_model(self.run.best_model))
        if config.early_stopping is not None:
            found["early_stopping"] = EarlyStopping(config.early_stopping)
            found["early_stopping"].monitor = self._monitor(config.early_stopping.monitor)
        return found

    def _monitor(self, name: str) -> str:
        """Without validation pictures, the training's own figure has to do."""
        return name if len(self.data.validation) else name.removeprefix("val_")

    def _fit(self, together: OneTraining, epoch: int, step: int) -> None:
        config = self.config
        validation = None
        if len(self.data.validation):
            validation = evaluation_pipeline(self.data.validation, len(self.data.classes), batch_size=EVALUATION_BATCH)
        with warnings.catch_warnings():
            # Batches of a generator have no length that Keras could check.
            warnings.filterwarnings("ignore", message=".*ran out of data.*")
            if step:
                self._fit_epochs(together, validation, epoch, epoch + 1, step)
                epoch += 1
                if self.model.stop_training:
                    return
            if epoch < config.epochs:
                self._fit_epochs(together, validation, epoch, config.epochs, 0)

    def _fit_epochs(self, together: OneTraining, validation: Any, epoch: int, end: int, step: int) -> None:
        config = self.config
        batches = training_pipeline(
            self.data.train,
            len(self.data.classes),
            batch_size=config.batch_size,
            seed=config.seed,
            epoch=epoch,
            step=step,
            augmentation=config.augmentation,
            maximum=self.data.maximum,
        )
        self.model.fit(
            batches,
            initial_epoch=epoch,
            epochs=end,
            steps_per_epoch=self.steps - step,
            validation_data=validation,
            callbacks=together,
            shuffle=False,
            verbose=0,
        )

    def _wish(self) -> Wish | None:
        return "pause" if self._interrupted.is_set() else self._asked()

    def _finish(self, together: OneTraining, reason: str, recorder: Recorder | None = None) -> str:
        together.end()
        self.save_model(self.run.last_model)
        return self._end("finished", reason, recorder)

    def _end(self, name: Any, reason: str, recorder: Recorder | None = None) -> str:
        state = self.run.state()
        epoch, step = (recorder.epoch, recorder.step) if recorder else (state.epoch, state.step)
        self.run.reserve_file.unlink(missing_ok=True)
        self.run.write_state(name, reason, epoch=epoch, step=step)
        self.run.forget_wish()
        return str(name)


class _Signals:
    """Ctrl-C and a polite request to end pause the run after its batch; a second Ctrl-C ends the program at once."""

    def __init__(self, event: threading.Event) -> None:
        self.event = event
        self.before: dict[int, Any] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            self.before[number] = signal.signal(number, self._heard)

    def _heard(self, number: int, _frame: Any) -> None:
        if self.event.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.event.set()

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)


def start_with(model: Any, path: Any) -> None:
    """Give a model the weights of a saved one, layer by layer and by name; a layer of another shape keeps its own.

    Raises:
        RunError: the file cannot be read, or no layer fits.
    """
    try:
        saved = keras.models.load_model(path, compile=False)
    except Exception as error:
        raise RunError(f"The weights in {path} cannot be read: {error}") from error
    fitting = 0
    for layer in model.layers:
        try:
            weights = saved.get_layer(layer.name).get_weights()
        except ValueError:
            continue
        if weights and [w.shape for w in weights] == [w.shape for w in layer.get_weights()]:
            layer.set_weights(weights)
            fitting += 1
    if not fitting:
        raise RunError(f"The weights in {path} are of another network: no layer fits.")
