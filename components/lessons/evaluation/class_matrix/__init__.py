"""The confusion matrix of any number of classes, with the photos behind every cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import streamlit as st

from components.browser import BASE_CSS, CONTROLS_CSS, Texts, component, encode_array
from components.lessons.evaluation.class_matrix.scene import MAX_CLASSES, MatrixScene
from components.lessons.evaluation.class_matrix.texts import CHOICES, MINE_AMONG_DIGITS, TEXTS
from components.lessons.evaluation.digits import reads_digits
from components.photo.photo_strip import STRIP_CSS, STRIP_TEXTS, photo_supply
from components.scene import show
from models.evaluation.multiclass import (
    confusion,
    counted,
    in_order_of_cells,
    most_confused,
    photos_in,
    predicted_classes,
)

PREFIX = "matrix-"

_FOLDER = Path(__file__).resolve().parent


GRID_CSS = _FOLDER / "matrix_grid.css"
"""Styles of the matrix alone, for components that contain one."""

_mount = component(
    "class_matrix",
    _FOLDER / "class_matrix.js",
    html='<section class="class-matrix"></section>',
    css=[BASE_CSS, CONTROLS_CSS, STRIP_CSS, GRID_CSS, _FOLDER / "class_matrix.css"],
)


class OwnAnswer(TypedDict):
    """The answer to the visitor's own photo: a class, and how sure the network is of it."""

    predicted: int
    percent: int


class MatrixMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    classes: list[str]
    counts: str
    places: str
    percent: str
    pairs: list[list[float]]
    mine: OwnAnswer | None
    photo: int | None
    supply: str
    choices: dict[str, list[list[str]]]
    texts: Texts


@dataclass(frozen=True)
class MatrixChoice:
    """What is chosen in the matrix.

    Attributes:
        cell: true class and answer of the open cell, or None.
        photo: index of the photo that was pressed in this cell, or None.
    """

    cell: tuple[int, int] | None
    photo: int | None


@dataclass(frozen=True)
class Photos:
    """The photos that a matrix counts, and the network's answers for them.

    Attributes:
        labels: true classes, int (n,).
        probabilities: (n, classes).
        classes: names, 2 to 100.
        aside: indices of photos that are set aside: they do not count.
        mine: probabilities of the visitor's own photo, (classes,), or None.
    """

    labels: np.ndarray
    probabilities: np.ndarray
    classes: Sequence[str]
    aside: frozenset[int] = frozenset()
    mine: np.ndarray | None = None


def class_matrix(
    labels: np.ndarray,
    probabilities: np.ndarray,
    classes: Sequence[str],
    *,
    thumbnail: Callable[[int], str],
    subject: str,
    aside: frozenset[int] = frozenset(),
    mine: np.ndarray | None = None,
    key: str = "class-matrix",
) -> MatrixChoice:
    """Draw the matrix, the most confused pairs and the open cell's photos; return what is chosen.

    The answer for a photo is its most probable class; if several are equal, the first.

    Args:
        labels: true classes, int (n,).
        probabilities: (n, classes).
        classes: their names, 2 to 100.
        thumbnail: returns a photo's picture as a data URL, or "" for one that this visitor may not see. It is called
            only for photos that are about to be shown.
        subject: a digest of what is judged, and by which network; another one closes the cell.
        aside: indices of photos that do not count.
        mine: probabilities of the visitor's own photo, (classes,): its column is marked.
        key: the component's.

    Raises:
        ValueError: the shapes do not fit together, or there are fewer than 2 or more than 100 classes.
    """
    if not 2 <= len(classes) <= MAX_CLASSES:
        raise ValueError(f"A matrix has 2 to {MAX_CLASSES} classes, not {len(classes)}.")
    if np.shape(probabilities) != (len(labels), len(classes)):
        raise ValueError(
            f"{len(labels)} labels of {len(classes)} classes do not go with probabilities of shape "
            f"{np.shape(probabilities)}."
        )
    photos = Photos(labels, probabilities, classes, aside, mine)
    supply = f"{key}-photos"

    def draw(scene: MatrixScene) -> MatrixMessage:
        return payload(photos, photo=_choice(photos, scene, subject, key).photo, supply=supply)

    take = _take_photo(key, subject)
    scene = show(_mount, key, MatrixScene, draw, subject=subject, prefix=PREFIX, on_photo_change=take)
    photo_supply(thumbnail, count=len(labels), subject=subject, key=supply)
    return _choice(photos, scene, subject, key)


def _choice(photos: Photos, scene: MatrixScene, subject: str, key: str) -> MatrixChoice:
    cell = scene.open_cell(len(photos.classes))
    whose, photo = st.session_state.get(f"{key}:photo", ("", -1))
    # A photo that was set aside stays chosen: the page can offer to count it again.
    known = cell is not None and whose == subject and photo in photos_in(cell, photos.labels, photos.probabilities)
    return MatrixChoice(cell, photo if known else None)


def _take_photo(key: str, subject: str) -> Callable[[], None]:
    def take() -> None:
        place = st.session_state[key].get("photo")
        if type(place) is int:
            st.session_state[f"{key}:photo"] = (subject, place)

    return take


def payload(photos: Photos, *, photo: int | None = None, supply: str = "class-matrix-photos") -> MatrixMessage:
    """Return what the browser is sent, whichever cell is open.

    Args:
        photos: what is counted.
        photo: index of the chosen photo.
        supply: key of the photos' `photo_supply`.

    Returns:
        "classes"; "counts": int32 (classes, classes); "places": int32 (photos that count), in the order of the cells,
        and in a cell surest first; "percent": uint8, how sure each answer is in whole percent, rounded down, because
        99.97 % is not certain; "pairs": [true, predicted, count, share] of each; "mine": None, or the answer to the
        visitor's photo and its percent; "photo", "supply", "choices", "texts".
    """
    places = counted(len(photos.labels), photos.aside)
    answers = predicted_classes(photos.probabilities)
    matrix = confusion(photos.labels[places], answers[places], len(photos.classes))
    ordered = in_order_of_cells(photos.labels, photos.probabilities, photos.aside)
    texts: Texts = TEXTS | {"strip": STRIP_TEXTS}
    if reads_digits(photos.classes):
        texts["mine"] = MINE_AMONG_DIGITS
    mine: OwnAnswer | None = None
    if photos.mine is not None:
        answer = int(np.argmax(photos.mine))
        mine = {"predicted": answer, "percent": int(_percent(photos.mine[answer]))}
    return {
        "classes": list(photos.classes),
        "counts": encode_array(matrix, "i4"),
        "places": encode_array(ordered, "i4"),
        "percent": encode_array(_percent(photos.probabilities[ordered, answers[ordered]]), "u1"),
        "pairs": [[pair.true, pair.predicted, pair.count, pair.share] for pair in most_confused(matrix)],
        "mine": mine,
        "photo": photo,
        "supply": supply,
        "choices": CHOICES,
        "texts": texts,
    }


def _percent(probabilities: np.ndarray) -> np.ndarray:
    """Return whole percent, rounded down: a float32 that is printed as 0.83 is 83 %, and only 1 is 100 %."""
    exact = np.asarray(probabilities, np.float64)
    percent = np.floor(np.round(exact * 100, 4))
    return np.where(exact < 1, np.minimum(percent, 99), percent)
