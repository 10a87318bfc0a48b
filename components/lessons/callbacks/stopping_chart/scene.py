"""Everything that a visitor can set on the stopping chart, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Playing, choice, flag, number, text, whole

FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")
MONITORS = ("val_loss", "val_accuracy", "loss")
NAME = r"[\w .,:-]{0,100}"
"""What a run can be called."""

MAX_DELTA = 1.0
MAX_EPOCHS = 200
MAX_SPEED = 60

MAX_PATIENCE = 40
"""Epochs, at most."""


@dataclass(frozen=True)
class StoppingScene(Playing):
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

    run: str = text("", NAME)
    figure: str = choice("loss", ("loss", "accuracy"))
    monitor: str = choice("val_loss", MONITORS)
    patience: int = whole(5, 0, MAX_PATIENCE)
    min_delta: float = number(0.0, 0, MAX_DELTA)
    restore: bool = flag(True)
    best_only: bool = flag(True)
    position: int = whole(MAX_EPOCHS - 1, 0, MAX_EPOCHS - 1)
    speed: int = whole(4, 1, MAX_SPEED)
