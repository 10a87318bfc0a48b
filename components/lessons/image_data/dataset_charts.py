"""Plotly figures of a dataset: how many pictures each class has, how large they are, how bright."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from components.charts import STYLES, ChartOptions
from models.datasets import PARTS
from models.evaluation.class_names import pet

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

BINS = 25
"""Number of bins of the brightness, from black to white."""

MANY = 2000
"""Number of points from which the graphics processor draws them."""

FAR = 3
"""The axes are logarithmic if a side is more than this many times the 95th percentile of all sides."""

_LOGARITHMIC = {"type": "log", "tickvals": [factor * 10**power for power in range(1, 5) for factor in (1, 2, 5)]}
_OF_PETS = {"cat": "#E69F00", "dog": "#009E73"}  # as in assets/theme.css
_OTHERS = ("#2A8FCC", "#D55E00", "#CC79A7", "#7F7F7F")
_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star", "hexagon", "triangle-down", "pentagon")
_PATTERNS = {"train": "", "validation": "/", "test": "."}


def _plain(name: str) -> str:
    """Return a class's name escaped for Plotly: a folder's name may look like markup."""
    return html.escape(name, quote=False).replace("%{", "%\u200b{")


def class_colours(classes: Sequence[str]) -> list[str]:
    """Return a colour for each class: orange and green for cats and dogs, as everywhere in the course.

    With more classes than there are distinguishable colours, all have the same one.
    """
    pets = [pet(name) for name in classes]
    others = iter(_OTHERS)
    if pets.count(None) > len(_OTHERS):
        return [_OTHERS[0]] * len(classes)
    return [_OF_PETS[kind] if kind else next(others) for kind in pets]


def balance_figure(labels: np.ndarray, parts: np.ndarray, classes: Sequence[str], *, text_size: float) -> Figure:
    """Return the number of pictures of each class, stacked by part.

    Args:
        labels: int (n,), indices into `classes`.
        parts: (n,), the part of each picture.
        classes: names of the classes.
        text_size: in pixels.
    """
    from plotly.graph_objects import Bar, Figure

    held = [part for part in PARTS if (parts == part).any()]
    figure = Figure(
        [
            Bar(
                y=[_plain(name) for name in classes],
                x=np.bincount(labels[parts == part], minlength=len(classes)),
                name=part,
                orientation="h",
                marker={
                    "color": class_colours(classes),
                    "line": {"color": "#7F7F7F", "width": 1},
                    "pattern": {"shape": _PATTERNS[part] if len(held) > 1 else "", "solidity": 0.25},
                },
                hovertemplate=f"%{{y}}: %{{x:,}} in {part}<extra></extra>",
            )
            for part in held
        ]
    )
    _lay_out(figure, "pictures", "", text_size=text_size)
    for place, name in enumerate(classes):
        each = [int(((labels == place) & (parts == part)).sum()) for part in held]
        figure.add_annotation(
            x=sum(each),
            y=_plain(name),
            text=" + ".join(f"{count:,}" for count in each),
            showarrow=False,
            xanchor="left",
            xshift=0.4 * text_size,
            font={"size": text_size},
        )
    most = int(np.bincount(labels).max())
    figure.update_layout(
        barmode="stack",
        showlegend=len(held) > 1,
        height=max(22, 3 + 2 * len(classes)) * text_size,
        yaxis={"autorange": "reversed", "type": "category"},
        legend={"traceorder": "normal"},
        # Room for the numbers at the bars' ends.
        xaxis={"tickformat": ",d", "range": [0, most * (1.25 if len(held) == 1 else 1.7)], "nticks": 5},
    )
    return figure


def sizes_figure(sizes: np.ndarray, labels: np.ndarray, classes: Sequence[str], *, text_size: float) -> Figure:
    """Return a point for each picture size in a class; the more pictures have the size, the larger the point.

    Args:
        sizes: int (n, 2), width and height in pixels.
        labels: int (n,), indices into `classes`.
        classes: names of the classes.
        text_size: in pixels.
    """
    from plotly.graph_objects import Figure, Scatter, Scattergl

    figure = Figure()
    colours = class_colours(classes)
    largest = int(sizes.max())
    figure.add_trace(
        Scatter(
            x=[0, largest],
            y=[0, largest],
            mode="lines",
            line={"color": STYLES[0][0], "dash": "dot", "width": 1.5},
            name="square",
            hoverinfo="skip",
        )
    )
    for place, name in enumerate(classes):
        different, counts = np.unique(sizes[labels == place], axis=0, return_counts=True)
        if not len(different):
            continue
        kind = Scattergl if len(different) > MANY else Scatter
        figure.add_trace(
            kind(
                x=different[:, 0],
                y=different[:, 1],
                customdata=counts,
                mode="markers",
                name=_plain(name),
                marker={
                    "color": colours[place],
                    "symbol": _SYMBOLS[place % len(_SYMBOLS)],
                    "opacity": 0.65,
                    "size": np.minimum(4 + 1.5 * np.sqrt(counts), 20),
                    "line": {"color": "#7F7F7F", "width": 0.5},
                },
                hovertemplate=f"%{{x}} × %{{y}} pixels: %{{customdata:,}} of {_plain(name)}<extra></extra>",
            )
        )
    _lay_out(figure, "width in pixels", "height in pixels", text_size=text_size)
    if largest > FAR * np.percentile(sizes, 95):  # a few huge ones would press all others into a corner
        figure.data[0].x = figure.data[0].y = [int(sizes.min()), largest]
        figure.update_layout(xaxis=_LOGARITHMIC, yaxis=_LOGARITHMIC)
    else:
        figure.update_layout(xaxis={"rangemode": "tozero"}, yaxis={"rangemode": "tozero"})
    return figure


def brightness_figure(
    brightness: np.ndarray, labels: np.ndarray, classes: Sequence[str], *, text_size: float
) -> Figure:
    """Return the histogram of the pictures' brightness, one line a class.

    Args:
        brightness: float (n,), 0 for black to 1 for white.
        labels: int (n,), indices into `classes`.
        classes: names of the classes; with more than six, all pictures together are one line.
        text_size: in pixels.
    """
    from plotly.graph_objects import Figure

    figure = Figure()
    edges = np.linspace(0, 1, BINS + 1)
    groups = [(_plain(name), labels == place) for place, name in enumerate(classes)]
    colours, dashes = class_colours(classes), ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
    if len(groups) > len(dashes):
        groups, colours = [("all classes", np.ones(len(labels), bool))], [_OTHERS[0]]
    most = 1
    for (name, chosen), colour, dash in zip(groups, colours, dashes, strict=False):
        counts, _ = np.histogram(brightness[chosen], edges)
        most = max(most, int(counts.max()))
        figure.add_scatter(
            x=np.repeat(edges, 2)[1:-1],
            y=np.repeat(counts, 2),
            mode="lines",
            name=name,
            line={"color": colour, "dash": dash, "width": 3, "simplify": False},
            fill="tozeroy",
            fillcolor=f"rgba({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))}, 0.12)",
            hovertemplate=f"%{{y:,}} of {name}<extra></extra>",
        )
    _lay_out(figure, "mean brightness, 0 black to 1 white", "pictures", text_size=text_size)
    figure.update_layout(xaxis={"range": [0, 1]}, yaxis={"range": [0, 1.06 * most]})
    return figure


def _lay_out(figure: Figure, across: str, up: str, *, text_size: float) -> None:
    def axis(title: str) -> ChartOptions:
        return {
            "title": {"text": title, "font": {"size": text_size}},
            "tickfont": {"size": text_size},
            "zeroline": False,
            "automargin": True,
        }

    figure.update_layout(
        font={"size": text_size},
        hoverlabel={"font": {"size": text_size}},
        legend={"font": {"size": text_size}, "orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        height=22 * text_size,
        xaxis=axis(across),
        yaxis=axis(up),
    )
