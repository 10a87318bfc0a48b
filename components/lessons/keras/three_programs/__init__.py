"""One network in three programs, side by side: their lines, and the numbers that they give for the photo."""

from pathlib import Path
from typing import TypedDict

import streamlit as st

from components.browser import Texts, encode_array
from components.engine.notice import engine_or_word
from components.lessons.keras.three_programs.scene import MAX_SPEED, ProgramsScene
from components.lessons.keras.three_programs.texts import NAMES, SHORT_NAMES, TEXTS, TITLES, WORDS
from components.photo import remembered
from components.photo.uploads import plain
from components.player import animation, register
from components.scene import rerun
from components.shell.in_view import in_view
from models.answers import ProgramsRun, ProgramStep
from models.engine import EngineError
from models.engine.questions import RUN_PROGRAMS
from models.experiments.three_programs import PROGRAMS, ROWS, rows, text
from models.pictures.photo import Photo

KEY = "three_programs"

_mount = register(KEY, Path(__file__).resolve().parent)


def three_programs(photo: Photo) -> ProgramsRun | None:
    """Draw the programs and return their results for this photo, or None before they have run.

    See `models.experiments.three_programs.running.run_programs`.
    """
    # The results are kept with the photo: they never stand beside another one.
    known: dict[str, ProgramsRun] = remembered(photo, KEY, dict[str, ProgramsRun])
    found = known.get("found")
    above = st.container()  # in view of a visitor who has just arrived, however small the screen
    animation(_mount, KEY, ProgramsScene, lambda scene: payload(scene, found), subject=photo.digest)
    if found is None:
        with above:
            _ask(photo, known)
    return found


class StepMessage(TypedDict):
    """What `_step` returns."""

    shape: list[int]
    parameters: int
    place: list[int]
    values: list[float]
    difference: float
    maps: str
    size: list[int]
    colours: int


class ProgramRow(TypedDict):
    """A row of the programs: what happens in it, and the lines of each program."""

    name: str
    title: str
    words: str
    lines: list[str]


class ProgramsMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    names: list[list[str]]
    shown: str
    topSpeed: int
    rows: list[ProgramRow]
    programs: list[str]
    answers: list[float] | None
    steps: dict[str, StepMessage]


def payload(scene: ProgramsScene, found: ProgramsRun | None) -> ProgramsMessage:
    """Return everything that the browser needs to show the programs, whatever row it is at.

    Args:
        scene: the settings.
        found: the programs' results, or None.
    """
    return {
        "texts": TEXTS,
        "choices": {"program": [[program, SHORT_NAMES[program]] for program in PROGRAMS]},
        "names": [[program, NAMES[program]] for program in PROGRAMS],
        "shown": scene.program,
        "topSpeed": MAX_SPEED,
        "rows": [
            {
                "name": row,
                "title": TITLES[row],
                "words": WORDS[row],
                "lines": [rows(program)[row] for program in PROGRAMS],
            }
            for row in ROWS
        ],
        "programs": [text(program) for program in PROGRAMS],
        "answers": found["answers"] if found else None,
        "steps": {step["name"]: _step(step) for step in found["steps"]} if found else {},
    }


def _step(step: ProgramStep) -> StepMessage:
    maps = step["maps"]
    return {
        "shape": step["shape"],
        "parameters": step["parameters"],
        "place": step["place"],
        "values": step["values"],
        "difference": step["difference"],
        "maps": encode_array(maps, "f4"),
        "size": list(maps.shape[1:3]),
        "colours": maps.shape[3] if maps.ndim == 4 else 1,
    }


@st.fragment
def _ask(photo: Photo, known: dict[str, ProgramsRun]) -> None:
    if not in_view(f"{KEY}-near"):  # the page comes first: TensorFlow may have to be loaded
        return
    engine = engine_or_word("Running the three programs")
    if engine is None:
        return
    try:
        known["found"] = engine.ask(RUN_PROGRAMS, photo.pixels)
    except EngineError as error:
        st.warning(f"The programs gave no answer: {plain(str(error))}")
        return
    rerun()
