"""The pooling boards: a window moves over a grid of numbers, and max, average and global average pooling answer."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import NotRequired, TypedDict

import streamlit as st

from components.browser import Texts
from components.lessons.pooling.boards.grid import (
    COURSE_GRIDS,
    MAX_SIDE,
    MIN_SIDE,
    GridError,
    Reading,
    UnclearGridError,
    parse_grid,
    rounding,
    write_grid,
)
from components.lessons.pooling.boards.scene import MAX_SPEED, SIZES, SLOWEST, STRIDES, PoolingScene
from components.lessons.pooling.boards.texts import TEXTS, facts, reach_text
from components.player import animation, register
from components.scene import change
from models.arithmetic import axis_geometry, global_average_pool, pool

KEY = "pooling"
PASTED = f"{KEY}:pasted"
PASTED_TEXT = f"{KEY}:pasted text"

CHOICES = {
    "size": [[str(size), f"{size} × {size}"] for size in SIZES],
    "stride": [[stride, "= window" if stride == "none" else stride] for stride in STRIDES],
    "padding": [["valid", "valid"], ["same", "same"]],
    "grid": [
        [text, f"Grid {number} (for {name})"] for number, (name, text) in enumerate(COURSE_GRIDS.items(), start=1)
    ],
    "side": [[str(side), str(side)] for side in range(MIN_SIDE, MAX_SIDE + 1)],
}

_mount = register(KEY, Path(__file__).resolve().parent)


# "global" is a keyword of Python, so it cannot be a field in a class.
_Global = TypedDict("_Global", {"global": float})


class PoolingMessage(_Global):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    values: list[list[float]]
    max: list[float]
    average: list[float]
    rows: dict[str, int] | None
    columns: dict[str, int] | None
    step: int
    topSpeed: int
    slowest: float
    facts: list[str]
    reach: str
    refusal: NotRequired[str]


class Pasted(TypedDict):
    """How many grids the visitor has pasted or explained, and what is to be said of the last one.

    Attributes:
        taken: whether it is the grid now.
        problem: what is wrong with it, unclear in it or changed by rounding; "" for nothing.
        readings: [name, words] of each meaning of an unclear one.
    """

    count: int
    taken: bool
    problem: str
    readings: list[list[str]]


def payload(scene: PoolingScene) -> PoolingMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    `max`, `average` and `global` are computed by `models.arithmetic`. An impossible scene has `refusal`, a sentence.
    """
    grid = scene.numbers()
    result: PoolingMessage = {
        "texts": TEXTS,
        "choices": CHOICES,
        "values": grid.tolist(),
        "global": float(global_average_pool(grid[..., None])[0]),
        "max": [],
        "average": [],
        "rows": None,
        "columns": None,
        "step": scene.step,
        "topSpeed": MAX_SPEED,
        "slowest": SLOWEST,
        "facts": [],
        "reach": "",
    }
    if not scene.fits():
        return {
            **result,
            "refusal": f"No {scene.size} × {scene.size} window fits into {grid.shape[0]} × {grid.shape[1]} cells: "
            "choose a smaller window, a larger grid or same padding.",
        }
    rows, columns = (axis_geometry(side, scene.size, stride=scene.step, padding=scene.padding) for side in grid.shape)
    slide = partial(pool, grid, size=scene.size, stride=scene.strides, padding=scene.padding)
    return {
        **result,
        "max": slide(mode="max").ravel().tolist(),
        "average": slide(mode="average").ravel().tolist(),
        "rows": asdict(rows),
        "columns": asdict(columns),
        "facts": facts(scene, rows, columns),
        "reach": reach_text(scene, rows, columns),
    }


def pooling_boards() -> PoolingScene:
    """Draw the boards and return the scene that they show."""
    pasted: Pasted = st.session_state.get(PASTED, {"count": 0, "taken": False, "problem": "", "readings": []})
    return animation(
        _mount,
        KEY,
        PoolingScene,
        lambda scene: {**payload(scene), "pasted": pasted},
        subject="grid",
        on_paste_change=_take_pasted,
        on_reading_change=_take_reading,
    )


def _take_pasted() -> None:
    """Take over a grid that the visitor pasted, or say why the text is not one; then the grid stays as it was."""
    st.session_state[PASTED_TEXT] = str(st.session_state[KEY]["paste"])
    _take(None)


def _take_reading() -> None:
    """Take over the last text as the visitor explained it."""
    reading = st.session_state[KEY]["reading"]
    if reading in ("decimal", "thousands") and PASTED_TEXT in st.session_state:
        _take(reading)


def _take(reading: Reading | None) -> None:
    text = st.session_state[PASTED_TEXT]
    told: Pasted = {
        "count": st.session_state.get(PASTED, {"count": 0})["count"] + 1,
        "taken": False,
        "problem": "",
        "readings": [],
    }
    try:
        change(KEY, grid=write_grid(parse_grid(text, reading)))
        told |= {"taken": True, "problem": rounding(text, reading)}
    except UnclearGridError as error:
        told |= {
            "problem": f"{error} Which do you mean?",
            "readings": [[name, words] for name, words in error.readings.items()],
        }
    except GridError as error:
        told["problem"] = f"{error} The grid stays as it was."
    st.session_state[PASTED] = told
