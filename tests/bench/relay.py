"""Count what crosses the wire: a relay between browser and server, which sees every byte as it is sent, packed or not.

A browser's own tools tell a web socket's messages unpacked; what a classroom's access point carries is this.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Relay:
    """A relay that counts bytes.

    Attributes:
        url: its address for a browser.
        received: bytes from the server since `forget`.
    """

    url: str = ""
    received: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, count: int) -> None:
        """Count bytes from the server."""
        with self._lock:
            self.received += count

    def forget(self) -> None:
        """Set the count to zero."""
        with self._lock:
            self.received = 0


@contextmanager
def counting_relay(server: str) -> Iterator[Relay]:
    """Relay to a server, given by its URL, until the block ends."""
    target = urlsplit(server)
    relay = Relay()
    ready, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: bool) -> None:
        with suppress(ConnectionError, asyncio.CancelledError), closing(writer):
            while data := await reader.read(65536):
                if counted:
                    relay.add(len(data))
                writer.write(data)
                await writer.drain()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, back = await asyncio.open_connection(target.hostname, target.port)
        await asyncio.gather(pump(reader, back, counted=False), pump(onward, writer, counted=True))

    async def serve() -> None:
        listening = await asyncio.start_server(accept, "127.0.0.1", 0)
        relay.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        ready.set()
        await ended.wait()
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield relay
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()
