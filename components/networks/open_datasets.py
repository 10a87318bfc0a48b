"""Datasets that a page may look into at once, because their pictures are prepared; opened once for all visitors."""

import contextlib
import time

from components.engine.shared_job import keep_newest
from models import datasets
from models.datasets import Dataset, DatasetError
from models.pictures.resize import Resize
from models.progress import Progress


class _NotReady(Exception):
    """The pictures would first have to be prepared, which takes too long for a page."""


_known: dict[tuple[str, int, str], Dataset] = {}
_MOST_KNOWN = 8
_refused: dict[tuple[str, int, str], float] = {}
_PATIENCE = 5.0
"""Seconds before the next attempt: to see that nothing is prepared, a folder of 25,000 files has to be listed."""


def opened(name: str, side: int, resize: Resize) -> Dataset | None:
    """Return a dataset if no long preparation is needed, and keep it."""
    key = (name, side, resize)
    if key not in _known:
        if time.monotonic() - _refused.get(key, -_PATIENCE) < _PATIENCE:
            return None

        def refuse(_doing: str, done: int, total: int) -> None:
            if done < total:
                raise _NotReady

        try:
            found = datasets.load(name, side=side, resize=resize, progress=refuse)
        except (_NotReady, DatasetError, OSError):
            _refused[key] = time.monotonic()
            return None
        keep_newest(_known, key, found, most=_MOST_KNOWN)
    return _known[key]


def forget(name: str, side: int, resize: Resize) -> None:
    """Forget a dataset that has changed: next time, it is opened anew."""
    _known.pop((name, side, resize), None)
    _refused.pop((name, side, resize), None)


def decode_photos(name: str, side: int, resize: Resize, tell: Progress) -> None:
    """Decode photos on the disk in this process, where nobody waits: the answering worker then finds them ready.

    Pictures that are drawn or come in one file take seconds and are left to the worker. So are errors: the worker meets
    the same ones and reports them.

    Args:
        name: the dataset's.
        side: width and height in pixels.
        resize: what happens to photos that are not square.
        tell: receives the progress.
    """
    if name.partition(":")[0] in ("folder", "dogs-vs-cats"):
        with contextlib.suppress(DatasetError, OSError):
            datasets.load(name, side=side, resize=resize, progress=tell)
