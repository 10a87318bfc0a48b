"""The chooser: what the network should find out, and the last activation and loss that follow."""

import streamlit as st

from components import shell
from components.lessons.loss.chooser.problems import PROBLEMS, Problem

KEY = "loss-chooser"


def loss_chooser() -> Problem:
    """Draw the choice of a problem and how its network ends; return the problem."""
    name = st.pills(
        "What should the network find out?",
        list(PROBLEMS),
        default="pets",
        required=True,
        format_func=lambda name: PROBLEMS[name].label,
        key=f"{KEY}-problem",
    )
    problem = PROBLEMS[name]
    shell.table(
        ["Problem", "Last activation", "Loss"],
        [[problem.label, f"{problem.activation}, {_units(problem)}", " or ".join(problem.losses)]],
    )
    st.write(problem.because)
    return problem


def _units(problem: Problem) -> str:
    return "1 unit" if problem.units == 1 else f"{problem.units} units"
