"""The digit board: draw a digit or take one, see it as the network does, and what the network makes of it."""

import base64
import binascii
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import streamlit as st

from components.browser import BASE_CSS, CONTROLS_CSS, component
from components.engine import status
from components.engine.notice import engine_or_word
from components.lessons.deep_learning.digit_board.markup import MARKUP
from components.lessons.deep_learning.digit_board.samples import SAMPLES
from components.lessons.deep_learning.digit_board.scene import DigitScene, read_ink, write_ink
from components.photo.uploads import plain
from components.player import PLAYER_CSS
from components.scene import change, current, rerun, show
from components.shell.in_view import in_view
from models import weights
from models.arithmetic import smoothed_targets
from models.engine import EngineError
from models.figures import percent
from models.pictures.digit_drawing import to_eight_by_eight

KEY = "digit-board"
NETWORK = "digits"
DRAWN_SIDE = 96
"""Width and height of the drawing in pixels, as the browser sends it, with one byte a pixel."""

TEXTS = {
    "draw": "Draw a digit here",
    "paper": "Draw a digit here, with finger, pen or mouse",
    "seen": "What the network gets",
    "range": "8 × 8 numbers, 0 to 16",
    "reads": "What it reads",
    "clear": "Clear",
    "take": "Or take one:",
    "taken": "Handwritten {digit} of the test data",
    "nothing": "Nothing to read yet: draw a digit, or take one.",
    "waiting": "The prediction appears as soon as the network is ready.",
    "sure": "It reads {digit}.",
    "unsure": "It reads {digit}, but it is not sure.",
    "never": "Why never 100\u00a0%?",
    "smoothed": "In training the right digit counted as {truth} and each other one as {other} (label smoothing). So "
    "about {truth} is as sure as this network gets.",
}
OFF = "Reading it needs the engine, which is off."
"""Stands where the waiting is told of, if nothing will ever come."""

_FOLDER = Path(__file__).resolve().parent


_mount = component(
    "digit_board",
    _FOLDER / "digit_board.js",
    html=MARKUP,
    css=[BASE_CSS, PLAYER_CSS, CONTROLS_CSS, _FOLDER / "digit_board.css"],
)


def digit_board() -> DigitScene:
    """Draw the board and return the scene that it shows."""
    with st.container(gap="xsmall"):
        above = st.container()
        scene = show(_mount, KEY, DigitScene, _draw, subject=KEY, prefix="digit-", on_drawn_change=_take)
    with above:
        _first_answer(scene)
    return scene


@cache
def sample_digits() -> tuple[np.ndarray, ...]:
    """Return one handwritten digit of each class that the network was not trained on, uint8 (8, 8), 0 to 16."""
    return tuple(read_ink(ink) for ink in SAMPLES)


def counts(scene: DigitScene) -> np.ndarray | None:
    """Return the picture that the network reads, uint8 (8, 8), or None for an empty board."""
    if scene.ink:
        return read_ink(scene.ink)
    return sample_digits()[scene.taken] if scene.taken >= 0 else None


class DigitMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: dict[str, str]
    side: int
    taken: int
    counts: list[int] | None
    probabilities: list[float] | None
    problem: str
    samples: list[list[int]]


def payload(scene: DigitScene, probabilities: list[float] | None, problem: str = "") -> DigitMessage:
    """Return everything that the browser needs.

    Args:
        scene: what is on the board.
        probabilities: of the digits 0 to 9 for this picture, or None before the network has answered.
        problem: why the last drawing could not be read.
    """
    read = counts(scene)
    return {
        "texts": {**TEXTS, "smoothed": _smoothed(), "waiting": OFF if status() == "off" else TEXTS["waiting"]},
        "side": DRAWN_SIDE,
        "taken": scene.taken,
        "counts": read.ravel().tolist() if read is not None else None,
        "probabilities": probabilities,
        "problem": problem,
        "samples": [digit.ravel().tolist() for digit in sample_digits()],
    }


@cache
def _smoothed() -> str:
    truth, other = smoothed_targets(weights.label_smoothing(NETWORK), 10)
    return TEXTS["smoothed"].format(truth=percent(truth), other=percent(other))


def _draw(scene: DigitScene) -> DigitMessage:
    problem = st.session_state.get(f"{KEY}:problem", "")
    probabilities = None
    read = counts(scene)
    if read is not None and f"{KEY}:answer" in st.session_state:
        probabilities = _answer(read)
    return payload(scene, probabilities, problem)


@st.fragment
def _first_answer(scene: DigitScene) -> None:
    """Get the first answer in a fragment of its own, as the network may have to be loaded; later ones take no time."""
    read = counts(scene)
    if f"{KEY}:answer" in st.session_state or read is None or status() == "off" or not in_view(f"{KEY}-near"):
        return
    if engine_or_word("Reading your digit") is not None and _answer(read) is not None:
        rerun()


def _answer(read: np.ndarray) -> list[float] | None:
    """Return the digits' probabilities for this picture, asked for once; or say why there are none and return None."""
    asked = st.session_state.get(f"{KEY}:answer")
    if asked is None or asked[0] != write_ink(read):
        found = engine_or_word("Reading your digit")
        if found is None:
            return None
        try:
            answer = found.predict(read[..., np.newaxis], NETWORK)
        except EngineError as error:
            st.warning(f"The network gave no answer: {plain(str(error))}")
            return None
        asked = st.session_state[f"{KEY}:answer"] = (write_ink(read), answer["probabilities"])
    probabilities: list[float] = asked[1]
    return probabilities


def _take() -> None:
    """Take over what the visitor drew, chose or erased; an old answer never stays beside it."""
    said = st.session_state[KEY]["drawn"]
    scene, problem = changed(current(KEY, DigitScene), said)
    edit = int(said["edit"]) if "edit" in said else None
    change(KEY, edit=edit, ink=scene.ink, taken=scene.taken)
    st.session_state[f"{KEY}-near:seen"] = True  # a visitor who draws is near, reported or not
    st.session_state[f"{KEY}:problem"] = problem


def changed(scene: DigitScene, said: Any) -> tuple[DigitScene, str]:
    """Return the scene after the browser's report, and a sentence if a drawing cannot be read.

    Args:
        scene: as it was.
        said: {"taken": 0 to 9}, {"taken": −1} for an empty board, or {"drawing": base64 of 96 × 96 bytes}.
    """
    if "taken" in said:
        return DigitScene.from_params({"taken": str(said["taken"])}), ""
    empty = replace(scene, ink="", taken=-1)
    try:
        ink = np.frombuffer(base64.b64decode(str(said.get("drawing", "")), validate=True), np.uint8)
        return replace(scene, ink=write_ink(to_eight_by_eight(ink.reshape(DRAWN_SIDE, DRAWN_SIDE))), taken=-1), ""
    except binascii.Error:
        return empty, "The drawing did not arrive whole: draw it once more."
    except ValueError as error:
        whole = str(error).startswith(("Nothing", "A drawing"))
        return empty, str(error) if whole else "The drawing did not arrive whole: draw it once more."
