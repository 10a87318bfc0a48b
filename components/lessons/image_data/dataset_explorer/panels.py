"""The parts below the gallery: three charts, duplicates, and files that could not be used."""

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from components.lessons.image_data.dataset_charts import balance_figure, brightness_figure, sizes_figure
from components.lessons.image_data.dataset_explorer.survey_job import Surveyed
from components.lessons.image_data.dataset_explorer.texts import (
    MOST_NAMED,
    sizes_words,
    twin_lines,
    twins_words,
)
from components.photo.uploads import plain
from components.shell.in_view import in_view
from components.shell.projector import text_size
from models.figures import percent

_CONFIG = {"displaylogo": False, "displayModeBar": False}


@st.fragment
def charts(found: Surveyed, *, key: str) -> None:
    """Draw how many pictures each class has, how large they are and how bright."""
    if not in_view(f"{key}-charts-near"):
        return
    size = text_size()
    several = len(np.unique(found.sizes, axis=0)) > 1
    columns = st.columns(3 if several else 2, gap="large")
    with columns[0]:
        st.write("**Class balance**")
        st.plotly_chart(
            balance_figure(found.labels, found.parts, found.classes, text_size=size),
            key=f"{key}-balance",
            config=_CONFIG,
            alt=f"Pictures of each class: {_counts(found)}",
        )
    with columns[1]:
        st.write("**Brightness**")
        st.plotly_chart(
            brightness_figure(found.brightness, found.labels, found.classes, text_size=size),
            key=f"{key}-brightness",
            config=_CONFIG,
            alt=f"Mean brightness; half of the pictures lie below {percent(np.median(found.brightness))} of white",
        )
    words = sizes_words(found)
    if several:
        with columns[2]:
            st.write("**Width and height**")
            st.plotly_chart(
                sizes_figure(found.sizes, found.labels, found.classes, text_size=size),
                key=f"{key}-sizes",
                config=_CONFIG,
                alt=words,
            )
    st.write(plain(words))


def twins(found: Surveyed) -> None:
    """List the duplicates."""
    _told("The same picture twice", twins_words(found), twin_lines(found))


def read_as(found: Surveyed) -> None:
    """Say how the dataset's folders were read, and what lies in none of them."""
    if found.remarks:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in found.remarks)
        st.html(f'<section class="lesson" style="overflow-wrap:anywhere"><ul>{items}</ul></section>')


def damaged(found: Surveyed) -> None:
    """List the files that could not be used; pictures that come from no files have none."""
    skipped = found.pictures.skipped
    if not skipped and not found.from_files:
        return
    lines = [f"{one.name}: {one.reason}" for one in skipped[:MOST_NAMED]]
    if len(skipped) > MOST_NAMED:
        lines.append(f"And {len(skipped) - MOST_NAMED:,} more.")
    if skipped:
        words = "1 file is left out:" if len(skipped) == 1 else f"{len(skipped):,} files are left out:"
    else:
        words = "None: every file could be read."
    _told("Files that cannot be used", words, lines)


def _counts(found: Surveyed) -> str:
    counts = np.bincount(found.labels, minlength=len(found.classes))
    return ", ".join(f"{name} {count:,}" for name, count in zip(found.classes, counts, strict=True))


def _told(title: str, words: str, lines: Sequence[str]) -> None:
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    listed = f"<ul>{items}</ul>" if items else ""
    st.html(
        f'<section class="lesson" style="overflow-wrap:anywhere"><h3>{html.escape(title)}</h3>'
        f"<p>{html.escape(words)}</p>{listed}</section>"
    )
