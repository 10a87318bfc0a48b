"""Pulled plugs: a run remembers when somebody killed its worker on purpose, and what followed."""

import json
import time
from dataclasses import asdict, dataclass

from models.runs.records import is_batch
from models.runs.run_directory import RunDirectory
from models.storage import json_text, write_text

FILE = "plug.json"


@dataclass(frozen=True)
class Pulled:
    """One pulled plug.

    Attributes:
        epoch: finished epochs at that moment, according to the newest line.
        step: finished batches of the present epoch.
        time: seconds since 1970.
    """

    epoch: int
    step: int
    time: float


@dataclass(frozen=True)
class Recovery:
    """How a run went on after a pulled plug.

    Attributes:
        epoch: the epoch of the first batch that was trained afterwards.
        step: that batch's number in the epoch, from 1.
        seconds: from the pulled plug to the end of that batch.
    """

    epoch: int
    step: int
    seconds: float


def note_pulled(run: RunDirectory, *, epoch: int, step: int) -> Pulled:
    """Record that a run's plug has been pulled.

    Raises:
        OSError: the run's folder cannot be written.
    """
    pulled = Pulled(epoch, step, time.time())
    write_text(run.path / FILE, json_text([asdict(one) for one in (*pulled_plugs(run), pulled)]) + "\n")
    return pulled


def pulled_plugs(run: RunDirectory) -> tuple[Pulled, ...]:
    """Return all of a run's pulled plugs, in order."""
    try:
        return tuple(Pulled(**one) for one in json.loads((run.path / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return ()


def recovery(run: RunDirectory, pulled: Pulled) -> Recovery | None:
    """Return how the run went on, or None if it has not gone on yet."""
    for event in run.metrics()[0]:
        if is_batch(event) and event.get("time", 0.0) > pulled.time:
            return Recovery(event["epoch"], event["step"], event["time"] - pulled.time)
    return None
