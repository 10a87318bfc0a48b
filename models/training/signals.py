"""Ctrl-C while a run is trained: a wish, heard between two batches."""

import signal
import threading
from typing import Any


class Signals:
    """Ctrl-C and SIGTERM pause the run after its present batch. A second Ctrl-C ends the program at once.

    Args:
        event: set by either signal. Outside of the main thread, signals cannot be handled.
    """

    def __init__(self, event: threading.Event) -> None:
        self.event = event
        self.before: dict[int, Any] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            self.before[number] = signal.signal(number, self._heard)

    def _heard(self, number: int, _frame: Any) -> None:
        if self.event.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.event.set()

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)
