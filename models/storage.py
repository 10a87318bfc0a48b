"""Where things lie that are made at run time, and how they are written: whole files, JSON, paths that people type."""

import contextlib
import json
import math
import os
import re
import shlex
import urllib.parse
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from models import disk

_FOLDERS = re.compile(r"""(?<![\w:/\\.~])(?:~|[A-Za-z]:)?[/\\](?:[^\s'"/\\]+[/\\])+""")
"""The folders of an absolute path, but not of a URL."""

_QUOTED_FOLDERS = re.compile(r"""(['"])(?:~|[A-Za-z]:)?[/\\](?:[^'"/\\\n]+[/\\])+(?=[^'"\n]*\1)""")
"""The same in quotation marks, where blanks belong to it."""

ROOT = Path(__file__).resolve().parents[1]


def runs_dir() -> Path:
    """Return the folder of all runs: RUNS_DIR, or `runs` in the project's folder. It need not exist yet."""
    return (chosen_path("RUNS_DIR") or ROOT / "runs").resolve()


def cache_dir() -> Path:
    """Return the folder of prepared pictures. All of it can be deleted and is made again when it is needed."""
    return runs_dir() / "cache"


_MARKS = ('""', "''", "``", "“”", "„“”", "””", "‘’", "‚‘’", "’’", "«»", "»«»", "‹›", "›‹›")
_QUOTES = {marks[0]: marks[1:] for marks in _MARKS}
"""Opening quotation mark → the closing ones."""

_AROUND = " \t\r\n\f\v\u00a0\u2007\u202f\u3000\u200b\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
"""Blanks, and marks that nobody sees: Windows puts some of them around a path that is copied from a dialogue."""


def tidy_path(text: str) -> str:
    """Return a path as it was meant by whoever typed or pasted it; "" if nothing was typed.

    Blanks and invisible marks around it go, quotation marks around it (Windows copies paths with them), `file://` with
    its percent signs (file managers copy that), and what a terminal puts before blanks, brackets and quotation marks.
    What is there under the text exactly as it was typed is what was meant.
    """
    path = text
    while not (path and _exists(path)):
        tidier = _tidier(path)
        if tidier == path:
            break
        path = tidier
    return path


def _tidier(text: str) -> str:
    """Take one thing off a path that does not belong to it."""
    path = text.strip(_AROUND)
    if len(path) > 1 and path[-1] in _QUOTES.get(path[0], ""):
        return path[1:-1]
    if path[:6].lower() == "file:/":
        return _of_url(path)
    try:
        words = shlex.split(path) if "\\" in path else []
    except ValueError:  # a quotation mark alone
        words = []
    return words[0] if len(words) == 1 and _exists(words[0]) else path


def _of_url(url: str) -> str:
    """The path in a file URL; the URL as it is if it is none."""
    try:
        parts = urllib.parse.urlsplit(url.replace("\\", "/"), allow_fragments=False)
    except ValueError:
        return url
    host = "" if parts.netloc.lower() in ("", "localhost") else f"//{parts.netloc}"
    path = host + urllib.parse.unquote(parts.path + (f"?{parts.query}" if parts.query else ""))
    return path[1:] if re.match(r"/[A-Za-z]:(/|$)", path) else path  # file:///C:/photos


def typed_path(text: str | os.PathLike[str]) -> Path:
    """Return the path that somebody typed (see `tidy_path`), with ~ for the home folder."""
    return Path(os.path.expanduser(tidy_path(os.fspath(text))))  # noqa: PTH111 - a home that nobody has stays a name


def chosen_path(variable: str) -> Path | None:
    """Return the path in an environment variable, understood as a typed one; None if there is nothing in it.

    Windows' `set` and Docker's lists of variables keep quotation marks and blanks.
    """
    text = os.environ.get(variable, "")
    return typed_path(text) if tidy_path(text) else None


def _exists(path: str) -> bool:
    try:
        return Path(os.path.expanduser(path)).exists()  # noqa: PTH111 - as above
    except (OSError, ValueError):  # too long, or a character that no path has
        return False


FileMark = tuple[int, int, int, int]
GONE: FileMark = (-1, -1, -1, -1)
"""The mark of a file that is not there."""


def file_mark(path: Path | str) -> FileMark:
    """Return what tells a file from another one of its name without reading it; `GONE` where there is none.

    These are its number, its size, and the times at which its contents and its entry have changed: a file that is
    exchanged for one of the same size and time has another time of its entry (Windows keeps none, but its number).
    """
    try:
        state = os.stat(path)  # noqa: PTH116 - a Path costs more than the look itself
    except OSError:
        return GONE
    return state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def without_paths(error: BaseException) -> str:
    """Return an error's message without the folders of the files that it names.

    Pages show it, and a visitor need not know where the server keeps its files.
    """
    if isinstance(error, OSError) and error.strerror:
        named = isinstance(error.filename, str | os.PathLike)
        return f"{error.strerror}: {Path(error.filename).name}" if named else error.strerror
    return _FOLDERS.sub("", _QUOTED_FOLDERS.sub(r"\1", str(error)))


def keep_private() -> None:
    """Let this process and its children make files in the folder of runs that other accounts cannot read.

    See `models.disk.keep_private`. Every command line and the app call it before they write.
    """
    disk.keep_private(runs_dir(), ours=chosen_path("RUNS_DIR") is None)


def write_whole(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Write a file whole or not at all, even if the process is killed or the power fails.

    The bytes go to a temporary file beside `path` and reach the disk; then that file is renamed.

    Args:
        path: the file; its folder exists.
        write: is called with a binary file to write to.

    Raises:
        OSError: no space, or no right to write there. `path` is as it was before.
    """
    # Not `tempfile`: its files are for one user only, and a folder of runs may be shared.
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with beside.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        disk.move(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):  # a disk that can only be read refuses this, too
            beside.unlink()
        raise


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text as `write_whole` does.

    Raises:
        OSError: no space, or no right to write there.
    """
    # The name of a file need not be valid text. It is written with escapes rather than stop a run.
    write_whole(path, lambda file: file.write(text.encode("utf-8", "backslashreplace")))


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return a value as JSON that every reader takes: what is no finite number becomes null.

    Python alone would write NaN and Infinity, which no other JSON reader knows.

    Args:
        value: mappings, lists, tuples, texts, numbers, booleans and None, nested.
        indent: blanks for each level; None for a single line.
    """
    return json.dumps(_finite(value), indent=indent, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
