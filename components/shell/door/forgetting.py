"""Visitors who have left are forgotten: their sessions, uploads, downloads and photos.

Streamlit keeps a session for a minute (`disconnectedSessionTTL`), so that a tab that lost its connection goes on; but
it looks for those whose time is over only when another tab closes, and what a session held is freed only when Python
next looks through all its memory, which is seldom.
"""

import asyncio
import gc
import logging
import time
from collections.abc import Callable

from components.streamlit_server import drop_uploads, end_expired_sessions, unclaimed_uploads

EVERY_SECONDS = 15.0
"""Between two looks. With the minute before, a photo is gone 75 seconds after its page was closed."""

UNCLAIMED_SECONDS = 600.0
"""A file that no uploader shows is kept so long: an uploader shows its files when the last of them has come."""

_BREATH_SECONDS = 0.2

_LOG = logging.getLogger(__name__)


class Forgetting:
    """Looks again and again for what has to be forgotten.

    Args:
        every: seconds between two looks.
        clock: tells seconds.
    """

    def __init__(self, every: float = EVERY_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._every, self._clock = every, clock
        self._unclaimed: dict[tuple[str, str], float] = {}

    async def go_on(self) -> None:
        """Look until the task is cancelled."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - it is logged
                # A newer Streamlit may have changed; the next look must come all the same.
                _LOG.exception("Visitors who left could not be forgotten")

    async def look(self) -> None:
        """End sessions whose time is over, and drop files that nobody claimed; free the memory if there were any."""
        now, unclaimed = self._clock(), unclaimed_uploads()
        self._unclaimed = {file: self._unclaimed.get(file, now) for file in unclaimed}
        old = {file for file, since in self._unclaimed.items() if now - since >= UNCLAIMED_SECONDS}
        drop_uploads(old)
        ended = end_expired_sessions()
        if ended or old:
            await asyncio.sleep(_BREATH_SECONDS)  # what was sending to them lets go first
            gc.collect()
