"""What a run gets wrong after its newest epoch, and its first layer's filters, now and at the beginning."""

import html
import threading
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np
import streamlit as st

from components.lessons.training.data_facts import pictures_of
from components.photo.uploads import jpeg_url, png_url
from models import zoo
from models.datasets import Dataset, DatasetError
from models.figures import number_of, percent
from models.runs.run_directory import RunDirectory, RunError
from models.runs.watching.snapshots import Snapshot, View, read_view
from models.storage import GONE, FileMark, file_mark

MOST_MISTAKES = 24
THUMBNAIL_SIDE = 96
SMALL_SIDE = 48
"""Pictures with a smaller side are shown pixel by pixel."""

COLUMNS = 8
"""Filters in a row of their sheet."""

POSITIVE, ZERO, NEGATIVE = (np.array(colour, np.float32) for colour in ((0, 114, 178), (247, 247, 247), (213, 94, 0)))
"""The theme's colours for weights: a picture cannot read the style sheet."""

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


class Mistake(NamedTuple):
    """A validation picture that was classified wrongly.

    Attributes:
        place: its index in the validation part.
        answer: index of the predicted class.
        truth: index of the true class.
        probability: of the answer.
    """

    place: int
    answer: int
    truth: int
    probability: float


_drawing = threading.Lock()


Part = Literal["mistakes", "filters"]


def epoch_view(run: RunDirectory, part: Part, *, own_pictures: bytes | None, may_see_pictures: bool) -> None:
    """Draw the mistakes of the newest epoch or the first layer's filters; nothing where the run has not kept them.

    Args:
        run: the run.
        part: which of both.
        own_pictures: for "photos": the visitor's own pictures as `models.datasets.photos.pack` packs them, if at hand.
        may_see_pictures: the visitor may see the run's pictures.
    """
    mark = file_mark(run.view_file)
    if mark == GONE:
        return
    try:
        private = run.config().dataset == "photos"
    except RunError:
        return
    if not private:
        with _drawing:  # the first visitor's run draws it, and the others wait
            data = _at_hand(run)
            text = _public(run.path, mark, may_see_pictures, None if data is None else data.fingerprint())
    else:
        # A visitor's pictures stay in the visitor's session: a cache of the server would outlive the visit.
        key = (run.path, mark, may_see_pictures, len(own_pictures or b""))
        if st.session_state.get("epoch-view:key") != key:
            data = _own(run, own_pictures) if may_see_pictures else None
            st.session_state["epoch-view:text"] = _drawn(run, data, may_see_pictures)
            st.session_state["epoch-view:key"] = key
        text = st.session_state["epoch-view:text"]
    if text[part]:
        st.html(f'<style>{_STYLE}</style><section class="epoch-view">{text[part]}</section>')


@lru_cache(maxsize=8)
def _public(path: Path, _mark: FileMark, may_see: bool, fingerprint: str | None) -> dict[Part, str]:
    run = RunDirectory(path)
    return _drawn(run, None if fingerprint is None else _at_hand(run), may_see)


def _at_hand(run: RunDirectory) -> Dataset | None:
    try:
        return pictures_of(run.config())
    except RunError:
        return None


def _own(run: RunDirectory, own_pictures: bytes | None) -> Dataset | None:
    from models.datasets.photos import unpack

    config = run.config()
    try:
        packed = own_pictures or run.pictures_file.read_bytes()
        return unpack(packed, side=config.resolved_side, how=zoo.info(config.network).resize)
    except (OSError, DatasetError):
        return None


def _drawn(run: RunDirectory, data: Dataset | None, may_see: bool) -> dict[Part, str]:
    view = read_view(run)
    if view is None:
        return {"mistakes": "", "filters": ""}
    if data is not None and not (_answers_of(data, view) and data.fits(run.data().get("fingerprint"))):
        data = None  # the visitor's or the folder's pictures have changed since
    return {"mistakes": _mistakes(view, data, may_see), "filters": _filters(view)}


def _answers_of(data: Dataset, view: View) -> bool:
    """Whether there is one answer for each validation picture, with one probability for each class or one for two."""
    answers, numbers = view.probabilities.shape
    classes = len(data.classes)
    return answers == len(data.validation) and (numbers == classes or (numbers, classes) == (1, 2))


# Mistakes -------------------------------------------------------------------------------------------------------------


def mistakes(probabilities: np.ndarray, labels: np.ndarray) -> list[Mistake]:
    """Return the pictures that were classified wrongly, the surest mistake first.

    Args:
        probabilities: float32 (n, classes), or (n, 1): those of the second of two classes, predicted above 0.5.
        labels: int (n,).
    """
    if probabilities.shape[1] == 1:
        probabilities = np.hstack([1 - probabilities, probabilities])
    answers = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)
    sure = probabilities[wrong, answers[wrong]]
    return [
        Mistake(int(place), int(answers[place]), int(labels[place]), float(probabilities[place, answers[place]]))
        for place in wrong[np.argsort(-sure, kind="stable")]
    ]


