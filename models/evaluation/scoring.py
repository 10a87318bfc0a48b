"""Score a network in the answering worker: its answer to every picture of a part, and its features.

One worker answers all visitors, so a long judgement is done in turns: `judge` works for the seconds that it is given,
says how far it is, and goes on when it is asked again. Meanwhile others get their answers. Whoever asks first or next
moves the same judgement on.

This module imports Keras when it is asked something.
"""

import contextlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from models import datasets
from models.answers import JudgedPhotos, JudgingTurn
from models.datasets import Dataset, Part, photos
from models.evaluation.class_names import UnknownClassError, matched
from models.evaluation.neighbours import own_distances
from models.evaluation.stored_scores import (
    IMAGENET_PETS,
    Judged,
    keep,
    known,
    loading_side,
    pictures_digest,
    pieces,
    progress_file,
    progress_teller,
)
from models.networks import inference
from models.networks.files import IMAGENET, JudgingError, Which, file_title, network_file, weights_digest
from models.networks.last_layers import last_layers
from models.networks.saved_network import NetworkError, SavedNetwork
from models.pictures.photo import grey
from models.pictures.resize import resize

BATCH = 64
"""Most pictures in a batch."""

UNFINISHED = 3
"""Most judgements that may be unfinished at the same time. Beyond that, the oldest one is dropped and begins anew."""


def judge(network: str, dataset: str, part: str, which: Which = "best", seconds: float | None = None) -> JudgingTurn:
    """Compute a network's scores for every picture of a part, and store them for `stored_scores.known`.

    Stored scores are not computed again, unless the network or a picture has changed. Preparing the pictures can take
    minutes and is not divided into turns; meanwhile, `stored_scores.progress_of` returns the progress. If the caller
    loads the dataset at `stored_scores.loading_side` first, there is nothing left to prepare.

    Args:
        network: see `models.networks.files.network_file`.
        dataset: its name, "drawn-pets", "folder:/home/me/pets" … Classes match by name; case and plural do not count.
        part: train, validation, test or all.
        which: the one of a run's two networks.
        seconds: after them, this turn ends with the present batch. None: it ends when all is done.

    Returns:
        "finished"; numbers of pictures, "done" and "total"; and the arguments of `stored_scores.known`: "weights",
        "dataset", "part" and "pictures".

    Raises:
        ValueError: no such network, dataset or part, no pictures, classes that do not fit, or no space to store the
            scores. The text is one sentence.
    """
    begun = time.monotonic()
    weights, saved = _opened(network, which)
    with _lock:
        work = _unfinished.pop((weights, dataset, part), None)
    now = datasets.state(dataset)
    if work is not None and work.state != now:  # it began on other files
        work = None
    try:
        if work is None:
            tell = progress_teller(weights, dataset, part)
            opened = datasets.load(dataset, side=loading_side(dataset, saved.side), resize=saved.resize, progress=tell)
            pictures = pictures_digest(opened, part)
            done = known(weights, dataset, part, pictures)
            if done is not None:
                return _turn(True, len(done), len(done), weights, dataset, part, pictures)
            work = _Work(saved, opened, pieces(opened, part), pictures, tell, now)
        while not work.finished:
            work.next_batch()
            if seconds is not None and time.monotonic() - begun >= seconds and not work.finished:
                with _lock:
                    _unfinished[weights, dataset, part] = work
                    while len(_unfinished) > UNFINISHED:
                        _forget(_unfinished.popitem(last=False)[0])
                return _turn(False, work.done, work.total, weights, dataset, part, work.pictures)
        keep(work.judged(network, weights, dataset, part))
    except BaseException:
        _forget((weights, dataset, part))
        raise
    _forget((weights, dataset, part))
    return _turn(True, work.total, work.total, weights, dataset, part, work.pictures)


