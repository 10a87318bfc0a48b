"""Plotly figures of one class against all others: precision-recall with its area, and ROC with its own."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from components.charts import STYLES, ChartOptions
from models.evaluation.multiclass import EQUAL_F1, ClassCurves, equal_f1_line

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

GREY, BLUE = STYLES[0][0], STYLES[1][0]


def precision_recall_figure(curves: ClassCurves, name: str, *, text_size: float) -> Figure:
    """Return the precision-recall curve of a class, in steps, over lines of equal F1.

    Args:
        curves: the curves of the class, whose average precision is not None.
        name: the class's.
        text_size: in pixels.
    """
    from plotly.graph_objects import Figure, Scatter

    figure = Figure()
    for f1 in EQUAL_F1:
        recall, precision = equal_f1_line(f1)
        figure.add_scatter(
            x=recall,
            y=precision,
            mode="lines",
            line={"color": GREY, "dash": "dot", "width": 1.5},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_annotation(
            x=1,
            y=f1 / (2 - f1),
            text=f"F1 {f1:g}",
            showarrow=False,
            xanchor="left",
            xshift=4,
            font={"size": text_size},
        )
    figure.add_trace(
        Scatter(
            x=curves.recall,
            y=curves.precision,
            mode="lines",
            line={"color": BLUE, "shape": "hv", "width": 3, "simplify": False},
            hovertemplate="recall %{x:.3f}<br>precision %{y:.3f}<extra></extra>",
            showlegend=False,
        )
    )
    _lay_out(figure, "recall", "precision", text_size=text_size, right=4.2)
    figure.update_layout(title=_title(f"{_plain(name)}: average precision {curves.average_precision:.3f}", text_size))
    return figure


def roc_figure(curves: ClassCurves, name: str, *, text_size: float) -> Figure:
    """Return the ROC curve of a class, over the diagonal of a network that guesses.

    Args:
        curves: the curves of the class, whose AUC is not None.
        name: the class's.
        text_size: in pixels.
    """
    from plotly.graph_objects import Figure, Scatter

    figure = Figure(
        [
            Scatter(
                x=[0, 1],
                y=[0, 1],
                mode="lines",
                line={"color": GREY, "dash": "dot", "width": 1.5},
                hoverinfo="skip",
                showlegend=False,
            ),
            Scatter(
                x=curves.false_positive_rate,
                y=curves.true_positive_rate,
                mode="lines",
                line={"color": BLUE, "width": 3, "simplify": False},
                hovertemplate="false positive rate %{x:.3f}<br>recall %{y:.3f}<extra></extra>",
                showlegend=False,
            ),
        ]
    )
    figure.add_annotation(x=0.62, y=0.52, text="guessing", showarrow=False, xanchor="left", font={"size": text_size})
    _lay_out(figure, "false positive rate", "recall (true positive rate)", text_size=text_size, right=1)
    figure.update_layout(title=_title(f"{_plain(name)}: area under ROC {curves.auc:.3f}", text_size))
    return figure


def _title(text: str, text_size: float) -> ChartOptions:
    return {"text": text, "font": {"size": text_size}, "x": 0, "xanchor": "left", "y": 0.98, "yanchor": "top"}


def _lay_out(figure: Figure, across: str, up: str, *, text_size: float, right: float) -> None:
    """Lay out square axes from 0 to 1; `right` is the margin beside them, in units of the text size."""

    def axis(title: str) -> ChartOptions:
        return {
            "title": {"text": title, "font": {"size": text_size}},
            "tickfont": {"size": text_size},
            "range": [-0.02, 1.02],
            "tickvals": [0, 0.2, 0.4, 0.6, 0.8, 1],
            "zeroline": False,
        }

    figure.update_layout(
        font={"size": text_size},
        hoverlabel={"font": {"size": text_size}},
        margin={"l": 10, "r": right * text_size, "t": 2.2 * text_size, "b": 10},
        height=24 * text_size,
        xaxis=axis(across),
        yaxis=axis(up),
    )


def _plain(name: str) -> str:
    """A class's name escaped for Plotly: a folder's name may look like markup."""
    return html.escape(name, quote=False)
