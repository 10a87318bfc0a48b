"""A disk as Windows sees it: what a process has open or mapped stays where it is, and some names are none.

Everything that this process does below one folder is watched. Which files it has open or mapped, whichever library has
opened them, is read from /proc, so this works on Linux only.
"""

import builtins
import errno
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_NO_SIGN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
LONGEST = 200
"""Characters of a path below the folder of runs: Windows takes 259 in all."""


def open_files() -> set[str]:
    """The files that this process has open."""
    found = set()
    for entry in os.listdir("/proc/self/fd"):  # noqa: PTH208 - of a folder that is none on a disk
        try:
            found.add(os.readlink(f"/proc/self/fd/{entry}"))  # noqa: PTH115
        except OSError:
            continue
    return found


def mapped_files() -> set[str]:
    """The files that this process has mapped into its memory."""
    with io.FileIO("/proc/self/maps") as file:
        lines = file.readall().decode(errors="surrogateescape").splitlines()
    return {line.split(maxsplit=5)[5] for line in lines if line.count("/") and len(line.split(maxsplit=5)) == 6}


def refuse_use(path: Path, *, mapped_only: bool = False) -> None:
    """Raise PermissionError if a file, or a file in a folder, is open or mapped."""
    whole = str(path)
    for one in mapped_files() if mapped_only else open_files() | mapped_files():
        if one == whole or one.startswith(f"{whole}/"):
            raise PermissionError(errno.EACCES, f"Windows: {one} is open or mapped", whole)


def refuse_name(path: Path, folder: Path) -> None:
    """Raise OSError for a name that Windows does not take, or takes for another one's."""
    below = path.relative_to(folder)
    for part in below.parts:
        if _NO_SIGN.search(part) or part[-1] in " ." or _DEVICES.fullmatch(part):
            raise OSError(errno.EINVAL, f"Windows: no such name as {part!r}", str(path))
    if len(str(below)) > LONGEST:
        raise OSError(errno.ENAMETOOLONG, "Windows: the path is too long", str(path))
    if path.parent.is_dir():
        others = os.listdir(path.parent)  # noqa: PTH208 - Path.iterdir would be slower
        if any(other != path.name and other.casefold() == path.name.casefold() for other in others):
            raise FileExistsError(errno.EEXIST, f"Windows: {path.name} has a twin", str(path))


@contextmanager
def windows(folder: Path) -> Iterator[None]:
    """Let the disk below a folder behave as Windows' does, for this process, in this block."""
    folder = folder.resolve()

    def ours(path: object) -> Path | None:
        if not isinstance(path, str | os.PathLike):
            return None
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - links are left as they are
        return whole if folder in whole.parents else None

    with pytest.MonkeyPatch.context() as patch:
        _moves(patch, ours, folder)
        _files(patch, ours, folder)
        yield


Ours = Callable[[object], Path | None]


def _moves(patch: pytest.MonkeyPatch, ours: Ours, folder: Path) -> None:
    def moving(name: str) -> None:
        real = getattr(os, name)

        def call(source: Any, target: Any, **named: Any) -> None:
            if (path := ours(source)) is not None:
                refuse_use(path)
            if (path := ours(target)) is not None:
                refuse_name(path, folder)
                refuse_use(path)
                if path.exists() and (name == "rename" or path.is_dir()):
                    raise FileExistsError(errno.EEXIST, "Windows: the target exists", str(path))
            real(source, target, **named)

        patch.setattr(os, name, call)

    def removing(name: str) -> None:
        real = getattr(os, name)

        def call(path: Any, *, dir_fd: int | None = None) -> None:
            whole = path if dir_fd is None else Path(os.readlink(f"/proc/self/fd/{dir_fd}")) / path  # noqa: PTH115
            # A temporary file without a name is another thing on Windows: it goes when it is closed.
            if sys._getframe(1).f_globals.get("__name__") != "tempfile" and (one := ours(whole)) is not None:
                refuse_use(one) if name != "rmdir" else None
            real(path, dir_fd=dir_fd)

        patch.setattr(os, name, call)

    for name in ("replace", "rename"):
        moving(name)
    for name in ("unlink", "remove", "rmdir"):
        removing(name)


def _files(patch: pytest.MonkeyPatch, ours: Ours, folder: Path) -> None:
    real_open, real_os, real_mkdir, real_cut = builtins.open, os.open, os.mkdir, os.truncate

    def opened(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        # A temporary file without a name is opened by the name of its folder.
        if (path := ours(file)) is not None and set(mode) & set("wxa+") and not path.is_dir():
            refuse_name(path, folder)
            refuse_use(path, mapped_only=True)
        return real_open(file, mode, *rest, **named)

    def opened_by_number(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if flags & os.O_CREAT and (whole := ours(path)) is not None:
            refuse_name(whole, folder)
        return real_os(path, flags, *rest, **named)

    def mkdir(path: Any, *rest: Any, **named: Any) -> None:
        if (whole := ours(path)) is not None:
            refuse_name(whole, folder)
        real_mkdir(path, *rest, **named)

    def cut(path: Any, length: int) -> None:
        if (whole := ours(path)) is not None:
            refuse_use(whole, mapped_only=True)
        real_cut(path, length)

    patch.setattr(builtins, "open", opened)
    patch.setattr(io, "open", opened)
    patch.setattr(os, "open", opened_by_number)
    patch.setattr(os, "mkdir", mkdir)
    patch.setattr(os, "truncate", cut)
