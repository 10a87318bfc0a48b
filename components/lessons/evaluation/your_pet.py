"""The visitor's photo among the judged ones: its score, what it is called, its heatmap, and the most similar photos."""

import html
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import cv2
import numpy as np
import streamlit as st

from components import shell
from components.engine.notice import engine_or_word
from components.lessons.evaluation.breeds import breeds
from components.lessons.evaluation.digits import kind_of
from components.lessons.evaluation.own_photos import KEY, TITLE
from components.lessons.evaluation.photo_detail import heatmap_words
from components.lessons.evaluation.pictures_behind import AnyPictures, photos_are_missing
from components.lessons.evaluation.scene import Judgement
from components.lessons.evaluation.threshold_board import shown_names
from components.networks.score_job import Asked
from components.photo import current_photo, remembered
from components.photo.figures import SIDE, figure, probability_bars
from components.photo.own_photos import is_among_own_photos
from components.photo.uploads import plain
from components.scene import rerun
from models.answers import CloseLook, Heatmap
from models.engine import EngineError
from models.engine.questions import LOOK_CLOSELY
from models.evaluation.neighbours import NEIGHBOURS, Unusual, nearest, unusual
from models.evaluation.overlay import overlay
from models.evaluation.shipped_scores import PET_PHOTOS
from models.evaluation.stored_scores import IMAGENET_PETS, Judged
from models.networks.files import IMAGENET
from models.pictures.photo import Source

_LOOK_SECONDS = 1.0  # not before the page stands: its answer draws the page again
"""Seconds between two checks of whether the engine has answered."""

_PATIENCE_SECONDS = 300.0
"""Longest wait for the engine's answer: nothing else on the page waits for it, and a busy machine loads slowly."""

DRAWN_PETS, DOGS_VS_CATS = "drawn-pets", "dogs-vs-cats"

FAR = 95.0
"""Percentile from which a photo is called unlike all photos that the network was judged on."""

RATHER_FAR = 90.0
"""Percentile from which it is called rather unusual."""


class Pet(NamedTuple):
    """The visitor's photo among the judged ones.

    Attributes:
        seen: the answer of `models.evaluation.heatmap.look_closely`.
        p: its probabilities for the judgement's classes, float64 (classes,), adding up to 1.
        told: how unusual it is among the judged pictures, or None where that is unknown.
        caution: why these probabilities may mean little, as a sentence, or "".
    """

    seen: CloseLook
    p: np.ndarray
    told: Unusual | None
    caution: str


def known_pet(judged: Judged) -> Pet | None:
    """Return what the network said of the visitor's photo, or None while it has not been asked (`ask_about_pet`)."""
    photo = current_photo()

    def answered() -> CloseLook:
        asking: _Asking | None = st.session_state.get(_ASKING)
        if asking is None or asking.name != (photo.digest, judged.weights) or not asking.answer.done():
            raise LookupError
        if asking.answer.exception() is not None:
            raise LookupError
        return asking.answer.result()

    try:
        seen = remembered(photo, f"evaluation {judged.weights}", answered)
    except LookupError:
        return None
    # A photo among the judged ones would be its own nearest one.
    among = judged.dataset == TITLE and is_among_own_photos(photo, KEY)
    alike = not among and judged.features.shape[1] == len(seen["features"])
    told = unusual(np.asarray(seen["features"]), judged.features, judged.distances) if alike else None
    return Pet(seen, probabilities_of(seen, judged), told, caution_words(judged, photo.source, told))


def has_maps(pet: Pet | None) -> bool:
    """Return whether the network has feature maps, as far as its answer says: without convolutions it has none."""
    return pet is None or pet.seen["heatmap"] is not None


class _Asking(NamedTuple):
    """A question to the engine: about which photo and network, and its answer, which may still be on its way."""

    name: tuple[str, str]
    answer: Future[CloseLook]


