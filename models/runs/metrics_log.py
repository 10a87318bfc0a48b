"""metrics.jsonl: one event a line, readable the moment it is written."""

import os
from collections.abc import Callable
from pathlib import Path

from models.runs.records import BatchLine, EpochLine, Event
from models.storage import json_text

Report = Callable[[BatchLine | EpochLine], None]
"""Called with every line after it has been written."""


class MetricsLog:
    """The open metrics.jsonl. Every line goes to the operating system at once: a killed process loses none."""

    def __init__(self, path: Path, keep_bytes: int = 0) -> None:
        """Open the file and cut it back to the length that a checkpoint holds.

        Raises:
            OSError: the file cannot be written.
        """
        self._file = path.open("ab")
        size = os.fstat(self._file.fileno()).st_size
        self._file.truncate(min(keep_bytes, size))  # a longer length would append zeros
        self._file.seek(0, os.SEEK_END)

    def write(self, event: Event) -> None:
        """Append a line.

        Raises:
            OSError: the disk is full. A part of the line may be at the file's end; the next resume cuts it off.
        """
        line = (json_text(event) + "\n").encode()
        view = memoryview(line)
        while view:
            view = view[os.write(self._file.fileno(), view) :]

    def flushed(self) -> int:
        """Write the file through to the disk and return its length in bytes.

        Raises:
            OSError: the disk is full.
        """
        os.fsync(self._file.fileno())
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Close the file."""
        self._file.close()
