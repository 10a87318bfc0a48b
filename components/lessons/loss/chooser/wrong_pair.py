"""A wrong pair of activation and loss, trained for real beside the right one."""

import numpy as np
import streamlit as st

from components.charts import curves
from components.engine.notice import engine_or_word
from components.engine.shared_job import SharedJobs
from components.lessons.loss.chooser import KEY
from components.lessons.loss.chooser.outcome import outcome
from components.lessons.loss.chooser.problems import PAIRS, Problem, ending_words, task_words
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.press import pressed
from components.shell.projector import text_size
from models.answers import PairComparison
from models.engine.questions import COMPARE_PAIRS
from models.experiments.output_endings import COMPARISONS, EPOCHS, SGD_RATE, Comparison, progress_file
from models.figures import percent
from models.progress import told_in

_jobs: SharedJobs[str, PairComparison] = SharedJobs("pairs", failed="The training gave no answer")
_answers: dict[str, PairComparison] = {}


def wrong_pair(problem: Problem) -> None:
    """Let the visitor train a wrong pair beside the right one, on real digits, and report the outcome."""
    chosen = st.selectbox("A wrong pair", problem.wrong, format_func=PAIRS.__getitem__, key=f"{KEY}-wrong")
    comparison = COMPARISONS[chosen]
    st.write(
        f"{task_words(chosen)} Right: `{ending_words(comparison.right)}`. Wrong: `{ending_words(comparison.wrong)}`. "
        f"{_optimizer(comparison)} Everything else is the same: weights at the start, pictures, their order. Both go "
        f"through all pictures {EPOCHS} times: {EPOCHS} epochs."
    )
    engine = engine_or_word("Training both networks")
    if engine is None:
        return
    found = _answers.get(chosen)
    wanted: set[str] = st.session_state.setdefault(f"{KEY}:trained", set())
    with st.container(key=f"{KEY}-button"):
        if found is None and chosen in wanted:
            # Trained beside the page, which stays as it is: the button tells how far they are.
            job = _jobs.taken(chosen, lambda _: engine.ask(COMPARE_PAIRS, chosen))
            if job is None:
                _jobs.look(chosen, lambda _: _progress(chosen))
                return
            wanted.discard(chosen)
            if job.problem:
                st.warning(plain(job.problem))
            else:
                # The comparison holds no visitor's data: trained once, it serves the whole class.
                found = _answers[chosen] = job.result
                wanted.add(chosen)
        if pressed("Train both for real", key=f"{KEY}-train", type="primary"):
            wanted.add(chosen)
            if found is None:
                rerun()
    if found is not None and chosen in wanted:
        _draw(chosen, found)


def _progress(name: str) -> None:
    told = told_in(progress_file(name))
    done = f"{percent(told[1] / told[2], 0)}" if told else "…"
    st.button(f"Training both {done}", key=f"{KEY}-training", type="primary", disabled=True)


def _optimizer(comparison: Comparison) -> str:
    if comparison.optimizer == "sgd":
        return f"Both train with plain SGD, learning rate {SGD_RATE:g}."
    return "Both train with Adam."


def _draw(name: str, found: PairComparison) -> None:
    st.write(outcome(name, found))
    left, beside = st.columns(2)
    right, wrong = found["right"], found["wrong"]
    for column, what, title, ours, theirs in (
        (left, "loss", "validation loss", right["loss"], wrong["loss"]),
        (beside, "accuracy", "validation accuracy", right["accuracy"], wrong["accuracy"]),
    ):
        lines = [("right pair", np.array(ours, dtype=float), 1), ("wrong pair", np.array(theirs, dtype=float), 2)]
        figure = curves(np.arange(EPOCHS + 1), lines, title=title, text_size=text_size())
        figure.update_xaxes(title_text="epochs")
        figure.update_yaxes(rangemode="tozero")
        column.plotly_chart(
            figure,
            key=f"{KEY}-{what}",
            config={"displaylogo": False, "displayModeBar": False},
            alt=f"{title} over epochs, of the right and the wrong pair",
        )
