"""Before a run goes on beyond the end of its learning-rate schedule: at which rate its further epochs learn."""

from typing import Literal, NamedTuple

import streamlit as st

from models.runs.planning import idle_of, suggested_rate
from models.runs.run_directory import RunDirectory, RunError
from models.runs.schedule import epochs_words

MORE_EPOCHS = 5
"""Epochs that one press adds to a finished run."""

TITLES = {"constant": "stays as it is", "cosine": "falls along a new cosine to 0"}


class Then(NamedTuple):
    """How the learning rate goes on: at `rate`, which stays as it is or falls to 0 along a cosine."""

    rate: float
    schedule: Literal["constant", "cosine"]


def going_on(run: RunDirectory) -> Then | None:
    """Ask for the learning rate of a resting run's next epochs if its schedule has none for them.

    Args:
        run: the open run, which this visitor may change.

    Returns:
        The answer, or None if nothing has to be asked.
    """
    state = run.state()
    if state.name in ("queued", "running"):
        return None
    try:
        idle = idle_of(run, state.epoch + MORE_EPOCHS if state.name == "finished" else None)
        config = run.config()
    except RunError:
        return None
    if not idle:
        return None
    with st.container(key="training-going-on", border=True):
        st.write(
            f"**The {config.schedule} has brought the learning rate to 0**: at that rate, {epochs_words(idle)} would "
            "change no weight. Choose a rate to go on with; what has been trained stays as it is."
        )
        left, right = st.columns([2, 3], vertical_alignment="top")
        with left:
            rate = st.number_input(
                "Learning rate from here on",
                min_value=1e-7,
                max_value=100.0,
                value=suggested_rate(config),
                step=suggested_rate(config),
                format="%.6g",
                key=f"training-then-rate-{run.name}",
            )
        with right:
            schedule: Literal["constant", "cosine"] = st.radio(
                "From here on, it",
                ("constant", "cosine"),
                format_func=TITLES.__getitem__,
                key=f"training-then-schedule-{run.name}",
            )
    return Then(rate, schedule)
