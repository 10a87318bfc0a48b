"""Stored scores: a network's answers to every picture of a part, kept on disk; pages read them without TensorFlow.

For each network, dataset and part there are two files (`models.kept_arrays`): an array of probabilities and features,
and NAME.json with everything else and a checksum of what the figures come from. They lie among the prepared pictures
and share their limit: what nobody has used for longest is deleted, and is computed again when somebody asks for it.

A visitor's own photos are judged without leaving anything here (`models.evaluation.scoring.judge_photos`).
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from models import kept_arrays
from models.datasets import PARTS, Dataset, DatasetError, Part, drawn_pets
from models.disk import why
from models.networks.files import JudgingError
from models.pictures.pet_drawing import MAX_SIDE, MIN_SIDE
from models.pictures.resize import Resize
from models.progress import Progress, teller, told_in
from models.storage import cache_dir

IMAGENET_PETS: dict[str, range] = {"cats": range(281, 286), "dogs": range(151, 269)}
"""ImageNet's classes of domestic cats and of dogs. When that network judges cats and dogs, the probability of "cats" is
the sum over its 5 kinds of cats, divided by the sum over its 123 kinds of both. The probabilities of its other 877
classes do not count."""

_VERSION = 2  # of the files; to be increased when the numbers or the files change


@dataclass(frozen=True, eq=False)
class Judged:
    """A network's scores for labelled pictures, in the order of their part (`pieces`).

    Attributes:
        network: as it was given: a name, or the path of a run or a file.
        weights: SHA-256 of its file, in hex.
        dataset: name of the dataset, "drawn-pets", "folder:/home/me/pets" …
        part: train, validation, test or all.
        pictures: `pictures_digest` of the pictures, to check that the ones to be shown are still the same.
        side: width and height, in pixels, of the pictures as they are loaded: `loading_side` of the network's square.
        resize: what happened to pictures that are not square.
        classes: the network's, in the order of its answers; at least two.
        labels: int64 (n,), the true classes, indices into `classes`.
        probabilities: float32 (n, classes). One sigmoid unit gives p for the second class, and 1 − p for the first.
        names: what identifies each picture, as in its part.
        features: float32 (n, f), memory-mapped if they are stored: the input of the last Dense layer, from which the
            answer is computed.
        distances: float64, at most 2,000: distances of pictures from their nearest neighbours, see
            `models.evaluation.neighbours.own_distances`.
    """

    network: str
    weights: str
    dataset: str
    part: str
    pictures: str
    side: int
    resize: Resize
    classes: tuple[str, ...]
    labels: np.ndarray
    probabilities: np.ndarray
    names: tuple[str, ...]
    features: np.ndarray
    distances: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


# Which network, and which pictures ------------------------------------------------------------------------------------


def loading_side(dataset: str, side: int) -> int:
    """Return the width and height, in pixels, at which a dataset is loaded for a network of this side.

    They are the network's, except for drawn pets, which are drawn within limits and then resized.
    """
    if dataset.partition(":")[0] == drawn_pets.INFO.name:
        return min(max(side, MIN_SIDE), MAX_SIDE)
    return side


def pieces(dataset: Dataset, part: str) -> list[Part]:
    """Return the pictures of a part. Those of "all" come in up to three pieces, so that they stay memory-mapped.

    Raises:
        DatasetError: no such part, or it has no pictures; the text says which parts have some.
    """
    if part not in (*PARTS, "all"):
        raise DatasetError(f'A dataset has the parts {", ".join(PARTS)} and all, but no "{part}".')
    filled = {name: getattr(dataset, name) for name in PARTS if len(getattr(dataset, name))}
    found = list(filled.values()) if part == "all" else [filled[part]] if part in filled else []
    if not found:
        instead = f": choose its {' or '.join(filled)} part instead" if filled else ""
        raise DatasetError(f"{dataset.title} has no pictures in its {part} part{instead}.")
    return found


def pictures_digest(dataset: Dataset, part: str) -> str:
    """Return a digest of a part's pictures, labels, names and classes, as `Dataset.digest`. Every pixel counts.

    Raises:
        DatasetError: as `pieces`.
    """
    pieces(dataset, part)
    return dataset.digest(*(PARTS if part == "all" else [part]))


# Kept on the disk -----------------------------------------------------------------------------------------------------


class _Listed(TypedDict):
    """The JSON file of stored scores, without its checksum. "wide" is the number of a picture's features."""

    network: str
    weights: str
    dataset: str
    part: str
    pictures: str
    side: int
    resize: Resize
    classes: list[str]
    labels: list[int]
    names: list[str]
    wide: int
    distances: list[float]


