"""In the small app: what is alive in its process, and whom it tried to call."""

import os
import socket
from typing import Any
from weakref import ref

from streamlit.runtime import Runtime

photos: list[ref[Any]] = []
calls: list[str] = []


def outgoing() -> None:
    """Note from now on every address that this process connects to."""

    class Noting(socket.socket):
        def connect(self, address: Any) -> None:
            calls.append(str(address))
            super().connect(address)

        def connect_ex(self, address: Any) -> int:
            calls.append(str(address))
            return super().connect_ex(address)

    socket.socket = Noting  # type: ignore[misc]
    look_up = socket.getaddrinfo

    def noting(host: Any, *more: Any, **named: Any) -> Any:
        calls.append(str(host))
        return look_up(host, *more, **named)

    socket.getaddrinfo = noting


def state() -> dict[str, Any]:
    """Return what there is."""
    manager: Any = Runtime.instance()
    return {
        "photos": sum(one() is not None for one in photos),
        "uploads": {session: len(files) for session, files in manager.uploaded_file_mgr.file_storage.items()},
        "media": len(manager.media_file_mgr._storage._files_by_id),
        "sessions": len(manager._session_mgr.list_sessions()),
        "calls": calls,
        "kept_at_most": manager._session_mgr._session_storage._cache.maxsize,
        "password": os.environ.get("TEACHER_PASSWORD"),
    }
