"""Before a run is started: the chart that it will fill, how long that will take, and the button that starts it."""

import html

import streamlit as st

from components.lessons.training.curve_options import Look
from components.shell.projector import text_size
from models.datasets.batches import steps_per_epoch
from models.figures import number_of
from models.runs.config import RunConfig
from models.runs.run_directory import all_runs
from models.runs.watching.forecast import expected_of
from models.runs.watching.progress_bar import duration

HERE = "Your curve will be here"
MOST_MARKS = 10
"""Most epochs of which each has its number at the axis."""


def look() -> Look:
    """Return how charts look for this visitor."""
    return Look(dark=st.context.theme.type == "dark", text=text_size())


def chart_height() -> int:
    """Return the height of a chart in pixels."""
    return round(text_size() * 20)


def chart_ahead(config: RunConfig, photos: int | None) -> None:
    """Draw the chart of the accuracy that a run will fill, with its axes and what is known of it.

    Args:
        config: what the run is to do.
        photos: number of its training pictures, if known.
    """
    words = ahead_words(config, photos)
    marks = sorted({0, config.epochs} | ({*range(config.epochs)} if config.epochs <= MOST_MARKS else set()))
    epochs = "".join(f'<span style="--x:{mark / config.epochs:.4f}">{mark}</span>' for mark in marks)
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in words)
    with st.container(key="training-ahead"):  # it has its room before it comes
        st.html(
            f'<figure class="ahead"><figcaption>Accuracy</figcaption>'
            f'<div class="plot"><i>1</i><i>0.5</i><i>0</i><div><p><strong>{HERE}</strong></p>{lines}</div></div>'
            f'<div class="epochs">{epochs}</div><p class="axis">epoch</p></figure>'
        )


def ahead_words(config: RunConfig, photos: int | None) -> tuple[str, ...]:
    """Return what is known of a run before it begins: its epochs and updates, and its time where others have told."""
    epochs = number_of(config.epochs, "epoch")
    if photos:
        updates = steps_per_epoch(photos, config.batch_size) * config.epochs
        epochs += f", {number_of(updates, 'update')} of the weights"
    seconds = expected_of(config, all_runs())
    return (epochs,) if seconds is None else (epochs, f"about {duration(seconds)} on this computer")
