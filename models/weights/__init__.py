"""The networks that come with the course: for each a .keras file, its card, and the run that it came from.

    NAME.keras        the network; opens with keras.models.load_model alone
    NAME.json         the card for programs: classes, data, command, seed, epochs, time, versions, figures
    NAME.md           the card for people, with what it gets wrong
    NAME.run.zip      the run's whole history; `python -m models.training import` makes a run of it
    NAME.scores.npz, NAME.scores.json    its scores on pictures, with their card: `models.evaluation.shipped_scores`

`python -m models.weights RUN NAME` writes the first four from a finished run (`__main__.py`), and
`python -m models.evaluation.ship_scores NAME` the scores.
"""

import json
import re
from pathlib import Path
from typing import TypedDict

from models.figures import Figures
from models.pictures.resize import Resize

FOLDER = Path(__file__).parent


class Card(TypedDict):
    """NAME.json: the card of a network that comes with the course.

    "maximum" is the value of a white pixel. "pictures" holds the number of pictures in each part of the data; "part" is
    the one on which the figures were measured. "before" is the command that trained the initial weights. "sessions" is
    the number of processes that trained the network, one after another.
    """

    name: str
    network: str
    classes: list[str]
    parameters: int
    megabytes: float
    side: int
    resize: Resize
    maximum: int
    data: str
    pictures: dict[str, int]
    drawn: bool
    command: str
    before: str | None
    seed: int
    epochs: int
    epoch_shipped: int
    seconds: float
    sessions: int
    device: str
    versions: dict[str, str]
    part: str
    figures: Figures
    licence: str
    gets_wrong: str


def names() -> tuple[str, ...]:
    """Return the names of the networks that come with the course."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json") if path.with_suffix(".keras").is_file()))


def card(name: str) -> Card:
    """Return the card of a network that comes with the course.

    Raises:
        ValueError: there is no such network.
    """
    if name not in names():
        raise ValueError(f'No network "{name}" comes with the course: choose from {", ".join(names())}.')
    found: Card = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def label_smoothing(name: str) -> float:
    """Return the label smoothing with which a network that comes with the course was trained, 0 for none.

    Raises:
        ValueError: there is no such network.
    """
    said = re.search(r"--label-smoothing (\S+)", card(name)["command"])
    return float(said[1]) if said else 0.0


def history(name: str) -> Path:
    """Return the zip file with the whole run of a network.

    Raises:
        ValueError: there is no such network.
    """
    card(name)
    return FOLDER / f"{name}.run.zip"
