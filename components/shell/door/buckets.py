"""Token buckets: who asks little is never kept waiting, who asks without end waits for what he asks too much."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST_KEYS = 4096
"""Buckets that are kept at a time; the one that was used longest ago goes first, and is full if it comes back."""


class Bucket:
    """Holds up to `size` tokens, and gets `rate` new ones a second."""

    def __init__(self, size: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._rate, self._clock = size, rate, clock
        self._tokens, self._since = size, clock()

    def wait(self, cost: float = 1.0) -> float:
        """Take tokens, and return the seconds to wait until they are there: 0 if they are."""
        self._fill()
        self._tokens -= cost
        return max(0.0, -self._tokens / self._rate)

    def try_take(self, cost: float = 1.0) -> bool:
        """Take tokens if they are there, and return whether they were."""
        self._fill()
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self._size, self._tokens + (now - self._since) * self._rate)
        self._since = now


class Buckets:
    """A bucket for each key, such as a browser."""

    def __init__(self, size: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._rate, self._clock = size, rate, clock
        self._kept: OrderedDict[Hashable, Bucket] = OrderedDict()

    def of(self, key: Hashable) -> Bucket:
        """Return the bucket of a key."""
        if key not in self._kept and len(self._kept) >= MOST_KEYS:
            self._kept.popitem(last=False)
        bucket = self._kept.get(key)
        if bucket is None:
            bucket = self._kept[key] = Bucket(self._size, self._rate, self._clock)
        self._kept.move_to_end(key)
        return bucket