def judge_photos(network: str, packed: bytes, which: Which = "best") -> JudgedPhotos:
    """Compute a network's scores for a visitor's own labelled photos. Nothing of them stays in memory or on a disk.

    Args:
        network: see `models.networks.files.network_file`.
        packed: what `models.datasets.photos.pack` returns with `photos.JUDGED_CLASSES`: one class is enough.
        which: the one of a run's two networks.

    Returns:
        "network", "weights", "classes", "side" and "resize" as in `stored_scores.Judged`; for the photos that can be
        read, in the order in which they were packed: "places", int64 (n,), their indices in that order; "labels",
        "probabilities", "features" and "names" as in `Judged`; "skipped": the number of the other photos.

    Raises:
        ValueError: no such network, classes that do not fit, or bytes that are no packed photos.
    """
    weights, saved = _opened(network, which)
    dataset = photos.unpack(packed, side=saved.side, how=saved.resize, limits=photos.JUDGED_CLASSES)
    parts = pieces(dataset, "all")
    work = _Work(saved, dataset, parts, "", lambda *_: None)
    while not work.finished:
        work.next_batch()
    answers = work.answers()
    # Unpacked, they are divided into training and validation. A name is "class/number-digest".
    names = [name for one in parts for name in one.names]
    places = np.array([int(name.rpartition("/")[2].partition("-")[0]) for name in names], np.int64)
    order = np.argsort(places)
    return {
        "network": network,
        "weights": weights,
        "classes": work.classes,
        "side": saved.side,
        "resize": saved.resize,
        "places": places[order],
        "labels": work.labels[order],
        "probabilities": answers[0][order],
        "features": answers[1][order],
        "names": tuple(names[place] for place in order),
        "skipped": len(dataset.skipped),
    }


# Judgements that are not finished yet ---------------------------------------------------------------------------------

_unfinished: "OrderedDict[tuple[str, str, str], _Work]" = OrderedDict()
_lock = threading.Lock()


def _forget(key: tuple[str, str, str]) -> None:
    with contextlib.suppress(OSError):  # the disk can only be read: it says nothing after half a minute
        progress_file(*key).unlink(missing_ok=True)


def _turn(finished: bool, done: int, total: int, weights: str, dataset: str, part: str, pictures: str) -> JudgingTurn:
    return {
        "finished": finished,
        "done": done,
        "total": total,
        "weights": weights,
        "dataset": dataset,
        "part": part,
        "pictures": pictures,
    }


def _opened(network: str, which: Which) -> tuple[str, SavedNetwork]:
    """The digest of a network's file, and the network from that very file: a training may be writing it anew."""
    while True:
        file = network_file(network, which)
        weights = weights_digest(file)
        saved = inference.warm(IMAGENET if network == IMAGENET else str(file)).network
        if weights_digest(file) == weights:
            return weights, saved


