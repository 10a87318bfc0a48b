"""Scores that come along: what the course's networks answered to pictures, so that a page needs no engine to show them.

Two files beside a network's weights (`models.weights`), written by `python -m models.evaluation.ship_scores`:

    NAME.scores.npz     for each judgement: labels, probabilities, names, distances, features where they are few
    NAME.scores.json    the card: which weights, which pictures, how right, and the checksum of the other file

`pet-photos` are 1,600 real photos of "Dogs vs. Cats", on which nothing here was trained. Their licence is unknown, so
the photos do not come along: only figures measured on them do. Whoever has them puts them where `photos_folder` looks.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypedDict

import numpy as np

from models import weights as networks
from models.evaluation.stored_scores import Judged
from models.pictures.photo import PhotoError, decode
from models.pictures.resize import Resize, resize
from models.storage import chosen_path, runs_dir

PET_PHOTOS = "pet-photos"
"""The name of the 1,600 photos, as a dataset's."""

DIGITS = "digits"
"""The handwritten digits, which scikit-learn brings along."""

PARTS = ("validation", "test")
"""`PET_PHOTOS` in two halves (`first_half`): to choose a threshold on, and to see what it costs."""

MOST_FEATURES = 256
"""Features come along where a network has no more of them: in 16 bits, 1,600 × 192 take 0.6 MB."""

_DECODE_SIDE = 512  # as `models.datasets.prepared` does, so that a photo has the pixels that were judged


class JudgementCard(TypedDict):
    """What the card says of one judgement.

    "pictures" is a digest of the pictures' names, labels and files; of `DIGITS`, it is `stored_scores.pictures_digest`.
    """

    dataset: str
    part: str
    pictures: str
    side: int
    resize: Resize
    classes: list[str]
    n: int
    accuracy: float
    confusion_matrix: list[list[int]]


class ScoresCard(TypedDict):
    """NAME.scores.json. "weights" is the SHA-256 of NAME.keras, "checksum" that of NAME.scores.npz."""

    network: str
    weights: str
    checksum: str
    command: str
    versions: dict[str, str]
    judgements: list[JudgementCard]


class _Opened(NamedTuple):
    judged: Judged
    files: np.ndarray


def shipped(weights: str, dataset: str, part: str) -> Judged | None:
    """Return scores that come along, or None if there are none.

    Args:
        weights: `models.networks.files.weights_digest` of the network's file.
        dataset: its name, as in `models.datasets.load`, or `PET_PHOTOS`.
        part: "validation" or "test".

    Returns:
        One object for all callers. Its features are those of the network to 11 bits; they are (n, 0) where they did not
        come along.
    """
    opened = _opened(weights, dataset, part)
    return None if opened is None else opened.judged


def cards() -> list[ScoresCard]:
    """Return the cards of all scores that come along."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(networks.FOLDER.glob("*.scores.json"))]


@lru_cache(maxsize=32)
def _opened(weights: str, dataset: str, part: str) -> _Opened | None:
    for card in cards():
        if card["weights"] != weights:
            continue
        for place, judgement in enumerate(card["judgements"]):
            if (judgement["dataset"], judgement["part"]) == (dataset, part):
                return _read(card, place)
    return None


def _read(card: ScoresCard, place: int) -> _Opened | None:
    file = networks.FOLDER / f"{card['network']}.scores.npz"
    if hashlib.sha256(file.read_bytes()).hexdigest() != card["checksum"]:
        return None
    judgement = card["judgements"][place]
    with np.load(file, allow_pickle=False) as arrays:
        found = {
            name: arrays[f"{place}-{name}"]
            for name in ("labels", "probabilities", "names", "distances", "features", "files")
        }
    judged = Judged(
        network=card["network"],
        weights=card["weights"],
        dataset=judgement["dataset"],
        part=judgement["part"],
        pictures=judgement["pictures"],
        side=judgement["side"],
        resize=judgement["resize"],
        classes=tuple(judgement["classes"]),
        labels=found["labels"].astype(np.int64),
        probabilities=found["probabilities"],
        names=tuple(found["names"].tobytes().decode().split("\n")),
        features=found["features"].astype(np.float32),
        distances=found["distances"].astype(np.float64),
    )
    return _Opened(judged, found["files"])


# The photos, where somebody has them ----------------------------------------------------------------------------------


def photos_folder() -> Path:
    """Return where the 1,600 photos are looked for: PET_PHOTOS, else the folder pet-photos among the datasets."""
    return chosen_path("PET_PHOTOS") or (chosen_path("DATASETS_DIR") or runs_dir() / "datasets") / PET_PHOTOS


def photo(judged: Judged, number: int) -> np.ndarray | None:
    """Return a photo of `PET_PHOTOS` as the network received it, or None if it is not on this machine.

    Args:
        judged: what `shipped` returned.
        number: the photo's index in it.

    Returns:
        uint8 (side, side, 3). A file of the same name with other bytes is another photo, and is not returned.
    """
    opened = _opened(judged.weights, judged.dataset, judged.part)
    if opened is None or not 0 <= number < len(judged):
        return None
    try:
        data = (photos_folder() / judged.names[number]).read_bytes()
        if file_digest(data) != opened.files[number].tobytes():
            return None
        square = resize(decode(data, max_side=_DECODE_SIDE).pixels, judged.side, judged.resize)
    except (OSError, PhotoError):
        return None
    pixels: np.ndarray = np.clip(np.rint(square), 0, 255).astype(np.uint8)
    return pixels


def file_digest(data: bytes) -> bytes:
    """Return the 8 bytes by which a photo's file is recognised."""
    return hashlib.sha256(data).digest()[:8]


def first_half(names: list[str], labels: np.ndarray) -> np.ndarray:
    """Return which pictures belong to the first half, for choosing; the others are for pricing what was chosen.

    The rule is fixed, knows nothing of scores, and gives each half as many pictures of a class: in each class, the
    pictures are ordered by the SHA-256 of their files' names, and the first, third, fifth … are in the first half.

    Args:
        names: the pictures' names; folders before the file's name do not count.
        labels: their classes, int (n,).

    Returns:
        bool (n,).
    """
    digests = [hashlib.sha256(name.rpartition("/")[2].encode(errors="surrogateescape")).hexdigest() for name in names]
    first = np.zeros(len(names), bool)
    for label in np.unique(labels):
        places = sorted(np.flatnonzero(labels == label).tolist(), key=lambda place: digests[place])
        first[places[::2]] = True
    return first
