"""The table of all runs: sorted in the browser, kept up to date in place, a few of them chosen to be compared."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import streamlit as st

from components.browser import BASE_CSS, component, encode_message
from models.runs.run_directory import STATES, RunDirectory
from models.runs.watching.run_facts import facts_of

MOST_COMPARED = 6
"""Most curves that can be distinguished in one chart."""

ICONS = {
    "queued": "clock",
    "running": "play",
    "paused": "pause",
    "interrupted": "warning",
    "finished": "check",
    "failed": "cross",
}
"""State → its icon, by its name in `browser/icons.js`."""
STATE_TEXTS = {"queued": "waiting"}

COLUMNS = (
    ("name", "Run", "text"),
    ("state", "State", "text"),
    ("network", "Network", "text"),
    ("dataset", "Data", "text"),
    ("epochs", "Epochs", "number"),
    ("best", "Best epoch", "number"),
    ("last", "Last epoch", "number"),
    ("parameters", "Parameters", "number"),
    ("began", "Began", "time"),
)
"""Name, heading and kind of every column that the table can be sorted by."""

TEXTS = {
    "table": "Runs",
    "compare": "Compare",
    "compare-run": "Compare {name}",
    "open": "Open {name}",
    "mine": "yours",
    "hint": "Press a name to open the run. Tick up to {most} runs to compare their curves: {count} ticked.",
    "none": "There is no run yet. The first one appears here as soon as somebody starts it.",
    "foot": "Best and last epoch: the accuracy on the validation pictures after that epoch.",
}

_LOG = logging.getLogger(__name__)
_told: set[Path] = set()
"""Runs that could not be read, of which the log knows."""

_FOLDER = Path(__file__).resolve().parent


_mount = component(
    "runs_table",
    _FOLDER / "runs_table.js",
    html='<div class="runs-table"></div>',
    css=[BASE_CSS, _FOLDER / "runs_table.css"],
)


@dataclass(frozen=True)
class RunRow:
    """A run as the table shows it.

    Attributes:
        name: the run's name, which is unique.
        mine: whether this visitor started it.
        state: one of `models.runs.run_directory.STATES`.
        state_text: the same in a word or two.
        network, dataset: their names.
        epochs_done, epochs: finished epochs, and all epochs of the run.
        best: highest accuracy after an epoch, from 0 to 1; None before the first.
        best_epoch: that epoch, from 1.
        last: accuracy after the last finished epoch.
        parameters: number of the network's parameters; None while it is unknown.
        began: seconds since 1970.
        note: a sentence below the state, where there is something to say.
        validated: whether the accuracies are of validation pictures and not of training pictures.
    """

    name: str
    mine: bool
    state: str
    state_text: str
    network: str
    dataset: str
    epochs_done: int
    epochs: int
    best: float | None
    best_epoch: int | None
    last: float | None
    parameters: int | None
    began: float
    note: str = ""
    validated: bool = True


@dataclass(frozen=True)
class RunsChoice:
    """What is chosen in the table.

    Attributes:
        opened: the open run, or None.
        compared: the runs that are compared, at most `MOST_COMPARED`.
    """

    opened: str | None
    compared: tuple[str, ...]


def row_of(run: RunDirectory, *, mine: bool) -> RunRow:
    """Return what the table shows of a run; cheap enough for every run in every second.

    Whatever is wrong with a run, the table shows the others, and the run's own row says that it cannot be read.
    """
    try:
        return _row_of(run, mine=mine)
    except Exception:  # noqa: BLE001 - whatever it is, a row of its own says so
        if run.path not in _told:
            _told.add(run.path)
            _LOG.exception("A run cannot be read")
        return _unreadable(run, mine=mine)


def _unreadable(run: RunDirectory, *, mine: bool) -> RunRow:
    return RunRow(
        name=run.name,
        mine=mine,
        state="failed",
        state_text="unreadable",
        network="unknown",
        dataset="unknown",
        epochs_done=0,
        epochs=0,
        best=None,
        best_epoch=None,
        last=None,
        parameters=None,
        began=0.0,
        note="It cannot be read.",
    )


def _row_of(run: RunDirectory, *, mine: bool) -> RunRow:
    facts = facts_of(run)
    state, config = facts.state, facts.config
    told = state.reason if state.name in ("interrupted", "failed") else ""
    return RunRow(
        name=run.name,
        mine=mine,
        state=state.name,
        state_text=STATE_TEXTS.get(state.name, state.name),
        network=config.network if config else "unknown",
        dataset=config.dataset.partition(":")[0] if config else "unknown",
        epochs_done=state.epoch,
        epochs=config.epochs if config else 0,
        best=facts.best,
        best_epoch=facts.best_epoch,
        last=facts.last,
        parameters=facts.parameters,
        began=facts.began,
        note=told if config else "Its config.json cannot be used.",
        validated=facts.validated or not facts.accuracies,
    )


def runs_table(
    rows: Sequence[RunRow],
    *,
    opened: str | None,
    compared: Sequence[str],
    choose: Callable[[RunsChoice], None],
    key: str = "runs-table",
) -> None:
    """Draw the table.

    Args:
        rows: one for each run, in the order in which they are shown before anybody sorts them.
        opened: the run that the page shows.
        compared: the runs that the page compares.
        choose: is called with what the visitor chooses, before the page runs: a callback is not cut off.
        key: the component's.
    """
    names = {row.name for row in rows}
    shown = RunsChoice(opened if opened in names else None, _few(name for name in compared if name in names))
    _mount(key=key, data=encode_message(payload(rows, shown, edit=_edit(key))), on_choice_change=_take(key, choose))


def _few(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:MOST_COMPARED]


def _edit(key: str) -> int:
    """Return the number of the last edit from the browser, which learns from it which of its edits arrived."""
    return int(st.session_state.get(f"{key}:edit", 0))


def _take(key: str, choose: Callable[[RunsChoice], None]) -> Callable[[], None]:
    def take() -> None:
        told = st.session_state[key].get("choice")
        if not isinstance(told, dict):
            return
        opened, compared, edit = (told.get(name) for name in ("opened", "compared", "edit"))
        if not isinstance(compared, list) or not isinstance(edit, int):
            return
        st.session_state[f"{key}:edit"] = edit
        names = _few(name for name in compared if isinstance(name, str))
        choose(RunsChoice(opened if isinstance(opened, str) else None, names))

    return take


class RunLine(TypedDict):
    """A row of the table as it is sent."""

    name: str
    mine: bool
    icon: str
    cells: list[list[str | float | None]]


class RunsMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    columns: list[list[str]]
    rows: list[RunLine]
    opened: str | None
    compared: list[str]
    most: int
    edit: int
    texts: dict[str, str]


def payload(rows: Sequence[RunRow], choice: RunsChoice, *, edit: int = 0) -> RunsMessage:
    """Return what the browser is sent.

    Returns:
        "columns": name, heading and kind; "rows": for each run its name, whether it is the visitor's, the "icon"
        of its state, and "cells" with [text, smaller text below, what to sort by] in the columns' order; "opened",
        "compared", "edit", "texts".
    """
    return {
        "columns": [list(column) for column in COLUMNS],
        "rows": [
            {"name": row.name, "mine": row.mine, "icon": ICONS.get(row.state, "warning"), "cells": _cells(row)}
            for row in rows
        ],
        "opened": choice.opened,
        "compared": list(choice.compared),
        "most": MOST_COMPARED,
        "edit": edit,
        "texts": TEXTS,
    }


def _cells(row: RunRow) -> list[list[str | float | None]]:
    """Return the text, the text below it and the sort key of every column."""
    best, last = _tenths(row.best), _tenths(row.last)
    below = ""
    if best is not None and last is not None:
        # Computed from the rounded numbers, so that the difference agrees with the two numbers beside them.
        below = f"{(best - last) / 10:.1f} below best" if last < best else ""
    where = f"in epoch {row.best_epoch}" if row.best_epoch else ""
    on_training = "" if row.validated else "training pictures"
    return [
        [row.name, TEXTS["mine"] if row.mine else "", row.name.casefold()],
        [
            row.state_text,
            row.note,
            STATES.index(row.state) if row.state in STATES else len(STATES),
        ],
        [row.network, "", row.network],
        [row.dataset, "", row.dataset],
        [f"{row.epochs_done} of {row.epochs}", "", row.epochs_done],
        [_percent(best), ", ".join(filter(None, (where, on_training))), best],
        [_percent(last), below, last],
        ["–" if row.parameters is None else f"{row.parameters:,}", "", row.parameters],
        ["", "", row.began],
    ]


def _tenths(share: float | None) -> int | None:
    """Return a share in tenths of a percent, as it is shown."""
    # As `models.figures.percent` writes it: Keras's shares are float32.
    return None if share is None else round(1000 * round(share, 7))


def _percent(tenths: int | None) -> str:
    return "–" if tenths is None else f"{tenths / 10:.1f}\u00a0%"
