"""ASGI middleware: give every browser a random name of its own, in a cookie that no script can read.

Whoever starts a training may stop it again: that needs a browser to be known again, after a reload and after a restart
of the server. It is no account, holds nothing about the visitor, and no other site gets it.
"""

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.clients import COOKIE, is_name

SECONDS = 365 * 24 * 3600
_BYTES = 24


class VisitorCookie:
    """Set the cookie along with a page, if the browser sends none of the right form."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks."""
        if scope["type"] != "http" or scope["method"] != "GET" or _has_cookie(scope):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # With pages only: several files requested at once would each set another name.
                if headers.get("content-type", "").startswith("text/html"):
                    secure = "; Secure" if scope.get("scheme") == "https" else ""
                    name = secrets.token_urlsafe(_BYTES)
                    headers.append(
                        "set-cookie", f"{COOKIE}={name}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Lax{secure}"
                    )
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _has_cookie(scope: Scope) -> bool:
    return is_name(cookie_parser("; ".join(Headers(scope=scope).getlist("cookie"))).get(COOKIE, ""))
