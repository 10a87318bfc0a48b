"""Two classes and one threshold: histogram, matrix, curve, figures and photos move together, in the browser alone."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict

import numpy as np

from components.browser import BASE_CSS, CONTROLS_CSS, Texts, carry, component, encode_array
from components.lessons.evaluation.threshold_board.scene import ThresholdScene
from components.lessons.evaluation.threshold_board.texts import CHOICES, METRICS, NO_STORY, STORY, TEXTS
from components.photo.photo_strip import STRIP_CSS, STRIP_TEXTS, photo_supply
from components.scene import show
from models.evaluation.class_names import pet
from models.evaluation.thresholds import check_scores, shuffled_ranks

PREFIX = "board-"

_FOLDER = Path(__file__).resolve().parent


_mount = component(
    "threshold_board",
    _FOLDER / "threshold_board.js",
    html='<section class="threshold-board"></section>',
    css=[BASE_CSS, CONTROLS_CSS, STRIP_CSS, _FOLDER / "threshold_board.css"],
)


Role = Literal["validation", "test", ""]


@dataclass(frozen=True)
class Beside:
    """What stands beside the photos of the board.

    Attributes:
        part: the photos' part of their dataset; "" for neither.
        other: labels and scores of the other one of these two parts: a threshold is chosen on the validation photos,
            and what it costs is read off the test photos. None where they are not known.
        note: what is to be said about the two parts, or "".
        mine: the score of the visitor's own photo, or None.
        caution: what is to be said beside that score, or "".
    """

    part: Role = ""
    other: tuple[np.ndarray, np.ndarray] | None = None
    note: str = ""
    mine: float | None = None
    caution: str = ""


@dataclass(frozen=True)
class BoardChoice:
    """What is chosen on the board.

    Attributes:
        threshold: photos that score above it are called positive.
        cell: "tn", "fp", "fn", "tp", or "" for none.
        photo: index of the open photo, or None.
    """

    threshold: float
    cell: str
    photo: int | None


def threshold_board(
    labels: np.ndarray,
    scores: np.ndarray,
    classes: tuple[str, str],
    *,
    thumbnail: Callable[[int], str],
    subject: str,
    beside: Beside = Beside(),
    aside: frozenset[int] = frozenset(),
    key: str = "threshold-board",
) -> BoardChoice:
    """Draw the board and return what is chosen on it.

    Args:
        labels: int (n,), 1 for the positive class.
        scores: float (n,) from 0 to 1, the positive class's probability.
        classes: names of the negative and of the positive class.
        thumbnail: returns a photo's picture as a data URL, or "" for one that this visitor may not see. It is called
            only for photos that are about to be shown.
        subject: a digest of what is judged; another one closes the cell and the photo and keeps the threshold.
        beside: the other part, and the visitor's own photo.
        aside: indices of photos that do not count.
        key: the component's.

    Raises:
        ValueError: labels and scores do not fit together.
    """
    check_scores(labels, scores)
    supply = f"{key}-photos"
    if beside.other is not None:
        check_scores(*beside.other)
    # The scores are a message of their own, which Streamlit sends once: those of 25,000 photos are 0.3 MB.
    carry(f"{key}-scores", {"id": f"{key}-scores", "subject": subject, **score_message(labels, scores)})
    scene = show(
        _mount,
        key,
        ThresholdScene,
        lambda _: payload(classes, beside, aside=aside, key=key, supply=supply, subject=subject),
        subject=subject,
        prefix=PREFIX,
    )
    photo_supply(thumbnail, count=len(labels), subject=subject, key=supply)
    if beside.other is not None:  # below the board, where a hidden component takes no room from it
        other = f"{key}-other-scores"
        carry(other, {"id": other, "subject": subject, **score_message(*beside.other)})
    return BoardChoice(scene.threshold, scene.cell, scene.photo if 0 <= scene.photo < len(labels) else None)


class EncodedScores(TypedDict):
    """What `score_message` returns."""

    kind: str
    labels: str
    scores: str
    ranks: str


def score_message(labels: np.ndarray, scores: np.ndarray) -> EncodedScores:
    """Return labels (uint8), scores (float32 where they are so, else float64) and shuffled ranks (int32), encoded."""
    kind = "f4" if scores.dtype == np.float32 else "f8"
    return {
        "kind": kind,
        "labels": encode_array(labels, "u1"),
        "scores": encode_array(scores, kind),
        "ranks": encode_array(shuffled_ranks(labels), "i4"),
    }


class ThresholdMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    classes: list[str]
    palette: list[str]
    mine: float | None
    caution: str
    part: Role
    other: bool
    story: str
    note: str
    aside: list[int]
    key: str
    supply: str
    subject: str
    choices: dict[str, list[list[str]]]
    metrics: list[list[str]]
    texts: Texts


def payload(
    classes: tuple[str, str], beside: Beside, *, aside: frozenset[int], key: str, supply: str, subject: str
) -> ThresholdMessage:
    """Return what the browser needs besides the scores and the scene."""
    return {
        "classes": list(shown_names(classes)),
        "palette": palette(classes),
        "mine": beside.mine,
        "caution": beside.caution,
        "part": beside.part,
        "other": beside.other is not None,
        "story": story(classes),
        "note": beside.note,
        "aside": sorted(aside),
        "key": key,
        "supply": supply,
        "subject": subject,
        "choices": CHOICES,
        "metrics": [list(metric) for metric in METRICS],
        "texts": TEXTS | {"strip": STRIP_TEXTS},
    }


def shown_names(classes: tuple[str, str]) -> tuple[str, str]:
    """Return what the two classes are called in a sentence: "dog" for "dogs", because one photo shows one."""
    pets = [pet(name) for name in classes]
    return ("cat", "dog") if pets == ["cat", "dog"] else ("dog", "cat") if pets == ["dog", "cat"] else classes


def story(classes: tuple[str, str]) -> str:
    """Return a sentence or two on which mistake is worse, for cats and dogs under whatever names."""
    negative, positive = (pet(name) for name in classes)
    if {negative, positive} != {"cat", "dog"}:
        return NO_STORY
    return STORY.format(negative=negative, positive=positive)


def palette(classes: tuple[str, str]) -> list[str]:
    """Return the names of the theme's colours for the negative and the positive class; cats and dogs have their own."""
    pets = [kind for name in classes if (kind := pet(name))]
    return [*pets] if set(pets) == {"cat", "dog"} else ["negative", "positive"]
