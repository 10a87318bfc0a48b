"""Places for work under way: the next one in line gets what becomes free, and nobody waits for ever."""

import asyncio
from collections import deque
from collections.abc import Hashable
from contextlib import suppress


class Places:
    """A few places for each key, such as a browser. For one event loop.

    Args:
        most: places of one key.
        patience: seconds after which somebody goes on without one that was free.
    """

    def __init__(self, most: int, patience: float) -> None:
        self._most, self._patience = most, patience
        self._taken: dict[Hashable, int] = {}
        self._lines: dict[Hashable, deque[asyncio.Future[None]]] = {}

    async def take(self, key: Hashable) -> None:
        """Take a place; every `take` needs one `leave`, unless it was cancelled."""
        if self._taken.get(key, 0) >= self._most:
            line = self._lines.setdefault(key, deque())
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            line.append(turn)
            try:
                with suppress(TimeoutError):
                    await asyncio.wait_for(turn, self._patience)
                    return  # whoever left has handed the place on
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self.leave(key)
                raise
            finally:
                with suppress(ValueError):
                    line.remove(turn)
                if not line:
                    self._lines.pop(key, None)
        self._taken[key] = self._taken.get(key, 0) + 1

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