_ASKING = "evaluation:asking"
_threads = ThreadPoolExecutor(16, thread_name_prefix="pet")
"""Whoever waits for the engine waits here: the page, with its board and photos, goes on."""


def ask_about_pet(judged: Judged, asked: Asked) -> None:
    """Ask the network about the visitor's photo, and say so; the page runs again when `known_pet` has the answer."""
    found = engine_or_word("Asking the network about your photo")
    if found is None:
        return
    photo = current_photo()
    name = (photo.digest, judged.weights)
    asking: _Asking | None = st.session_state.get(_ASKING)
    if asking is None or asking.name != name:

        def ask() -> CloseLook:
            return found.ask(LOOK_CLOSELY, photo.pixels, asked.network, asked.which, timeout=_PATIENCE_SECONDS)

        answer = _threads.submit(ask)
        asking = st.session_state[_ASKING] = _Asking(name, answer)
    problem = asking.answer.exception() if asking.answer.done() else None
    if problem is None:
        _wait()
        return
    st.caption(plain(str(problem)) if isinstance(problem, EngineError) else "The engine gave no answer.")
    st.button("Ask again", key="evaluation-ask-again", on_click=lambda: st.session_state.pop(_ASKING, None))


@st.fragment(run_every=_LOOK_SECONDS)
def _wait() -> None:
    asking: _Asking | None = st.session_state.get(_ASKING)
    if asking is None or asking.answer.done():
        rerun()
    st.caption("The network looks at your photo …")


def caution_words(judged: Judged, source: Source, told: Unusual | None) -> str:
    """Return why the probabilities for a photo may mean little, as a sentence; "" where nothing says so.

    Args:
        judged: the judgement that the page shows.
        source: where the visitor's photo comes from.
        told: how unusual the photo is among the judged pictures, or None.
    """
    drawn = judged.dataset.startswith(DRAWN_PETS)
    if drawn and source != "drawn":
        return "The figures below are of drawings: they say nothing about photos like yours."
    if source == "drawn" and judged.dataset in (PET_PHOTOS, DOGS_VS_CATS):
        return "The figures below are of photos: they say nothing about drawings like yours."
    if told is not None and told.percentile >= FAR:
        return "The network has never been evaluated on photos like yours: do not read much into its score."
    return ""


def probabilities_of(seen: CloseLook, judged: Judged) -> np.ndarray:
    """Return the photo's probabilities for the judgement's classes, float64 (classes,), adding up to 1."""
    found = np.array(seen["probabilities"], np.float64)
    if judged.network == IMAGENET:
        sums = np.array([found[list(places)].sum() for places in IMAGENET_PETS.values()])
        return sums / sums.sum() if sums.sum() > 0 else np.full(len(sums), 1 / len(sums))
    return found


def your_pet(judged: Judged, pet: Pet, pictures: AnyPictures, chosen: Judgement, threshold: float) -> None:
    """Draw the visitor's photo as the network sees it, its probabilities, and the most similar photos.

    Args:
        judged: the judgement to compare with.
        pet: what `known_pet` returned.
        pictures: of the judgement.
        chosen: the page's choices, which name the network.
        threshold: for two classes, the board's.
    """
    photo = current_photo()
    seen, p = pet.seen, pet.p
    shown = _fitted(photo.pixels)
    left, middle, right = st.columns([2, 2, 3], gap="medium")
    left.html(figure(shown, photo.name))
    if seen["heatmap"] is not None:
        middle.html(figure(_over(shown, seen["heatmap"]), heatmap_words(seen["heatmap"])))
    else:
        middle.caption(plain(seen["no_heatmap"]))
    order = np.argsort(-p, kind="stable")[:5]
    with right:
        st.html(probability_bars([(judged.classes[place], float(p[place])) for place in order]))
        st.write(called_words(judged, p, threshold))
        if pet.told is not None:
            st.write(unusual_words(pet.told, kind_of(judged)))
        breeds(judged, seen)
        if has_maps(pet):
            shell.link_to("convnet", "See its feature maps, layer by layer", network=chosen.network, which=chosen.which)
    _nearest(judged, seen, pictures)