class _Work:
    """An unfinished judgement: a network and the pictures that it has and has not scored.

    Args:
        network: the network.
        dataset: the pictures' dataset.
        parts: the pictures, in one or several pieces.
        pictures: their digest.
        tell: called with the progress.
        state: `models.datasets.state` of the dataset.
    """

    def __init__(
        self,
        network: SavedNetwork,
        dataset: Dataset,
        parts: list[Part],
        pictures: str,
        tell: Callable[[str, int, int], None],
        state: str = "",
    ) -> None:
        self.network, self.pictures, self.state = network, pictures, state
        self.classes = classes_of(network)
        self.labels = _places(dataset, self.classes)[np.concatenate([part.labels for part in parts])]
        self._names = tuple(name for part in parts for name in part.names)
        self._parts = parts
        self._tell = tell
        self.done, self.total = 0, len(self.labels)
        # All batches have one size, the last one is padded: TensorFlow would trace the network again for any other
        # size.
        self._size = -(-self.total // -(-self.total // BATCH))
        self._scale = _maximum(network, dataset.maximum) / dataset.maximum
        self._ask = _compiled(network, self._size)
        self._found: list[tuple[np.ndarray, np.ndarray]] = []

    @property
    def finished(self) -> bool:
        return self.done == self.total

    def next_batch(self) -> None:
        """Score the next pictures."""
        batch = np.zeros((self._size, self.network.side, self.network.side, self.network.channels), np.float32)
        count = min(self._size, self.total - self.done)
        self._read(batch[:count])
        answers, features = (np.asarray(tensor)[:count] for tensor in self._ask(batch))
        if not (np.isfinite(answers).all() and np.isfinite(features).all()):
            raise NetworkError(
                f"{file_title(self.network.path)} gives something that is no number: its weights are damaged."
            )
        self._found.append((answers, features))
        self.done += count
        self._tell("scoring", self.done, self.total)

    def _read(self, batch: np.ndarray) -> None:
        """Fill a batch with the next pictures, which may be in two or three parts."""
        begin, filled = self.done, 0
        for part in self._parts:
            if begin < len(part) and filled < len(batch):
                images = part.images[begin : begin + len(batch) - filled]
                batch[filled : filled + len(images)] = _squares(images, self.network.side, batch.shape[-1])
                filled += len(images)
            begin = max(0, begin - len(part))
        if self._scale != 1:
            batch *= np.float32(self._scale)

    def answers(self) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities (n, classes) and features (n, f), float32."""
        numbers = np.concatenate([answers for answers, _ in self._found])
        features = np.concatenate([features for _, features in self._found]).astype(np.float32)
        if numbers.shape[1] == 1:
            numbers = np.concatenate([1 - numbers, numbers], axis=1)
        elif self.network.path == Path(IMAGENET):
            numbers = _cats_and_dogs(numbers)
        return numbers.astype(np.float32), features

    def judged(self, network: str, weights: str, dataset: str, part: str) -> Judged:
        """The finished judgement, ready to be stored."""
        probabilities, features = self.answers()
        return Judged(
            network=network,
            weights=weights,
            dataset=dataset,
            part=part,
            pictures=self.pictures,
            side=self._parts[0].images.shape[1],
            resize=self.network.resize,
            classes=self.classes,
            labels=self.labels,
            probabilities=probabilities,
            names=self._names,
            features=features,
            distances=own_distances(features),
        )


def _compiled(network: SavedNetwork, size: int) -> Any:
    """A compiled function: (size, side, side, channels) → answers and features, in one pass."""
    import keras
    import tensorflow as tf

    both = keras.Model(network.model.inputs[0], [network.model.outputs[0], last_layers(network).features])
    signature = [tf.TensorSpec((size, network.side, network.side, network.channels), tf.float32)]
    return tf.function(lambda squares: both(squares, training=False), input_signature=signature, autograph=False)


def _squares(images: np.ndarray, side: int, channels: int) -> np.ndarray:
    """Square pictures at the network's side and with its channels. Only drawn ones may have another side."""
    if images.shape[1] != side:
        images = np.stack([resize(image, side) for image in images])
    if images.shape[-1] == channels:
        return images
    if channels == 1:
        return np.stack([grey(image) for image in images])[..., np.newaxis]
    return images.repeat(channels, axis=-1)


def _maximum(network: SavedNetwork, otherwise: int) -> int:
    """The value of a white pixel in a network's training data: 16 for scikit-learn's digits, 255 for photos."""
    for file in (network.path.with_name("data.json"), network.path.with_suffix(".json")):
        try:
            maximum = json.loads(file.read_text(encoding="utf-8"))["maximum"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if isinstance(maximum, int) and maximum > 0:
            return maximum
    return otherwise


# Classes --------------------------------------------------------------------------------------------------------------


def classes_of(network: SavedNetwork) -> tuple[str, ...]:
    """Return the names of the classes by which pictures are judged.

    They are the network's own; for ImageNet's network, they are cats and dogs (`stored_scores.IMAGENET_PETS`).

    Raises:
        NetworkError: they are not recorded.
    """
    if network.path == Path(IMAGENET):
        return tuple(IMAGENET_PETS)
    if network.classes is None:
        raise NetworkError(
            f"The classes of {network.path.name} are not written down: "
            f'write their names as a list "classes" into {network.path.with_suffix(".json").name} beside it.'
        )
    return network.classes


def _places(dataset: Dataset, classes: tuple[str, ...]) -> np.ndarray:
    """The network's class for each of a dataset's classes. Raises JudgingError."""
    known_names = []
    for name in dataset.classes:
        try:
            matched([name], classes)
            known_names.append(name)
        except UnknownClassError:
            continue
    if not known_names:
        raise JudgingError(
            f"The network tells {_listed(classes)} apart, and these are pictures of {_listed(dataset.classes)}: "
            "choose other pictures or another network."
        )
    try:
        return matched(dataset.classes, classes)
    except UnknownClassError as error:
        raise JudgingError(str(error)) from None


def _listed(names: tuple[str, ...]) -> str:
    if len(names) > 6:
        return f"{', '.join(names[:5])} … {names[-1]}"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _cats_and_dogs(probabilities: np.ndarray) -> np.ndarray:
    """The probabilities of cats and of dogs, (n, 2), from ImageNet's 1000 probabilities."""
    sums = np.stack([probabilities[:, list(places)].sum(axis=1, dtype=np.float64) for places in IMAGENET_PETS.values()])
    both = sums.sum(axis=0)
    # If both probabilities are too small for 32 bits, nothing speaks for either.
    return np.where(both > 0, sums / np.where(both > 0, both, 1), 0.5).T
