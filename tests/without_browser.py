"""A visitor without a browser: speaks to a server as Streamlit's page does, by HTTP and its WebSocket."""

import http.client
import socket
import time
from collections.abc import Mapping
from contextlib import ExitStack
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

BOUNDARY = "----part"


class Answer(NamedTuple):
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Visitor:
    """One browser: its cookies, and one page that it has open at a time.

    Args:
        url: the server's.
        source: the address from which the visitor comes, such as 127.0.0.2; "" for the usual one.
    """

    def __init__(self, url: str, *, source: str = "") -> None:
        parts = urlsplit(url)
        self.url, self.host, self.base = url, parts.netloc, parts.path
        self._source = (source, 0) if source else None
        self.cookies: dict[str, str] = {}
        self.session = ""
        self.socket: ClientConnection | None = None
        self._open = ExitStack()
        self.pages: dict[str, str] = {}

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, timeout: float = 30
    ) -> Answer:
        """Send a request with the visitor's cookies, and keep those that come back."""
        connection = http.client.HTTPConnection(self.host, timeout=timeout, source_address=self._source)
        try:
            own = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            connection.request(method, self.base + path, body or None, {**own, **(headers or {})})
            answer = connection.getresponse()
            for line in answer.headers.get_all("set-cookie", []):
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            named = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def open(self, *, headers: Mapping[str, str] | None = None, session: str = "", path: str = "/") -> "Visitor":
        """Open a page: the page itself, the cookies, and its WebSocket."""
        self.ask("GET", path)
        self.ask("GET", "/_stcore/health")
        return self.connect(headers=headers, session=session)

    def connect(self, *, headers: Mapping[str, str] | None = None, session: str = "") -> "Visitor":
        """Open the WebSocket alone, with the cookies that there are."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        host = (headers or {}).get("Host", self.host)
        given: dict[str, Any] = {"Cookie": cookies, "Origin": f"http://{self.host}", **(headers or {})}
        names = ["streamlit", self.cookies.get("_streamlit_xsrf", "none").replace("|", "."), session]
        where = urlsplit(f"//{self.host}")
        wire = socket.create_connection((where.hostname or "", where.port or 80), 30, self._source)
        opening = connect(
            f"ws://{host}{self.base}/_stcore/stream",
            subprotocols=[name for name in names if name],  # type: ignore[misc]
            additional_headers={name: value for name, value in given.items() if name != "Host"},
            max_size=None,
            ping_interval=None,
            open_timeout=30,
            proxy=None,
            sock=wire,
        )
        self.socket = self._open.enter_context(opening)
        return self

    def tell(self, message: BackMsg | bytes | str) -> None:
        """Send a message, or bytes as they are."""
        assert self.socket is not None
        self.socket.send(message.SerializeToString() if isinstance(message, BackMsg) else message)

    def rerun(self, page: str = "", query: str = "") -> None:
        """Ask for a run of a page, by its name in the address."""
        self.tell(self.run_message(page, query))

    def run_message(self, page: str = "", query: str = "") -> BackMsg:
        """Return the message that asks for a run of a page."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = self.pages.get(page, "")
        if not self.pages:
            message.rerun_script.page_name = page
        return message

    def next(self, timeout: float = 30) -> ForwardMsg:
        """Return the next message of the server."""
        assert self.socket is not None
        data = self.socket.recv(timeout)
        message = ForwardMsg()
        message.ParseFromString(data if isinstance(data, bytes) else data.encode())
        if message.WhichOneof("type") == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
        if message.WhichOneof("type") == "navigation":
            self.pages = {one.url_pathname: one.page_script_hash for one in message.navigation.app_pages}
        return message

    def until(self, kind: str, timeout: float = 30) -> list[ForwardMsg]:
        """Return the messages up to one of a kind."""
        end = time.monotonic() + timeout
        found: list[ForwardMsg] = []
        while not found or found[-1].WhichOneof("type") != kind:
            found.append(self.next(max(end - time.monotonic(), 0.01)))
        return found

    def seen(self, page: str = "", query: str = "", timeout: float = 30) -> list[ForwardMsg]:
        """Run a page, and return all that comes until its end."""
        self.rerun(page, query)
        return self.until("script_finished", timeout)

    def places(self, *names: str) -> list[Any]:
        """Ask as an uploader does where files of these names may be sent."""
        message = BackMsg()
        message.file_urls_request.request_id = "files"
        message.file_urls_request.file_names.extend(names)
        message.file_urls_request.session_id = self.session
        self.tell(message)
        return list(self.until("file_urls_response")[-1].file_urls_response.file_urls)

    def send_file(self, address: str, data: bytes, name: str = "a.bin", method: str = "PUT") -> Answer:
        """Send a file to an address of this server, as an uploader does."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = head + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        token = self.cookies.get("_streamlit_xsrf", "")
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-Xsrftoken": token}
        return self.ask(method, address, body, headers)

    def leave(self) -> None:
        """Close the page."""
        self._open.close()
        self.socket = None

    def is_shut_out(self, timeout: float = 10) -> int:
        """Wait until the server closes the WebSocket, and return its code."""
        assert self.socket is not None
        try:
            while True:
                self.socket.recv(timeout)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
