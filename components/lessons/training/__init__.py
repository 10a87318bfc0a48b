"""The page on which a training is put together, started and watched: its list of steps and its Keras program."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

import streamlit as st

from components import scene
from components.browser import component, encode_message, read
from components.lessons.training.draft import Draft, suiting

KEY = "training-draft"

_FOLDER = Path(__file__).resolve().parent


_stepper = component(
    "training_stepper", _FOLDER / "stepper.js", html=_FOLDER / "stepper.html", css=[_FOLDER / "stepper.css"]
)
_program = component(
    "training_program", _FOLDER / "program.js", html=_FOLDER / "program.html", css=[_FOLDER / "program.css"]
)


def style() -> None:
    """Lay the page out."""
    st.html(f"<style>{read(_FOLDER / 'training.css')}</style>")


def open_draft() -> Draft:
    """Return what the visitor has chosen so far, from the URL or from the session."""
    return scene.open_scene(KEY, Draft, subject="training").scene


def chosen_so_far() -> Draft:
    """Return the draft as this run of the page has it by now."""
    return scene.current(KEY, Draft)


def change(**changes: Any) -> None:
    """Change the draft. Changing a choice closes the open run, which was made with other choices."""
    if not changes.keys() <= {"step", "run", "compare"} and "run" not in changes:
        changes["run"] = ""
    if "data" in changes:
        changes = suiting(changes["data"]) | changes
    scene.change(KEY, **changes)


class ListedStep(TypedDict):
    """One of the eight steps, from 1, and the choice made in it."""

    number: int
    title: str
    choice: str


class StepperMessage(TypedDict):
    """What the browser is sent of the list of steps."""

    steps: list[ListedStep]
    current: int
    name: str


def stepper(steps: Sequence[tuple[str, str]], current: int) -> None:
    """Draw the list of steps with the choice made in each. A press opens the step.

    Args:
        steps: (title, choice) of each.
        current: the one that is open, from 1.
    """

    def opened() -> None:
        change(step=int(st.session_state["training-stepper"]["step"]))

    message: StepperMessage = {
        "steps": [{"number": n, "title": title, "choice": choice} for n, (title, choice) in enumerate(steps, start=1)],
        "current": current,
        "name": "The eight steps of a training",
    }
    _stepper(key="training-stepper", data=encode_message(message), on_step_change=opened)


class ProgramStep(TypedDict):
    """The lines of one step; "current" marks the open one."""

    number: int
    lines: str
    current: bool


class ProgramMessage(TypedDict):
    """What the browser is sent of the program: its lines, the texts of the copy button, and the program's name."""

    steps: list[ProgramStep]
    copy: str
    copied: str
    name: str


def program_view(steps: Sequence[tuple[int, Sequence[str]]], current: int) -> None:
    """Draw a Keras program, with the lines of the open step marked and a copy button.

    Args:
        steps: (number of the step, its lines), in the program's order.
        current: the step that is open.
    """
    message: ProgramMessage = {
        "steps": [
            {"number": number, "lines": "\n".join(lines), "current": number == current} for number, lines in steps
        ],
        "copy": "Copy the program",
        "copied": "Copied",
        "name": "The Keras program of this run",
    }
    _program(key="training-program", data=encode_message(message))
