"""A dataset's pictures without a network: their sizes, their brightness, and duplicates.

The answering worker looks through a dataset in turns, as it judges one (`models.evaluation.scoring`): others get their
answers meanwhile. What it finds is kept on the disk, under a digest of the pictures and of their files.
"""

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Generator

import numpy as np

from models import datasets
from models.answers import PictureFacts, Survey, SurveyFindings, SurveyTurn
from models.datasets import Dataset, Part
from models.datasets.prepared import forget_old_ones
from models.evaluation.stored_scores import pictures_digest, pieces
from models.pictures.resize import Resize
from models.storage import cache_dir, write_text, write_whole
from models.survey.measuring import Files, brightness, look_through

__all__ = ["Files", "brightness", "look_through", "survey"]

UNFINISHED = 3
"""Surveys that may be unfinished at the same time; of more, the one that was asked for first begins anew."""

_VERSION = 1  # counts up when the numbers or the files would be others


def survey(dataset: str, part: str, side: int, resize: Resize, seconds: float | None = None) -> SurveyTurn | Survey:
    """Look through all pictures of a part.

    Args:
        dataset: its name, "drawn-pets", "folder:/home/me/pets" …
        part: train, validation, test or all.
        side: width and height, in pixels, at which the pictures are loaded: brightness is that of these pictures.
        resize: what happens to pictures that are not square.
        seconds: this turn ends when they are over. None: it ends when all is done.

    Returns:
        "finished"; "done" and "total" steps; and once it is finished, for the pictures in the order of
        `models.evaluation.stored_scores.pieces`:

        - "fingerprint": of the dataset that was looked through;
        - "files": whether the pictures come from files;
        - "sizes": int32 (n, 2), width and height in pixels, upright, before anything was resized;
        - "brightness": float32 (n,), mean of the grey picture, from 0 for black to 1 for white;
        - "twins": (kind, places) of pictures that are the same: "bytes" for files that hold the same bytes; "pixels"
          for different files, or pictures without files, whose pixels are the same once they are decoded.

    Raises:
        ValueError: no such dataset or part, no pictures, or a file that is gone; the text is one sentence.
    """
    begun = time.monotonic()
    key = (dataset, part, side, resize)
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
_unfinished: "OrderedDict[tuple[str, str, int, str], _Work]" = OrderedDict()
_lock = threading.Lock()


def _work(name: str, part: str, side: int, resize: Resize) -> _Work:
    """Yield how far it is; return what `survey` finds."""
    dataset = datasets.load(name, side=side, resize=resize)
    parts = pieces(dataset, part)
    files = _files(name, parts)
    stem = f"survey-{_VERSION}-{_digest(dataset, part, files)}"
    found = _known(stem, sum(len(piece) for piece in parts))
    if found is None:
        found = yield from look_through(parts, dataset.maximum, files)
        _keep(stem, found)
    return {"fingerprint": dataset.fingerprint(), "files": files is not None, **found}


def _files(name: str, parts: list[Part]) -> Files | None:
    found = [datasets.file_of(name, picture) for piece in parts for picture in piece.names]
    paths = [path for path in found if path is not None]
    return Files(paths) if len(paths) == len(found) else None


def _digest(dataset: Dataset, part: str, files: Files | None) -> str:
    """Differs when a pixel does, or a file's size or time."""
    text = repr((pictures_digest(dataset, part), files and files.marks()))
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]


# Kept on the disk: NAME.npy with the numbers, NAME.json with the rest, as all prepared pictures are -------------------


def _known(stem: str, count: int) -> PictureFacts | None:
    try:
        listed = json.loads((cache_dir() / f"{stem}.json").read_text(encoding="utf-8"))
        numbers = np.load(cache_dir() / f"{stem}.npy", allow_pickle=False)
        twins = [(str(kind), [int(place) for place in places]) for kind, places in listed["twins"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if numbers.shape != (count, 3) or any(not 0 <= place < count for _, places in twins for place in places):
        return None
    return {"sizes": numbers[:, :2].astype(np.int32), "brightness": numbers[:, 2].astype(np.float32), "twins": twins}


def _keep(stem: str, found: PictureFacts) -> None:
    """Write what was found. A full disk only means that it is looked for again."""
    numbers = np.column_stack([found["sizes"], found["brightness"]]).astype(np.float64)
    listed = cache_dir() / f"{stem}.json"
    try:
        cache_dir().mkdir(parents=True, exist_ok=True)
        write_whole(cache_dir() / f"{stem}.npy", lambda file: np.save(file, numbers, allow_pickle=False))
        write_text(listed, json.dumps({"twins": found["twins"]}))  # last: a list means whole numbers
        forget_old_ones(cache_dir(), keep={listed})
    except OSError:
        return
