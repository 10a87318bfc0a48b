"""A dataset's pictures without a network: their sizes, their brightness, and duplicates.

The answering worker looks through a dataset in turns, as it judges one (`models.evaluation.scoring`): others get their
answers meanwhile. What it finds is kept on the disk, under a digest of the pictures and of their files.
"""

import contextlib
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Generator

import numpy as np

from models import datasets, kept_arrays
from models.answers import PictureFacts, Survey, SurveyFindings, SurveyTurn
from models.datasets import Dataset, Part
from models.evaluation.stored_scores import pictures_digest, pieces
from models.pictures.resize import Resize
from models.storage import cache_dir
from models.survey.measuring import Files, brightness, look_through

__all__ = ["Files", "brightness", "look_through", "survey"]

UNFINISHED = 3
"""Most surveys that may be unfinished at the same time. Beyond that, the oldest one is dropped and begins anew."""

_VERSION = 1  # of the files; to be increased when the numbers or the files change


def survey(dataset: str, part: str, side: int, resize: Resize, seconds: float | None = None) -> SurveyTurn | Survey:
    """Measure all pictures of a part, and find duplicates.

    Args:
        dataset: its name, "drawn-pets", "folder:/home/me/pets" …
        part: train, validation, test or all.
        side: width and height, in pixels, at which the pictures are loaded; brightness is measured at this size.
        resize: what happens to pictures that are not square.
        seconds: after them, this turn ends. None: it ends when all is done.

    Returns:
        "finished"; "done" and "total" steps; and once it is finished, for the pictures in the order of
        `models.evaluation.stored_scores.pieces`:

        - "pictures": `models.evaluation.stored_scores.pictures_digest`, to check that the ones shown are the same;
        - "files": whether the pictures come from files;
        - "sizes": int32 (n, 2), width and height in pixels, upright, before any resizing;
        - "brightness": float32 (n,), mean of the grey picture, from 0 for black to 1 for white;
        - "twins": (kind, places) of duplicates: "bytes" for files with the same bytes; "pixels" for different files, or
          pictures without files, with the same decoded pixels.

    Raises:
        ValueError: no such dataset or part, no pictures, or a file that is gone; the text is one sentence.
    """
    begun = time.monotonic()
    # Work that began on other files is left: it would end with pictures that are no longer there.
    key = (dataset, part, side, resize, datasets.state(dataset))
    with _lock:
        work = _unfinished.pop(key, None)
    work = work or _work(dataset, part, side, resize)
    while True:
        try:
            done, total = next(work)
        except StopIteration as end:
            found: SurveyFindings = end.value
            return {"finished": True, "done": 1, "total": 1, **found}
        if seconds is not None and time.monotonic() - begun >= seconds:
            with _lock:
                _unfinished[key] = work
                while len(_unfinished) > UNFINISHED:
                    _unfinished.popitem(last=False)
            return {"finished": False, "done": done, "total": total}


_Work = Generator[tuple[int, int], None, SurveyFindings]
_unfinished: "OrderedDict[tuple[str, str, int, str, str], _Work]" = OrderedDict()
_lock = threading.Lock()


def _work(name: str, part: str, side: int, resize: Resize) -> _Work:
    """Yield the progress; return the findings."""
    dataset = datasets.load(name, side=side, resize=resize)
    parts = pieces(dataset, part)
    files = _files(name, parts)
    stem = f"survey-{_VERSION}-{_digest(dataset, part, files)}"
    found = _known(stem, sum(len(piece) for piece in parts))
    if found is None:
        found = yield from look_through(parts, dataset.maximum, files)
        _keep(stem, found)
    return {"pictures": pictures_digest(dataset, part), "files": files is not None, **found}


def _files(name: str, parts: list[Part]) -> Files | None:
    found = [datasets.file_of(name, picture) for piece in parts for picture in piece.names]
    paths = [path for path in found if path is not None]
    return Files(paths) if len(paths) == len(found) else None


def _digest(dataset: Dataset, part: str, files: Files | None) -> str:
    """A digest of all pixels and of the files' sizes and times."""
    text = repr((pictures_digest(dataset, part), files and files.marks()))
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]


# Kept on the disk: an array with the numbers and a list with the rest (`models.kept_arrays`) -------------------


def _known(stem: str, count: int) -> PictureFacts | None:
    stored = kept_arrays.opened(cache_dir() / f"{stem}.json")
    if stored is None:
        return None
    listed, numbers = stored
    try:
        twins = [(str(kind), [int(place) for place in places]) for kind, places in listed["twins"]]
    except (ValueError, KeyError, TypeError):
        return None
    if numbers.shape != (count, 3) or any(not 0 <= place < count for _, places in twins for place in places):
        return None
    return {"sizes": numbers[:, :2].astype(np.int32), "brightness": numbers[:, 2].astype(np.float32), "twins": twins}


def _keep(stem: str, found: PictureFacts) -> None:
    """Store the findings. On a full disk, they are computed again the next time."""
    numbers = np.column_stack([found["sizes"], found["brightness"]]).astype(np.float64)
    listed = cache_dir() / f"{stem}.json"
    with contextlib.suppress(OSError):
        kept_arrays.keep(listed, {"twins": found["twins"]}, lambda file: np.save(file, numbers, allow_pickle=False))
        kept_arrays.forget_old_ones(cache_dir(), keep={listed})
