"""Two networks, or two epochs of one, on the same photos: both matrices, and the photos that changed sides."""

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import numpy as np
import streamlit as st

from components.browser import BASE_CSS, Texts, component, encode_array, encode_message
from components.lessons.evaluation.class_matrix import GRID_CSS
from components.lessons.evaluation.class_matrix.texts import TEXTS as MATRIX_TEXTS
from components.lessons.evaluation.compared_networks.verdict import Changes, changes, verdict
from components.photo.photo_strip import STRIP_CSS, STRIP_TEXTS, photo_supply
from models.evaluation.multiclass import confusion
from models.evaluation.stored_scores import Judged

TEXTS: Texts = {
    "region": "Two networks on the same pictures",
    "grid": "Confusion matrix of {title}. Arrow keys go from cell to cell.",
    "hint": "Point at or press a cell of one matrix to read it in both.",
    "read": "Is {true}, says {predicted}: {first} with {one}, {second} with {other}.",
    "lost": "{one} alone is right: {photos}",
    "won": "{other} alone is right: {photos}",
    "photo": "1 picture",
    "photos": "{number} pictures",
    "caption": "{answer}: {percent}\u00a0%",
    "captions": "Below each: the wrong class, and how sure the network is of it. The surest come first.",
}

_FOLDER = Path(__file__).resolve().parent


_mount = component(
    "compared_networks",
    _FOLDER / "compared_networks.js",
    html='<section class="compared-networks"></section>',
    css=[BASE_CSS, STRIP_CSS, GRID_CSS, _FOLDER / "compared_networks.css"],
)


def compared_networks(
    first: Judged,
    second: Judged,
    *,
    titles: tuple[str, str],
    thumbnail: Callable[[int], str],
    subject: str,
    aside: frozenset[int] = frozenset(),
    threshold: float = 0.5,
    key: str = "compared-networks",
) -> int | None:
    """Draw both matrices, whether chance explains the difference, and the photos that changed sides.

    Args:
        first, second: answers to the same photos.
        titles: display names of the two, such as ("best epoch", "last epoch").
        thumbnail: returns a photo's picture as a data URL, or "" for one that this visitor may not see.
        subject: a digest of what is compared; with another one, no photo is chosen.
        aside: indices of photos that do not count.
        threshold: for two classes; see `changes`.
        key: the component's.

    Returns:
        The index of the photo that was pressed, or None.

    Raises:
        ValueError: the networks did not judge the same photos, or do not know the same classes. The text is for the
            visitor.
    """
    found = changes(first, second, aside, threshold)
    whose, photo = st.session_state.get(f"{key}:photo", ("", None))
    photo = photo if whose == subject and photo in found.places else None
    supply = f"{key}-photos"
    _mount(
        key=key,
        data=encode_message(payload(found, first.classes, titles, photo=photo, supply=supply)),
        on_photo_change=_take_photo(key, subject),
    )
    photo_supply(thumbnail, count=len(first.labels), subject=subject, key=supply)
    return photo


def _take_photo(key: str, subject: str) -> Callable[[], None]:
    def take() -> None:
        place = st.session_state[key].get("photo")
        if type(place) is int:
            st.session_state[f"{key}:photo"] = (subject, place)

    return take


class ChangedPhotos(TypedDict):
    """Photos that changed sides."""

    places: str
    answers: str
    percent: str


class ComparedMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    titles: list[str]
    classes: list[str]
    verdict: list[str]
    counts: list[str]
    lost: ChangedPhotos
    won: ChangedPhotos
    photo: int | None
    supply: str
    texts: Texts


def payload(
    found: Changes,
    classes: tuple[str, ...],
    titles: tuple[str, str],
    *,
    photo: int | None = None,
    supply: str = "compared-networks-photos",
) -> ComparedMessage:
    """Return what the browser is sent.

    Returns:
        "titles", "classes", "verdict": sentences; "counts": int32 (classes, classes) of each network; "lost" and "won":
        "places" (int32) of the photos that changed sides, their wrong "answers" (uint8) and "percent" (uint8);
        "photo", "supply", "texts".
    """

    def strip(photos: np.ndarray, scores: np.ndarray) -> ChangedPhotos:
        answers = found.answers(scores[photos]) if len(photos) else np.zeros(0, np.int64)
        sure = np.minimum(np.round(100 * scores[photos, answers].astype(np.float64), 4), 100)
        return {
            "places": encode_array(found.places[photos], "i4"),
            "answers": encode_array(answers, "u1"),
            "percent": encode_array(np.floor(sure), "u1"),
        }

    return {
        "titles": list(titles),
        "classes": list(classes),
        "verdict": verdict(found, titles),
        "counts": [
            encode_array(confusion(found.labels, found.answers(scores), len(classes)), "i4")
            for scores in (found.first, found.second)
        ],
        "lost": strip(found.lost, found.second),
        "won": strip(found.won, found.first),
        "photo": photo,
        "supply": supply,
        "texts": TEXTS | {"matrix": MATRIX_TEXTS, "strip": STRIP_TEXTS},
    }
