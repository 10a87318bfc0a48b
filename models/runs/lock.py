"""A lock on a file that the operating system lets go of when its holder dies, however it dies."""

import os
import sys
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], *, shared: bool = False) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes], *, shared: bool = False) -> None:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


class FileLock:
    """One holder at a time, across processes. The file itself stays and means nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free, and return whether this process holds it now."""
        if self._file is not None:
            return False
        file = self.path.open("ab")
        try:
            # A child process must not keep the lock of a parent that has died.
            os.set_inheritable(file.fileno(), False)
            _lock(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Let go of the lock, if it is held here."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def is_held(self) -> bool:
        """Return whether anybody holds the lock."""
        if self._file is not None:
            return True
        try:
            file = self.path.open("rb")
        except OSError:  # nobody has ever held it, or it is somebody else's affair
            return False
        with file:
            try:
                _lock(file, shared=True)  # two who look at the same time do not take each other for a holder
            except OSError:
                return True
        return False
