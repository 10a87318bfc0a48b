"""The Adam paper's figure, run for real: five optimizers train the same network, and anyone can run it again."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from components.charts import CostCurve, cost_curves
from components.engine import engine
from components.engine.notice import engine_or_word
from components.lessons.optimizers.race.texts import LOOKS
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.acts import more
from components.shell.in_view import in_view
from components.shell.lesson import table
from components.shell.projector import text_size
from components.shell.visitor import claim, is_teacher
from models.disk import entries, why
from models.engine import Engine, EngineError
from models.figures import percent
from models.histories.adam_study import (
    BATCH_SIZE,
    EPOCHS,
    LAST,
    LOW_COST,
    OPTIMIZERS,
    Result,
    best_rates,
    config,
    figure,
    final_cost,
    findings,
    results,
    shipped,
)
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, RunError, under_way
from models.runs.watching.curves import curves_of
from models.runs.watching.forecast import seconds_left
from models.runs.watching.progress_bar import duration
from models.storage import runs_dir

KEY = "adam-figure"
SECONDS = 2.0
"""Seconds between two updates while runs are being trained."""

DATASETS = {"digits": "1,797 digits", "mnist": "MNIST"}
NAMED = re.compile(r"adam-paper-(?P<optimizer>[a-z]+)-(?P<number>\d+)")
KEPT = 3
"""Number of sets of runs that can be chosen, the newest ones."""

SYMBOLS = {"diamond": "diamond", "triangle": "triangle-up", "wedge": "triangle-down", "cross": "cross", "star": "star"}
"""A mark's shape in the race → Plotly's name for it."""

DASHES = {
    "adagrad": "3px,3px",
    "rmsprop": "9px,4px",
    "nesterov": "12px,4px,3px,4px",
    "adadelta": "18px,5px",
    "adam": "solid",
}

STATE_WORDS = {
    "queued": "waits for its turn",
    "paused": "is paused",
    "interrupted": "was interrupted",
    "failed": "failed",
    "finished": "has finished",
}

Configs = Mapping[str, RunConfig]
"""Name of a run → its configuration."""


TITLE = "The figure of the Adam paper, run for real"
ABOUT = (
    "In 2015, Diederik Kingma and Jimmy Ba published Adam. One of their figures lets five optimizers train the same "
    "network on handwritten digits: Adam’s curve ends lowest.",
    "Here is the same network with the same five, trained by this course’s own program. Each optimizer ran with the "
    "learning rate that served it best in trials of its own, as in the paper.",
)
"""The section's heading, and what the paper did and what is done here."""

MORE = (
    "The network, and the digits",
    "The network has two hidden layers of 1,000 ReLU units and gets batches of 128 pictures. Dropout switches random "
    "units off in training, so that the network does not rely on single ones. Like the paper’s figure, this one draws "
    "the training cost on a logarithmic axis against the epochs, the passes over all pictures. Cost means "
    "cross-entropy, measured with dropout switched on.",
    "The paper trained on MNIST. The shipped result is on 1,797 small digits; MNIST itself is not shipped: whoever can "
    "fetch it (11 MB) chooses MNIST here and trains the five there, or searches new rates with "
    "python -m models.histories.adam_paper --dataset mnist, after which the result stands here.",
)
"""How it was run: folded away, below the first of these lines."""


@st.fragment
def adam_figure() -> None:
    """Draw the figure of the shipped runs or of new ones, and the findings."""
    with st.container(key=f"{KEY}-choices", horizontal=True, vertical_alignment="bottom"):
        dataset = st.segmented_control(
            "Data", list(DATASETS), default="digits", required=True, format_func=DATASETS.__getitem__, key=f"{KEY}-data"
        )
        own = sets(dataset)
        words = {0: "shipped result", **{one.number: f"run again, no. {one.number}" for one in own}}
        if st.session_state.get(f"{KEY}-shown") not in words:
            st.session_state[f"{KEY}-shown"] = 0
        number: int | None = 0
        if own:
            number = st.segmented_control(
                "Show", list(words), required=True, format_func=words.__getitem__, key=f"{KEY}-shown"
            )
    if not in_view(KEY):
        return
    chosen = next((one for one in own if one.number == number), None)
    if chosen is not None:
        st.fragment(_own, run_every=SECONDS if chosen.under_way() else None)(chosen)
    else:
        _shipped(dataset)
    _again(dataset)


# Shipped runs ---------------------------------------------------------------------------------------------------------


def _shipped(dataset: str) -> None:
    history = shipped(dataset)
    if history is None:
        st.info(
            f"No result on {DATASETS[dataset]} comes with the course: its {EPOCHS[dataset]} passes are about as many "
            f"updates as {EPOCHS[dataset] * 36:,} passes over the digits. Keras fetches MNIST (11 MB) when it is first "
            "asked for, so this machine needs the internet once. The button below trains the five optimizers on it, "
            "with the learning rates that were best on the digits. To look for rates of its own and keep the result: "
            f"python -m models.histories.adam_paper --dataset {dataset}"
        )
        return
    found = results(history)
    _draw(
        [
            (result.optimizer, result.median, np.stack([result.costs.min(axis=0), result.costs.max(axis=0)]))
            for result in found
        ],
        epochs=found[0].costs.shape[1],
        key="shipped",
    )
    first, *others = findings(found)
    _words(first)
    more("What else came out", *others)
    more("Why it need not agree with the paper", _differences(history, found))


