"""One small network written three times: in Keras's Sequential API, in its Functional API, and in bare TensorFlow.

The programs are files beside this one. A page shows them and the engine runs them, both from the same text: `text`.
A comment line in them begins a row: what stands in the same row of two programs does the same. Comment lines are not
shown. The programs find two names: `weights`, the network's arrays, and `batch`, the photo.

Nothing here needs TensorFlow; `models.experiments.three_programs.running` does.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parent

PROGRAMS = ("sequential", "functional", "bare_tensorflow")
STEPS = ("photo", "scaled", "conv1", "pool1", "conv2", "gap", "dog")
"""The steps that have an output, in the order of the computation."""

ROWS = ("imports", *STEPS, "model", "answer")
SIDE = 64
"""Width and height of the photo that the network takes, in pixels."""

_NOT_ROWS = ("ruff:", "mypy:", "fmt:")


@cache
def rows(program: str) -> Mapping[str, str]:
    """Return row → its lines, in order, of one of `PROGRAMS`.

    Raises:
        ValueError: there is no such program.
    """
    if program not in PROGRAMS:
        raise ValueError(f'There is no program "{program}": choose from {", ".join(PROGRAMS)}.')
    found: dict[str, list[str]] = {}
    for line in (FOLDER / f"{program}.py").read_text(encoding="utf-8").splitlines():
        if line.startswith("# ") and not line[2:].startswith(_NOT_ROWS):
            found[line[2:]] = []
        elif found and line:
            found[list(found)[-1]].append(line)
    return MappingProxyType({row: "\n".join(lines) for row, lines in found.items()})


def text(program: str) -> str:
    """Return a program as it is shown and run."""
    return "\n".join(filter(None, rows(program).values())) + "\n"


@cache
def weights() -> tuple[np.ndarray, ...]:
    """Return the trained arrays, float32, read-only: kernel and bias of each layer that has them."""
    with np.load(FOLDER / "weights.npz") as file:
        arrays = tuple(file[f"array{number}"] for number in range(len(file.files)))
    for array in arrays:
        array.flags.writeable = False
    return arrays


@cache
def card() -> Mapping[str, Any]:
    """Return how the weights were trained: data, command, seed, and figures on photos that were not trained on."""
    return MappingProxyType(json.loads((FOLDER / "card.json").read_text(encoding="utf-8")))