def _fitted(pixels: np.ndarray) -> np.ndarray:
    """Return the photo in its own proportions, its longer side `SIDE` pixels."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    return cv2.resize(
        pixels, (max(round(width * scale), 1), max(round(height * scale), 1)), interpolation=cv2.INTER_AREA
    )


def _over(shown: np.ndarray, found: Heatmap) -> np.ndarray:
    """Return the photo with the heatmap over the square that the network received."""
    return overlay(shown, found["map"], resize=found["resize"])


def unusual_words(told: Unusual, kind: str = "photos") -> str:
    """Return a sentence or two on the photo's distance to its nearest ones, which are of this kind."""
    begin = (
        "How unusual is it? The network turns every picture into a row of numbers, its features. "
        f"{told.percentile:.0f}\u00a0% of the {kind} above lie closer to their nearest {NEIGHBOURS} than yours does. "
    )
    if told.percentile >= FAR:
        return begin + (
            "**To this network it is like nothing that it was evaluated on.** It must name one of its classes all the "
            "same."
        )
    return begin + ("That is rather unusual." if told.percentile >= RATHER_FAR else "That is nothing unusual.")


def called_words(judged: Judged, p: np.ndarray, threshold: float) -> str:
    """Return what the network says of the photo, and how many photos have a higher score, as Markdown.

    Args:
        judged: the judgement to compare with.
        p: the photo's probabilities, (classes,).
        threshold: for two classes, from 0 to 1.
    """
    if len(judged.classes) == 2:
        higher = int((judged.probabilities[:, 1] > p[1]).sum())
        names = shown_names((judged.classes[0], judged.classes[1]))
        return (
            f"At threshold {threshold:.4g} the network says **{plain(names[int(p[1] > threshold)])}**. "
            f"Of the {len(judged):,} photos above, "
            f"{higher:,} {'has' if higher == 1 else 'have'} a higher score for “{plain(names[1])}”."
        )
    return f"The network says **{plain(judged.classes[int(p.argmax())])}**."


def similar_words(judged: Judged, places: np.ndarray) -> str:
    """Return which class most of the most similar photos are of, as Markdown.

    Args:
        judged: the judgement.
        places: indices of the most similar photos in it, at least one.
    """
    counts = np.bincount(judged.labels[places], minlength=len(judged.classes))
    most = int(counts.argmax())
    return (
        f"Of the {len(places)} {kind_of(judged)} above that are most similar to yours in this network’s eyes, "
        f"{counts[most]} {'is' if counts[most] == 1 else 'are'} of the class **{plain(judged.classes[most])}**."
    )


def _nearest(judged: Judged, seen: CloseLook, pictures: AnyPictures) -> None:
    if not pictures or not len(judged) or judged.features.shape[1] != len(seen["features"]):
        return
    places, likeness = nearest(np.asarray(seen["features"]), judged.features)
    if photos_are_missing(judged):  # five silhouettes would show nothing
        st.write(similar_words(judged, places))
        return
    kind = kind_of(judged)
    items = "".join(
        f'<li><img alt="A picture of the class {html.escape(judged.classes[judged.labels[place]])}" '
        f'src="{pictures.thumbnail(int(place))}"><b>{html.escape(judged.classes[judged.labels[place]])}</b>'
        f"<span>cosine {value:.3f}</span></li>"
        for place, value in zip(places, likeness, strict=True)
    )
    st.html(
        f'<section class="nearest"><h3>Most similar {kind}, in this network’s eyes</h3>'
        f"<p>The last layer decides by {judged.features.shape[1]:,} features. The cosine of the angle between two "
        f"pictures’ features is 1 where they point in the same direction.</p><ul>{items}</ul></section>"
    )
