"""The networks that come with the course: for each a .keras file, its card, and the run that it came from.

    NAME.keras        the network; opens with keras.models.load_model alone
    NAME.json         the card for programs: classes, data, command, seed, epochs, time, versions, figures
    NAME.md           the card for people, with what it gets wrong
    NAME.run.zip      the run's whole history; `python -m models.training import` makes a run of it

`python -m models.weights RUN NAME` writes all four from a finished run (`__main__.py`).
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Return the names of the networks that come with the course."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json") if path.with_suffix(".keras").is_file()))


def card(name: str) -> dict[str, Any]:
    """Return what is known of a network that comes with the course.

    Raises:
        ValueError: there is no such network.
    """
    if name not in names():
        raise ValueError(f'No network "{name}" comes with the course: choose from {", ".join(names())}.')
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def history(name: str) -> Path:
    """Return the zip file with the whole run of a network.

    Raises:
        ValueError: there is no such network.
    """
    card(name)
    return FOLDER / f"{name}.run.zip"
