"""How a network may end: last activation and loss, right and wrong pairs of them, by name. Needs no TensorFlow."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from models.storage import cache_dir

EPOCHS = 10
SGD_RATE = 0.3
_STUBBORN = -8.0

Task = Literal["three-eight", "digits", "traits"]
TRAITS = ("even", "has a closed loop", "above 4")
"""Three labels, any number of which may hold for one digit."""


@dataclass(frozen=True)
class Ending:
    """How a network ends: units of the last layer, their activation (None for none), the loss by Keras's name.

    `again` is a further activation after that.
    """

    units: int
    activation: str | None
    loss: str
    again: str | None = None


@dataclass(frozen=True)
class Comparison:
    """A right and a wrong ending for one task.

    Attributes:
        task: which labels are learned.
        right, wrong: how the two networks end.
        bias: initial value of the last layer's biases; both networks have the same initial weights.
        optimizer: "sgd" if the size of the gradient is to be seen, which Adam would even out.
    """

    task: Task
    right: Ending
    wrong: Ending
    bias: float = 0.0
    optimizer: Literal["adam", "sgd"] = "adam"


_BINARY = Ending(1, "sigmoid", "binary_crossentropy")
_TEN = Ending(10, "softmax", "categorical_crossentropy")
_EACH = Ending(3, "sigmoid", "binary_crossentropy")

COMPARISONS: Mapping[str, Comparison] = MappingProxyType(
    {
        "softmax-one": Comparison("three-eight", _BINARY, Ending(1, "softmax", "binary_crossentropy"), optimizer="sgd"),
        "categorical-one": Comparison(
            "three-eight", _BINARY, Ending(1, "sigmoid", "categorical_crossentropy"), optimizer="sgd"
        ),
        "squared": Comparison(
            "three-eight", _BINARY, Ending(1, "sigmoid", "mean_squared_error"), bias=_STUBBORN, optimizer="sgd"
        ),
        "sigmoid-ten": Comparison("digits", _TEN, Ending(10, "sigmoid", "categorical_crossentropy")),
        "no-activation": Comparison("digits", _TEN, Ending(10, None, "categorical_crossentropy")),
        "twice": Comparison("digits", _TEN, Ending(10, "softmax", "categorical_crossentropy", again="softmax")),
        "softmax-labels": Comparison("traits", _EACH, Ending(3, "softmax", "categorical_crossentropy")),
    }
)
"""The comparisons, by name."""


def progress_file(name: str) -> Path:
    """Return the file with the progress of a comparison, which is there only while it is made (`models.progress`)."""
    return cache_dir() / f"pairs-{name}.progress"
