"""The door: what stands between the network and Streamlit. `app.py` alone imports it, and what knows visitors."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.middleware import Middleware

from components.shell.compression import CachedGzip
from components.shell.door.connections import HEAD_SECONDS, RESERVED, Connections, raise_file_numbers
from components.shell.door.first_paint import FirstPaint
from components.shell.door.forgetting import EVERY_SECONDS, Forgetting
from components.shell.door.headers import SafetyHeaders, server_error
from components.shell.door.logs import limit_logs
from components.shell.door.origins import KnownOrigins
from components.shell.door.sockets import Sockets
from components.shell.door.uploads import Uploads
from components.shell.visitor_cookie import VisitorCookie
from components.streamlit_server import (
    ask_no_other_host,
    keep_sessions,
    note_upload_places,
    read_web_sockets_in_pieces,
    watch_connections,
)

__all__ = ["build", "error_handlers", "middleware", "open_door"]

MOST_SESSIONS = 512
"""That are kept for browsers that are away for a moment. A class of forty that loses its network has some hundred."""

error_handlers = {Exception: server_error}


def build(head_seconds: float = HEAD_SECONDS) -> None:
    """Set up, before the server begins, what lies below HTTP.

    Args:
        head_seconds: within that time, and twice that at most, a connection has to say what it wants.
    """
    ask_no_other_host()
    note_upload_places()
    read_web_sockets_in_pieces()
    numbers = raise_file_numbers()
    watch_connections(Connections(int(numbers * (1 - RESERVED)), head_seconds).opened)


def middleware() -> list[Middleware]:
    """Return what every request passes, the outermost first."""
    return [
        Middleware(one)
        for one in (SafetyHeaders, KnownOrigins, Sockets, Uploads, VisitorCookie, CachedGzip, FirstPaint)
    ]


@asynccontextmanager
async def open_door(forget_every: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Let visitors in until the block ends.

    Args:
        forget_every: seconds between two looks for visitors who have left.
    """
    limit_logs()
    keep_sessions(MOST_SESSIONS)
    # What is imported by now stays: looking through it again and again is wasted time. No visitor is here yet; one who
    # was would be kept for ever.
    gc.collect()
    gc.freeze()
    forgetting = asyncio.create_task(Forgetting(forget_every).go_on(), name="forget visitors")
    try:
        yield
    finally:
        forgetting.cancel()
        with suppress(asyncio.CancelledError):
            await forgetting
