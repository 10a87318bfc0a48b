"""The stopping chart: EarlyStopping and ModelCheckpoint laid over the curves of a real run that is known to its end."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import streamlit as st

from components.browser import Texts
from components.lessons.callbacks.stopping_chart.scene import (
    FIGURES,
    MAX_DELTA,
    MAX_EPOCHS,
    MAX_PATIENCE,
    MAX_SPEED,
    StoppingScene,
)
from components.lessons.callbacks.stopping_chart.texts import CHOICES, TEXTS, WHY
from components.photo.uploads import plain
from components.player import animation, register
from components.scene import change
from models import histories
from models.evaluation.intervals import wilson_interval
from models.runs.run_directory import RunDirectory, all_runs

KEY = "stopping_chart"
HISTORY = "overfitting"
OPENED_WITH = "2,000 photos, seed 3"
"""Of its runs, the one whose validation loss falls step by step before it rises."""

FEWEST_EPOCHS = 4
PREFIX = "stop-"

_mount = register(KEY, Path(__file__).resolve().parent)


class MeasuredOnTest(TypedDict):
    """What each epoch's weights gave on test pictures.

    Attributes:
        pictures: their number.
        loss: one an epoch.
        accuracy: the share right, 0 to 1, one an epoch.
        low: the lower end of the accuracy's 95 % interval (Wilson), one an epoch.
        high: the upper end.
    """

    pictures: int
    loss: list[float]
    accuracy: list[float]
    low: list[float]
    high: list[float]


@dataclass(frozen=True)
class Curves:
    """The figures of a run after each epoch.

    Attributes:
        name: the run's.
        figures: each of `FIGURES` → one number an epoch, in the order of the epochs.
        test: the figures on test pictures; None if nobody measured them.
    """

    name: str
    figures: Mapping[str, tuple[float, ...]]
    test: MeasuredOnTest | None = None


def curves_of(name: str, epochs: Iterable[Mapping[str, object]]) -> Curves | None:
    """Return the first 200 epochs of a run, or None where it has too few epochs or lacks a figure in one of them."""
    lines = list(epochs)[:MAX_EPOCHS]
    if len(lines) < FEWEST_EPOCHS:
        return None
    found = {figure: [line.get(figure) for line in lines] for figure in FIGURES}
    figures = {
        figure: tuple(float(number) for number in numbers if isinstance(number, int | float) and math.isfinite(number))
        for figure, numbers in found.items()
    }
    whole = all(len(numbers) == len(lines) for numbers in figures.values())
    return Curves(name, figures) if whole else None


@lru_cache(maxsize=1)
def shipped_curves() -> Mapping[str, Curves]:
    """Return the runs that ship with the course, by label; the one that the page opens with first."""
    history = histories.load(HISTORY)
    found = {}
    for name, run in sorted(history["runs"].items(), key=lambda one: one[0] != OPENED_WITH):
        curves = curves_of(name, run["epochs"])
        if curves is not None:
            found[name] = replace(curves, test=measured_on_test(run["epochs"], history["test"]))
    return found


def measured_on_test(epochs: Iterable[Mapping[str, float]], pictures: int) -> MeasuredOnTest:
    """Return the test figures in the lines of a history's epochs.

    Args:
        epochs: with "test_loss" and "test_accuracy", as `models.histories.overfitting` writes them.
        pictures: number of test pictures.
    """
    lines = list(epochs)
    ends = [wilson_interval(round(line["test_accuracy"] * pictures), pictures) for line in lines]
    return {
        "pictures": pictures,
        "loss": [line["test_loss"] for line in lines],
        "accuracy": [line["test_accuracy"] for line in lines],
        "low": [low for low, _ in ends],
        "high": [high for _, high in ends],
    }


class StoppingMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    choices: dict[str, list[list[str]]]
    texts: Texts
    topSpeed: int
    maxPatience: int
    maxDelta: float
    run: str
    figures: Mapping[str, tuple[float, ...]]
    others: list[Mapping[str, tuple[float, ...]]]
    test: MeasuredOnTest | None
    why: str
    code: str


def payload(curves: Curves, scene: StoppingScene) -> StoppingMessage:
    """Return everything that the browser needs to lay the callbacks over a run, whatever its settings and position."""
    return {
        "choices": CHOICES,
        "texts": TEXTS,
        "topSpeed": MAX_SPEED,
        "maxPatience": MAX_PATIENCE,
        "maxDelta": MAX_DELTA,
        "run": curves.name,
        "figures": curves.figures,
        "others": [one.figures for one in _others(curves)],
        "test": curves.test,
        "why": why(curves),
        "code": keras_lines(scene),
    }


def _others(curves: Curves) -> list[Curves]:
    """Return the runs that come with the course beside one of them: the same training with other seeds."""
    shipped = shipped_curves()
    return [one for name, one in shipped.items() if name != curves.name] if curves.name in shipped else []


def why(curves: Curves) -> str:
    """Return why a run's validation loss and accuracy part ways, with its numbers; "" where the loss never rises."""
    losses, accuracies = curves.figures["val_loss"], curves.figures["val_accuracy"]
    best = losses.index(min(losses))
    lowest, last = f"{losses[best]:.2f}", f"{losses[-1]:.2f}"
    if lowest == last:
        return ""
    return WHY.format(
        best=best + 1,
        loss=lowest,
        last_loss=last,
        accuracy=f"{100 * accuracies[best]:.1f}",
        last_accuracy=f"{100 * accuracies[-1]:.1f}",
    )


