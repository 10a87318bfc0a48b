"""Plotly figures: data in, figure out. They are compared at rest; what moves is drawn on canvases elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ChartOptions: TypeAlias = dict[str, Any]
"""Options of a Plotly figure or of an ECharts chart, nested as the library documents them."""

# Okabe-Ito colours and dashes; the blue lies between the theme's two, so that it can be read on light and dark. The
# dash alone distinguishes each curve from those that are usually compared with it.
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
        values: for each curve its label, its values (n,) and the index of its style, always the same for the same
            curve.
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


class CostCurve(NamedTuple):
    """A training cost by epochs, of one optimizer.

    Attributes:
        label: the text at the curve's end.
        cost: above 0, (epochs,); the first epoch ends at x = 1.
        colour: of the line, such as "#D55E00".
        dash: how the line is broken: lengths of strokes and gaps, such as "9px,4px", or "solid".
        symbol: Plotly's name for the mark before the label.
        spread: lowest and highest cost over several runs, (2, epochs), drawn as a band; None for a single run.
    """

    label: str
    cost: np.ndarray
    colour: str
    dash: str
    symbol: str
    spread: np.ndarray | None = None


def cost_curves(lines: Sequence[CostCurve], *, epochs: int, text_size: float) -> Figure:
    """Return training costs on a logarithmic axis against epochs, each with its name at its end.

    Args:
        lines: the curves, at least one epoch each.
        epochs: where the axis ends.
        text_size: in pixels.
    """
    from plotly.graph_objects import Figure, Scatter

    height = 26 * text_size
    every = np.concatenate(
        [values.ravel() for line in lines for values in (line.cost, line.spread) if values is not None]
    )
    every = every[np.isfinite(every) & (every > 0)]  # a logarithmic axis has no other numbers
    low, high = (np.log10(every.min()), np.log10(every.max())) if len(every) else (-1.0, 0.0)
    low, high = low - 0.05 * (high - low) - 0.05, high + 0.05 * (high - low) + 0.05
    # Names must not overlap: each gets a line's height, which in the plot's own units is:
    apart = 1.25 * text_size * (high - low) / (height - 4 * text_size)
    last = [line.cost[np.isfinite(line.cost) & (line.cost > 0)][-1:] for line in lines]
    ends = [float(np.log10(cost[0])) if len(cost) else high for cost in last]
    for length in {len(line.cost) for line in lines}:  # names at different epochs are side by side
        group = [place for place, line in enumerate(lines) if len(line.cost) == length]
        for place, end in zip(group, _pushed_apart([ends[place] for place in group], apart, low, high), strict=True):
            ends[place] = end
    figure = Figure()
    for line in lines:
        if line.spread is not None:
            shade = ", ".join(str(int(line.colour[place : place + 2], 16)) for place in (1, 3, 5))
            x = np.arange(1, line.spread.shape[1] + 1)
            figure.add_scatter(
                x=np.concatenate([x, x[::-1]]),
                y=np.concatenate([line.spread[0], line.spread[1, ::-1]]),
                fill="toself",
                fillcolor=f"rgba({shade}, 0.2)",
                line={"width": 0},
                mode="lines",
                hoverinfo="skip",
                name=f"{line.label}, all seeds",
            )
    for line, end in zip(lines, ends, strict=True):
        stroke = {"color": line.colour, "dash": line.dash, "width": 3, "simplify": False}
        # A grey edge, so that light colours are visible on white and dark ones on black.
        edge = {"color": "#7F7F7F", "dash": line.dash, "width": 4.5, "simplify": False}
        x = np.arange(1, len(line.cost) + 1)
        figure.add_trace(Scatter(x=x, y=line.cost, mode="lines", line=edge, hoverinfo="skip", name=""))
        figure.add_trace(
            Scatter(x=x, y=line.cost, name=line.label, mode="lines", line=stroke, hovertemplate="%{y:.4f}")
        )
        beyond = len(line.cost) + 0.05 * epochs
        figure.add_trace(
            Scatter(
                x=[x[-1], beyond],
                y=[line.cost[-1], 10**end],
                mode="lines+markers",
                line={"color": "#7F7F7F", "width": 1.5},
                marker={
                    "symbol": ["circle", line.symbol],
                    "size": [0, 0.7 * text_size],
                    "color": line.colour,
                    "line": {"color": "#7F7F7F", "width": 1},
                    "opacity": 1,
                },
                cliponaxis=False,
                hoverinfo="skip",
                name="",
            )
        )
        figure.add_annotation(
            x=beyond,
            y=end,
            text=line.label,
            showarrow=False,
            xanchor="left",
            xshift=0.4 * text_size,
            font={"size": text_size},
        )
    powers = range(int(np.ceil(low)), int(np.floor(high)) + 1)
    powers = powers[:: max(1, len(powers) // 6)]  # an exploded training spans forty of them
    wide = len(powers) > 1
    marks = (
        [10.0**power for power in powers]
        if wide
        else [
            factor * 10.0**power for power in range(int(np.floor(low)), int(np.ceil(high)) + 1) for factor in (1, 2, 5)
        ]
    )
    marks = [mark for mark in marks if low <= np.log10(mark) <= high]
    figure.update_layout(
        showlegend=False,
        font={"size": text_size},
        hoverlabel={"font": {"size": text_size}},
        margin={"l": 10, "r": max(len(line.label) for line in lines) * 0.62 * text_size + text_size, "t": 10, "b": 10},
        height=height,
        hovermode="x unified",
        xaxis={
            "title": {"text": "epochs", "font": {"size": text_size}},
            "tickfont": {"size": text_size},
            "range": [0, 1.05 * epochs],
            "zeroline": False,
        },
        yaxis={
            "title": {"text": "training cost", "font": {"size": text_size}},
            "tickfont": {"size": text_size},
            "type": "log",
            "range": [low, high],
            "tickvals": marks,
            "ticktext": [f"{mark:g}" for mark in marks],
        },
    )
    return figure


def _pushed_apart(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Return heights near the wanted ones and in their order, at least `apart` from each other, within the limits."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = list(wanted)
    floor = low + apart / 2
    for place in order:  # upwards from the lowest
        found[place] = floor = max(found[place], floor)
        floor += apart
    ceiling = high - apart / 2
    for place in reversed(order):  # and down again from the top
        found[place] = ceiling = min(found[place], ceiling)
        ceiling -= apart
    return found


def accuracy_by_photos(
    photos: Sequence[int], medians: Sequence[float], every: Sequence[tuple[int, float]], *, text_size: float
) -> Figure:
    """Return accuracy against the number of training photos, on a logarithmic axis.

    Args:
        photos: numbers of training photos, rising.
        medians: median accuracy for each, 0 to 1.
        every: (photos, accuracy) of every single run.
        text_size: in pixels.
    """
    from plotly.graph_objects import Figure, Scatter

    figure = Figure(
        [
            Scatter(
                x=list(photos),
                y=[100 * accuracy for accuracy in medians],
                name="median",
                mode="lines",
                line={"color": STYLES[1][0], "width": 4},
                hovertemplate="median %{y:.1f}\u00a0%",
            ),
            Scatter(
                x=[count for count, _ in every],
                y=[100 * accuracy for _, accuracy in every],
                name="one run",
                mode="markers",
                marker={"color": "#E69F00", "size": 0.7 * text_size, "line": {"color": "#16181D", "width": 1}},
                hovertemplate="%{x:,} photos: %{y:.1f}\u00a0%",
            ),
        ]
    )
    low = min(50.0, *(100 * accuracy for _, accuracy in every))
    figure.update_layout(
        font={"size": text_size},
        hoverlabel={"font": {"size": text_size}},
        legend={"font": {"size": text_size}, "orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        height=24 * text_size,
        xaxis={
            "title": {"text": "training photos", "font": {"size": text_size}},
            "tickfont": {"size": text_size},
            "type": "log",
            "tickvals": list(photos),
            "ticktext": [f"{count:,}" for count in photos],
            "zeroline": False,
        },
        yaxis={
            "title": {"text": "right on new photos, %", "font": {"size": text_size}},
            "tickfont": {"size": text_size},
            "range": [low - 2, 100],
            "zeroline": False,
        },
    )
    return figure
