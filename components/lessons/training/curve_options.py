"""The live curves as ECharts options: pure functions, curves in, a dictionary out. Streamlit draws them on a canvas."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from components.charts import ChartOptions
from models.runs.watching.curves import Curves, thinned

Figure = Literal["loss", "accuracy"]


@dataclass(frozen=True)
class Look:
    """How charts look for a visitor: the colours are those of `assets/theme.css`, which ECharts cannot read.

    Attributes:
        dark: whether the background is dark.
        text: text size in pixels.
        stopped: nothing is being trained at the moment, because the plug was pulled: the curves are grey.
    """

    dark: bool
    text: float
    stopped: bool = False

    @property
    def training(self) -> str:
        """Colour of what is measured on training pictures."""
        return self._grey if self.stopped else self.words

    @property
    def validation(self) -> str:
        """Colour of what is measured on validation pictures."""
        return self._grey if self.stopped else "#C79BF0" if self.dark else "#7B3FA8"

    @property
    def words(self) -> str:
        """Colour of text."""
        return "#F2F4F7" if self.dark else "#1B1D22"

    @property
    def soft(self) -> str:
        """Colour of small print."""
        return "#AAB2BD" if self.dark else "#5B5F67"

    @property
    def plug(self) -> str:
        """Colour of a pulled plug."""
        return "#FF8A4C" if self.dark else "#B34700"

    @property
    def _grey(self) -> str:
        return "#5F656E" if self.dark else "#A6AAB0"


@dataclass(frozen=True)
class Mark:
    """A vertical line with a word, at an x in epochs.

    Attributes:
        x: its place.
        word: what it says.
        back: it says that the run went on; else, that something was cut or changed.
    """

    x: float
    word: str
    back: bool = False


_FONT = "'Source Sans', sans-serif"
LARGE = 1e5
"""From this number on, an axis is labelled in units of a power of ten."""

_LINE, _BAR = "path://M0 4h30v1H0z", "path://M0 3h30v3H0z"
_DASHES = "path://M0 3h8v3H0zM11 3h8v3h-8zM22 3h8v3h-8z"
_DOTS = "path://M0 4h3v1H0zM6 4h3v1H6zM12 4h3v1h-3zM18 4h3v1h-3zM24 4h3v1h-3z"
"""How the curves look in the legend: thin, thick, dashed, dotted."""

DASHES: tuple[Any, ...] = ("solid", "dashed", "dotted", [12, 4, 2, 4], [4, 8], [16, 6])


def live_options(
    curves: Curves,
    figure: Figure,
    look: Look,
    *,
    epochs: int,
    marks: Sequence[Mark] = (),
    twin: Curves | None = None,
    note: str = "",
) -> ChartOptions:
    """Return the chart of one run's loss or accuracy: by batch, and by epoch for training and validation.

    Args:
        curves: of the run.
        figure: "loss" or "accuracy".
        look: colours and sizes.
        epochs: all epochs of the run, the chart's width.
        marks: pulled plugs, and where the run went on.
        twin: curves of the undisturbed run, drawn over the others.
        note: what is written into a chart without a curve.
    """
    shown = curves.batches.get("batch_loss" if figure == "loss" else "accuracy", np.zeros((2, 0)))
    named = "each batch" if figure == "loss" else "epoch so far"
    series = [
        _line(named, shown, look.training, width=1.2, opacity=0.55),
        _line("training", _shown(curves, figure), look.training, width=3, symbol="circle", words=look),
        _line(
            "validation",
            _shown(curves, f"val_{figure}"),
            look.validation,
            width=3,
            symbol="diamond",
            dash="dashed",
            words=look,
        ),
    ]
    if twin is not None:
        other = twin.batches.get("batch_loss" if figure == "loss" else "accuracy", np.zeros((2, 0)))
        series.append(_line("undisturbed", other, look.words, width=1.2, dash="dotted", opacity=0.9))
        series.append(_line("undisturbed", _shown(twin, f"val_{figure}"), look.words, width=2, dash="dashed"))
    best = curves.best_epoch
    values = curves.by_epoch(f"val_{figure}")
    if best is not None and values.shape[1] and best + 1 in values[0]:
        place = int(np.flatnonzero(values[0] == best + 1)[0])
        series[2]["markPoint"] = {
            "symbol": "circle",
            "symbolSize": look.text * 0.9,
            "itemStyle": {"color": "transparent", "borderColor": look.words, "borderWidth": 2},
            "label": {
                "formatter": "best",
                "position": "top" if figure == "loss" else "bottom",
                "fontSize": look.text,
                "color": look.words,
            },
            "data": [{"coord": [best + 1, _rounded(values[1, place])]}],
            "animation": False,
        }
    if marks:
        series[1]["markLine"] = {
            "symbol": "none",
            "animation": False,
            "silent": True,
            "data": [_marked(mark, look, named=mark in _newest(marks)) for mark in marks],
        }
    options = _frame(look, epochs, figure.capitalize())
    options["series"] = series
    icons = {named: _LINE, "training": _BAR, "validation": _DASHES} | ({"undisturbed": _DOTS} if twin else {})
    options["legend"]["data"] = [{"name": name, "icon": icon} for name, icon in icons.items()]
    if note and not any(one["data"] for one in series):
        style = {"text": note, "font": f"{look.text:g}px {_FONT}", "fill": look.soft, "textAlign": "center"}
        options["graphic"] = {"type": "text", "left": "center", "top": "middle", "silent": True, "style": style}
    if figure == "accuracy":
        options["yAxis"] |= {"max": 1, "axisLabel": _label(look)}
    return _readable(options)


def _newest(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks that are named: of several pulled plugs the last one, and how it went on; there is no room for more."""
    last = {(mark.back, mark.word.split()[0]): mark for mark in marks}
    return tuple(last.values())


