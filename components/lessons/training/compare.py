"""Curves of several runs in one chart, and what their best and last epochs say."""

import html
from collections.abc import Sequence

import streamlit as st

from components.lessons.training.ahead import chart_height, look
from components.lessons.training.curve_options import compared_options
from models.figures import percent
from models.runs.run_directory import RunDirectory
from models.runs.watching.curves import curves_of


def compared_curves(runs: Sequence[RunDirectory]) -> None:
    """Draw loss and accuracy of several runs by epoch, on validation pictures where a run has them."""
    told = [(run.name, curves_of(run)) for run in runs]
    left, right = st.columns(2)
    for place, figure in ((left, "loss"), (right, "accuracy")):
        with place:
            options = compared_options(told, "loss" if figure == "loss" else "accuracy", look())
            names = ", ".join(name for name, _ in told)
            st.echarts_chart(
                options,
                key=f"training-compared-{figure}",
                height=chart_height(),
                theme=None,
                alt=f"Curves of the validation {figure} of {names}.",
            )
    falls = []
    for name, curves in told:
        accuracies = curves.by_epoch("val_accuracy")
        best = curves.best_epoch
        if best is None or accuracies.shape[1] < 2 or best + 1 not in accuracies[0]:
            continue
        kept = float(accuracies[1][list(accuracies[0]).index(best + 1)])
        last = float(accuracies[1, -1])
        if last < kept:
            falls.append(
                f"{name}: epoch {best + 1} was kept as the best one with {percent(kept)}; the last epoch has "
                f"{percent(last)}."
            )
    if falls:
        words = "".join(f"<li>{html.escape(fall)}</li>" for fall in falls)
        st.html(
            '<section class="lesson"><p>The last epoch is not always the best. That is why ModelCheckpoint keeps the '
            "best: in the run that Keras publishes with its guide to image classification, validation accuracy was "
            f"95.75\u00a0% at its best and 87.10\u00a0% after the last epoch. Here:</p><ul>{words}</ul></section>"
        )
