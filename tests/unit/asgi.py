"""Ask an ASGI app for something without a server."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Answer:
    """A response as the client gets it."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def receive() -> dict:
    return {"type": "http.request", "body": b"", "more_body": False}


async def request(app, path: str, *, method: str = "GET", hears=receive, **headers: str) -> Answer:
    """Request a path from an app, as a web server would; headers are named with underscores.

    Args:
        hears: what the app learns from the client, message by message.
    """
    answer = Answer()
    finished = False

    async def send(message):
        nonlocal finished
        assert not finished, "something was sent after the end of the body"
        if message["type"] == "http.response.start":
            assert answer.status == 0, "the answer started twice"
            answer.status = message["status"]
            for name, value in message["headers"]:
                assert name.decode() not in answer.headers, f"{name.decode()} was sent twice"
                answer.headers[name.decode()] = value.decode()
        else:
            answer.body += message.get("body", b"")
            finished = not message.get("more_body", False)

    encoded = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, object] = {"type": "http", "method": method, "path": path, "headers": encoded, "query_string": b""}
    scope["extensions"] = {"http.response.pathsend": {}, "other": {}}
    await app(scope, hears, send)
    assert finished, "the body was never finished"
    return answer


def get(app, path: str, **options: str) -> Answer:
    return asyncio.run(request(app, path, **{"accept_encoding": "gzip, deflate, br", **options}))
