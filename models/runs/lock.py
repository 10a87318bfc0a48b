"""A lock on a file that the operating system lets go of when its holder dies, however it dies."""

import sys
from pathlib import Path

import filelock


class FileLock:
    """A lock with one holder at a time, across processes. The file itself stays and means nothing.

    Attributes:
        path: the file; its folder must exist when the lock is taken.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # Any thread of the process may release the lock that another one took. If the file were removed, filelock would
        # fall back on a marker that outlives a killed holder.
        self._lock = filelock.FileLock(path, thread_local=False, preserve_lock_file=True)

    def acquire(self) -> bool:
        """Take the lock if it is free, and return whether this call took it.

        Raises:
            OSError: the file cannot be made or written.
        """
        if self._lock.is_locked:
            return False
        try:
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        return True

    def release(self) -> None:
        """Release the lock, if it is held here."""
        self._lock.release()

    def is_held(self) -> bool:
        """Return whether anybody holds the lock."""
        if self._lock.is_locked:
            return True
        try:
            file = self.path.open("rb")
        except OSError:  # nobody has ever held it, or this user may not read it
            return False
        with file:
            return not _could_lock(file.fileno())


if sys.platform == "win32":
    import msvcrt

    def _could_lock(descriptor: int) -> bool:
        """Return whether nobody has locked a file, by locking it until it is closed."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _could_lock(descriptor: int) -> bool:
        """Return whether nobody has locked a file, by locking it until it is closed.

        The lock is shared, which filelock does not offer for files: pages that look at the same time do not take each
        other for holders.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
