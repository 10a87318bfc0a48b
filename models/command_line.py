"""How every command line begins and ends: private files, and no traceback when nobody reads on."""

import contextlib
import os
import sys
from collections.abc import Callable

from models.disk import is_of_the_disk, why
from models.storage import keep_private

PIPE_CLOSED = 141
"""Exit code of a program whose reader has gone, as a shell gives it: 128 and the number of SIGPIPE."""


def run(main: Callable[[], int | None], *, private: bool = True) -> int:
    """Call a command line's `main` and return its exit code.

    `python -m models.training show RUN | head -3` closes the pipe after three lines: the program then ends without a
    word. What a disk refuses and `main` has no words for ends in a sentence and with 1.

    Args:
        main: the command line.
        private: what it writes is for this account alone, if the folder of runs is. Otherwise it is for the project.
    """
    if private:
        keep_private()
    try:
        code = main() or 0
        sys.stdout.flush()
    except BrokenPipeError:
        return _without_a_reader()
    except OSError as error:
        if not is_of_the_disk(error):
            raise
        print(f"A file cannot be read or written: {why(error)}", file=sys.stderr)
        return 1
    return code


def _without_a_reader() -> int:
    """Let Python's last flush at its end go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
                continue
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    return PIPE_CLOSED
