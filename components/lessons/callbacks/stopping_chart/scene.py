"""Everything that a visitor can set on the stopping chart, as one value that fits into a URL."""

from dataclasses import dataclass

from components.networks.network_parameters import run_parameter
from components.scene import Playing, choice, flag, number, whole

FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")
MONITORS = ("val_loss", "val_accuracy", "loss")

MAX_DELTA = 1.0
MAX_EPOCHS = 200
MAX_SPEED = 60

MAX_PATIENCE = 40
"""The largest patience, in epochs."""


@dataclass(frozen=True)
class StoppingScene(Playing):
    """All settings of the stopping chart.

    Attributes:
        run: the run that the callbacks are applied to; "" for the first one that ships with the course.
        figure: which curves are drawn, "loss" or "accuracy".
        monitor: the figure that both callbacks watch, one of `MONITORS`.
        patience: epochs without an improvement that EarlyStopping waits for.
        min_delta: an improvement has to be larger than this.
        restore: EarlyStopping's restore_best_weights.
        best_only: ModelCheckpoint's save_best_only.
        position: index of the epoch that has just ended; a larger one means the last epoch that is trained.
        speed: epochs a second while playing.
    """

    run: str = run_parameter()
    figure: str = choice("loss", ("loss", "accuracy"))
    monitor: str = choice("val_loss", MONITORS)
    patience: int = whole(5, 0, MAX_PATIENCE)
    min_delta: float = number(0.0, 0, MAX_DELTA)
    restore: bool = flag(True)
    best_only: bool = flag(True)
    position: int = whole(MAX_EPOCHS - 1, 0, MAX_EPOCHS - 1)
    speed: int = whole(4, 1, MAX_SPEED)