def _marked(mark: Mark, look: Look, *, named: bool) -> ChartOptions:
    colour = look.words if mark.back else look.plug
    return {
        "xAxis": mark.x,
        "name": mark.word,
        "lineStyle": {"color": colour, "type": "solid" if mark.back else "dashed", "width": 2 if mark.back else 2.5},
        "label": {
            "show": named,
            "color": colour,
            "fontSize": look.text,
            "formatter": "{b}",
            "position": "end",
            # A row above: the run goes on close to where the plug was pulled.
            "distance": look.text * 1.3 if mark.back else 2,
        },
    }


def compared_options(runs: Sequence[tuple[str, Curves]], figure: Figure, look: Look) -> ChartOptions:
    """Return the chart of several runs' validation figure by epoch; runs differ in colour, dash and name."""
    series = []
    longest = 1
    for number, (name, curves) in enumerate(runs):
        values = _shown(curves, f"val_{figure}")
        if not values.shape[1]:
            values = _shown(curves, figure)
        longest = max(longest, len(curves.epochs))
        line = _line(name, values, _others(look)[number % 3], width=3, symbol="circle",
                     dash=DASHES[number % len(DASHES)], words=look)  # fmt: skip
        series.append(line)
    options = _frame(look, longest, f"Validation {figure}")
    options["series"] = series
    return _readable(options)


def _others(look: Look) -> tuple[str, str, str]:
    """Colours that mean nothing else on a page; with `DASHES`, six runs differ."""
    return look.words, look.validation, "#E3A6C8" if look.dark else "#A0527D"


def _shown(curves: Curves, name: str) -> np.ndarray:
    """A figure over the epochs, with no more points than a chart has room for."""
    values = curves.by_epoch(name)
    places, _ = thinned(np.arange(values.shape[1]), np.nan_to_num(values[1]))
    return values[:, places]


_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _readable(options: ChartOptions) -> ChartOptions:
    """Draw the numbers of an exploded run in units of a power of ten: labels of an axis have room for five digits."""
    points = [point for line in options["series"] for point in line["data"]]
    points += [mark["coord"] for line in options["series"] for mark in line.get("markPoint", {}).get("data", [])]
    largest = max((abs(y) for _, y in points if y is not None), default=0.0)
    if largest < LARGE:
        return options
    power = 3 * (math.floor(math.log10(largest)) // 3)
    for point in points:
        if point[1] is not None:
            point[1] = _rounded(point[1] / 10.0**power)
    options["title"]["text"] += f", in units of 10{str(power).translate(_POWERS)}"
    return options


def _line(
    name: str,
    points: np.ndarray,
    colour: str,
    *,
    width: float,
    opacity: float = 1.0,
    symbol: str = "none",
    dash: Any = "solid",
    words: Look | None = None,
) -> ChartOptions:
    line = {
        "name": name,
        "type": "line",
        "data": [[round(float(x), 4), _rounded(y)] for x, y in points.T],
        "animation": False,
        "symbol": symbol,
        "symbolSize": 9,
        "showAllSymbol": True,
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "width": width, "type": dash, "opacity": opacity},
    }
    if words is not None and points.shape[1] <= 1:
        line["symbolSize"] = 13  # a single point makes no line
    return line


def _frame(look: Look, epochs: int, title: str) -> ChartOptions:
    legend = {"color": look.words, "fontSize": look.text}
    faint = "rgba(255,255,255,0.18)" if look.dark else "rgba(0,0,0,0.12)"
    return {
        "animation": False,
        "backgroundColor": "transparent",
        "grid": {
            "left": look.text * 3.4,
            "right": look.text * 1.2,
            "top": look.text * 5.4,
            "bottom": look.text * 3.2,
        },
        "textStyle": {"fontFamily": _FONT},
        "title": {"text": title, "left": 0, "top": 2, "textStyle": legend | {"fontWeight": 600}, "padding": 0},
        "legend": {
            "top": look.text * 1.5,
            "left": 0,
            "textStyle": legend,
            "itemGap": look.text * 0.7,
            "itemWidth": look.text * 1.8,
            "type": "scroll",
            "padding": 0,
        },
        "tooltip": {"trigger": "axis", "textStyle": {"fontSize": look.text}, "transitionDuration": 0},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": epochs,
            "name": "epoch",
            "nameLocation": "middle",
            "nameGap": look.text * 1.9,
            "nameTextStyle": legend,
            "axisLabel": _label(look),
            "splitLine": {"show": False},
            "minInterval": 1,
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            "axisLabel": _label(look),
            "splitLine": {"lineStyle": {"color": faint}},
        },
    }


def _label(look: Look) -> ChartOptions:
    return {"color": look.words, "fontSize": look.text, "hideOverlap": True}


def _rounded(value: float) -> float | None:
    return float(f"{value:.4g}") if np.isfinite(value) else None
