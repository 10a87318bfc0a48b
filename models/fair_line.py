"""Turns: who asks much waits behind who asks little. Networks take turns, and in each of them its browsers."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeAlias, TypeVar

Who: TypeAlias = tuple[str, str]
"""A network address, and the name of a browser; "" for what is unknown.

Neither is proof of anything: a browser can have a new name for every question, a class behind a router has one address.
So both take turns: a network with the others, and a browser with those of its network.
"""

Item = TypeVar("Item")


class FairLine(Generic[Item]):
    """What waits, in the order of turns. For one thread at a time."""

    def __init__(self) -> None:
        self._networks: dict[str, dict[str, deque[Item]]] = {}  # who comes first stands first

    def __len__(self) -> int:
        return sum(1 for _ in self.items())

    def items(self) -> Iterator[tuple[Who, Item]]:
        """Go through all that waits, network by network. What is taken next comes first."""
        for network, browsers in self._networks.items():
            for browser, line in browsers.items():
                for item in line:
                    yield (network, browser), item

    def put(self, who: Who, item: Item) -> None:
        """Put something behind all that waits of the same browser."""
        network, browser = who
        self._networks.setdefault(network, {}).setdefault(browser, deque()).append(item)

    def take(self) -> Item | None:
        """Take what comes first; whose it was comes last from now on. None if nothing waits."""
        for network in self._networks:
            browsers = self._networks.pop(network)
            browser = next(iter(browsers))
            line = browsers.pop(browser)
            item = line.popleft()
            if line:
                browsers[browser] = line
            if browsers:
                self._networks[network] = browsers
            return item
        return None

    def keep(self, wanted: Callable[[Item], bool]) -> None:
        """Drop what is not wanted any more."""
        for network, browsers in list(self._networks.items()):
            for browser, line in list(browsers.items()):
                if not all(map(wanted, line)):
                    browsers[browser] = deque(filter(wanted, line))
                if not browsers[browser]:
                    del browsers[browser]
            if not browsers:
                del self._networks[network]

    def before(self, item: Item) -> int | None:
        """Return how many are taken before this one; None if it does not wait."""
        there = FairLine[Item]()
        there._networks = {
            network: {browser: deque(line) for browser, line in browsers.items()}
            for network, browsers in self._networks.items()
        }
        for place in range(len(self)):
            if there.take() == item:
                return place
        return None


class NoTurnError(Exception):
    """It was not one's turn within the time that was given."""


class FairTurns:
    """A few at a time, in the order of turns; the others wait. For threads."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._line: FairLine[object] = FairLine()
        self._busy = 0

    @contextmanager
    def turn(self, who: Who, *, at_once: int, seconds: float) -> Iterator[None]:
        """Wait until it is one's turn, which lasts as long as the block.

        Args:
            who: whose turn it is.
            at_once: so many blocks may be under way.
            seconds: to wait at most.

        Raises:
            NoTurnError: it was not one's turn in time.
        """
        ticket = object()
        end = time.monotonic() + seconds
        with self._change:
            self._line.put(who, ticket)
            came = False
            try:
                came = self._change.wait_for(
                    lambda: self._busy < at_once and next(self._line.items())[1] is ticket, end - time.monotonic()
                )
            finally:
                if came:
                    self._line.take()
                else:
                    self._line.keep(lambda other: other is not ticket)
                self._change.notify_all()  # another one is the next now
            if not came:
                raise NoTurnError
            self._busy += 1
        try:
            yield
        finally:
            with self._change:
                self._busy -= 1
                self._change.notify_all()
