"""One picture of a dataset, large, with all that is known of it."""

import html
from collections.abc import Callable

import cv2
import numpy as np
import streamlit as st

from components.lessons.image_data.dataset_explorer.survey_job import Surveyed
from components.lessons.image_data.dataset_explorer.texts import name_of
from components.photo.figures import SIDE, figure, probability_bars
from components.photo.uploads import plain
from models.evaluation.stored_scores import Judged
from models.figures import listed, percent

_MOST_BARS = 5
_STYLE = (
    "<style>[role=dialog] .probability-bars li { grid-template-columns: minmax(3rem, max-content) 1fr 4.5rem; }</style>"
)
"""A dialog has less room than a page."""


def picture_detail(
    found: Surveyed, place: int, told: Judged | None, network: str, *, on_close: Callable[[], None]
) -> None:
    """Draw a picture with its facts and a network's answer in a dialog over the page.

    Args:
        found: the survey.
        place: the picture's index.
        told: the network's answers for all pictures, or None.
        network: its display name.
        on_close: called when the visitor closes it, before the page runs again.
    """
    title = found.names[place] if found.from_files else f"Picture no. {place + 1:,}"
    st.dialog(plain(title), width="medium", on_dismiss=on_close)(_detail)(found, place, told, network)


def _detail(found: Surveyed, place: int, told: Judged | None, network: str) -> None:
    left, right = st.columns(2, gap="medium")
    pixels = found.pictures.shown(place)
    how = cv2.INTER_NEAREST if pixels.shape[0] < 48 else cv2.INTER_CUBIC
    left.html(figure(cv2.resize(pixels, (SIDE, SIDE), interpolation=how), "As the network receives it"))
    with right:
        items = "".join(f"<p>{html.escape(line)}</p>" for line in facts(found, place))
        st.html(f'<section class="lesson" style="overflow-wrap:anywhere">{items}</section>')
        if told is not None:
            bars = np.argsort(-told.probabilities[place], kind="stable")[:_MOST_BARS]
            st.write(f"**{plain(network)}** says:")
            st.html(
                _STYLE + probability_bars([(told.classes[one], float(told.probabilities[place, one])) for one in bars])
            )


def facts(found: Surveyed, place: int) -> list[str]:
    """Return the facts about a picture, one sentence each."""
    width, height = (int(length) for length in found.sizes[place])
    lines = [f"Labelled “{found.classes[found.labels[place]]}”, in the {found.parts[place]} part."]
    if found.from_files:
        lines.append(f"Its file has {width:,} × {height:,} pixels.")
    else:
        lines.append(f"{width:,} × {height:,} pixels.")
    darker = float((found.brightness < found.brightness[place]).mean())
    lines.append(f"Mean brightness {percent(found.brightness[place])} of white: {percent(darker)} of all are darker.")
    for kind, places in found.twins:
        if place in places:
            others = listed([name_of(found, other) for other in places if other != place][:5])
            what = "the same bytes" if kind == "bytes" else "the same pixels"
            lines.append(f"It has {what} as {others}.")
    return lines
