"""A run on the terminal: one line that moves, and one that stays for each epoch."""

import math
import shutil
import sys
import time
from typing import IO

from models.runs.records import BatchLine, EpochLine, figure

MOST_SECONDS = 8_640_000
"""A longer time is no forecast, but a figure that makes no sense."""


class ProgressBar:
    """Shows the lines of a training as they come. To a file or a pipe, only the lines of epochs are written.

    Args:
        epochs: all epochs of the run.
        images: training pictures in an epoch.
        batch_size: pictures in a batch.
        stream: where to write; standard error by default.
    """

    WIDTH = 24

    def __init__(self, epochs: int, images: int = 0, batch_size: int = 1, stream: IO[str] | None = None) -> None:
        self.epochs = epochs
        self.images = images
        self.batch_size = batch_size
        self.stream = stream or sys.stderr
        self.moves = self.stream.isatty()
        self._shown = 0.0
        self._length = 0

    @property
    def steps(self) -> int:
        """Batches in an epoch."""
        return -(-self.images // self.batch_size)

    def event(self, event: BatchLine | EpochLine) -> None:
        """Show a line of metrics.jsonl."""
        if event["kind"] == "epoch":
            self.clear()
            print(self._epoch(event), file=self.stream, flush=True)
        elif self.moves and time.monotonic() - self._shown > 0.1:
            self._show(self._batch(event))

    def preparation(self, doing: str, done: int, total: int) -> None:
        """Show the progress of preparing the data."""
        if self.moves and (done == total or time.monotonic() - self._shown > 0.1):
            self._show(f"{doing}: {done:,} of {total:,}")
            if done == total:
                self.clear()

    def clear(self) -> None:
        """Erase the moving line, so that other text can be printed."""
        if self._length:
            self.stream.write("\r" + " " * self._length + "\r")
            self.stream.flush()
            self._length = 0

    def _batch(self, event: BatchLine) -> str:
        rate = event["images_per_s"]
        left = (self.epochs - event["epoch"]) * self.images - event["step"] * self.batch_size
        begin = f"epoch {event['epoch'] + 1}/{self.epochs} "
        figures = "  ".join(_figures(event, "loss", "accuracy"))
        remaining = duration(left / rate) if rate else "?"
        end = f"{event['step']}/{self.steps}  {figures}  {rate:.0f} images/s  {remaining} left"
        width = min(self.WIDTH, _columns() - len(begin) - len(end) - 3)
        if width < 4:  # too short for a bar: the numbers matter more
            return begin + end
        filled = round(min(1.0, event["step"] / max(1, self.steps)) * width)
        return f"{begin}[{'#' * filled}{'.' * (width - filled)}] {end}"

    def _epoch(self, event: EpochLine) -> str:
        parts = [f"epoch {event['epoch'] + 1}/{self.epochs}"]
        parts += _figures(event, "loss", "accuracy", "val_loss", "val_accuracy")
        if "images_per_s" in event and "seconds" in event:
            parts += [f"{event['images_per_s']:.0f} images/s", duration(event["seconds"])]
        return "  ".join(parts)

    def _show(self, text: str) -> None:
        self._shown = time.monotonic()
        text = text[: _columns()]  # a line that wraps could not be overwritten
        self.stream.write("\r" + text.ljust(self._length))
        self.stream.flush()
        self._length = len(text)


def _figures(event: BatchLine | EpochLine, *names: str) -> list[str]:
    return [f"{name} {shown(value)}" for name in names if (value := figure(event, name)) is not None]


def _columns() -> int:
    """Characters that fit on a line of the terminal. The last column stays free: some terminals wrap there."""
    return shutil.get_terminal_size().columns - 1


def shown(value: float) -> str:
    """Return a figure as it is read: 0.1234, 1.23e+37, or "no number" for NaN and infinity."""
    if not math.isfinite(value):
        return "no number"
    return f"{value:.4f}" if abs(value) < 1e5 else f"{value:.3g}"


def duration(seconds: float) -> str:
    """Return a time in words: 45 s, 3 min 20 s, 2 h 5 min."""
    if not seconds < MOST_SECONDS:
        return f"more than {MOST_SECONDS // 86400:,} days"
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
