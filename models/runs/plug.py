"""Pulled plugs: a run remembers when somebody killed its worker on purpose, and what followed."""

import json
import time
from dataclasses import asdict, dataclass

from models.runs.records import is_batch
from models.runs.run_directory import RunDirectory
from models.storage import json_text, write_text

FILE = "plug.json"

_PUT_BACK = 60.0
"""Seconds. A line beyond the pulled plug's place that says to be older than the plug by more was written afterwards, by
a clock that was put back: pulling a plug takes less."""


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
        seconds: from the pulled plug to the end of that batch; None if the machine's clock was put back meanwhile.
    """

    epoch: int
    step: int
    seconds: float | None


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
    batches = [event for event in run.metrics()[0] if is_batch(event)]
    for event in batches:
        if event.get("time", 0.0) > pulled.time:
            return Recovery(event["epoch"], event["step"], event["time"] - pulled.time)
    for event in batches:
        later = (event["epoch"], event["step"]) > (pulled.epoch, pulled.step)
        if later and pulled.time - event.get("time", pulled.time) > _PUT_BACK:
            return Recovery(event["epoch"], event["step"], None)
    return None