def adam_table() -> None:
    """Draw the table of the shipped results: rates, costs and accuracies, and where they come from."""
    for dataset, name in DATASETS.items():
        history = shipped(dataset)
        if history is None:
            continue
        found = results(history)
        epochs, seeds = found[0].costs.shape[1], len(found[0].costs)
        table(
            [
                f"Optimizer, on {name}",
                "Learning rate (tried)",
                f"Cost, mean of epochs {epochs - LAST + 1} to {epochs}: median (lowest to highest)",
                f"Below {LOW_COST:g} in epoch",
                "Accuracy on validation digits",
            ],
            [_row(result) for result in sorted(found, key=lambda result: result.final)],
        )
        _words(
            f"In the figure, a line is the median of {seeds} seeds, and its band reaches from the lowest to the "
            f"highest. Trained on a {history['machine']['device']} with Keras {history['machine']['keras']}; the "
            f"command, from this course’s folder: {history['command']}"
        )


def _row(result: Result) -> list[str]:
    tried = ", ".join(f"{rate:g}" for rate, _ in result.tried)
    return [
        result.label,
        f"{result.learning_rate:g} ({tried})" if tried else f"{result.learning_rate:g}",
        f"{figure(result.final)} ({figure(result.finals.min())} to {figure(result.finals.max())})",
        str(result.fast) if result.fast is not None else "never",
        percent(result.accuracy),
    ]