def keras_lines(scene: StoppingScene) -> str:
    """Return the Keras line with both callbacks in a list."""
    mode = "max" if scene.monitor == "val_accuracy" else "min"
    return (
        "callbacks = [\n"
        f'    keras.callbacks.EarlyStopping("{scene.monitor}", patience={scene.patience}, '
        f'min_delta={scene.min_delta:g}, mode="{mode}", restore_best_weights={scene.restore}),\n'
        f'    keras.callbacks.ModelCheckpoint("kept.keras", "{scene.monitor}", mode="{mode}", '
        f"save_best_only={scene.best_only}),\n"
        "]"
    )


def _choose() -> Curves:
    """Draw the list of runs and return the chosen one's curves."""
    shipped = shipped_curves()
    own = {
        run.name: run
        for run in all_runs()
        if (state := run.state()).name == "finished" and state.epoch >= FEWEST_EPOCHS and run.name not in shipped
    }
    names = [*shipped, *own]
    wish = st.query_params.get(f"{PREFIX}run", "")
    chosen = st.selectbox(
        "Run",
        names,
        index=names.index(wish) if wish in names else 0,
        format_func=lambda name: f"{name} (a run that comes with the course)" if name in shipped else name,
        key=f"{KEY}-run",
        on_change=_take_run,
    )
    if chosen in shipped:
        return shipped[chosen]
    first = next(iter(shipped.values()))
    found = _curves_of_run(own[chosen]) if chosen in own else None
    if found is None:
        st.info(
            f"The run {plain(chosen)} has no validation loss and accuracy for each of its epochs. Shown is "
            f"“{first.name}” instead: choose another run, or train one with validation pictures."
        )
    return found or first


def _take_run() -> None:
    """Put the chosen run into the scene, so that a link opens it."""
    name = st.session_state[f"{KEY}-run"]
    change(KEY, run="" if name == next(iter(shipped_curves())) else name)


def _curves_of_run(run: RunDirectory) -> Curves | None:
    return curves_of(run.name, run.epochs())


def stopping_chart() -> StoppingScene:
    """Draw the list of runs and the chart, and return the scene that it shows."""
    curves = _choose()
    return animation(
        _mount, KEY, StoppingScene, lambda scene: payload(curves, scene), subject=curves.name, prefix=PREFIX
    )
