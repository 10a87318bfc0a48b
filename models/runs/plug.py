"""Pulled plugs: a run remembers when somebody killed its worker on purpose, and what followed."""

import time
from dataclasses import asdict, dataclass
from itertools import islice

from models.runs.bounds import RECORD_BYTES, is_count, is_number, json_of
from models.runs.records import BatchLine, is_batch
from models.runs.run_directory import LAST_MOMENT, RunDirectory
from models.storage import json_text, write_text

FILE = "plug.json"

PUT_BACK = 60.0
"""Seconds. A line beyond the pulled plug's place that says to be older than the plug by more was written afterwards, by
a clock that was put back: pulling a plug takes less."""
MOST_PULLED = 1000
"""Most pulled plugs that are read of a run, the last ones."""

SEARCHED_BYTES = 2**20
"""How much before a pulled plug is searched at first for the batch that followed it."""

SEARCHED_LINES = 200_000


@dataclass(frozen=True)
class Pulled:
    """One pulled plug.

    Attributes:
        epoch: finished epochs at that moment, according to the newest line.
        step: finished batches of the present epoch.
        time: seconds since 1970.
        place: length of metrics.jsonl in bytes; 0 if it is not known.
    """

    epoch: int
    step: int
    time: float
    place: int = 0


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
    pulled = Pulled(epoch, step, time.time(), run.metrics_bytes())
    write_text(run.path / FILE, json_text([asdict(one) for one in (*pulled_plugs(run), pulled)]) + "\n")
    return pulled


def pulled_plugs(run: RunDirectory) -> tuple[Pulled, ...]:
    """Return all of a run's pulled plugs, in order."""
    told = json_of(run.path / FILE, RECORD_BYTES)
    if not isinstance(told, list) or not all(map(_is_pulled, told)):
        return ()
    return tuple(Pulled(**one) for one in told[-MOST_PULLED:])


def _is_pulled(one: object) -> bool:
    return (
        isinstance(one, dict)
        and {"epoch", "step", "time"} <= one.keys() <= Pulled.__dataclass_fields__.keys()
        and is_number(one["time"], 0.0, LAST_MOMENT)
        and all(is_count(value) for name, value in one.items() if name != "time")
    )


def recovery(run: RunDirectory, pulled: Pulled) -> Recovery | None:
    """Return how the run went on, or None if it has not gone on yet."""
    back, end = SEARCHED_BYTES, min(pulled.place, run.metrics_bytes())
    while (first := _first_batch(run, begin := max(end - back, 0))) is not None:
        # A resume cuts the file back by some seconds or minutes: the search begins before that.
        if begin and first.get("time", 0.0) > pulled.time:
            back *= 8
            continue
        for event in islice(run.events(begin), SEARCHED_LINES):
            if not is_batch(event):
                continue
            seconds = event.get("time", 0.0) - pulled.time
            if seconds > 0:
                return Recovery(event["epoch"], event["step"], seconds)
            if seconds < -PUT_BACK and (event["epoch"], event["step"]) > (pulled.epoch, pulled.step):
                return Recovery(event["epoch"], event["step"], None)
        return None
    return None


def _first_batch(run: RunDirectory, place: int) -> BatchLine | None:
    return next((event for event in islice(run.events(place), SEARCHED_LINES) if is_batch(event)), None)
