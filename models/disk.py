"""What a disk may refuse, in sentences, and how files are moved, removed and kept private on every system.

Windows renames and deletes no file that a program has open or mapped into its memory, and no folder with such a file in
it. The rule for all of this code is: close first, then move. What remains are other programs that look at a file for a
moment, such as a virus scanner: a move is tried again until they have looked.
"""

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 2.0
"""Seconds during which a refused move is tried again."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_RIGHTS = {errno.EACCES, errno.EPERM}
_PLACE = {errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ESTALE, errno.ENODEV, errno.ENXIO}
_WORDS = {
    errno.ENOSPC: "the disk is full. Make room there, then try again.",
    errno.EDQUOT: "this account may keep no more on that disk. Make room there, then try again.",
    errno.EFBIG: "the file would be larger than this account or this disk allows. Allow more, then try again.",
    errno.EIO: "the disk reports an error. Check the disk and its cable, then try again.",
    errno.EMFILE: "the server has too many files open. Try again in a moment.",
    errno.ENFILE: "the server has too many files open. Try again in a moment.",
    errno.EBUSY: "another program is using it. Try again in a moment.",
    errno.ETXTBSY: "another program is using it. Try again in a moment.",
    errno.ENAMETOOLONG: "its name is too long for that disk. Choose a shorter one.",
    errno.EINVAL: "that disk does not take such a name. Choose another one.",
}


def why(error: OSError, setting: str = "RUNS_DIR") -> str:
    """Return what a disk has refused and what to do about it, to stand behind "The run … cannot be written: ".

    The system's own words ("[Errno 30] Read-only file system: '/home/…'") say neither, name the server's folders, and
    are in the language of its Windows.

    Args:
        error: what was raised.
        setting: the environment variable that names another folder.
    """
    if error.errno in _RIGHTS:
        return (
            "the server's account has no right to write there, or another program has the file open. Give it that "
            f"right, or choose another folder ({setting}), then try again."
        )
    if error.errno in _PLACE:
        return "its folder is gone, or something else stands in its place. Put the folder back, then try again."
    if is_full(error):
        return _WORDS[error.errno if error.errno in _FULL else errno.ENOSPC]
    if error.errno == errno.EROFS:
        return f"the disk can only be read. Make it writable, or choose another folder ({setting}), then try again."
    known = _WORDS.get(error.errno or 0)
    return known or f"the system refused it ({errno.errorcode.get(error.errno or 0, type(error).__name__)})."


def is_full(error: OSError) -> bool:
    """Return whether an error means that the disk, or this user's share of it, is full."""
    # HDF5 gives the reason only in the message.
    return error.errno in _FULL or "No space left" in str(error)


def is_of_the_disk(error: BaseException) -> bool:
    """Return whether an error comes from a disk, and not from a network or a closed pipe."""
    return isinstance(error, OSError) and (is_full(error) or error.errno in {errno.EROFS, *_RIGHTS, *_PLACE, *_WORDS})


def refusal_in(error: BaseException) -> OSError | None:
    """Return the refusal of a disk that an error of another kind tells in its words, as TensorFlow's do; else None."""
    if isinstance(error, OSError):
        return error if is_of_the_disk(error) else None
    text = str(error)
    numbers = (*_FULL, *_RIGHTS, errno.EROFS, errno.EIO, errno.ENOENT, errno.ENOTDIR)
    found = next((number for number in numbers if os.strerror(number).lower() in text.lower()), None)
    return None if found is None else OSError(found, os.strerror(found))


def is_there(path: Path) -> bool:
    """Return whether anything is there that can be seen: unlike `Path.exists`, without an error where it cannot."""
    try:
        return path.exists()
    except OSError:
        return False


def entries(folder: Path) -> list[Path]:
    """Return what lies in a folder, sorted; an empty list if it is gone, no folder, or may not be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def move(source: Path, target: Path) -> None:
    """Rename a file or a folder. A file at the target is replaced.

    Raises:
        OSError: it is refused. Nothing has changed then.
    """
    _patiently(lambda: source.replace(target))


def remove(path: Path) -> None:
    """Delete a file if it is there, and a folder in its place, too.

    Raises:
        OSError: it is refused.
    """
    if path.is_dir() and not path.is_symlink():
        remove_folder(path)
    else:
        _patiently(lambda: path.unlink(missing_ok=True))


def remove_folder(path: Path) -> None:
    """Delete a folder with everything in it.

    Raises:
        OSError: a file in it cannot be deleted. The others may be gone.
    """
    _patiently(lambda: shutil.rmtree(path))


def _patiently(act: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            act()
        except PermissionError:
            # Elsewhere a refusal is about rights, and stays.
            if os.name != "nt" or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def sweep(folder: Path, pattern: str, *, older_than: float) -> None:
    """Delete what killed processes have left in a folder.

    Args:
        folder: it may be gone.
        pattern: of the names, as for `Path.glob`.
        older_than: seconds. What is younger may belong to a process at work.
    """
    with contextlib.suppress(OSError):
        for path in folder.glob(pattern):
            with contextlib.suppress(OSError):
                if abs(time.time() - path.lstat().st_mtime) < older_than:
                    continue
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()


# Private --------------------------------------------------------------------------------------------------------------


def keep_private(folder: Path, *, ours: bool = False) -> None:
    """Let this process and its children make files that other accounts of the computer can neither read nor write.

    A folder that several accounts share says so itself: they need the right to write into it. So what is made from now
    on has no rights for the group or for others unless the folder gives them the right to write (`chmod g+ws runs`).
    Windows has no such bits: there a folder hands down its own rights.

    Args:
        folder: the folder of the runs. If it is not there yet, it will be made for this account alone.
        ours: the folder belongs to the project, and nobody has chosen its rights. Those that an earlier version gave to
            the group and to others are taken back, if they are not rights to write.
    """
    try:
        mode = folder.stat().st_mode
    except OSError:
        mode = 0o700
    shared = (0o070 if mode & 0o020 else 0) | (0o007 if mode & 0o002 else 0)
    os.umask(0o077 & ~shared)
    if ours and not shared and mode & 0o077:
        with contextlib.suppress(OSError):  # another account's
            folder.chmod(mode & 0o700)
