"""Connections below HTTP: how many may be open, and how long one may take to say what it wants.

The server keeps a connection for as long as its client likes, and one that says nothing costs a file number of the few
that a process has. So the oldest silent one has to go when there is no room: whoever says at once what is wanted gets
in.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable

from components.clients import is_loopback, network_of
from components.streamlit_server import Connection

HEAD_SECONDS = 10.0
"""Within that time, and twice that at most, the head of a request is there."""

FILE_NUMBERS = (65536, 10240, 4096, 1024)
"""Numbers of open files to ask the system for; the first that it gives is taken. macOS begins with 256."""

RESERVED = 1 / 4
"""Of the file numbers, for everything that is no connection: files, workers, TensorBoard."""


def raise_file_numbers() -> int:
    """Let this process and its children open as many files as the system allows, and return how many that are."""
    try:
        import resource
    except ImportError:  # Windows has no such limit on connections
        return FILE_NUMBERS[0]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in FILE_NUMBERS:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft != resource.RLIM_INFINITY and most <= soft:
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        except (ValueError, OSError):  # more than the system's own limit
            continue
        break
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return FILE_NUMBERS[0] if soft == resource.RLIM_INFINITY else soft


class Connections:
    """All open connections of the server.

    Args:
        most: of all networks.
        head_seconds: see `HEAD_SECONDS`.
        later: `loop.call_later`.
    """

    def __init__(
        self,
        most: int,
        head_seconds: float = HEAD_SECONDS,
        later: Callable[..., object] | None = None,
    ) -> None:
        self.most = most
        self._seconds = head_seconds
        self._later = later or (lambda *what: asyncio.get_running_loop().call_later(*what))
        self._open: defaultdict[str, list[Connection]] = defaultdict(list)

    def opened(self, connection: Connection) -> None:
        """Take note of a new connection; close another one, or this one, where there is no room."""
        network = network_of(connection.address)
        self._open[network].append(connection)
        self._forget_closed(network)
        # A proxy on this machine brings everybody's connections.
        share = self.most if is_loopback(network) else max(self.most // 2, 1)
        if len(self._open[network]) > share:
            self._make_room(network)
        elif sum(map(len, self._open.values())) > self.most:
            for name in list(self._open):
                self._forget_closed(name)
            if sum(map(len, self._open.values())) > self.most:
                self._make_room(max(self._open, key=lambda name: len(self._open[name])))
        self._later(self._seconds, self._look, connection, None)

    def _look(self, connection: Connection, before: object) -> None:
        """Close a connection that has been waiting for a request's head since the last look."""
        if not connection.is_open:
            return
        waiting = connection.waiting_for
        if waiting is not None and waiting == before:
            connection.abort()
        else:
            self._later(self._seconds, self._look, connection, waiting)

    def _make_room(self, network: str) -> None:
        """Close the oldest silent connection of a network, or its newest one if all have said something."""
        connections = self._open[network]
        silent = (one for one in connections if one.is_open and one.waiting_for is not None)
        victim = next(silent, connections[-1])
        connections.remove(victim)
        victim.abort()

    def _forget_closed(self, network: str) -> None:
        self._open[network] = [one for one in self._open[network] if one.is_open]
        if not self._open[network]:
            del self._open[network]
