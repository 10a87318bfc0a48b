"""Accuracy against the number of training photos, from measured trainings that ship with the course."""

import html
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import streamlit as st

from components.charts import accuracy_by_photos
from components.shell.acts import more
from components.shell.in_view import in_view
from components.shell.lesson import table
from components.shell.projector import text_size
from models.figures import percent
from models.histories.data_study import Point, points, shipped

KEY = "data-curve"


@st.fragment
def data_curve() -> None:
    """Draw the chart once a visitor comes near, and the table of its numbers."""
    with st.container(key=f"{KEY}-place"):
        if not in_view(KEY):
            return
        history = shipped()
        if history is None:
            st.info("There is no measurement: python -m models.histories.more_photos --photos PATH makes one.")
            return
        found = points(history)
        st.plotly_chart(
            accuracy_by_photos(
                [point.photos for point in found],
                [point.median for point in found],
                [(point.photos, float(accuracy)) for point in found for accuracy in point.accuracies],
                text_size=text_size(),
            ),
            key=f"{KEY}-chart",
            config={"displaylogo": False, "displayModeBar": False},
            alt="Accuracy on new photos against the number of training photos. "
            + ", ".join(f"{point.photos:,}: {100 * point.median:.1f}\u00a0%" for point in found),
        )
        st.html(f'<section class="lesson"><p>{html.escape(findings(found))}</p></section>')
        table(
            ["Training photos", "Right on new photos: median", "Lowest to highest", "Right on its own training photos"],
            [_row(point) for point in found],
        )
        more("How it was measured", how(history))


def findings(found: Sequence[Point]) -> str:
    """Return the findings, in sentences that follow from the numbers."""
    first, last = found[0], found[-1]
    gains = [100 * (after.median - before.median) for before, after in pairwise(found)]
    said = (
        f"With {first.photos:,} photos the network is right on {percent(first.median)} of new ones, with "
        f"{last.photos:,} on {percent(last.median)}; guessing gives 50\u00a0%. "
    )
    if gains:
        times = np.exp(np.mean([np.log(after.photos / before.photos) for before, after in pairwise(found)]))
        said += f"{times:.0f} times the photos add about {np.mean(gains):.0f} percentage points. "
    if np.median(first.seen) - first.median > 0.1:
        said += (
            f"On the {first.photos:,} photos that it learned from it reaches {percent(float(np.median(first.seen)))}: "
            "it has memorised them."
        )
    return said


def how(history: Mapping[str, Any]) -> str:
    """Return how the numbers were measured."""
    machine = history["machine"]
    return (
        f"{history['notes']} Measured on a {machine['device']} with Keras {machine['keras']}; from this course’s "
        f"folder, {history['command']} measures all of it again, and with --size and --seed a single point."
    )


def _row(point: Point) -> list[str]:
    low, high = float(point.accuracies.min()), float(point.accuracies.max())
    return [
        f"{point.photos:,}",
        percent(point.median),
        f"{percent(low)} to {percent(high)}",
        percent(float(np.median(point.seen))),
    ]
