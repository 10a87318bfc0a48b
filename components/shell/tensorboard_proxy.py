"""TensorBoard under the app's own address: who reaches the course reaches /tensorboard; no further port is open."""

import functools
import http.client
import json
from urllib.parse import unquote

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from models.engine.tensorboard_server import HOST, PREFIX, TensorBoardError, TensorBoardServer

SECONDS = 60.0
MAX_REQUEST_BYTES = 1024 * 1024
"""TensorBoard's page asks for several curves at once in a small form."""

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""Its largest file has 3 MB; curves and histograms of many runs may have more."""

AT_ONCE, WAITING = 4, 32
"""Requests that TensorBoard works on at a time, and that may wait. Pages are served by other threads than these."""

_PASSED_ON = ("accept", "accept-encoding", "accept-language", "content-type", "if-none-match", "range")
_PASSED_BACK = (
    *("cache-control", "content-disposition", "content-encoding", "content-range", "content-security-policy"),
    *("content-type", "etag", "expires", "last-modified", "location", "vary", "x-content-type-options"),
)

server = TensorBoardServer()
_room = CapacityLimiter(AT_ONCE)
_asking: list[Request] = []


async def tensorboard(request: Request) -> Response:
    """Pass a request on to TensorBoard and its response back; start TensorBoard if it is not running."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_REQUEST_BYTES:
            return PlainTextResponse("This request is too large.", 413)
    raw = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.decode("ascii").partition("?")[0]
    steps = unquote(unquote(path)).replace("\\", "/").split("/")
    if not (path == PREFIX or path.startswith(f"{PREFIX}/")) or ".." in steps:
        return PlainTextResponse("There is nothing here.", 404)
    if len(_asking) >= AT_ONCE + WAITING:
        return PlainTextResponse("TensorBoard has too much to do just now. Load this page again in a moment.", 503)
    target = f"{path}?{request.url.query}" if request.url.query else path
    headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
    _asking.append(request)
    try:
        return await to_thread.run_sync(functools.partial(_asked, request.method, target, headers, body), limiter=_room)
    except TensorBoardError as error:
        return PlainTextResponse(str(error), 503)
    except (OSError, http.client.HTTPException):
        return PlainTextResponse("TensorBoard does not answer just now. Load this page again in a moment.", 502)
    finally:
        _asking.pop()


def _asked(method: str, target: str, headers: dict[str, str], body: bytes) -> Response:
    connection = http.client.HTTPConnection(HOST, server.port(), timeout=SECONDS)
    try:
        connection.request(method, target, body or None, headers)
        answer = connection.getresponse()
        content = answer.read(MAX_ANSWER_BYTES + 1)
        if len(content) > MAX_ANSWER_BYTES:
            return PlainTextResponse("TensorBoard's answer is too large to be shown here.", 502)
        if target.partition("?")[0] == f"{PREFIX}/data/environment":
            content = _without_place(content)
        kept = {name: value for name in _PASSED_BACK if (value := answer.getheader(name)) is not None}
        return Response(content, answer.status, kept)
    finally:
        connection.close()


def _without_place(environment: bytes) -> bytes:
    """Return what TensorBoard says about itself without the path of the folder of runs."""
    try:
        said = json.loads(environment)
    except ValueError:
        return environment
    return json.dumps({**said, "data_location": "runs"}, allow_nan=False).encode() if isinstance(said, dict) else b"{}"
