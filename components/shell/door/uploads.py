"""ASGI middleware: a file is taken only from the browser whose page asked for it, and only while there is room.

Streamlit limits the size of one file; the limits of the widgets are looked at in the browser alone. All of it lies in
memory until the page has read it.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.browser.serving import base_path
from components.clients import Client, browser_in, client_of
from components.shell.door.buckets import Buckets
from components.streamlit_server import cookies_of_session, is_place_for_upload, uploaded_bytes

MOST_BYTES = 2 * 2**30
"""Of uploads in memory at a time, for all; less on a computer with little memory."""

SHARE_OF_MEMORY, SHARE_OF_NETWORK, SHARE_OF_BROWSER = 1 / 4, 2 / 3, 1 / 3
"""What all uploads may have of the memory, and one network and one browser of that."""

AT_ONCE_OF_BROWSER, AT_ONCE_OF_NETWORK = 8, 80
"""A browser has six connections to a server."""

FILES_OF_BROWSER = (300, 10.0)
"""Files at once, and a second from then on: three classes of a hundred photos each are dropped at once."""

PATIENCE_SECONDS = 30.0
"""After that time without a byte, a file is given up."""


class _Arriving(NamedTuple):
    client: Client
    size: int


class Uploads:
    """Bound the files that Streamlit receives: see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._path = re.compile(rf"{re.escape(base_path())}/_stcore/upload_file/([^/]+)/([^/]+)")
        self._arriving: list[_Arriving] = []
        self._owners: dict[str, Client] = {}
        self._files = Buckets(*FILES_OF_BROWSER)
        self.most_bytes = min(MOST_BYTES, int(psutil.virtual_memory().total * SHARE_OF_MEMORY))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks."""
        place = self._path.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if place is None or scope["method"] not in ("PUT", "DELETE"):
            await self.app(scope, receive, send)
            return
        session, file = place.groups()
        client, size = client_of(scope), _size(scope)
        status, words = self._judge(scope["method"], session, file, client, size)
        if status:
            answer = PlainTextResponse(words, status, headers={"connection": "close"})
            await answer(scope, receive, send)
        elif scope["method"] == "DELETE":
            await self.app(scope, receive, send)
        else:
            self._owners[session] = client
            with self._counted(client, size):
                await asyncio.sleep(self._files.of(client).wait())
                await _patiently(self.app, scope, receive, send)

    def _judge(self, method: str, session: str, file: str, client: Client, size: int) -> tuple[int, str]:
        cookies = cookies_of_session(session)
        if cookies is None:
            return 400, "There is no such page open."
        if browser_in([f"{name}={value}" for name, value in cookies.items()]) != client.browser:
            return 403, "This page belongs to another browser."
        if method == "DELETE":
            return 0, ""
        if not is_place_for_upload(session, file):
            return 404, "No page has asked for this file."
        if size < 0:
            return 411, "How long the file is has to be said first."
        mine = [one for one in self._arriving if one.client == client]
        near = [one for one in self._arriving if one.client.network == client.network]
        if len(mine) >= AT_ONCE_OF_BROWSER or len(near) >= AT_ONCE_OF_NETWORK:
            return 429, "Too many files at once. Try again in a moment."
        if not self._has_room(client, size):
            return 413, "There is no room for this file just now. Try again in a minute, or with fewer files."
        return 0, ""

    def _has_room(self, client: Client, size: int) -> bool:
        held = uploaded_bytes()
        coming = {session for session in self._owners if cookies_of_session(session) is not None}
        self._owners = {one: owner for one, owner in self._owners.items() if one in held or one in coming}
        counted = [(self._owners.get(session), amount) for session, amount in held.items()]
        counted += [(one.client, one.size) for one in self._arriving]
        everybody = sum(amount for _, amount in counted)
        network = sum(amount for owner, amount in counted if owner and owner.network == client.network)
        browser = sum(amount for owner, amount in counted if owner == client)
        return (
            everybody + size <= self.most_bytes
            and network + size <= self.most_bytes * SHARE_OF_NETWORK
            and browser + size <= self.most_bytes * SHARE_OF_BROWSER
        )

    @contextmanager
    def _counted(self, client: Client, size: int) -> Iterator[None]:
        arriving = _Arriving(client, size)
        self._arriving.append(arriving)
        try:
            yield
        finally:
            self._arriving.remove(arriving)


def _size(scope: Scope) -> int:
    given = Headers(scope=scope).get("content-length", "")
    return int(given) if re.fullmatch(r"[0-9]{1,15}", given) else -1


async def _patiently(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the app, and give up a body that stops coming; of one that breaks off, nothing is written into the log."""
    begun = False

    async def next_part() -> Message:
        try:
            return await asyncio.wait_for(receive(), PATIENCE_SECONDS)
        except TimeoutError:
            return {"type": "http.disconnect"}

    async def note_and_send(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await app(scope, next_part, note_and_send)
    except ClientDisconnect:
        if not begun:
            answer = PlainTextResponse("The file did not come to its end.", 408, headers={"connection": "close"})
            await answer(scope, receive, send)
