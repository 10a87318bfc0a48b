"""Where things lie that are made at run time: runs, datasets that were fetched, pictures that were prepared."""

import os
import re
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

_FOLDERS = re.compile(r"""(?<![\w:/\\.~])(?:~|[A-Za-z]:)?[/\\](?:[^\s'"/\\]+[/\\])+""")
"""The folders of an absolute path, but not of a URL."""

ROOT = Path(__file__).resolve().parents[1]


def runs_dir() -> Path:
    """Return the folder of all runs: RUNS_DIR, or `runs` in the project's folder. It need not exist yet."""
    return Path(os.environ.get("RUNS_DIR") or ROOT / "runs").expanduser().resolve()


def cache_dir() -> Path:
    """Return the folder of prepared pictures. All of it can be deleted and is made again when it is needed."""
    return runs_dir() / "cache"


def without_paths(error: BaseException) -> str:
    """Return an error's message without the folders of the files that it names.

    Pages show it, and a visitor need not know where the server keeps its files.
    """
    if isinstance(error, OSError) and error.strerror:
        named = isinstance(error.filename, str | os.PathLike)
        return f"{error.strerror}: {Path(error.filename).name}" if named else error.strerror
    return _FOLDERS.sub("", str(error))


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
        _replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _replace(source: Path, target: Path) -> None:
    for attempt in range(100):
        try:
            source.replace(target)
        except PermissionError:
            # Windows refuses while another process reads the old file, which takes a moment.
            if os.name != "nt" or attempt == 99:
                raise
            time.sleep(0.02)
        else:
            return


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text as `write_whole` does.

    Raises:
        OSError: no space, or no right to write there.
    """
    # The name of a file need not be valid text. It is written with escapes rather than stop a run.
    write_whole(path, lambda file: file.write(text.encode("utf-8", "backslashreplace")))