def _mistakes(view: View, data: Dataset | None, may_see: bool) -> str:
    if not len(view.probabilities):
        return ""
    head = f"<h3>What it gets wrong after epoch {view.epoch}</h3>"
    if not may_see:
        return (
            f'<div class="mistakes">{head}<p>These are somebody\'s own photos: only who added them sees them.</p></div>'
        )
    if data is None:
        words = "The validation pictures of this run are not available on this page, so its mistakes cannot be shown."
        return f'<div class="mistakes">{head}<p>{words}</p></div>'
    wrong = mistakes(view.probabilities, data.validation.labels)
    count = len(view.probabilities)
    if not wrong:
        right = "the validation picture is" if count == 1 else f"all {count:,} validation pictures are"
        return f'<div class="mistakes">{head}<p>Nothing: {right} classified correctly.</p></div>'
    verb = "is" if len(wrong) == 1 else "are"
    words = f"{len(wrong):,} of {number_of(count, 'validation picture')} {verb} classified wrongly."
    if len(wrong) > 1:
        words += " The most confident mistakes come first"
        words += f": here are {MOST_MISTAKES} of them." if len(wrong) > MOST_MISTAKES else "."
    items = "".join(_thumbnail(one, data) for one in wrong[:MOST_MISTAKES])
    return f'<div class="mistakes">{head}<p>{words}</p><ul tabindex="0">{items}</ul></div>'


def _thumbnail(one: Mistake, data: Dataset) -> str:
    answer, truth = (html.escape(data.classes[place]) for place in (one.answer, one.truth))
    pixels = data.validation.images[one.place].astype(np.float32) * (255 / data.maximum)
    small = np.clip(pixels, 0, 255).astype(np.uint8)
    if small.shape[0] > THUMBNAIL_SIDE:
        side = (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
        small = cv2.resize(small, side, interpolation=cv2.INTER_AREA).reshape(*side, -1)
    grey = small.shape[-1] == 1
    pixelated = small.shape[0] < SMALL_SIDE
    kind = ' class="pixels"' if pixelated else ""
    # Rounded down: 99.97 % is not certain.
    percent = f"{int(one.probability * 100)}\u00a0%"
    shown = small[..., 0] if grey else small
    # Everybody who watches receives these after every epoch, and a JPEG has a quarter of a PNG's size.
    url = png_url(shown) if pixelated else jpeg_url(shown)
    return (
        f'<li><img{kind} src="{url}" alt="A picture of the class {truth}">'
        f"<b>{answer}? {percent}</b><span>is: {truth}</span></li>"
    )


# Filters --------------------------------------------------------------------------------------------------------------


def filter_sheet(weights: np.ndarray) -> np.ndarray:
    """Return all filters side by side, nearest-neighbour enlarged, with transparent gaps.

    Each is normalised by its own largest absolute weight. Filters for red, green and blue are colour pictures in which
    middle grey is 0; others are blue where positive, orange where negative.

    Args:
        weights: float32 (rows, columns, channels, filters).

    Returns:
        uint8 (height, width, 4): RGBA.
    """
    rows, columns, channels, count = weights.shape
    signed = weights / np.maximum(np.abs(weights).max(axis=(0, 1, 2), keepdims=True), 1e-12)
    if channels == 3:
        colours = 127.5 + 127.5 * signed
    else:
        signed = signed.mean(axis=2, keepdims=True)
        end = np.where(signed > 0, POSITIVE[:, None], NEGATIVE[:, None])
        colours = ZERO[:, None] + (end - ZERO[:, None]) * np.abs(signed)
    scale = max(1, 24 // max(rows, columns))
    gap = 3
    across = min(COLUMNS, count)
    down = -(-count // across)
    height, width = rows * scale, columns * scale
    sheet = np.zeros((down * (height + gap) - gap, across * (width + gap) - gap, 4), np.uint8)
    for number in range(count):
        top, left = number // across * (height + gap), number % across * (width + gap)
        tile = colours[..., number].round().astype(np.uint8).repeat(scale, 0).repeat(scale, 1)
        sheet[top : top + height, left : left + width, :3] = tile
        sheet[top : top + height, left : left + width, 3] = 255
    return sheet


def moved(first: np.ndarray, now: np.ndarray) -> float:
    """Return the relative change of the weights: the norm of the difference over the norm of the first weights."""
    return float(np.linalg.norm(now - first) / max(float(np.linalg.norm(first)), 1e-12))


def _filters(view: View) -> str:
    if not view.filters:
        return ""
    first, now = view.filters[0], view.filters[-1]
    rows, columns, channels, count = now.weights.shape
    head = "<h3>What its first layer looks for</h3>"
    kind = f"{number_of(count, 'filter')} of {rows} × {columns} weights"
    kind += " in red, green and blue" if channels == 3 else ""
    zero = "Middle grey is 0." if channels == 3 else "White is 0, blue is positive, orange is negative."
    name = html.escape(view.layer)
    if view.frozen:
        words = f"The layer {name} is frozen: its {kind} stay as they came. {zero}"
        return f'<div class="filters">{head}<p>{words}</p><div class="sheets">{_sheet(now, "all the time")}</div></div>'
    words = f"The layer {name} has {kind}. {zero}"
    if len(view.filters) == 1:
        return f'<div class="filters">{head}<p>{words}</p><div class="sheets">{_sheet(now, _when(now))}</div></div>'
    share = moved(first.weights, now.weights)
    words += f" They have changed by <b>{percent(share)}</b> so far."
    sheets = _sheet(first, _when(first)) + _sheet(now, f"now, {_when(now)}")
    return f'<div class="filters">{head}<p>{words}</p><div class="sheets">{sheets}</div></div>'


def _when(one: Snapshot) -> str:
    if one.step:
        return f"in epoch {one.epoch + 1} after step {one.step}"
    return f"after epoch {one.epoch}" if one.epoch else "at the beginning"


def _sheet(one: Snapshot, when: str) -> str:
    alt = f"The first layer's {one.weights.shape[-1]} filters {when}"
    return (
        f'<figure><img class="pixels" src="{png_url(filter_sheet(one.weights))}" alt="{alt}">'
        f"<figcaption>{when[0].upper()}{when[1:]}</figcaption></figure>"
    )