def known(weights: str, dataset: str, part: str, pictures: str | None = None) -> Judged | None:
    """Return stored scores, or None if there are none, if they are for other pictures, or if the files are damaged.

    Args:
        weights: `weights_digest` of the network's file.
        dataset: its name, as in `models.datasets.load`.
        part: train, validation, test or all.
        pictures: their digest, if it is known. Without it, the latest scores with these names are returned: their
            `side` and `resize` say how to load the pictures, and their `pictures` whether those are the same.
    """
    list_file = _stem(weights, dataset, part).with_suffix(".json")
    stored = kept_arrays.opened(list_file)
    if stored is None:
        return None
    listed, numbers = stored
    try:
        listed.pop("array", None)
        if listed["weights"] != weights or pictures not in (None, listed["pictures"]):
            return None
        count, classes, wide = len(listed["labels"]), len(listed["classes"]), int(listed["wide"])
        if numbers.dtype != np.float32 or numbers.shape != (count * (classes + wide),):
            return None
        probabilities = np.array(numbers[: count * classes]).reshape(count, classes)
        if listed.pop("checksum") != _checksum(listed, probabilities):
            return None
        found = Judged(
            network=listed["network"],
            weights=weights,
            dataset=dataset,
            part=part,
            pictures=listed["pictures"],
            side=listed["side"],
            resize=listed["resize"],
            classes=tuple(listed["classes"]),
            labels=np.array(listed["labels"], np.int64),
            probabilities=probabilities,
            names=tuple(listed["names"]),
            features=numbers[count * classes :].reshape(count, wide),
            distances=np.array(listed["distances"], np.float64),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return found


def keep(judged: Judged) -> None:
    """Store scores. Older ones for the same network, dataset and part are replaced.

    Raises:
        JudgingError: there is no space, or no right to write there.
    """
    list_file = _stem(judged.weights, judged.dataset, judged.part).with_suffix(".json")
    probabilities = np.ascontiguousarray(judged.probabilities, np.float32)
    numbers = np.concatenate([probabilities.ravel(), np.asarray(judged.features, np.float32).ravel()])
    listed: _Listed = {
        "network": judged.network,
        "weights": judged.weights,
        "dataset": judged.dataset,
        "part": judged.part,
        "pictures": judged.pictures,
        "side": judged.side,
        "resize": judged.resize,
        "classes": list(judged.classes),
        "labels": judged.labels.tolist(),
        "names": list(judged.names),
        "wide": judged.features.shape[1],
        "distances": judged.distances.tolist(),
    }
    checksum = _checksum(listed, probabilities)
    try:
        kept_arrays.keep(
            list_file, {**listed, "checksum": checksum}, lambda file: np.save(file, numbers, allow_pickle=False)
        )
        kept_arrays.forget_old_ones(list_file.parent, keep={list_file})
    except OSError as error:
        raise JudgingError(
            f"The scores could not be kept in the cache folder, where they need {numbers.nbytes / 2**20:,.0f} MB: "
            f"{why(error)}"
        ) from error


def _stem(weights: str, dataset: str, part: str) -> Path:
    named = hashlib.sha256(dataset.encode(errors="surrogateescape")).hexdigest()
    return cache_dir() / f"scores-{_VERSION}-{weights[:16]}-{named[:16]}-{part}"


def _checksum(listed: Mapping[str, Any], probabilities: np.ndarray) -> str:
    digest = hashlib.sha256(json.dumps(listed, sort_keys=True, allow_nan=False).encode())
    digest.update(probabilities.tobytes())
    return digest.hexdigest()


# Progress -------------------------------------------------------------------------------------------------------------


def progress_file(weights: str, dataset: str, part: str) -> Path:
    """Return the file with the progress of judging this part. It exists only while the part is being judged."""
    return _stem(weights, dataset, part).with_suffix(".progress")


def progress_teller(weights: str, dataset: str, part: str) -> Progress:
    """Return a function that writes the progress to that file."""
    file = progress_file(weights, dataset, part)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
    return teller(file)


def progress_of(weights: str, dataset: str, part: str) -> tuple[str, int, int] | None:
    """Return the progress, ("scoring", 512, 1600), or None if this part is not being judged now."""
    return told_in(progress_file(weights, dataset, part))