def _differences(history: Mapping[str, Any], found: Sequence[Result]) -> str:
    images, epochs = history["images"], found[0].costs.shape[1]
    steps = -(-images // BATCH_SIZE)
    return (
        f"The paper trained on MNIST’s 60,000 digits of 28 × 28 pixels, here are {images:,}"
        + (" of 8 × 8" if next(iter(history["runs"].values()))["config"]["dataset"] == "digits" else "")
        + f": one pass is {steps} updates instead of 469, and {epochs} passes make {epochs * steps:,} updates. The "
        "paper also searched other settings, such as momentum; here only the learning rate was tried, in steps of "
        "about three, and the rest is Keras’s default, with momentum 0.9 for SGDNesterov. Which optimizer wins depends "
        "on the data, the network and how long each was tuned: no figure shows that one is best everywhere."
    )


# New runs -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunSet:
    """The five runs that one press of the button started.

    Attributes:
        number: of the set, from 1; the runs' names end with it.
        runs: optimizer → run, in the order of the figure.
    """

    number: int
    runs: Mapping[str, RunDirectory]

    def under_way(self) -> bool:
        """Whether any of them is being trained or is waiting."""
        return any(run.state().name in ("queued", "running") for run in self.runs.values())


def sets(dataset: str) -> list[RunSet]:
    """Return the sets of runs on a dataset that anyone has started, the newest first, at most `KEPT`."""
    folder = runs_dir()
    names = [path.name for path in entries(folder)]
    numbers = sorted({int(match["number"]) for name in names if (match := NAMED.fullmatch(name))}, reverse=True)
    found = []
    for number in numbers:
        runs = {}
        for optimizer in OPTIMIZERS:
            run = RunDirectory(folder / f"adam-paper-{optimizer}-{number}")
            try:
                fits = run.config().dataset == dataset
            except RunError:  # deleted, or not complete yet
                continue
            if fits:
                runs[optimizer] = run
        if runs:
            found.append(RunSet(number, runs))
        if len(found) == KEPT:
            break
    return found


def _own(chosen: RunSet) -> None:
    if st.session_state.get(f"{KEY}-live") and not chosen.under_way():
        st.session_state[f"{KEY}-live"] = False
        rerun()  # nothing changes any more: updates can stop
    st.session_state[f"{KEY}-live"] = chosen.under_way()
    lines: list[tuple[str, np.ndarray, np.ndarray | None]] = []
    epochs = seed = 0
    for optimizer, run in chosen.runs.items():
        try:
            about = run.config()
        except RunError:  # deleted just now
            continue
        epochs, seed = max(epochs, about.epochs), about.seed
        costs = curves_of(run).by_epoch("loss")[1]
        if len(costs):
            lines.append((optimizer, costs, None))
    if lines:
        _draw(lines, epochs=epochs, key=f"own-{chosen.number}")
    else:
        st.info("The curves begin here when the first epoch has ended. Loading TensorFlow takes some seconds.")
    _words(f"Run again with seed {seed}. " + " · ".join(_progress(name, run) for name, run in chosen.runs.items()))
    _compared(chosen, seed)


def _progress(optimizer: str, run: RunDirectory) -> str:
    state, label = run.state(), OPTIMIZERS[optimizer]
    if state.name != "running":
        reason = f" ({state.reason.rstrip('.')})" if state.name == "failed" and state.reason else ""
        return f"{label} {STATE_WORDS[state.name]}{reason}"
    left = seconds_left(run)
    when = f", {duration(left)} left" if left is not None else ""
    epochs = run.config().epochs
    return f"{label}: epoch {min(state.epoch + 1, epochs)} of {epochs}{when}"  # after the last one, files are written


def _compared(chosen: RunSet, seed: int) -> None:
    """Draw the results of the finished runs beside the shipped ones."""
    dataset = next(iter(chosen.runs.values())).config().dataset
    history = shipped(dataset)
    done = {name: run for name, run in chosen.runs.items() if run.state().name == "finished" and run.epochs()}
    if history is None or not done:
        return
    rows = []
    for result in results(history):
        if result.optimizer in done:
            cost = final_cost(done[result.optimizer].epochs())
            low, high = result.finals.min(), result.finals.max()
            where = "below them" if cost < low else "above them" if cost > high else "within them"
            rows.append([result.label, figure(cost), f"{figure(low)} to {figure(high)}", where])
    table(["Optimizer", f"Mean cost of the last {LAST} epochs, seed {seed}", "Shipped seeds", "This run lies"], rows)


# Drawing --------------------------------------------------------------------------------------------------------------


def _words(text: str) -> None:
    st.html(f'<section class="lesson"><p>{html.escape(text)}</p></section>')


def _draw(lines: Sequence[tuple[str, np.ndarray, np.ndarray | None]], *, epochs: int, key: str) -> None:
    drawn = [
        CostCurve(OPTIMIZERS[name], cost, LOOKS[name][0], DASHES[name], SYMBOLS[LOOKS[name][1]], spread)
        for name, cost, spread in lines
    ]
    ends = ", ".join(f"{line.label} {figure(float(line.cost[-1]))}" for line in drawn)
    st.plotly_chart(
        cost_curves(drawn, epochs=epochs, text_size=text_size()),
        key=f"{KEY}-{key}",
        config={"displaylogo": False, "displayModeBar": False},
        alt=f"Training cost, on a logarithmic axis, against epochs. At the curves’ ends: {ends}",
    )


# Running it again -----------------------------------------------------------------------------------------------------


def _again(dataset: str) -> None:
    if engine_or_word("Running it again") is None:
        return
    with st.container(key=f"{KEY}-again", horizontal=True, vertical_alignment="bottom"):
        st.number_input("Seed", 0, 2**31 - 1, value=0, step=1, key=f"{KEY}-seed", width=160)
        st.button("Run it again", key=f"{KEY}-run", on_click=_run_again, args=(dataset,))
    if problem := st.session_state.get(f"{KEY}-problem"):
        st.error(plain(problem))
        st.session_state[f"{KEY}-problem"] = ""  # not before it is said: this run of the page may be cut off
    more(
        "What running it again does",
        f"It trains the five one after the other, {EPOCHS[dataset]} epochs each, and everybody can watch. The seed "
        "decides the first weights, the order of the pictures and the dropout: on one machine, the same seed gives the "
        "same curves.",
    )


def _run_again(dataset: str) -> None:
    """Draw the button that submits five runs and shows them."""
    found = engine()
    if found is None:
        st.session_state[f"{KEY}-problem"] = "The engine is just being started again: try it in some seconds."
        return
    number = next_number()
    seed = int(st.session_state[f"{KEY}-seed"])
    configs = {
        f"adam-paper-{optimizer}-{number}": config(optimizer, learning_rate=rate, seed=seed, dataset=dataset)
        for optimizer, rate in best_rates(dataset).items()
    }
    try:
        _submit(found, configs)
    except (RunError, EngineError) as error:
        st.session_state[f"{KEY}-problem"] = str(error)
        return
    st.session_state[f"{KEY}-shown"] = number


def next_number() -> int:
    """Return the number of the next set of runs: one more than the highest in the runs folder."""
    names = [path.name for path in entries(runs_dir())]
    return max((int(match["number"]) for name in names if (match := NAMED.fullmatch(name))), default=0) + 1


def _submit(engine: Engine, configs: Configs) -> list[RunDirectory]:
    """Create the runs, owned by the visitor, and submit them to the engine in order.

    Raises:
        RunError: a run cannot be created, or somebody's five runs are under way: a class shares one computer.
        EngineError: the engine does not accept them.
    """
    busy = [run for run in under_way() if NAMED.fullmatch(run.name)]
    if busy and not is_teacher():
        raise RunError(f"Five such runs are under way already ({busy[0].name} …): wait until they have ended.")
    made: list[RunDirectory] = []
    submitted = 0
    try:
        for name, about in configs.items():
            made.append(RunDirectory.create(runs_dir() / name, about))
            claim(made[-1])
        for run in made:
            engine.submit(run)
            submitted += 1
    except BaseException as error:
        for run in made[submitted:]:
            run.discard()  # what was refused leaves nothing
        if isinstance(error, OSError):
            raise RunError(f"The runs cannot be written: {why(error)}") from error
        raise
    return made
