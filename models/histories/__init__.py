"""Trainings that come along: what every epoch of some real runs gave, to be looked at without training anything.

A history is one JSON file in this folder. `python -m models.histories` writes it from the folders of finished runs.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict

FOLDER = Path(__file__).resolve().parent


class HistoryMachine(TypedDict, total=False):
    """The fields of a run's machine.json that a history has; see `models.runs.records.SessionRecord`."""

    device: str
    deterministic: bool
    tensorflow: str
    keras: str
    numpy: str
    python: str
    system: str


class HistoryRun(TypedDict):
    """A run of a history: the fields of `RunConfig`, and the lines of its epochs."""

    config: dict[str, object]
    epochs: list[dict[str, object]]


class History(TypedDict):
    """A history as it is written; see `load`.

    Only `models.histories.adam_paper` has "grid" and "images". Only `models.histories.overfitting` has "test", the
    number of test pictures; the lines of its epochs have "test_loss" and "test_accuracy", too.
    """

    title: str
    command: str
    seed: int | list[int]
    notes: str
    machine: HistoryMachine
    runs: dict[str, HistoryRun]
    grid: NotRequired[dict[str, list[tuple[float, float | None]]]]
    images: NotRequired[int]
    test: NotRequired[int]


FIELDS = ("title", "command", "seed", "notes", "machine", "runs")
"""The fields that every history has. It may have more."""


def names() -> tuple[str, ...]:
    """Return the names of all histories."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@lru_cache(maxsize=16)
def load(name: str) -> Mapping[str, Any]:
    """Return a history, read-only: it is read once, and all visitors share it.

    Args:
        name: one of `names()`.

    Returns:
        title: for people.
        command: what trained the runs, as it is typed.
        seed: the seed of the runs, or a list of seeds.
        notes: what has to be known to read the numbers.
        machine: device and versions.
        runs: label → {"config": the fields of `RunConfig`, "epochs": the lines of its epochs, with "epoch" (from 0),
            "loss", "accuracy", "val_loss", "val_accuracy" …}.

    Raises:
        ValueError: no such history, or its file is damaged.
    """
    if name not in names():
        raise ValueError(f'There is no history "{name}": choose from {", ".join(names()) or "none at all"}.')
    try:
        found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"The history {name} is damaged: {error}") from error
    missing = [field for field in FIELDS if not isinstance(found, dict) or field not in found]
    if missing:
        raise ValueError(f"The history {name} is damaged: it has no {missing[0]}.")
    return MappingProxyType(found)
