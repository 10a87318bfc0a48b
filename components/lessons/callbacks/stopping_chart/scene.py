"""Everything that a visitor can set on the stopping chart, as one value that fits into a URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")
MONITORS = ("val_loss", "val_accuracy", "loss")
NAME = re.compile(r"[\w .,:-]{0,100}")
"""What a run can be called."""

MAX_DELTA = 1.0
MAX_EPOCHS = 200
MAX_SPEED = 60

MAX_PATIENCE = 40
"""Epochs, at most."""


@dataclass(frozen=True)
class StoppingScene(SceneTexts):
    """A setting of all controls of the stopping chart.

    Attributes:
        run: the run that they are laid over; "" for the first that comes with the course.
        figure: which curves are drawn, "loss" or "accuracy".
        monitor: what both callbacks look at, one of `MONITORS`.
        patience: epochs without an improvement that EarlyStopping waits for.
        min_delta: an improvement has to be larger than this.
        restore: EarlyStopping's restore_best_weights.
        best_only: ModelCheckpoint's save_best_only.
        position: the epoch that has just ended, from 0; the last one that is trained, where it is larger.
        speed: epochs a second while playing.
    """

    run: str = ""
    figure: str = "loss"
    monitor: str = "val_loss"
    patience: int = 5
    min_delta: float = 0.0
    restore: bool = True
    best_only: bool = True
    position: int = MAX_EPOCHS - 1
    speed: int = 4

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            run=name if NAME.fullmatch(name := params.get("run", "")) else "",
            figure=read.choice("figure", ("loss", "accuracy")),
            monitor=read.choice("monitor", MONITORS),
            patience=read.whole("patience", 0, MAX_PATIENCE),
            min_delta=read.number("min_delta", 0, MAX_DELTA),
            restore=read.flag("restore"),
            best_only=read.flag("best_only"),
            position=read.whole("position", 0, MAX_EPOCHS - 1),
            speed=read.whole("speed", 1, MAX_SPEED),
        )
