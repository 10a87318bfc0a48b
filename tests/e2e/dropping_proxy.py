"""A proxy between browser and server whose connections can be cut and allowed again."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class DroppingProxy:
    """Passes bytes on between a port of its own and another one of this machine.

    Attributes:
        port: its own.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self._target = target
        self._refuses = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task] = set()
        self._ready = threading.Event()

    def drop(self) -> None:
        """Cut all connections and take no new ones."""

        def cut() -> None:
            self._refuses = True
            self._cut()

        self._loop.call_soon_threadsafe(cut)

    def allow(self) -> None:
        """Take connections again."""

        def take() -> None:
            self._refuses = False

        self._loop.call_soon_threadsafe(take)

    async def serve(self) -> None:
        """Pass bytes on until `end`."""
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._connect, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._ended.wait()
            self._refuses = True
            self._cut()
            await asyncio.gather(*self._tasks)

    def end(self) -> None:
        """Cut all connections and stop."""
        self._loop.call_soon_threadsafe(self._ended.set)

    def wait(self) -> None:
        """Wait until the proxy has a port."""
        assert self._ready.wait(10)

    def _cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:  # the server is away
            writer.transport.abort()
            return
        ends = {writer, other_writer}
        self._writers |= ends
        await asyncio.gather(_pass_on(reader, other_writer), _pass_on(other_reader, writer))
        self._writers -= ends


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def dropping_proxy(target: int) -> Iterator[DroppingProxy]:
    """Run a proxy to the port `target` until the block ends."""
    proxy = DroppingProxy(target)
    thread = threading.Thread(target=lambda: asyncio.run(proxy.serve()), daemon=True)
    thread.start()
    proxy.wait()
    try:
        yield proxy
    finally:
        proxy.end()
        thread.join(10)
