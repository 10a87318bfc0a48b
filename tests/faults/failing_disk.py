"""A disk that refuses: everything that Python code asks of it below one folder is counted, and refused from one on.

It stands for a disk that is full, has no room for another file's entry, can only be read, belongs to somebody else, or
is broken, and can be made to do so at every single moment of what a program does. Linux only: it asks /proc which file
is behind a descriptor.
"""

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SPACE = frozenset({"create", "write", "folder", "flush"})
ENTRIES = frozenset({"create", "folder"})
CHANGES = SPACE | {"move", "remove", "times", "cut"}

KINDS: dict[str, tuple[int, frozenset[str]]] = {
    "full": (errno.ENOSPC, SPACE),
    "no more entries": (errno.ENOSPC, ENTRIES),
    "read-only": (errno.EROFS, CHANGES),
    "no right": (errno.EACCES, CHANGES),
    "broken": (errno.EIO, SPACE),
}
"""How a disk may fail while something is written: the error, and what it refuses."""

LOST = {"hidden": (errno.EACCES, CHANGES | {"look"}), "dead": (errno.EIO, CHANGES | {"look"})}
"""How it may fail wholly: nothing can even be looked at."""


@dataclass
class FailingDisk:
    """What was asked and refused.

    Attributes:
        folder: only what lies below it is on this disk.
        kind: of `KINDS`.
        first: the number, from 1, of the first request that is refused; all later ones are, too.
    """

    folder: Path
    kind: str
    first: int
    asked: int = 0
    refused: int = 0
    done: list[str] = field(default_factory=list)

    def ask(self, what: str, path: object) -> None:
        """Count a request, and refuse it if it is time."""
        number, refuses = (KINDS | LOST)[self.kind]
        if what not in refuses or not self.holds(path):
            return
        self.asked += 1
        self.done.append(f"{what} {Path(os.fsdecode(str(path))).name}")
        if self.asked >= self.first:
            self.refused += 1
            raise OSError(number, os.strerror(number), os.fspath(str(path)))

    def holds(self, path: object) -> bool:
        """Return whether a path is on this disk."""
        if isinstance(path, int):
            path = behind(path)
        if not isinstance(path, str | bytes | os.PathLike) or not os.fspath(path):
            return False
        whole = Path(os.fsdecode(path)).absolute()
        return self.folder in (whole, *whole.parents)


def behind(descriptor: int) -> str:
    """The path of an open file."""
    try:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:
        return ""


class _File:
    """An open file on the disk."""

    def __init__(self, file: Any, disk: FailingDisk, path: object) -> None:
        self._file, self._disk, self._path = file, disk, path

    def write(self, data: Any) -> Any:
        self._disk.ask("write", self._path)
        return self._file.write(data)

    def truncate(self, *size: Any) -> Any:
        self._disk.ask("cut", self._path)
        return self._file.truncate(*size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_File":
        self._file.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._file.__exit__(*error)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)


@contextmanager
def failing(folder: Path, kind: str, first: int = 1) -> Iterator[FailingDisk]:
    """Let the disk below a folder fail in this block, in this process."""
    disk = FailingDisk(folder.resolve(), kind, first)
    with pytest.MonkeyPatch.context() as patch:
        _open_files(patch, disk)
        _entries(patch, disk)
        yield disk


def _open_files(patch: pytest.MonkeyPatch, disk: FailingDisk) -> None:
    real, real_os, real_write, real_sync = builtins.open, os.open, os.write, os.fsync
    real_send = os.sendfile

    def opened(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        changes = set(mode) & set("wax+")
        if not changes:
            disk.ask("look", file)
        if not changes or not disk.holds(file):
            return real(file, mode, *rest, **named)
        if not isinstance(file, int):
            disk.ask("cut" if os.path.lexists(file) else "create", file)
        return _File(real(file, mode, *rest, **named), disk, file)

    def opened_by_number(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) and disk.holds(path):
            disk.ask("create" if not os.path.lexists(path) else "cut", path)
        return real_os(path, flags, *rest, **named)

    def write(number: int, data: Any) -> int:
        disk.ask("write", number)
        return real_write(number, data)

    def sync(number: int) -> None:
        disk.ask("flush", number)
        real_sync(number)

    def send(out: int, *rest: Any) -> int:
        disk.ask("write", out)
        return real_send(out, *rest)

    real_access = os.access

    def access(path: Any, mode: int, **named: Any) -> bool:
        refused = "move" in (KINDS | LOST)[disk.kind][1] and mode & os.W_OK and disk.holds(path)
        return not refused and real_access(path, mode, **named)

    patch.setattr(os, "access", access)
    patch.setattr(builtins, "open", opened)
    patch.setattr(io, "open", opened)
    patch.setattr(os, "open", opened_by_number)
    patch.setattr(os, "write", write)
    patch.setattr(os, "fsync", sync)
    patch.setattr(os, "sendfile", send)


def _entries(patch: pytest.MonkeyPatch, disk: FailingDisk) -> None:
    def watched(name: str, what: str) -> None:
        real: Callable[..., Any] = getattr(os, name)

        def call(path: Any = ".", *rest: Any, **named: Any) -> Any:
            whole = path
            if named.get("dir_fd") is not None and not isinstance(path, int):
                whole = os.path.join(behind(named["dir_fd"]), os.fsdecode(path))  # noqa: PTH118
            disk.ask(what, whole)
            return real(path, *rest, **named)

        patch.setattr(os, name, call)

    for name, what in (
        *(("mkdir", "folder"), ("replace", "move"), ("rename", "move"), ("unlink", "remove"), ("remove", "remove")),
        *(("rmdir", "remove"), ("truncate", "cut"), ("utime", "times"), ("chmod", "times")),
        *(("listdir", "look"), ("scandir", "look"), ("stat", "look"), ("lstat", "look")),
    ):
        watched(name, what)
