"""A ZIP archive of a stranger → a folder that is there whole or not at all, with nothing outside it."""

import re
import shutil
import stat
import zipfile
from pathlib import Path

from models import disk
from models.datasets import DatasetError
from models.disk import why
from models.progress import Progress

MAX_ENTRIES = 100_000
"""Most entries of an archive."""

MAX_BYTES = 4 * 2**30
"""Most bytes that an archive may unpack to. A small archive can hold petabytes of zeros."""


class ArchiveError(DatasetError):
    """The archive itself cannot be used: it is damaged, too large, or reaches outside its folder."""


def unpack(
    archive: Path,
    folder: Path,
    wanted: re.Pattern[str],
    *,
    progress: Progress | None = None,
    max_entries: int = MAX_ENTRIES,
    max_bytes: int = MAX_BYTES,
) -> int:
    r"""Unpack the wanted files of a ZIP archive into a new folder and compare their checksums.

    The files go to a hidden folder first, which is then renamed. After an interruption there is no folder, and the next
    call removes what is left. One process at a time: see `models.datasets.download.only_one`.

    Args:
        archive: the file.
        folder: does not exist yet.
        wanted: has to match a whole name, such as "PetImages/Cat/1.jpg". Other files are not unpacked.
        progress: called with the number of unpacked bytes.
        max_entries: an archive with more entries is refused.
        max_bytes: largest size of all wanted files together.

    Returns:
        The number of unpacked files.

    Raises:
        ArchiveError: the file is no ZIP archive, damaged, too large or without wanted files, or any entry is a link, a
            device, encrypted, or named by an absolute path or a path with "..", "\\" or ":". Nothing is unpacked then.
        DatasetError: the folder exists or cannot be written.
    """
    if folder.exists():
        raise DatasetError(f"The folder {folder.name} exists already: move it away to unpack the archive again.")
    unfinished = folder.with_name(f".{folder.name}.unpacking")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        try:
            count = _unpack(archive, unfinished, wanted, progress, max_entries, max_bytes)
            disk.move(unfinished, folder)
        except BaseException:  # Ctrl-C too
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    except DatasetError:
        raise
    except OSError as error:
        raise DatasetError(
            f"{archive.name} could not be unpacked in the folder {folder.parent.name}: {why(error, 'DATASETS_DIR')}"
        ) from error
    except Exception as error:
        # Damaged archives raise BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error …
        raise ArchiveError(f"{archive.name} is damaged or no ZIP archive ({error}): fetch it again.") from error
    return count


def _unpack(
    archive: Path,
    folder: Path,
    wanted: re.Pattern[str],
    progress: Progress | None,
    max_entries: int,
    max_bytes: int,
) -> int:
    with zipfile.ZipFile(archive) as zipped:
        entries = zipped.infolist()
        if len(entries) > max_entries:
            raise ArchiveError(f"{archive.name} has {len(entries):,} entries, and at most {max_entries:,} are read.")
        for entry in entries:
            if trouble := _danger(entry):
                # A sound archive has no such entry, so nothing in this one is trusted.
                raise ArchiveError(f"{archive.name} was not unpacked: {entry.orig_filename!r} in it {trouble}.")
        chosen = [entry for entry in entries if wanted.fullmatch(entry.filename)]
        if not chosen:
            raise ArchiveError(f"{archive.name} holds none of the files that were expected: is it another archive?")
        total = sum(entry.file_size for entry in chosen)  # zipfile reads no more than an entry declares
        if total > max_bytes:
            raise ArchiveError(
                f"{archive.name} would unpack to {total / 2**20:,.0f} MB, "
                f"and at most {max_bytes / 2**20:,.0f} are unpacked."
            )
        done = 0
        for entry in chosen:
            path = folder.joinpath(*entry.filename.split("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with zipped.open(entry) as packed, path.open("xb") as file:
                    shutil.copyfileobj(packed, file, 2**20)
            except FileExistsError as error:
                raise ArchiveError(f"{archive.name} was not unpacked: {entry.filename!r} is in it twice.") from error
            done += entry.file_size
            if progress:
                progress("unpacking", done, total)
    return len(chosen)


def _danger(entry: zipfile.ZipInfo) -> str:
    """What makes an entry dangerous, or "". The names are checked as they are stored: zipfile changes some of them."""
    name = entry.orig_filename
    if "\\" in name or ":" in name or not name.isprintable():  # a Windows path, drive or stream, or a zero byte
        return "has a name that some systems read as another place"
    if name.startswith("/") or ".." in name.split("/"):
        return "would lie outside the folder"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device"
    if entry.flag_bits & 1:
        return "is encrypted"
    return ""
