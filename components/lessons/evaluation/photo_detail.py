"""One photo of a judgement, large: its probabilities, where it looked, and whether its label may be wrong."""

import html

import cv2
import numpy as np
import streamlit as st

from components import shell
from components.engine import engine
from components.lessons.evaluation.own_photos import TITLE
from components.lessons.evaluation.pictures_behind import AnyPictures
from components.lessons.evaluation.scene import Judgement
from components.lessons.evaluation.threshold_board import shown_names
from components.networks.score_job import Asked
from components.photo import show_photo
from components.photo.figures import SIDE, figure, probability_bars
from components.photo.uploads import plain
from components.shell.press import pressed
from models.answers import Heatmap
from models.engine import EngineError
from models.engine.questions import HEATMAP
from models.evaluation.overlay import overlay
from models.evaluation.shipped_scores import PET_PHOTOS
from models.evaluation.stored_scores import Judged
from models.pictures.photo import MIN_SIDE, Photo, Source

_MOST_HEATMAPS = 256
_heatmaps: dict[tuple[str, str, int], Heatmap] = {}


def photo_detail(
    judged: Judged,
    asked: Asked,
    pictures: AnyPictures,
    number: int,
    aside: frozenset[int],
    key: str,
    *,
    chosen: Judgement,
    threshold: float,
    has_maps: bool = True,
) -> None:
    """Draw a photo, its heatmap, its scores, a switch that sets it aside, and a link to the network map.

    Args:
        judged: the judgement.
        asked: the request to the engine about its network.
        pictures: of the judgement.
        number: the photo's index in it.
        aside: indices of the photos that are set aside.
        key: of their list in the session.
        chosen: the page's choices, which name the network.
        threshold: for two classes, the board's.
        has_maps: whether the network has feature maps to link to.
    """
    st.html(f'<section class="lesson"><h3>{html.escape(title_of(judged, number))}</h3></section>')
    shown: np.ndarray | None
    try:
        shown = pictures.shown(number)
    except IndexError:
        shown = None
        left, right = st.columns([2, 3], gap="medium")
        left.caption(_missing_words(judged))
    else:
        left, middle, right = st.columns([2, 2, 3], gap="medium")
        left.html(figure(_large(shown), "As the network receives it"))
    with right:
        bars = np.argsort(-judged.probabilities[number], kind="stable")[:5]
        st.html(probability_bars([(judged.classes[one], float(judged.probabilities[number, one])) for one in bars]))
        st.write(verdict(judged, number, threshold))
        st.toggle(
            "Wrong label? Set it aside",
            value=number in aside,
            key=f"{key}-aside-{number}",
            on_change=_set_aside,
            args=(key, number),
        )
        drawn, own = judged.dataset.startswith("drawn"), judged.dataset == TITLE
        source: Source = "drawn" if drawn else "upload" if own else "sample"
        if shown is not None and has_maps:
            _into_the_network(shown, title_of(judged, number), source, chosen)
    if shown is not None:
        with middle:  # last: the engine may take its time
            _heatmap(judged, asked, pictures, number, _large(shown))


def verdict(judged: Judged, number: int, threshold: float) -> str:
    """Return what the network says of a photo, what its label says, and whether that is the same, as Markdown.

    Args:
        judged: the judgement.
        number: the photo's index in it.
        threshold: for two classes, from 0 to 1; of more classes, the most probable one counts.
    """
    probabilities, label = judged.probabilities[number], int(judged.labels[number])
    if len(judged.classes) == 2:
        names: tuple[str, ...] = shown_names((judged.classes[0], judged.classes[1]))
        said = int(probabilities[1] > threshold)
        begin = f"At threshold {threshold:.4g} the network says"
    else:
        names, said, begin = judged.classes, int(probabilities.argmax()), "The most probable class is"
    result = "right" if said == label else "wrong"
    return f"{begin} **{plain(names[said])}**, the label says **{plain(names[label])}**: {result}."


def _missing_words(judged: Judged) -> str:
    if judged.dataset == PET_PHOTOS:
        return (
            "The photo does not come with the course, because its licence is unknown; its score does. To see photos, "
            "choose Dogs vs. Cats or a folder, as a teacher may."
        )
    return "The pictures have been changed or thrown away since: evaluate the network again to see them."


def _into_the_network(pixels: np.ndarray, title: str, source: Source, chosen: Judgement) -> None:
    """Draw the link to the network map of this photo, which becomes the photo of all pages."""
    if pixels.shape[0] < MIN_SIDE:
        return  # a digit of 8 × 8 pixels is no photo for the other pages
    photo = Photo(pixels, title, source, (pixels.shape[1], pixels.shape[0]))
    if pressed(
        "See its feature maps, layer by layer →",
        key="evaluation-maps",
        help="This photo becomes the photo of all pages, until you choose another one.",
    ):
        show_photo(photo)
        shell.go_to("convnet", network=chosen.network, which=chosen.which)


