"""Plotly figures: data in, figure out. They are compared at rest; what moves is drawn on canvases elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# Okabe-Ito colours (the blue between the theme's two, to be read on light and dark) and dashes: together they tell
# each curve apart, without its colour, too, from the others that are usually compared with it.
STYLES = (
    ("#7F7F7F", "solid"),
    ("#2A8FCC", "solid"),
    ("#D55E00", "dash"),
    ("#009E73", "dot"),
    ("#2A8FCC", "dashdot"),
    ("#E69F00", "solid"),
    ("#CC79A7", "longdash"),
    ("#7F7F7F", "longdashdot"),
)


def curves(x: np.ndarray, values: Sequence[tuple[str, np.ndarray, int]], *, title: str, text_size: float) -> Figure:
    """Return curves over the same x, to be compared.

    Args:
        x: inputs, (n,).
        values: for each curve its label, its values (n,) and the number of its style, the same for the same curve.
        title: of the vertical axis.
        text_size: in pixels.
    """
    # Imported when it is needed: half a second that no first visitor should wait for.
    from plotly.graph_objects import Figure, Scatter

    figure = Figure(
        [
            Scatter(
                x=x,
                y=numbers,
                name=label,
                mode="lines",
                line={
                    "color": STYLES[style % len(STYLES)][0],
                    "dash": STYLES[style % len(STYLES)][1],
                    "width": 3,
                    "simplify": False,
                },
                hovertemplate="%{y:.4f}",
            )
            for label, numbers, style in values
        ]
    )
    figure.update_layout(
        font={"size": text_size},
        hoverlabel={"font": {"size": text_size}},
        legend={"font": {"size": text_size}, "orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        height=26 * text_size,
        hovermode="x unified",
        xaxis={"title": {"text": "x", "font": {"size": text_size}}, "tickfont": {"size": text_size}, "zeroline": True},
        yaxis={
            "title": {"text": title, "font": {"size": text_size}},
            "tickfont": {"size": text_size},
            "zeroline": True,
        },
    )
    return figure
