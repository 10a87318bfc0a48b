"""What a training is to do: `RunConfig`, one frozen value, JSON on the disk."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal

from models import datasets, zoo
from models.datasets.batches import AUGMENTATION_FIELDS, Augmentation
from models.runs.bounds import is_count, is_number, parsed, said, shortened
from models.storage import json_text

OPTIMIZERS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "sgd": {"learning_rate": 0.01, "momentum": 0.0},
        "nesterov": {"learning_rate": 0.01, "momentum": 0.9},
        "adagrad": {"learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7},
        "adadelta": {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7},
        "rmsprop": {"learning_rate": 0.001, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-7},
        "adam": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    }
)
"""Optimizer → its settings with Keras's defaults. "nesterov" is SGD with Nesterov momentum."""

MOST_EPOCHS = 100_000
MOST_OPTION = 100_000
"""Largest number that a network's option can be: a layer of so many units fits into no machine."""

MOST_LETTERS = 5000
"""Longest text of a field; a dataset's path is the longest one."""

SCHEDULES = ("constant", "cosine")
PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
MONITORS = ("val_loss", "val_accuracy", "loss", "accuracy")


class ConfigError(ValueError):
    """A value that a run cannot have. `str()` begins with the field's name."""


@dataclass(frozen=True)
class EarlyStopping:
    """When to stop before the last epoch, as `keras.callbacks.EarlyStopping` does.

    Attributes:
        patience: epochs without an improvement before the run stops.
        min_delta: the smallest change that counts as an improvement.
        monitor: the figure that should improve.
        restore_best_weights: end with the weights of the best epoch, not of the last one.
    """

    patience: int = 5
    min_delta: float = 0.0
    monitor: str = "val_loss"
    restore_best_weights: bool = False


@dataclass(frozen=True)
class Continuation:
    """How a run's learning rate goes on once its schedule has ended.

    Attributes:
        epoch: number of finished epochs after which it begins.
        learning_rate: the rate, or a cosine's first and highest one.
        schedule: "constant", or "cosine", which falls to 0 until `end`.
        end: number of finished epochs after which a cosine has reached 0; None for a constant rate.
    """

    epoch: int
    learning_rate: float
    schedule: Literal["constant", "cosine"] = "constant"
    end: int | None = None


