"""The lines of a metrics.jsonl, read with bounds: a long history is thinned while it is read, not afterwards."""

import contextlib
import math
import os
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from models.runs.bounds import is_count, is_number, parsed
from models.runs.config import MOST_EPOCHS
from models.runs.records import FIGURES, Event

MOST_BYTES = 128 * 2**20
"""Most that is read of a file, its end. 128 MB are more than 600,000 batches."""

MOST_EPOCH_LINES = 20_000
"""Most lines of epochs that a page reads of a run, the last ones."""

LINE_BYTES = 2**13
"""A longer line was written by no training."""

_USUAL_BYTES = 150
"""A line of a batch as the course writes it, so that a file's size says about how many there are."""

_PIECE = 2**18
_IS_EPOCH = re.compile(rb'"kind"\s*:\s*"epoch"')

_FIGURE = 1e39
"""Largest loss: float32 has no larger number."""

_SHARE = (-0.001, 1.001)
"""Bounds of an accuracy; the last digits of a mean may lie outside of 0 to 1."""

_BOUNDS = {
    "accuracy": _SHARE,
    "val_accuracy": _SHARE,
    "time": (0.0, 1e11),
    "seconds": (0.0, 1e10),
    "images_per_s": (0.0, 1e9),
    "best_epoch": (-1, MOST_EPOCHS),
}
"""Number of a line → its lowest and highest value."""

_TIMES = ("time", "seconds", "images_per_s")


def read(path: Path, start: int = 0, *, batches: int | None = None) -> tuple[list[Event], int]:
    """Return whole lines after an offset.

    Args:
        path: the file.
        start: an offset in bytes that an earlier call returned, or 0.
        batches: about how many lines of batches are enough, evenly from all; the newest is among them. 0 for none;
            None for all of them.

    Returns:
        The lines that a training may have written, and the offset after them. If a resumed run has cut its file back
        below `start`, they are read from 0. Of a file that is larger than any honest one, they are those of its end.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            start = _valid(file, start, size)
            begin = max(start, size - MOST_BYTES)
            step = 1 if not batches else max(1, (size - begin) // (batches * _USUAL_BYTES))
            found = _Chosen(batches, step)
            end = start
            for line, after in _whole_lines(file, begin, size, cut=begin > start):
                found.take(line)
                end = after
    except OSError:
        return [], 0
    return found.events(), end


def all_of(path: Path, start: int = 0) -> Iterator[Event]:
    """Yield the lines after an offset one by one; a line that the offset cuts is left out."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            begin = max(start, size - MOST_BYTES)
            for line, _ in _whole_lines(file, begin, size, cut=begin > 0):
                if (event := _event(line)) is not None:
                    yield event
    except OSError:
        return


class _Chosen:
    """The lines that are read of a file: all, or those of epochs and some of batches."""

    def __init__(self, batches: int | None, step: int) -> None:
        self.all, self.some, self.step = batches is None, bool(batches), step
        self.found: list[Event] = []
        self.epochs: deque[bytes] = deque(maxlen=MOST_EPOCH_LINES)
        self.passed = 0
        self.newest = b""

    def take(self, line: bytes) -> None:
        if not self.all and _IS_EPOCH.search(line):
            self.epochs.append(line)
            return
        if self.all or (self.some and self.passed % self.step == 0):
            self._add(line)
            self.newest = b""
        elif self.some:
            self.newest = line
        self.passed += 1

    def _add(self, line: bytes) -> None:
        if (event := _event(line)) is not None:
            self.found.append(event)

    def events(self) -> list[Event]:
        if self.newest:
            self._add(self.newest)
        for line in self.epochs:
            self._add(line)
        return self.found


def _valid(file: IO[bytes], start: int, size: int) -> int:
    """The offset, or 0 if the file was cut back and has grown again: there may be other lines before it."""
    if not 0 < start <= size:
        return 0
    file.seek(start - 1)
    return start if file.read(1) == b"\n" else 0


def _whole_lines(file: IO[bytes], begin: int, end: int, *, cut: bool) -> Iterator[tuple[bytes, int]]:
    """Yield every line that ends with a line end, and the offset after it.

    With `cut`, the first line began before `begin` and is left out. A line that is too long comes as an empty one.
    """
    file.seek(begin)
    rest, place = b"", begin
    while place < end and (piece := file.read(min(_PIECE, end - place))):
        after = place - len(rest)
        place += len(piece)
        *lines, last = (rest + piece).split(b"\n")
        for line in lines:
            after += len(line) + 1
            yield (b"" if cut or len(line) > LINE_BYTES else line), after
            cut = False
        if len(last) > LINE_BYTES:  # nothing of it is kept but its length, which the offsets need
            cut, last = True, b""
        rest = last


def _event(line: bytes) -> Event | None:
    """The event of a line; None if no training has written it."""
    with contextlib.suppress(ValueError):  # a full disk left half a line, and a later line was appended to it
        event = parsed(line)
        if isinstance(event, dict) and _makes_sense(event := _with_figures(event)):
            return event
    return None


def _with_figures(event: dict[str, object]) -> dict[str, object]:
    """A line with NaN for every figure that is null: JSON has no NaN."""
    if None not in event.values():
        return event
    return {name: math.nan if value is None and name in FIGURES else value for name, value in event.items()}


def _makes_sense(event: Event) -> bool:
    """Whether a training may have written the line of a batch or an epoch. Lines of other kinds are not judged."""
    kind = event.get("kind")
    if kind not in ("batch", "epoch"):
        return True
    step = event.get("step") if kind == "batch" else 0
    return (
        is_count(event.get("epoch"), MOST_EPOCHS - 1)
        and is_count(step)
        and type(event.get("best_epoch", 0)) is int
        and all(_fits(name, value) for name, value in event.items() if name != "kind")
    )


def _fits(name: str, value: object) -> bool:
    if not is_number(value):
        return isinstance(value, float) and name not in _TIMES  # NaN
    if math.isinf(value):
        return name not in _TIMES
    low, high = _BOUNDS.get(name, (-_FIGURE, _FIGURE))
    return low <= value <= high
