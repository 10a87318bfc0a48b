"""One process's share of a run: the model, the data from where the run is, and `model.fit`."""

import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from models import disk
from models.datasets import Dataset, Part
from models.datasets.batches import steps_per_epoch
from models.datasets.pipeline import evaluation_pipeline, training_pipeline
from models.progress import Progress
from models.runs import checkpoint
from models.runs.config import RunConfig
from models.runs.metrics_log import MetricsLog, Report
from models.runs.records import CallbackStates, CheckpointState, SessionRecord, is_checkpoint_state
from models.runs.run_directory import RunDirectory, RunError, Wish
from models.training import features
from models.training.callbacks import (
    BestModel,
    EarlyStopping,
    Interruption,
    NotANumber,
    OneTraining,
    Recorder,
    Remembering,
    TensorBoard,
    free_space,
)
from models.training.optimizers import build_optimizer
from models.training.saved_file import SavedFile, start_with
from models.training.signals import Signals
from models.training.snapshot_callback import Answers, Looking
from models.zoo import assembly

EVALUATION_BATCH = 128


class Session:
    """The training of a run in this process.

    Args:
        run: the run's folder; this process holds its lock.
        config: the run's configuration.
        data: the pictures.
        report: called with every line after it has been written.
        asked: returns a pending request to pause or stop.
        progress: called with the progress of computing a frozen base's features.

    Attributes:
        model: the whole network.
        learner: what `model.fit` trains: the whole network, or its head if the base's features are computed once. The
            head's layers are the network's own.
    """

    def __init__(
        self,
        run: RunDirectory,
        config: RunConfig,
        data: Dataset,
        *,
        report: Report | None,
        asked: Callable[[], Wish | None],
        progress: Progress | None = None,
    ) -> None:
        self.run = run
        self.config = config
        self.data = data
        self.report = report
        self.progress = progress
        self._asked = asked
        self._interrupted = threading.Event()
        self.gpus = tf.config.list_physical_devices("GPU")
        self.exact = not self.gpus if config.deterministic is None else config.deterministic
        self._set_up()
        self.strategy = self._strategy()
        self.steps = steps_per_epoch(len(data.train), config.batch_size)
        self.features_once = run.features_once()
        with self.strategy.scope():
            self.model = self._build()
            self.learner = assembly.head_of(self.model) if self.features_once else self.model
            self._compile()
        self.base_digest = self._base_digest()
        self._file = SavedFile(self.model, lambda: self._network(any_size=True), frozen_base=self.features_once)

    def _set_up(self) -> None:
        """Set devices, precision and seeds. After the first tensor, TensorFlow would refuse."""
        for gpu in self.gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
        keras.config.set_dtype_policy(self.config.precision)
        keras.utils.set_random_seed(self.config.seed)
        if self.exact:
            tf.config.experimental.enable_op_determinism()

    def _strategy(self) -> Any:
        """The strategy by which several devices share each batch. Tests use logical CPUs in place of graphics cards."""
        devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        if len(devices) > 1:
            return tf.distribute.MirroredStrategy([device.name for device in devices])
        return tf.distribute.get_strategy()

    def devices(self) -> SessionRecord:
        """Return this process's devices and versions, for machine.json."""
        total, learn = self.model.count_params(), sum(int(np.prod(w.shape)) for w in self.model.trainable_weights)
        layers = [layer for layer in self.model.layers if layer.count_params()]
        names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in self.gpus]
        note = (
            "A resumed run gives the same bits on the same machine and versions."
            if self.exact
            else "A resumed run agrees to float error: the kernels used here may differ from call to call."
        )
        record: SessionRecord = {
            "device": ", ".join(names) or "CPU",
            "replicas": self.strategy.num_replicas_in_sync,
            "precision": self.config.precision,
            "trainable_parameters": learn,
            "non_trainable_parameters": total - learn,
            "layers_learning": [layer.name for layer in layers if layer.trainable_weights],
            "layers_frozen": [layer.name for layer in layers if not layer.trainable_weights],
            "features_once": self.features_once,
            "deterministic": self.exact,
            "note": note,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        }
        if self.base_digest:
            record["features_base"] = self.base_digest
        return record

    # The model ------------------------------------------------------------------------------------------------------

    def _network(self, *, any_size: bool = False) -> Any:
        return assembly.build(
            self.config.network,
            side=self.config.resolved_side,
            channels=self.data.channels,
            classes=len(self.data.classes),
            maximum=self.data.maximum,
            any_size=any_size,
            options=self.config.network_options,
        )

    def _build(self) -> Any:
        config = self.config
        try:
            model = self._network()
        except ValueError as error:
            raise RunError(f"The network cannot be built: {error}") from error
        if self.run.initial_model.is_file():
            start_with(model, self.run.initial_model)
        elif config.initial_weights and not checkpoint.newest_first(self.run.checkpoints):
            raise RunError(f"The initial weights of the run {self.run.name} did not come along.")
        return model

    def _compile(self) -> None:
        self.learner.compile(
            optimizer=build_optimizer(self.config, self.steps),
            loss=self._loss(),
            metrics=["accuracy"],
            jit_compile=False,  # XLA on a CPU computes these convolutions at half the speed
        )
        # Build the optimizer and the metrics now: a checkpoint is restored into their variables.
        self.learner.optimizer.build(self.learner.trainable_variables)
        shape = (1, *self.learner.input_shape[1:])
        target = (1, 1 if len(self.data.classes) == 2 else len(self.data.classes))
        # Keras has no public way to build metrics.
        self.learner._symbolic_build(data_batch=(np.zeros(shape, "float32"), np.zeros(target, "float32")))  # noqa: SLF001

    def _base_digest(self) -> str:
        """The digest of the frozen base. A head's checkpoints lack the base, so it must be the one of the beginning."""
        if not self.features_once:
            return ""
        now = features.digest_of(assembly.base_of(self.model))
        before = self.run.machine().get("features_base", now)
        if before != now:
            raise RunError(
                f"The frozen base is not the one that the run {self.run.name} began with: it cannot go on exactly. "
                "Its initial weights did not come along, or the package of EfficientNet-Lite0's weights is another one."
            )
        return now

    def _loss(self) -> Any:
        smoothing = self.config.label_smoothing
        if len(self.data.classes) == 2:
            return keras.losses.BinaryCrossentropy(label_smoothing=smoothing)
        return keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)

    def save_model(self, path: Path) -> None:
        """Save the network in 32 bits as a file that takes photos of any size, whole or not at all."""
        self._file.save(path)

    # Training -------------------------------------------------------------------------------------------------------

    def train(self) -> str:
        """Train from the run's present position to its last epoch, and return the state in which it ends.

        Raises:
            RunError: the checkpoint does not fit.
        """
        arrays: list[np.ndarray] = []
        state: CheckpointState | None = None
        if (found := self.newest_checkpoint()) is not None:
            arrays, state, damaged = found
            for path in damaged:
                disk.move(path, path.with_suffix(".damaged"))
        log = MetricsLog(self.run.metrics_file, state["metrics_bytes"] if state else 0)
        try:
            return self._train(log, arrays, state)
        except OSError as error:
            if not disk.is_full(error):
                raise
            reason = f"The disk is full ({free_space(self.run.path)}). Make room and resume: nothing saved is lost."
            return self._end("paused", reason)
        finally:
            log.close()

    def newest_checkpoint(self) -> tuple[list[np.ndarray], CheckpointState, list[Path]] | None:
        """Return what `checkpoint.load_newest` does; None before the run's first batch.

        Raises:
            RunError: no checkpoint can be read, or it is of another version.
        """
        found = checkpoint.load_newest(self.run.checkpoints)
        if found is None:
            if self._has_begun():
                raise RunError(f"No checkpoint of the run {self.run.name} can be read: it cannot go on.")
            return None
        arrays, state, damaged = found
        if not is_checkpoint_state(state):
            raise RunError(f"The run {self.run.name} cannot be resumed: its checkpoint is of another version.")
        return arrays, state, damaged

    def _has_begun(self) -> bool:
        """Whether the run has begun. A checkpoint comes before the first line, so lines without one mean a loss."""
        metrics = self.run.metrics_file
        return bool(checkpoint.newest_first(self.run.checkpoints)) or (metrics.exists() and metrics.stat().st_size > 0)

    def _train(self, log: MetricsLog, arrays: list[np.ndarray], state: CheckpointState | None) -> str:
        config = self.config
        position = (state["epoch"], state["step"]) if state else (0, 0)
        remembering = self._callbacks(state["callbacks"] if state else {})
        recorder = Recorder(
            self.run,
            log,
            remembering,
            position=position,
            images=len(self.data.train),
            batch_size=config.batch_size,
            checkpoint_seconds=config.checkpoint_seconds,
            report=self.report,
            asked=self._wish,
        )
        looking = Looking(
            self.run,
            network=self.model,
            position=lambda: (recorder.epoch, recorder.step),
            begun=position,
            answers=self._answers(),
        )
        together = OneTraining(
            [*remembering.callbacks(), looking, recorder], add_history=True, model=self.learner, epochs=config.epochs
        )
        together.begin()  # Keras's callbacks reset themselves here; their states are restored after that
        if state is not None:
            try:
                recorder.restore(arrays, state)
            except ValueError as error:
                raise RunError(f"The run {self.run.name} cannot be resumed: {error}.") from error
        else:
            recorder.save()
        looking.begin()
        if state is not None and state.get("stopped") and config.early_stopping is not None:
            return self._finish(together, "It was stopped early: there was no improvement for too long.")
        try:
            with Signals(self._interrupted):
                self._fit(together, *position)
        except Interruption as interruption:
            if interruption.wish == "stop":
                return self._finish(together, "It was stopped before its last epoch.", recorder)
            return self._end("paused", "It was paused.", recorder)
        except NotANumber as error:
            return self._end("failed", f"{error} A smaller learning rate usually helps.", recorder)
        early = self.learner.stop_training
        reason = "It was stopped early: there was no improvement for too long." if early else ""
        return self._finish(together, reason, recorder)

    def _callbacks(self, states: CallbackStates) -> Remembering:
        config = self.config
        tensorboard = TensorBoard(self.run.tensorboard) if config.tensorboard else None
        if tensorboard is not None:
            tensorboard.cut_back(states["tensorboard"]["sizes"] if "tensorboard" in states else {})
        best = None
        if config.keep_best:
            best = BestModel(self._monitor(config.monitor), lambda: self.save_model(self.run.best_model))
        stopping = EarlyStopping(config.early_stopping) if config.early_stopping is not None else None
        if stopping is not None:
            stopping.monitor = self._monitor(stopping.monitor)
        return Remembering(tensorboard, best, stopping)

    def _answers(self) -> Answers | None:
        """What collects the validation's probabilities. Several replicas share a batch, so its order would be lost."""
        count = len(self.data.validation)
        return Answers(self.learner, count) if count and self.strategy.num_replicas_in_sync == 1 else None

    def _monitor(self, name: str) -> str:
        """The figure to watch. Without validation pictures, it is the training's own."""
        return name if len(self.data.validation) else name.removeprefix("val_")

    def _fit(self, together: OneTraining, epoch: int, step: int) -> None:
        config = self.config
        if not step and epoch >= config.epochs:
            return
        train, part = self._compute_features() if self.features_once else (self.data.train, self.data.validation)
        validation = None
        if len(part):
            validation = evaluation_pipeline(part, len(self.data.classes), batch_size=EVALUATION_BATCH)
        with warnings.catch_warnings():
            # Keras cannot check the length of a generator.
            warnings.filterwarnings("ignore", message=".*ran out of data.*")
            if step:
                self._fit_epochs(together, train, validation, epoch, epoch + 1, step)
                epoch += 1
                if self.learner.stop_training:
                    return
            if epoch < config.epochs:
                self._fit_epochs(together, train, validation, epoch, config.epochs, 0)

    def _compute_features(self) -> tuple[Part, Part]:
        """Compute the base's features of training and validation pictures, and note that in machine.json.

        Raises:
            Interruption: there is a request to pause or to stop. The base begins again when the run goes on.
        """
        begun = time.monotonic()
        own = self.config.dataset.partition(":")[0] == "photos"  # nothing of a visitor's pictures is stored
        parts, count = features.looked_at(
            assembly.base_of(self.model),
            [self.data.train, self.data.validation],
            kept_as=None if own else f"{self.base_digest} {self.data.maximum} {self.config.precision}",
            progress=self.progress,
            after_batch=self._leave_if_asked,
        )
        seconds = round(time.monotonic() - begun, 2)
        self.run.note(features_once=True, features_seconds=seconds, features_computed=count)
        return parts[0], parts[1]

    def _leave_if_asked(self) -> None:
        wish = self._wish()
        if wish:
            raise Interruption(wish)

    def _fit_epochs(self, together: OneTraining, train: Part, validation: Any, epoch: int, end: int, step: int) -> None:
        config = self.config
        batches = training_pipeline(
            train,
            len(self.data.classes),
            batch_size=config.batch_size,
            seed=config.seed,
            epoch=epoch,
            step=step,
            augmentation=config.augmentation,
            maximum=self.data.maximum,
        )
        self.learner.fit(
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
