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


_Key = tuple[str, int, str]
_known: dict[_Key, tuple[str, Dataset]] = {}
"""Opened datasets, each with the state of its files (`models.datasets.state`) in which it was opened."""

_MOST_KNOWN = 8
_refused: dict[_Key, tuple[str, float]] = {}
"""Datasets that were not ready: the state of their files, and when to try again."""

_MOST_REFUSED = 50
_SPARING = 20
"""A dataset that is not ready is tried again after so many times as long as the last attempt took."""


def opened(name: str, side: int, resize: Resize) -> Dataset | None:
    """Return a dataset as its files are now, if no long preparation is needed, and keep it."""
    key = (name, side, resize)
    state = datasets.state(name)
    before, kept = _known.get(key, ("", None))
    if kept is not None and before == state:
        return kept
    begun = time.monotonic()
    refused, until = _refused.get(key, ("", 0.0))
    if refused == state and begun < until:
        return None

    def refuse(_doing: str, done: int, total: int) -> None:
        if done < total:
            raise _NotReady

    try:
        found = datasets.load(name, side=side, resize=resize, progress=refuse)
    except (_NotReady, DatasetError, OSError):
        ended = time.monotonic()
        keep_newest(_refused, key, (state, ended + _SPARING * (ended - begun)), most=_MOST_REFUSED)
        return None
    keep_newest(_known, key, (state, found), most=_MOST_KNOWN)
    return found


def forget(name: str, side: int, resize: Resize) -> None:
    """Forget a dataset that has changed or is ready now: next time, it is opened anew."""
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
        _refused.pop((name, side, resize), None)
