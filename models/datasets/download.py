"""A large file over HTTP: resumed where a cut left it, verified, and never there by half.

Beside the file lie, while it is on its way, `NAME.part` with the bytes that have come and `NAME.part.json` with their
address and the server's mark of that version.
"""

import contextlib
import hashlib
import http.client
import json
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import filelock

from models import disk
from models.datasets import DatasetError
from models.disk import why
from models.progress import Progress
from models.storage import write_text

CHUNK = 2**18
"""Bytes that are read at a time: a quarter of a megabyte."""

FRUITLESS = 5
"""Number of attempts in a row without a new byte after which the download is given up."""

TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as lost."""

PAUSE = 1.0
"""Seconds before the second attempt; doubled after each further attempt that brings nothing."""

LONGEST_PAUSE = 30.0


class Source(NamedTuple):
    """Where a file is and how it is verified.

    Attributes:
        url: http or https.
        size: in bytes; None if unknown.
        sha256: 64 hexadecimal digits; None if unknown.
    """

    url: str
    size: int | None = None
    sha256: str | None = None


class WrongFileError(DatasetError):
    """The server has sent another file than the requested one. It has been deleted."""


class _CutError(Exception):
    """The connection failed; another attempt may succeed. `str()` is the reason."""


def download(
    source: Source, target: Path, *, progress: Progress | None = None, timeout: float = TIMEOUT, pause: float = PAUSE
) -> None:
    """Download a file, or go on with an earlier download, and verify it. A complete file is only verified.

    A part that is left by a lost connection, a full disk, a kill or Ctrl-C is used by the next call. If the file has
    changed on the server, or if the server cannot continue, the download starts anew. Attempts go on as long as they
    bring bytes.

    Args:
        source: what to download.
        target: the file to write; its folder is made if it is missing. One process at a time: see `only_one`.
        progress: called with the number of bytes that are here; the total is 0 if the server does not give it.
        timeout: seconds without a byte after which a connection counts as lost.
        pause: seconds before the second attempt.

    Raises:
        WrongFileError: the size or the checksum is wrong.
        DatasetError: the address cannot be used, the server cannot be reached or refuses, or there is no space.
    """
    if not re.match(r"https?:", source.url, re.IGNORECASE):
        raise DatasetError(f"{source.url} cannot be fetched: give an address that begins with http or https.")
    part, note = _beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_file():
            with contextlib.suppress(WrongFileError):
                return _verify(target, source, progress)
            target.unlink()
        _receive_all(source, part, note, progress, timeout, pause)
        _verify(part, source, progress)
        disk.move(part, target)
        note.unlink(missing_ok=True)
    except WrongFileError:
        part.unlink(missing_ok=True)
        note.unlink(missing_ok=True)
        raise
    except OSError as error:  # the disk's: those of the network have become _CutError
        raise DatasetError(
            f"{target.name} cannot be written in the folder {target.parent.name}: {why(error, 'DATASETS_DIR')} "
            "What has come is kept."
        ) from error


@contextlib.contextmanager
def only_one(lock: Path, doing: str) -> Iterator[None]:
    """Hold a lock file on this machine while the block runs. The system releases it if the process dies.

    Args:
        lock: a file; it is made if it is missing, and it stays.
        doing: what the holder is doing, for the error message that others get.

    Raises:
        DatasetError: another process holds it, or the file cannot be made.
    """
    # The file stays, so that filelock never falls back on a marker that outlives a killed process.
    held = filelock.FileLock(lock, blocking=False, preserve_lock_file=True)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held.acquire()
    except filelock.Timeout:
        raise DatasetError(f"Another process is {doing} already: wait until it has finished.") from None
    except OSError as error:
        raise DatasetError(f"The folder {lock.parent.name} cannot be written: {why(error, 'DATASETS_DIR')}") from error
    try:
        yield
    finally:
        held.release()


# Receiving ------------------------------------------------------------------------------------------------------------


def _beside(target: Path) -> tuple[Path, Path]:
    return target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.part.json")


def _receive_all(
    source: Source, part: Path, note: Path, progress: Progress | None, timeout: float, pause: float
) -> None:
    """Make attempts until the file is complete. A server that starts anew each time has to get further each time."""
    furthest, fruitless = _size(part), 0
    while True:
        try:
            return _receive(source, part, note, progress, timeout)
        except _CutError as error:
            reached = _size(part)
            fruitless = 0 if reached > furthest else fruitless + 1
            furthest = max(furthest, reached)
            if fruitless == FRUITLESS:
                raise DatasetError(
                    f"{source.url} could not be fetched ({error}): check the connection and start again. "
                    f"{_megabytes(reached)} MB have come and are kept."
                ) from error
            time.sleep(min(pause * 2**fruitless, LONGEST_PAUSE))


def _receive(source: Source, part: Path, note: Path, progress: Progress | None, timeout: float) -> None:
    """Make one attempt. Raises _CutError if another one may bring more, DatasetError if not, OSError of the disk."""
    have, version = _kept(source, part, note)
    if have and have == source.size:
        return
    headers = {"Accept-Encoding": "identity"}
    if have:
        # If the server has another version now, it answers with all of the new file (RFC 9110, 13.1.5).
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    try:
        response = urllib.request.urlopen(urllib.request.Request(source.url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            _refused(error, source, have, part)
        return
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _CutError(_reason(error)) from error
    with response:
        start, total = _announced(response)
        if start not in (0, have):
            part.unlink(missing_ok=True)
            raise _CutError("the server continued at another place")
        if source.size is not None and total not in (None, source.size):
            raise WrongFileError(
                f"{source.url} is a file of {total:,} bytes, but {source.size:,} were expected: either it has changed, "
                "or something between here and the server answers in its place, such as a page to log in."
            )
        total = total or source.size
        if total and total - start > (free := shutil.disk_usage(part.parent).free):
            raise DatasetError(
                f"The folder {part.parent.name} has {_megabytes(free)} MB left, but {_megabytes(total - start)} MB are "
                "needed: make room there or choose another folder. What has come is kept."
            )
        if not start:
            version = _version(response)
            part.unlink(missing_ok=True)  # first, so that a note never describes an older part
            write_text(note, json.dumps({"url": source.url, "version": version}))
        _copy(response, part, start, total, progress)
    if total and _size(part) < total:
        raise _CutError("the connection was cut")


def _copy(
    response: http.client.HTTPResponse, part: Path, start: int, total: int | None, progress: Progress | None
) -> None:
    done = start
    with part.open("ab" if start else "wb") as file:
        while True:
            if progress:
                progress("fetching", done, total or 0)
            try:
                chunk = response.read1(CHUNK)  # not read(): it would lose what came before the connection was lost
            except (OSError, http.client.HTTPException) as error:
                raise _CutError(_reason(error)) from error
            if not chunk:
                return
            done += len(chunk)
            if total and done > total:
                raise WrongFileError(f"The server sent more than the {total:,} bytes that were expected.")
            file.write(chunk)


def _kept(source: Source, part: Path, note: Path) -> tuple[int, str]:
    """The number of bytes from which an earlier attempt can be continued, and the version that they belong to."""
    try:
        noted = json.loads(note.read_text(encoding="utf-8"))
        url, version = noted["url"], noted["version"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""
    have = _size(part)
    if url != source.url or not version or have > (source.size or have):
        return 0, ""
    return have, version


def _refused(error: urllib.error.HTTPError, source: Source, have: int, part: Path) -> None:
    """Turn an HTTP error into an exception. Returns if the part is already the complete file."""
    if error.code == 416:  # there are no bytes from there on
        whole = re.fullmatch(r"bytes \*/(\d+)", error.headers.get("Content-Range", ""))
        if whole and int(whole[1]) == have:
            return
        part.unlink(missing_ok=True)
        raise _CutError("the server has a shorter file")
    if error.code in (408, 425, 429) or error.code >= 500:
        raise _CutError(f"the server answered {error.code} {error.reason}")
    raise DatasetError(
        f"{source.url} could not be fetched: the server answered {error.code} {error.reason}. Check the address."
    )


def _announced(response: http.client.HTTPResponse) -> tuple[int, int | None]:
    """The offset in the file at which the answer begins, and the file's length, or None if the server omits it."""
    if response.status == 206:
        span = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("Content-Range", ""))
        if not span:
            return -1, None
        return int(span[1]), int(span[2]) + 1 if span[3] == "*" else int(span[3])  # the request was up to the end
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _version(response: http.client.HTTPResponse) -> str:
    """The server's tag for this version of the file. A weak tag does not promise equal bytes, so it does not count."""
    tag = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified", "")


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason) or type(reason).__name__


# Verifying ------------------------------------------------------------------------------------------------------------


def _verify(path: Path, source: Source, progress: Progress | None) -> None:
    """Compare size and checksum. Raises WrongFileError if they differ."""
    size = _size(path)
    wrong = ""
    if source.size is not None and size != source.size:
        wrong = f"it has {size:,} bytes instead of {source.size:,}"
    elif source.sha256:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(16 * CHUNK):
                digest.update(chunk)
                if progress:
                    progress("verifying", file.tell(), size)
        if digest.hexdigest() != source.sha256.lower():
            wrong = f"its SHA-256 is {digest.hexdigest()} instead of {source.sha256.lower()}"
    if wrong:
        raise WrongFileError(
            f"What came from {source.url} is not the file that was expected: {wrong}. It was deleted; start again, "
            "and if this repeats, the file has changed on the server."
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.1f}"
