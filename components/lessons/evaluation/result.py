"""The boards of a judgement: two classes with a threshold, more with a matrix; two networks side by side; files."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import streamlit as st

from components.lessons.evaluation import asked_of
from components.lessons.evaluation.class_matrix import class_matrix
from components.lessons.evaluation.compared_networks import compared_networks
from components.lessons.evaluation.own_photos import TITLE
from components.lessons.evaluation.pictures_behind import AnyPictures, photos_are_missing
from components.lessons.evaluation.scene import OWN, PHOTOS, Judgement
from components.lessons.evaluation.score_tables import PREFIX, judged_tables
from components.lessons.evaluation.threshold_board import Beside, Role, threshold_board
from components.lessons.evaluation.your_pet import Pet
from components.networks.names import network_words
from components.networks.score_job import Asked, finished
from components.networks.score_job import judged as judged_by_engine
from components.photo.uploads import plain
from components.scene import rerun
from models.datasets import Skipped
from models.evaluation.stored_scores import Judged

_THRESHOLD = "evaluation:threshold"
_WANTED = "evaluation:other-part"
_UNFOLDED = "evaluation:by-class-unfolded"

PICTURES = {
    "drawn-pets": "drawn pets",
    "digits": "handwritten digits",
    "dogs-vs-cats": "photos of Dogs vs. Cats",
    "folder": "pictures of the folder",
}
"""Dataset → what its pictures are called after their number."""

HALVES = ("validation", "test")
"""The part on which a threshold is chosen, and the one on which its price is read."""

BEST_EPOCH = (
    "One thing is left: all 1,600 photos together chose the network’s best epoch, so even the test half flatters it a "
    "little."
)

LEARNED_FROM_THEM = ("convnet", "efficientnet-lite0-pets")
"""Networks that were trained on photos of Dogs vs. Cats."""

_MOST_SKIPPED = 5


def result(
    judged: Judged, pictures: AnyPictures, aside: frozenset[int], pet: Pet | None, chosen: Judgement
) -> int | None:
    """Draw the board that suits the number of classes; return the photo that is open, or None.

    Args:
        judged: the judgement.
        pictures: its pictures.
        aside: photos that do not count.
        pet: what is known of the visitor's photo.
        chosen: the page's choices, which name the network and the part.
    """
    st.write(f"**On {data_words(judged)}")
    if pictures.skipped:
        st.caption(skipped_words(pictures.skipped))
    if len(judged.classes) == 2:
        other = other_part(chosen)
        scores = None if other is None else (other.labels, other.probabilities[:, 1])
        board = threshold_board(
            judged.labels,
            judged.probabilities[:, 1],
            (judged.classes[0], judged.classes[1]),
            thumbnail=pictures.thumbnail,
            subject=pictures.subject,
            beside=Beside(
                part=cast("Role", judged.part) if judged.part in HALVES else "",
                other=scores,
                note=BEST_EPOCH if judged.dataset == PHOTOS and judged.network in LEARNED_FROM_THEM else "",
                mine=None if pet is None else float(pet.p[1]),
                caution="" if pet is None else pet.caution,
            ),
            aside=aside,
        )
        st.session_state[_THRESHOLD] = board.threshold
        if other is None and judged.part in HALVES:
            ask_for_other_part(chosen)
        return board.photo
    # It has its place before it comes: a fragment is known by where it stands, and the fold below has one.
    place = st.empty()
    if pet is not None and pet.caution:
        place.caption(f"**{pet.caution}**")
    choice = class_matrix(
        judged.labels,
        judged.probabilities,
        judged.classes,
        thumbnail=pictures.thumbnail,
        subject=pictures.subject,
        aside=aside,
        mine=None if pet is None else pet.p,
    )
    unfolded = st.session_state.setdefault(_UNFOLDED, any(name.startswith(PREFIX) for name in st.query_params))
    with st.expander("Precision, recall and curves of each class", expanded=unfolded, key="evaluation-by-class"):
        judged_tables(judged.labels, judged.probabilities, judged.classes, subject=pictures.subject, aside=aside)
    return choice.photo


def threshold_now() -> float:
    """Return the threshold of the board of two classes."""
    return float(np.clip(st.session_state.get(_THRESHOLD, 0.5), 0, 1))


def data_words(judged: Judged) -> str:
    """Return the rest of a line that begins with "**On": the pictures, and what to know of them, as Markdown."""
    count = len(judged)
    if judged.dataset == TITLE:
        return f"{count:,} of your own photos.**"
    if judged.dataset == PHOTOS:
        words = f"{count:,} real photos,** the {judged.part} half of 1,600."
        if photos_are_missing(judged):
            words += (
                " Only their scores come with the course, so silhouettes stand for the photos. To see photos, choose "
                "Dogs vs. Cats or a folder."
            )
        return words
    kind = PICTURES.get(judged.dataset.partition(":")[0], "pictures")
    part = "all of them" if judged.part == "all" else f"the {judged.part} part"
    words = f"{count:,} {kind},** {part}."
    if judged.dataset.startswith("drawn"):
        words += " They are drawn by this project, not photographed."
    if judged.dataset == "dogs-vs-cats" and judged.network in LEARNED_FROM_THEM:
        words += " The network learned from many of these photos: on new ones, its figures are lower."
    return words


def other_part(chosen: Judgement) -> Judged | None:
    """Return the same network on the other one of the parts "validation" and "test", if it has been evaluated there."""
    asked = _asked_for_other_part(chosen)
    if asked is None:
        return None
    found = finished(asked)
    return found if found is not None and len(found.classes) == 2 else None


def ask_for_other_part(chosen: Judgement) -> None:
    """Draw a button that evaluates the network on the other part, and its progress."""
    asked = _asked_for_other_part(chosen)
    if asked is None:
        return
    wanted = f"{asked.network} {asked.which} {asked.dataset} {asked.part}"
    if st.session_state.get(_WANTED) == wanted:
        if judged_by_engine(asked, key="evaluation-other-part") is not None:
            rerun()
        return
    st.button(
        f"Evaluate the {asked.part} part, too, to see what a threshold costs on photos that did not choose it",
        key="evaluation-price",
        on_click=lambda: st.session_state.update({_WANTED: wanted}),
    )


def _asked_for_other_part(chosen: Judgement) -> Asked | None:
    if chosen.data == OWN or chosen.part not in HALVES:
        return None
    return asked_of(replace(chosen, part=HALVES[1 - HALVES.index(chosen.part)]))


def skipped_words(skipped: Sequence[Skipped]) -> str:
    """Return which files were left out, and why, as Markdown."""
    count = len(skipped)
    files = "; ".join(f"{plain(one.name)}: {plain(one.reason.removesuffix('.'))}" for one in skipped[:_MOST_SKIPPED])
    more = f"; and {count - _MOST_SKIPPED:,} more" if count > _MOST_SKIPPED else ""
    head = "1 file could not be used and is" if count == 1 else f"{count:,} files could not be used and are"
    return f"{head} left out: {files}{more}."


def side_by_side(
    first: Judged, second: Judged, pictures: AnyPictures, chosen: Judgement, aside: frozenset[int]
) -> int | None:
    """Draw two networks' results on the same photos, or a sentence if they cannot be compared.

    Args:
        first, second: the judgements.
        pictures: of the first.
        chosen: the page's choices, which name both networks.
        aside: photos that do not count.

    Returns:
        The photo that was pressed, or None.
    """
    titles = (network_words(chosen.network, chosen.which), network_words(chosen.other, chosen.other_which))
    try:
        return compared_networks(
            first,
            second,
            titles=titles,
            thumbnail=pictures.thumbnail,
            subject=f"{pictures.subject} {second.weights[:16]}",
            aside=aside,
            threshold=st.session_state.get(_THRESHOLD, 0.5),
        )
    except ValueError as error:
        st.info(plain(str(error)))
    return None
