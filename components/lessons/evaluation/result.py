"""The boards of a judgement: two classes with a threshold, more with a matrix; two networks side by side; files."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from components import shell
from components.lessons.evaluation.class_matrix import class_matrix
from components.lessons.evaluation.compared_networks import compared_networks
from components.lessons.evaluation.figures_download import figures_download
from components.lessons.evaluation.own_photos import TITLE, OwnPictures
from components.lessons.evaluation.scene import Judgement
from components.lessons.evaluation.score_tables import judged_tables
from components.lessons.evaluation.threshold_board import threshold_board
from components.lessons.evaluation.your_pet import probabilities_of
from components.networks.names import network_words
from components.networks.pictures import Pictures
from components.photo.uploads import plain
from models.answers import CloseLook
from models.datasets import Skipped
from models.evaluation.stored_scores import Judged

_THRESHOLD = "evaluation:threshold"

_MOST_SKIPPED = 5


def result(
    judged: Judged, pictures: Pictures | OwnPictures, aside: frozenset[int], seen: CloseLook | None, title: str
) -> int | None:
    """Draw the board that suits the number of classes; return the photo that is open, or None.

    Args:
        judged: the judgement.
        pictures: its pictures.
        aside: photos that do not count.
        seen: the network's answer for the visitor's photo, if there is one.
        title: the network's display name.
    """
    mine = probabilities_of(seen, judged) if seen is not None else None
    drawn = " They are drawn by this project, not photographed." if judged.dataset.startswith("drawn") else ""
    data = plain(judged.dataset.partition(":")[0])
    own = judged.dataset == TITLE
    part = "all parts" if judged.part == "all" else f"{judged.part} part"
    which = f"{len(judged):,} of {data}" if own else f"{len(judged):,} pictures of {data}, {part}"
    st.write(f"**{plain(title)}** on {which}.{drawn}")
    if pictures.skipped:
        st.caption(skipped_words(pictures.skipped))
    if len(judged.classes) == 2:
        board = threshold_board(
            judged.labels,
            judged.probabilities[:, 1],
            (judged.classes[0], judged.classes[1]),
            thumbnail=pictures.thumbnail,
            subject=pictures.subject,
            mine=None if mine is None else float(mine[1]),
            aside=aside,
        )
        st.session_state[_THRESHOLD] = board.threshold
        return board.photo
    choice = class_matrix(
        judged.labels,
        judged.probabilities,
        judged.classes,
        thumbnail=pictures.thumbnail,
        subject=pictures.subject,
        aside=aside,
        mine=mine,
    )
    judged_tables(judged.labels, judged.probabilities, judged.classes, subject=pictures.subject, aside=aside)
    return choice.photo


def skipped_words(skipped: Sequence[Skipped]) -> str:
    """Return which files were left out, and why, as Markdown."""
    count = len(skipped)
    files = "; ".join(f"{plain(one.name)}: {plain(one.reason)}" for one in skipped[:_MOST_SKIPPED])
    more = f"; and {count - _MOST_SKIPPED:,} more" if count > _MOST_SKIPPED else ""
    head = "1 file could not be used and is" if count == 1 else f"{count:,} files could not be used and are"
    return f"{head} left out: {files}{more}."


def side_by_side(
    first: Judged, second: Judged, pictures: Pictures | OwnPictures, chosen: Judgement, aside: frozenset[int]
) -> int | None:
    """Draw two networks' answers for the same photos, or a sentence if they cannot be compared.

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


def downloads(judged: Judged, aside: frozenset[int]) -> None:
    """Draw the buttons for figures and tables as files."""
    shell.section("Take the figures along", "Every figure above comes from the table of photos, by these lines.")
    figures_download(judged, float(np.clip(st.session_state.get(_THRESHOLD, 0.5), 0, 1)), aside)
