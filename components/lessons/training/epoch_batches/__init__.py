"""One epoch as batches passing by: the pictures that wait, those in the network now, and those seen already."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import streamlit as st

from components.browser import Texts, encode_array
from components.lessons.training.epoch_batches.pictures import PictureSheet, Window, sheet, window_near
from components.lessons.training.epoch_batches.scene import EPOCHS, TOP_SPEED, EpochScene
from components.lessons.training.epoch_batches.texts import TEXTS, letters, shown, vocabulary
from components.player import animation, register
from components.scene import note_change
from models.datasets import Part
from models.datasets.batches import order, steps_per_epoch
from models.evaluation.class_names import Pet, pet

KEY = "epoch-batches"
EXAMPLE = 1000
"""Number of blank cards that are drawn while the number of pictures is unknown."""
MOST = 2**16
"""Most pictures in a part that is drawn: each is a cell of the heap, and its place in the order takes two bytes."""

_mount = register("epoch_batches", Path(__file__).resolve().parent)


@dataclass(frozen=True, eq=False)
class Epochs:
    """The epochs of a run that can be shown.

    Attributes:
        part: the training part, or None where its pictures are not at hand.
        classes: names of the classes.
        batch_size: pictures in a batch.
        epochs: epochs of the run.
        seed: of the run.
        maximum: the value of a white pixel.
        count: number of training pictures, if it is known although they are not at hand.
    """

    part: Part | None
    classes: Sequence[str]
    batch_size: int
    epochs: int
    seed: int
    maximum: int = 255
    count: int | None = None

    @property
    def pictures(self) -> int:
        """Number of pictures in an epoch."""
        if self.part is not None:
            return len(self.part)
        return EXAMPLE if self.count is None else self.count

    @property
    def labels(self) -> np.ndarray:
        """The class of each picture, (n,); for pictures that are not at hand, classes take turns."""
        if self.part is not None:
            return self.part.labels
        return np.arange(self.pictures) % max(len(self.classes), 1)

    def problem(self) -> str | None:
        """Return a sentence on why it cannot be drawn, or None."""
        if self.batch_size < 1 or self.epochs < 1:
            return "A training needs a batch size of at least 1 and at least 1 epoch."
        if not self.pictures:
            return "There are no training pictures, so there is no batch to show."
        if self.pictures > MOST:
            steps = steps_per_epoch(self.pictures, self.batch_size)
            return (
                f"An epoch of {self.pictures:,} pictures has {steps:,} steps of {self.batch_size:,}. "
                f"That is too many to draw: this picture shows up to {MOST:,} pictures."
            )
        return None


class EpochMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    count: int
    steps: int
    batchSize: int
    epochs: int
    epochNumber: int
    order: str
    labels: str
    classes: list[str]
    pets: list[Pet | None]
    letters: list[str]
    sheet: PictureSheet | None
    first: int
    end: int
    low: int
    high: int
    vocabulary: list[dict[str, str]]
    shown: str
    topSpeed: int


def payload(run: Epochs, scene: EpochScene, *, near: int | None = None) -> EpochMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    Args:
        run: the epochs; they have no `problem`.
        scene: the visitor's settings.
        near: index of the batch around which pictures are needed; None for the scene's position.

    Returns:
        Among others: `order`, the pictures' indices in this epoch's order; `labels`, the class of each picture; and
        `sheet`, the small pictures of the batches `first` … `end` − 1 in the epoch's order, or None. While the visitor
        is at the batches `low` … `high` − 1, no other pictures are needed.
    """
    count, steps = run.pictures, steps_per_epoch(run.pictures, run.batch_size)
    taken = order(count, seed=run.seed, epoch=scene.epoch - 1)  # a run counts its epochs from 0
    window = _window(run, scene.position if near is None else near)
    first, end, low, high = window or Window(0, 0, 0, steps)
    return {
        "texts": TEXTS,
        "choices": {"epoch": [[str(epoch), str(epoch)] for epoch in EPOCHS]},
        "count": count,
        "steps": steps,
        "batchSize": run.batch_size,
        "epochs": run.epochs,
        "epochNumber": scene.epoch,
        "order": encode_array(taken, "u2"),
        "labels": encode_array(run.labels, "u2"),
        "classes": list(run.classes),
        "pets": [pet(name) for name in run.classes],
        "letters": letters(run.classes),
        "sheet": _sheet(run, taken[first * run.batch_size : end * run.batch_size]) if window else None,
        "first": first,
        "end": end,
        "low": low,
        "high": high,
        "vocabulary": vocabulary(count, batch_size=run.batch_size, epochs=run.epochs),
        "shown": shown(count, window, steps=steps, batch_size=run.batch_size, known=run.count is not None),
        "topSpeed": TOP_SPEED,
    }


def _window(run: Epochs, position: int) -> Window | None:
    if run.part is None:
        return None
    steps = steps_per_epoch(len(run.part), run.batch_size)
    return window_near(position, steps=steps, batch_size=run.batch_size, side=run.part.images.shape[1])


def _sheet(run: Epochs, numbers: np.ndarray) -> PictureSheet:
    assert run.part is not None
    # A disk reads a memory-mapped file faster in sorted order.
    images = run.part.images[np.sort(numbers)][np.argsort(np.argsort(numbers))]
    return sheet(images, maximum=run.maximum)


def epoch_batches(
    part: Part | None,
    classes: Sequence[str],
    *,
    batch_size: int,
    epochs: int,
    seed: int,
    subject: str,
    maximum: int = 255,
    count: int | None = None,
) -> EpochScene:
    """Draw an epoch of a run as batches passing by, and return the scene that it shows.

    Args:
        part: the training part; None if its pictures are not at hand: then blank cards stand for them.
        classes: names of the classes.
        batch_size: pictures in a batch.
        epochs: epochs of the run.
        seed: of the run: it decides the order.
        subject: identifies data and run; another one starts at the first batch.
        maximum: the value of a white pixel.
        count: number of training pictures, if `part` is None and the number is known.

    If the epoch cannot be drawn, a sentence says why.
    """
    run = Epochs(part, classes, batch_size, epochs, seed, maximum, count)
    problem = run.problem()
    if problem:
        st.info(problem)
        return EpochScene()
    return animation(
        _mount,
        KEY,
        EpochScene,
        lambda scene: _remembered(run, scene, subject),
        subject=subject,
        prefix="batches-",
        on_near_change=_take_near,
    )


def _take_near() -> None:
    """Note which batch the visitor is near: it decides which pictures are sent."""
    asked = st.session_state[KEY]["near"]
    if isinstance(asked, int) and not isinstance(asked, bool):
        st.session_state[f"{KEY}:near"] = max(asked, 0)
    note_change()


def _remembered(run: Epochs, scene: EpochScene, subject: str) -> EpochMessage:
    """Return the message, rebuilt only when it changes: the page runs often while a training is live.

    It is kept in the session, because the pictures may be a visitor's own.
    """
    near = st.session_state.get(f"{KEY}:near", scene.position)
    choices = (tuple(run.classes), run.batch_size, run.epochs, run.seed, run.maximum, run.count)
    key = subject, run.part, run.pictures, choices, scene.epoch, _window(run, near)  # a changed folder is another part
    if st.session_state.get(f"{KEY}:message", (None,))[0] != key:
        st.session_state[f"{KEY}:message"] = key, payload(run, scene, near=near)
    message: EpochMessage = st.session_state[f"{KEY}:message"][1]
    return message
