"""The visitor's photo among the judged ones: its score, its cell, its heatmap, and what it is most like."""

import html

import cv2
import numpy as np
import streamlit as st

from components import shell
from components.engine import engine
from components.lessons.evaluation.breeds import breeds
from components.lessons.evaluation.own_photos import KEY, TITLE, OwnPictures
from components.lessons.evaluation.photo_detail import heatmap_words
from components.lessons.evaluation.scene import Judgement
from components.networks.pictures import Pictures
from components.networks.score_job import Asked
from components.photo import current_photo, remembered
from components.photo.figures import SIDE, figure, probability_bars
from components.photo.own_photos import is_among_own_photos
from components.photo.uploads import plain
from models.answers import CloseLook, Heatmap
from models.engine import EngineError
from models.engine.questions import LOOK_CLOSELY
from models.evaluation.neighbours import NEIGHBOURS, Unusual, nearest, unusual
from models.evaluation.overlay import overlay
from models.evaluation.stored_scores import IMAGENET_PETS, Judged
from models.networks.files import IMAGENET

FAR = 95.0
"""Percentile from which a photo is called unlike all photos that the network was judged on."""


def look_at_pet(judged: Judged, asked: Asked) -> CloseLook | None:
    """Return the answer of `models.evaluation.heatmap.look_closely` for the visitor's photo, or None."""
    found = engine()
    if found is None:
        return None
    photo = current_photo()
    name = f"evaluation {judged.weights}"

    def ask() -> CloseLook:
        return found.ask(LOOK_CLOSELY, photo.pixels, asked.network, asked.which)

    try:
        return remembered(photo, name, ask)
    except EngineError as error:
        st.caption(plain(str(error)))
        return None


def probabilities_of(seen: CloseLook, judged: Judged) -> np.ndarray:
    """Return the photo's probabilities for the judgement's classes, float64 (classes,), adding up to 1."""
    found = np.array(seen["probabilities"], np.float64)
    if judged.network == IMAGENET:
        sums = np.array([found[list(places)].sum() for places in IMAGENET_PETS.values()])
        return sums / sums.sum() if sums.sum() > 0 else np.full(len(sums), 1 / len(sums))
    return found


def your_pet(judged: Judged, seen: CloseLook, pictures: Pictures | OwnPictures, chosen: Judgement) -> None:
    """Draw the visitor's photo as the network sees it, the network's answer, and the nearest photos.

    Args:
        judged: the judgement to compare with.
        seen: what `look_at_pet` returned.
        pictures: of the judgement.
        chosen: the page's choices, which name the network.
    """
    photo = current_photo()
    p = probabilities_of(seen, judged)
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
        st.write(_answer_words(judged, p))
        # A photo among the judged ones would be its own nearest one.
        among = judged.dataset == TITLE and is_among_own_photos(photo, KEY)
        told = None if among else unusual(np.asarray(seen["features"]), judged.features, judged.distances)
        if told is not None:
            st.write(unusual_words(told))
        breeds(judged, seen)
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


def unusual_words(told: Unusual) -> str:
    """Return a sentence on the photo's distance to its nearest ones."""
    begin = (
        f"Its features lie farther from their nearest {NEIGHBOURS} photos than {told.percentile:.0f} % of the judged "
        "photos' own do. "
    )
    if told.percentile >= FAR:
        return begin + (
            "**To this network it is like nothing that it was judged on.** It must still name one of its classes, so "
            "do not read much into its answer."
        )
    return begin + "That is nothing unusual: the network has an idea of photos like this one."


def _answer_words(judged: Judged, p: np.ndarray) -> str:
    place = int(p.argmax())
    if len(judged.classes) == 2:
        higher = int((judged.probabilities[:, 1] > p[1]).sum())
        return (
            f"Judged photos with a higher score for “{plain(judged.classes[1])}”: {higher:,} of {len(judged):,}. At "
            f"threshold 0.5 it lands in the column **says {plain(judged.classes[int(p[1] > 0.5)])}**."
        )
    return f"It lands in the column **says {plain(judged.classes[place])}** of the matrix."


def _nearest(judged: Judged, seen: CloseLook, pictures: Pictures | OwnPictures) -> None:
    if not pictures or not len(judged):
        return
    places, likeness = nearest(np.asarray(seen["features"]), judged.features)
    items = "".join(
        f'<li><img alt="A photo of the class {html.escape(judged.classes[judged.labels[place]])}" '
        f'src="{pictures.thumbnail(int(place))}"><b>{html.escape(judged.classes[judged.labels[place]])}</b>'
        f"<span>cosine {value:.3f}</span></li>"
        for place, value in zip(places, likeness, strict=True)
    )
    st.html(
        '<section class="nearest"><h3>The judged photos that are most like it to this network</h3>'
        f"<p>Compared are the {judged.features.shape[1]:,} features from which the last layer makes its answer: the "
        "cosine of the angle between two photos' features is 1 where they point in the same direction.</p>"
        f"<ul>{items}</ul></section>"
    )
