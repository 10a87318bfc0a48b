"""What the files of a run hold, as types: whoever writes a file and whoever reads it agree on them.

A run may come from another machine and another version of this program, so its files are checked when they are read.
"""

import math
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    NotRequired,
    TypedDict,
    TypeGuard,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from models.runs.bounds import WHOLE

# metrics.jsonl --------------------------------------------------------------------------------------------------------

Event = Mapping[str, object]
"""One line as it was read; `is_batch` and `is_epoch` say which kind it is."""


class Figures(TypedDict, total=False):
    """The figures that Keras gives for a batch (the means of its epoch so far) or for an epoch."""

    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


FIGURES = frozenset({*Figures.__annotations__, "batch_loss", "learning_rate"})
"""The numbers of a line that may be NaN, which is null in the file."""


class BatchLine(Figures):
    """The line of a batch.

    "epoch" counts from 0, "step" from 1. "batch_loss" is the batch's own loss, "time" seconds since 1970.
    """

    kind: Literal["batch"]
    epoch: int
    step: int
    batch_loss: NotRequired[float]
    images_per_s: NotRequired[float]
    time: NotRequired[float]


class EpochLine(Figures):
    """The line of an epoch.

    "epoch" and "best_epoch" count from 0; "best_epoch" is −1 while best.keras does not exist. "learning_rate" is that
    of the epoch's last batch. "seconds" is the time spent on training so far, over all processes.
    """

    kind: Literal["epoch"]
    epoch: int
    learning_rate: NotRequired[float]
    best_epoch: NotRequired[int]
    images_per_s: NotRequired[float]
    seconds: NotRequired[float]
    time: NotRequired[float]


def is_batch(event: Event) -> TypeGuard[BatchLine]:
    """Return whether a line that `RunDirectory.metrics` returned is a batch's. That method has checked its values."""
    return event.get("kind") == "batch"


def is_epoch(event: Event) -> TypeGuard[EpochLine]:
    """Return whether a line that `RunDirectory.metrics` returned is an epoch's. That method has checked its values."""
    return event.get("kind") == "epoch"


def figure(line: BatchLine | EpochLine, name: str) -> float | None:
    """Return a number of a line by its name, or None if the line has none of that name. It may be NaN or infinite."""
    value = line.get(name)
    return value if isinstance(value, (int, float)) else None


def known_figure(line: BatchLine | EpochLine, *names: str) -> float | None:
    """Return the first of these figures that a line has, or None if it has none or that one is no finite number."""
    value = next((value for name in names if (value := figure(line, name)) is not None), None)
    return value if value is not None and math.isfinite(value) else None


# data.json and machine.json -------------------------------------------------------------------------------------------


class DataRecord(TypedDict, total=False):
    """data.json: the pictures that a run is trained on; see `models.datasets.Dataset`.

    "train", "validation" and "test" are numbers of pictures. "skipped" holds the first 1,000 files that could not be
    used, each with the reason.
    """

    name: str
    title: str
    drawn: bool
    classes: list[str]
    maximum: int
    train: int
    validation: int
    test: int
    fingerprint: str
    skipped: list[list[str]]
    skipped_count: int


class SessionRecord(TypedDict, total=False):
    """What one process computed with: device and versions.

    "features_base" is a digest of the frozen base. "features_seconds" is how long it took to compute the features of
    "features_computed" pictures.
    """

    device: str
    replicas: int
    precision: str
    trainable_parameters: int
    non_trainable_parameters: int
    layers_learning: list[str]
    layers_frozen: list[str]
    features_once: bool
    features_base: str
    features_seconds: float
    features_computed: int
    deterministic: bool
    note: str
    tensorflow: str
    keras: str
    numpy: str
    python: str
    system: str
    time: float


class MachineRecord(SessionRecord, total=False):
    """machine.json: the newest session, and all sessions, the first one first."""

    sessions: list[SessionRecord]


# The state in a checkpoint --------------------------------------------------------------------------------------------


class StoppingState(TypedDict):
    """What Keras's EarlyStopping remembers, without the best weights."""

    wait: int
    stopped_epoch: int
    best: float | None
    best_epoch: int


class BestState(TypedDict):
    """The best figure so far and its epoch, from 0; None and −1 before the first one."""

    best: float | None
    best_epoch: int


class TensorBoardState(TypedDict):
    """TensorBoard's steps, and the length of every event file in bytes."""

    train: int
    test: int
    sizes: dict[str, int]


class CallbackStates(TypedDict, total=False):
    """What the callbacks of a run remember."""

    tensorboard: TensorBoardState
    best: BestState
    early_stopping: StoppingState


class CheckpointState(TypedDict):
    """Everything in a checkpoint but the arrays.

    "epoch" and "step" are the position: finished epochs, and finished batches of the present one. "metrics_bytes" is
    the length of metrics.jsonl. "mean_before" is the mean loss of the present epoch so far. The first "variables"
    arrays belong to the model, with these "shapes"; the others are EarlyStopping's best weights.
    """

    epoch: int
    step: int
    global_step: int
    metrics_bytes: int
    mean_before: float
    seconds: float
    variables: int
    shapes: list[list[int]]
    callbacks: CallbackStates
    stopped: NotRequired[bool]


# Checking what was read -----------------------------------------------------------------------------------------------

Record = TypeVar("Record")


def known_fields(values: object, record: type[Record]) -> Record:
    """Return those fields of a JSON object that a record has, with values of the record's types; others are left out.

    Args:
        values: what `json.loads` returned.
        record: a TypedDict of which no field is required.
    """
    kinds = get_type_hints(record)
    known = values if isinstance(values, dict) else {}
    return cast("Record", {name: value for name, value in known.items() if name in kinds and _is_a(value, kinds[name])})


def is_checkpoint_state(values: object) -> TypeGuard[CheckpointState]:
    """Return whether a JSON object has all fields of a checkpoint's state, with values of the right types."""
    return _is_a(values, CheckpointState)


def _is_a(value: object, kind: Any) -> bool:
    """Whether a value from JSON is of a type: plain, optional, a list, a dict or a TypedDict of such."""
    if is_typeddict(kind):
        kinds = get_type_hints(kind)
        return (
            isinstance(value, dict)
            and value.keys() >= kind.__required_keys__
            and all(_is_a(one, kinds[name]) for name, one in value.items() if name in kinds)
        )
    inner = get_args(kind)
    if get_origin(kind) is list:
        return isinstance(value, list) and all(_is_a(one, inner[0]) for one in value)
    if get_origin(kind) is dict:
        return isinstance(value, dict) and all(_is_a(one, inner[1]) for one in value.values())
    if inner:
        return any(_is_a(value, one) for one in inner)
    if kind is float:
        return isinstance(value, float) or (type(value) is int and abs(value) < WHOLE)
    if kind is int:
        return type(value) is int and abs(value) < WHOLE
    return type(value) is kind
