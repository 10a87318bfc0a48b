"""What one visitor can make the server write into its log is bounded: the log lies on the teacher's disk."""

import logging
import time
from collections.abc import Callable

AT_ONCE, A_MINUTE = 20, 20
"""Lines of one kind: at once, and in each further minute. A kind is a logger, a level and a text without details."""

MOST_KINDS = 500
MOST_LETTERS = 4000
"""Of one line's details; an error's path through the program comes in addition."""


class LogLimit(logging.Filter):
    """Leave out lines of a kind that came too often, and say with the next one how many were left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, int, str], list[float]] = {}  # the minute's begin, lines in it, lines left out

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is written."""
        kind = (record.name, record.levelno, str(record.msg)[:80])
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            kind = (record.name, record.levelno, "")
        now = self._clock()
        counted = self._kinds.setdefault(kind, [now, 0, 0])
        if now - counted[0] >= 60:
            counted[:2] = [now, AT_ONCE - A_MINUTE]
        if counted[1] >= AT_ONCE:
            counted[2] += 1
            return False
        counted[1] += 1
        said = _said(record)
        if counted[2]:
            said += f" ({counted[2]:,.0f} more like this were left out.)"
            counted[2] = 0
        record.msg, record.args = said, ()
        return True


def limit_logs() -> None:
    """Put the limit on every logger that there is."""
    limit = LogLimit()
    loggers = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    for logger in (logging.root, *loggers):
        if not any(isinstance(one, LogLimit) for one in logger.filters):
            logger.addFilter(limit)


def _said(record: logging.LogRecord) -> str:
    """A line's text, at most so long, and on one line: what a visitor sent must not look like another line."""
    try:
        said = record.getMessage()
    except Exception:  # noqa: BLE001 - details that do not fit their text must not end what wanted to log them
        said = str(record.msg)
    kept = said if len(said) <= MOST_LETTERS else f"{said[:MOST_LETTERS]} … ({len(said):,} letters)"
    return "".join(one if one.isprintable() or one == "\n" else f"\\x{ord(one):02x}" for one in kept)
