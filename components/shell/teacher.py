"""The teacher's password: where it is kept, and how often it may be tried.

Whoever guesses has to wait longer after each wrong guess. The wait is counted by browser, by network and for the whole
server, and is short where it would meet others: nobody keeps the teacher out for longer than `LONGEST` of all three.
"""

import hmac
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

VARIABLE = "TEACHER_PASSWORD"

FREE = 3
"""Wrong tries without a wait: people mistype."""

LONGEST = (60.0, 10.0, 2.0)
"""Seconds: the longest wait of one browser, of one network, and of everybody together."""

MOST_KEPT = 1000
FORGOTTEN_SECONDS = 3600.0
"""After that time without a wrong try, there is no wait any more."""

_LOG = logging.getLogger(__name__)
_taken: dict[str, str] = {}


def take_password() -> None:
    """Take the password out of the environment, so that no child process inherits it."""
    if VARIABLE in os.environ:
        _taken[VARIABLE] = os.environ.pop(VARIABLE)


def password() -> str:
    """Return the teacher's password, or "" if none is set."""
    return os.environ.get(VARIABLE) or _taken.get(VARIABLE, "")


class Tries:
    """Counts wrong passwords. Safe to use from several threads.

    Args:
        clock: tells seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # who → wrong tries, time of the last one

    def judge(self, given: str, *, browser: str, network: str, here: bool = False) -> tuple[bool, float]:
        """Compare what was given with the password, unless it is too early for that.

        Args:
            given: what somebody typed.
            browser, network: who that is.
            here: it was typed on the serving computer itself, where nobody else has to wait for anything.

        Returns:
            Whether it is the password; and if it was too early, the seconds to wait, else 0.
        """
        with self._lock:
            keys = [f"browser {browser}", f"network {network}", "everybody"]
            early = max(self._left(key, longest) for key, longest in zip(keys, LONGEST, strict=True))
            if early > 0 and not here:
                return False, early
            right = bool(password()) and hmac.compare_digest(given.encode(), password().encode())
            if right:
                self._wrong.pop(keys[0], None)
                return True, 0.0
            for key in keys[:2] if here else keys:
                self._note(key)
            count = self._wrong[keys[1]][0]
        _LOG.warning("A wrong teacher's password came from %s (number %d in a row).", network or "this computer", count)
        return False, 0.0

    def _left(self, key: str, longest: float) -> float:
        count, last = self._wrong.get(key, (0, 0.0))
        passed = self._clock() - last
        if count < FREE or passed > FORGOTTEN_SECONDS:
            return 0.0
        return min(2.0 ** min(count - FREE, 30), longest) - passed

    def _note(self, key: str) -> None:
        count, last = self._wrong.get(key, (0, 0.0))
        now = self._clock()
        self._wrong[key] = (1 if now - last > FORGOTTEN_SECONDS else count + 1, now)
        self._wrong.move_to_end(key)
        # "everybody" is noted with every try, and so is never the oldest.
        while len(self._wrong) > MOST_KEPT:
            self._wrong.popitem(last=False)