def title_of(judged: Judged, number: int) -> str:
    """Return a photo's display name: its file's name, or its number among those of its class."""
    name, truth = judged.names[number], judged.classes[judged.labels[number]]
    if not name.isdigit():
        return f"Photo {name}: “{truth}”"
    # Pictures that this project draws are named by their seeds, which mean nothing to a visitor.
    place = int((judged.labels[: number + 1] == judged.labels[number]).sum())
    return f"{'Drawn picture' if judged.dataset.startswith('drawn') else 'Picture'} no. {place:,} of “{truth}”"


def other_view(judged: Judged, asked: Asked, pictures: AnyPictures, number: int, *, title: str) -> None:
    """Draw a second network's probabilities for a photo, and where it looked.

    Args:
        judged: the second network's judgement.
        asked: the request to the engine about that network.
        pictures: of that judgement, at the size that this network takes.
        number: the photo's index.
        title: the second network's display name.
    """
    st.write(f"**{plain(title)}** on the same photo:")
    left, middle, right = st.columns([2, 2, 3], gap="medium")
    with right:
        bars = np.argsort(-judged.probabilities[number], kind="stable")[:5]
        st.html(probability_bars([(judged.classes[one], float(judged.probabilities[number, one])) for one in bars]))
    try:
        shown = _large(pictures.shown(number))
    except IndexError:  # the detail above says so
        return
    left.html(figure(shown, "As this network receives it"))
    with middle:
        _heatmap(judged, asked, pictures, number, shown)


def aside_of(key: str, subject: str) -> frozenset[int]:
    """Return the photos that this visitor has set aside in a judgement.

    Args:
        key: of the list in the session.
        subject: identifies the judgement; each has a list of its own.
    """
    lists: dict[str, frozenset[int]] = st.session_state.setdefault(key, {})
    st.session_state[f"{key}:subject"] = subject
    return lists.get(subject, frozenset())


def _set_aside(key: str, number: int) -> None:
    lists = st.session_state[key]
    subject = st.session_state[f"{key}:subject"]
    lists[subject] = lists.get(subject, frozenset()) ^ {number}


def take_all_back(key: str) -> None:
    """Count all photos of the judgement again. For a button."""
    lists = st.session_state[key]
    for name in [name for name in st.session_state if str(name).startswith(f"{key}-aside-")]:
        del st.session_state[name]
    lists[st.session_state[f"{key}:subject"]] = frozenset()


def _heatmap(judged: Judged, asked: Asked, pictures: AnyPictures, number: int, shown: np.ndarray) -> None:
    try:
        seen = _asked_heatmap(judged, asked, pictures, number)
    except EngineError as error:
        st.caption(plain(str(error)))
        return
    st.html(figure(overlay(shown, seen["map"]), heatmap_words(seen)))


def _asked_heatmap(judged: Judged, asked: Asked, pictures: AnyPictures, number: int) -> Heatmap:
    """Ask the engine, once for all visitors; heatmaps of a visitor's own photos stay in the visitor's session."""
    name = (judged.weights, judged.pictures, number)
    own: dict[tuple[str, str, int], Heatmap] = st.session_state.setdefault("evaluation:own-heatmaps", {})
    kept = own if judged.dataset == TITLE else _heatmaps
    if name not in kept:
        found = engine()
        if found is None:
            raise EngineError("Its heatmap needs the engine.")
        answer = found.ask(HEATMAP, pictures.raw(number), asked.network, None, asked.which)
        while len(kept) >= _MOST_HEATMAPS:
            kept.pop(next(iter(kept)), None)
        kept[name] = answer
    return kept[name]


def heatmap_words(seen: Heatmap) -> str:
    """Return the caption of a heatmap."""
    rows, columns = seen["map"].shape
    if not seen["peak"]:
        return f"Grad-CAM: nothing in this photo spoke for “{seen['name']}” in any of the {rows} × {columns} squares."
    return (
        f"Grad-CAM: the lighter a square, the more it spoke for “{seen['name']}”. There are {rows} × {columns}, "
        f"because the maps of {seen['layer']} are that small. A hint, not a proof."
    )


def _large(pixels: np.ndarray) -> np.ndarray:
    how = cv2.INTER_NEAREST if pixels.shape[0] < 48 else cv2.INTER_CUBIC
    return cv2.resize(pixels, (SIDE, SIDE), interpolation=how)
