"""Places for work under way: the next one in line gets what becomes free, and nobody waits for ever."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress

BUSY = 0.3
"""Share of a processor's time: a process that uses less is waiting for something else."""


class Stopwatch:
    """Says whether this process has been computing since the stopwatch was made, or last asked."""

    def __init__(self) -> None:
        self._since, self._worked = time.monotonic(), time.process_time()

    def was_busy(self) -> bool:
        """Return whether it was, and begin anew."""
        now, worked = time.monotonic(), time.process_time()
        busy = worked - self._worked > BUSY * (now - self._since)
        self._since, self._worked = now, worked
        return busy


class Places:
    """A few places for each key, such as a browser. For one event loop.

    Args:
        most: places of one key.
        patience: seconds after which somebody goes on without a free place if the process has not been busy meanwhile.
        longest: seconds after which somebody goes on in any case.
        stopwatch: see `Stopwatch`.
    """

    def __init__(
        self, most: int, patience: float, longest: float, stopwatch: Callable[[], Stopwatch] = Stopwatch
    ) -> None:
        self._most, self._patience, self._longest, self._stopwatch = most, patience, longest, stopwatch
        self._taken: dict[Hashable, int] = {}
        self._lines: dict[Hashable, deque[asyncio.Future[None]]] = {}

    async def take(self, key: Hashable) -> None:
        """Take a place; every `take` needs one `leave`, unless it was cancelled."""
        if self._taken.get(key, 0) >= self._most and await self._waited(key):
            return  # whoever left has handed the place on
        self._taken[key] = self._taken.get(key, 0) + 1

    async def _waited(self, key: Hashable) -> bool:
        """Wait in line, and return whether a place became free."""
        line = self._lines.setdefault(key, deque())
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(turn)
        end, stopwatch = time.monotonic() + self._longest, self._stopwatch()
        try:
            while not turn.done():
                await asyncio.wait({turn}, timeout=self._patience)
                if not turn.done() and (not stopwatch.was_busy() or time.monotonic() >= end):
                    return False
        except asyncio.CancelledError:
            if turn.done():
                self.leave(key)
            raise
        finally:
            with suppress(ValueError):
                line.remove(turn)
            if not line and self._lines.get(key) is line:
                del self._lines[key]
        return True

    def leave(self, key: Hashable) -> None:
        """Give a place back."""
        line = self._lines.get(key)
        while line and self._taken[key] <= self._most:
            turn = line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._taken[key] -= 1
        if not self._taken[key]:
            del self._taken[key]

    def taken(self, key: Hashable) -> int:
        """Return how many places of a key are taken."""
        return self._taken.get(key, 0)