@dataclass(frozen=True)
class RunConfig:
    """Everything that decides how a training goes. On one machine, runs with equal values end with equal weights.

    Attributes:
        dataset: "drawn-pets", "folder:/photos" … (`models.datasets`).
        network: "convnet" … (`models.zoo`).
        network_options: the network's settings beside its size, such as {"dropout": 0.3}.
        side: width and height of the pictures in pixels. None: the dataset's own, else the network's.
        initial_weights: a .keras file of the same network with the weights to start with. Its last layer is left out if
            the numbers of classes differ. "": fresh weights.
        optimizer: one of `OPTIMIZERS`.
        learning_rate: None: Keras's default for this optimizer.
        optimizer_options: its other settings, such as {"momentum": 0.95}.
        weight_decay: share by which a weight shrinks in each update, times the learning rate. Biases and batch
            normalisation are excluded.
        schedule: of the learning rate. "cosine" rises from a tenth through `warmup_epochs`, then falls to 0 along a
            cosine until `schedule_epochs`.
        warmup_epochs: length of the rise.
        schedule_epochs: the epoch at which the fall ends; None: `epochs`. It stays when a run gets more epochs.
        continuations: how the rate went on when the schedule had ended and the run got more epochs, in order.
        label_smoothing: how far the targets 0 and 1 are moved towards each other.
        batch_size: pictures between two updates.
        epochs: passes over the training pictures.
        augmentation: how training pictures are changed.
        keep_best: keep best.keras, as `keras.callbacks.ModelCheckpoint(save_best_only=True)` does.
        monitor: the figure that decides which epoch is the best.
        early_stopping: None: train to the last epoch.
        tensorboard: write event files for TensorBoard.
        seed: decides the first weights, the order, the augmentation and Dropout.
        precision: "float32", or a mixed precision, with which a graphics card is faster.
        deterministic: compute so that the same run gives the same bits. None: on the CPU only.
        checkpoint_seconds: time between two checkpoints.
        keep_pictures: for "photos": the owner wants the pictures stored with the run.
    """

    dataset: str = "drawn-pets"
    network: str = "convnet"
    network_options: Mapping[str, Any] = field(default_factory=dict)
    side: int | None = None
    initial_weights: str = ""
    optimizer: str = "adam"
    learning_rate: float | None = None
    optimizer_options: Mapping[str, float] = field(default_factory=dict)
    weight_decay: float = 0.0
    schedule: Literal["constant", "cosine"] = "constant"
    warmup_epochs: float = 0.0
    schedule_epochs: int | None = None
    continuations: tuple[Continuation, ...] = ()
    label_smoothing: float = 0.0
    batch_size: int = 32
    epochs: int = 5
    augmentation: Augmentation = field(default_factory=Augmentation)
    keep_best: bool = True
    monitor: str = "val_loss"
    early_stopping: EarlyStopping | None = None
    tensorboard: bool = False
    seed: int = 0
    precision: Literal["float32", "mixed_float16", "mixed_bfloat16"] = "float32"
    deterministic: bool | None = None
    checkpoint_seconds: float = 10.0
    keep_pictures: bool = False

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            ConfigError: a value that a run cannot have; the text begins with the field's name.
        """
        _check(self)

    @property
    def resolved_side(self) -> int:
        """Width and height of the pictures in pixels."""
        return self.side or datasets.info(self.dataset).side or zoo.info(self.network).side

    @property
    def optimizer_settings(self) -> dict[str, float]:
        """Every setting of the optimizer, Keras's default where none was chosen."""
        settings = {**OPTIMIZERS[self.optimizer], **self.optimizer_options}
        if self.learning_rate is not None:
            settings["learning_rate"] = self.learning_rate
        return settings

    @property
    def features_once(self) -> bool:
        """Whether the layers before the answer give the same features in every epoch and are computed only once.

        That is so if none of them learns and no picture is augmented.
        """
        return zoo.is_frozen(self.network, self.network_options) and not self.augmentation.changes

    def to_json(self) -> str:
        """Return the run's values as JSON text, one value a line."""
        return json_text(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "RunConfig":
        """Return the run that `to_json` wrote.

        Raises:
            ConfigError: invalid JSON, an unknown field, or a value that a run cannot have.
        """
        try:
            values = parsed(text)
        except ValueError as error:
            raise ConfigError(f"config.json is damaged: {error}") from error
        if not isinstance(values, dict):
            raise ConfigError("config.json is damaged: it holds no fields.")
        known = {one.name for one in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            name = shortened(unknown[0], 100)
            raise ConfigError(f"{name} is no field of a run: this version of the program does not know it.")
        try:
            if isinstance(values.get("augmentation"), dict):
                values["augmentation"] = Augmentation(**values["augmentation"])
            if isinstance(values.get("early_stopping"), dict):
                values["early_stopping"] = EarlyStopping(**values["early_stopping"])
            if isinstance(values.get("continuations"), list):
                values["continuations"] = tuple(
                    Continuation(**one) if isinstance(one, dict) else one for one in values["continuations"]
                )
        except TypeError as error:
            wrong = "augmentation, early_stopping or continuations"
            raise ConfigError(f"{wrong} has an unknown setting, or lacks one: {shortened(str(error))}") from error
        except ValueError as error:
            raise ConfigError(f"augmentation: {shortened(str(error))}") from error
        return cls(**values)


def _check(config: RunConfig) -> None:  # noqa: C901 - one condition a field
    def value_of(name: str) -> Any:  # not the declared types: they are what is checked
        return getattr(config, name)

    def refuse(name: str, wish: str) -> None:
        raise ConfigError(f"{name} must be {wish}, not {said(value_of(name))}.")

    def number(
        name: str, low: float, high: float, *, whole: bool = False, optional: bool = False, above: bool = False
    ) -> None:
        value = getattr(config, name)
        if value is None and optional:
            return
        kind = "a whole number" if whole else "a number"
        wish = f"{kind} {'above' if above else 'from'} {low} {'up ' if above else ''}to {high}"
        right = isinstance(value, int) if whole else isinstance(value, (int, float))
        if isinstance(value, bool) or not right or not (low < value if above else low <= value) or not value <= high:
            refuse(name, wish)

    for name in ("dataset", "network", "initial_weights", "optimizer"):
        if not isinstance(value_of(name), str):
            refuse(name, "text")
        if len(value_of(name)) > MOST_LETTERS:
            refuse(name, f"a text of at most {MOST_LETTERS:,} letters")
    try:
        about = datasets.info(config.dataset)
    except datasets.DatasetError as error:
        raise ConfigError(f"dataset: {error}") from error
    if about.argument and not config.dataset.partition(":")[2]:
        refuse("dataset", f"{about.name}:{about.argument}")
    if config.network not in zoo.names():
        refuse("network", f"one of {', '.join(zoo.names())}")
    _check_options(config)
    number("side", 8, 512, whole=True, optional=True)
    number("learning_rate", 0, 100, optional=True, above=True)
    number("weight_decay", 0, 1)
    number("warmup_epochs", 0, 1000)
    number("schedule_epochs", 1, MOST_EPOCHS, whole=True, optional=True)
    number("label_smoothing", 0, 0.9)
    number("batch_size", 1, 4096, whole=True)
    number("epochs", 1, MOST_EPOCHS, whole=True)
    number("seed", 0, 2**31 - 1, whole=True)
    number("checkpoint_seconds", 0, 3600)
    for name, allowed in (("schedule", SCHEDULES), ("precision", PRECISIONS), ("monitor", MONITORS)):
        if getattr(config, name) not in allowed:
            refuse(name, f"one of {', '.join(allowed)}")
    for name in ("keep_best", "tensorboard", "keep_pictures"):
        if not isinstance(getattr(config, name), bool):
            refuse(name, "true or false")
    if not isinstance(value_of("deterministic"), (bool, type(None))):  # `in` would accept 1, which equals True
        refuse("deterministic", "true, false or null")
    if not isinstance(value_of("augmentation"), Augmentation):
        refuse("augmentation", f"settings of {', '.join(AUGMENTATION_FIELDS)}")
    _check_continuations(config)
    _check_early_stopping(config)


def _check_options(config: RunConfig) -> None:
    if config.optimizer not in OPTIMIZERS:
        raise ConfigError(f"optimizer must be one of {', '.join(OPTIMIZERS)}, not {said(config.optimizer)}.")
    allowed = [name for name in OPTIMIZERS[config.optimizer] if name != "learning_rate"]
    if not isinstance(config.optimizer_options, Mapping):
        raise ConfigError("optimizer_options must be settings with their values.")
    for name, value in config.optimizer_options.items():
        if name not in allowed:
            raise ConfigError(f"optimizer_options: {config.optimizer} has {', '.join(allowed)}, but no {said(name)}.")
        if not _is_number(value) or not 0 <= value <= 1:
            raise ConfigError(f"optimizer_options: {name} must be a number from 0 to 1, not {said(value)}.")
    if not isinstance(config.network_options, Mapping):
        raise ConfigError("network_options must be settings with their values.")
    known = zoo.option_names(config.network)
    for name, value in config.network_options.items():
        if name not in known:
            raise ConfigError(f"network_options: {config.network} has {', '.join(known)}, but no {said(name)}.")
        if not _is_number(value):
            raise ConfigError(f"network_options: {name} must be a number, not {said(value)}.")
        if abs(value) > MOST_OPTION:
            raise ConfigError(f"network_options: {name} must be a number up to {MOST_OPTION:,}, not {said(value)}.")


def _is_number(value: Any) -> bool:
    return is_number(value) and math.isfinite(value)


def _check_early_stopping(config: RunConfig) -> None:
    stopping = config.early_stopping
    if stopping is None:
        return
    if not isinstance(stopping, EarlyStopping):
        raise ConfigError("early_stopping must be settings of patience, min_delta, monitor, restore_best_weights.")
    if not is_count(stopping.patience):
        raise ConfigError(f"early_stopping: patience must be a whole number from 0, not {said(stopping.patience)}.")
    if not _is_number(stopping.min_delta) or stopping.min_delta < 0:
        raise ConfigError(f"early_stopping: min_delta must be a number from 0, not {said(stopping.min_delta)}.")
    if stopping.monitor not in MONITORS:
        raise ConfigError(
            f"early_stopping: monitor must be one of {', '.join(MONITORS)}, not {said(stopping.monitor)}."
        )
    if not isinstance(stopping.restore_best_weights, bool):
        raise ConfigError(
            f"early_stopping: restore_best_weights must be true or false, not {said(stopping.restore_best_weights)}."
        )


def _check_continuations(config: RunConfig) -> None:
    """Raise ConfigError unless each continuation begins where the schedule before it has ended."""
    if not isinstance(config.continuations, tuple):
        raise ConfigError(f"continuations must be a list of continuations, not {said(config.continuations)}.")
    ended = config.schedule_epochs if config.schedule == "cosine" else None
    for one in config.continuations:
        if not isinstance(one, Continuation):
            raise ConfigError(f"continuations must be a list of continuations, and holds {said(one)}.")
        if not _is_number(one.learning_rate) or not 0 < one.learning_rate <= 100:
            raise ConfigError(
                f"continuations: learning_rate must be a number above 0 up to 100, not {said(one.learning_rate)}."
            )
        if one.schedule not in SCHEDULES:
            raise ConfigError(
                f"continuations: schedule must be one of {', '.join(SCHEDULES)}, not {said(one.schedule)}."
            )
        if ended is None:
            raise ConfigError("continuations: only a schedule that has ended can be continued, a constant rate cannot.")
        if type(one.epoch) is not int or not ended <= one.epoch <= MOST_EPOCHS:
            raise ConfigError(f"continuations: epoch must be a whole number from {ended}, not {said(one.epoch)}.")
        last = one.end
        if one.schedule == "constant" and last is not None:
            raise ConfigError(f"continuations: a constant rate has no end, but {said(last)} is given.")
        if one.schedule == "cosine" and (type(last) is not int or not one.epoch < last <= MOST_EPOCHS):
            raise ConfigError(f"continuations: end must be a whole number above {one.epoch}, not {said(last)}.")
        ended = last
