"""A run as it happens: curves, counters, what became of a pulled plug. Drawn again and again while it lives."""

import html
import math
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from components.charts import ChartOptions
from components.lessons.training.curve_options import Figure, Look, Mark, live_options
from components.scene import rerun
from components.shell.projector import text_size
from components.streamlit_parts import session_id
from models.figures import number_of, percent
from models.runs import records
from models.runs.bounds import shortened
from models.runs.config import RunConfig
from models.runs.plug import Pulled, Recovery, pulled_plugs, recovery
from models.runs.preparation import preparation_of
from models.runs.records import EpochLine, known_figure
from models.runs.run_directory import RunDirectory, State
from models.runs.watching.comparison import Agreement, agreement
from models.runs.watching.curves import Curves, curves_of, steps_of
from models.runs.watching.forecast import seconds_left
from models.runs.watching.progress_bar import duration, shown

LIVE = ("queued", "running", "interrupted")
SECONDS = 0.6
"""Time between two updates of a run that is being trained: what happens is on the screen within a second."""

CROWD = 4
CROWD_SECONDS = 0.9
"""The same for visitors who come when more than `CROWD` watch already: every update takes time from the training."""

SHARED_SECONDS = 0.2
"""A reading that is no older is shared by all who watch: a class reads a run five times a second, not 80 times."""

JUST_NOW_SECONDS = 3.0
"""If a batch finished no longer ago, nothing is being prepared: no file has to be read to find out."""

IDLE_SECONDS = 3.0
"""Time between two updates of a run that rests: somebody may resume it in another window."""

STATE_WORDS = {
    "queued": "⏳ waits for its turn",
    "running": "▶ learning",
    "paused": "❚❚ paused",
    "interrupted": "⚡ interrupted",
    "finished": "✓ finished",
    "failed": "✗ failed",
}


def look() -> Look:
    """Return how charts look for this visitor."""
    return Look(dark=st.context.theme.type == "dark", text=text_size())


def live(run: RunDirectory, twin: RunDirectory | None, *, waits: str) -> None:
    """Draw the run's state, counters and curves, and keep them up to date while it is trained.

    Args:
        run: the run.
        twin: the undisturbed run to lay over it, if there is one.
        waits: a sentence about its place in the queue, while it waits.
    """
    state = run.state()
    active = state.name in LIVE or (twin is not None and twin.state().name in LIVE)
    st.session_state["training-live"] = (run.name, state.name, twin.state().name if twin else "")
    seconds = between_looks(SECONDS, CROWD_SECONDS) if active else IDLE_SECONDS
    st.fragment(_live, run_every=seconds)(run, twin, waits)


def between_looks(few: float, many: float) -> float:
    """Return `many` where more than `CROWD` others watch a live run now, else `few`."""
    return many if _watching() > CROWD else few


@dataclass(frozen=True)
class _Snapshot:
    """A snapshot of a run, shown to everybody who is watching it.

    Attributes:
        state: its state's name.
        epochs: of the whole run.
        curves: so far.
        pulled: the pulled plugs.
        marks: where they stand in the curves, and where the learning rate was chosen anew.
        counters: as HTML.
        time: when it was read, monotonic seconds.
    """

    state: str
    epochs: int
    curves: Curves
    pulled: tuple[Pulled, ...]
    marks: tuple[Mark, ...]
    counters: str
    time: float


_watched: dict[str, float] = {}
"""Session → when a live run was last drawn for it, monotonic seconds."""


def _watching() -> int:
    """Return how many other visitors are watching a live run."""
    now = time.monotonic()
    return sum(now - seen < 2 * IDLE_SECONDS for session, seen in list(_watched.items()) if session != session_id())


def _note_watcher() -> None:
    now = time.monotonic()
    _watched[session_id()] = now
    for session, seen in list(_watched.items()):
        if now - seen > 60:
            _watched.pop(session, None)


_snapshots: dict[Path, _Snapshot] = {}
_reading = threading.Lock()


def _snapshot(run: RunDirectory, state: State) -> _Snapshot:
    with _reading:
        found = _snapshots.get(run.path)
        now = time.monotonic()
        if found is None or found.state != state.name or now - found.time > SHARED_SECONDS:
            for path in [path for path, old in _snapshots.items() if now - old.time > 60]:
                del _snapshots[path]
            config, curves, pulled = run.config(), curves_of(run), pulled_plugs(run)
            counters = _counters(run, config, state, curves)
            found = _Snapshot(state.name, config.epochs, curves, pulled, _marks(run, config, pulled), counters, now)
            _snapshots[run.path] = found
        return found


def _live(run: RunDirectory, twin: RunDirectory | None, waits: str) -> None:
    if not run.config_file.is_file():
        rerun()  # its owner has just deleted it: the page says so
    state = run.state()
    seen = (run.name, state.name, twin.state().name if twin else "")
    if st.session_state.get("training-live") != seen:
        rerun()  # buttons and steps around this fragment depend on it
    if state.name in LIVE:
        _note_watcher()
    moment = _snapshot(run, state)
    curves, pulled = moment.curves, moment.pulled
    recovered = [_recovery(run, one) for one in pulled]
    st.html(moment.counters)
    figures: tuple[Figure, ...] = ("loss", "accuracy")
    other = curves_of(twin, age=SHARED_SECONDS) if twin else None
    with st.container(key="training-charts", horizontal=True):
        for figure in figures:
            options = _options(curves, figure, look(), moment.epochs, moment.marks, other)
            alt = _alt(figure, curves)
            height = round(text_size() * 19)
            st.echarts_chart(options, key=f"training-{figure}", height=height, theme=None, alt=alt)
    just_now = abs(time.time() - curves.last_time) < JUST_NOW_SECONDS
    words = _words(run, state, waits, pulled, recovered, twin, just_now=just_now)
    if words:
        st.html(f'<div class="told" role="status">{"".join(f"<p>{word}</p>" for word in words)}</div>')


_agreements: dict[tuple[Path, Path], tuple[float, float, Agreement]] = {}
_comparing = threading.Lock()


def _agreement(run: RunDirectory, twin: RunDirectory) -> Agreement:
    """Compare the runs, once for all who watch. Longer runs take longer and are compared less often."""
    with _comparing:
        key = (run.path, twin.path)
        begun = time.monotonic()
        until, _, found = _agreements.get(key, (0.0, 0.0, None))
        if found is None or begun > until:
            found = agreement(run, twin)
            took = time.monotonic() - begun
            for old in [old for old, (_, at, _) in _agreements.items() if begun - at > 60]:
                del _agreements[old]
            _agreements[key] = (begun + max(SHARED_SECONDS, 20 * took), begun, found)
        return found


def _recovery(run: RunDirectory, pulled: Pulled) -> Recovery | None:
    """Search the run's lines for the recovery until it is found, then remember it: it cannot change any more."""
    found = st.session_state.setdefault("training-recoveries", {})
    key = (run.path, pulled.time)
    if key not in found:
        new = recovery(run, pulled)
        if new is None:
            return None
        found[key] = new
    known: Recovery = found[key]
    return known


@lru_cache(maxsize=64)
def _options(
    curves: Curves, figure: Figure, look: Look, epochs: int, marks: tuple[Mark, ...], twin: Curves | None
) -> ChartOptions:
    """Return options, built once for all who see the same curves; Streamlit does not change them."""
    return live_options(curves, figure, look, epochs=epochs, marks=marks, twin=twin)


def _marks(run: RunDirectory, config: RunConfig, pulled: tuple[Pulled, ...]) -> tuple[Mark, ...]:
    steps = max(steps_of(run), 1) if pulled else 1
    plugs = [Mark(one.epoch + one.step / steps, "plug pulled") for one in pulled]
    rates = [Mark(one.epoch, "new rate") for one in config.continuations]
    return (*plugs, *rates)


def _before_the_first_batch(run: RunDirectory) -> str:
    if told := preparation_of(run):
        return f"Its pictures are being prepared, {html.escape(told)}. That is done once: the next run has them."
    if run.data():
        return ""
    return "Its process loads TensorFlow and opens the pictures. The first batch follows in some seconds."


@dataclass(frozen=True)
class _Counter:
    value: str
    name: str


def _counters(run: RunDirectory, config: RunConfig, state: State, curves: Curves) -> str:
    steps = steps_of(run)
    newest = curves.newest
    epoch = min(state.epoch if not newest else max(newest["epoch"], state.epoch), config.epochs)
    at_end = state.name == "finished" or epoch >= config.epochs
    step = newest["step"] if newest and newest["epoch"] == epoch else 0
    counters = [
        _Counter(f"{epoch if at_end else epoch + 1} / {config.epochs}", "epoch"),
        _Counter(f"{steps if at_end else step} / {steps}" if steps else "–", "step"),
    ]
    if state.name == "running":
        left = seconds_left(run)
        rate = newest.get("images_per_s") if newest else None
        age = _age(curves.last_time)
        counters += [
            _Counter(f"{rate:,.0f} / s" if rate else "–", "pictures"),
            _Counter(duration(left) if left is not None else "–", "left"),
            _Counter(_ago(age), f"last sign of life, {_device(run)}"),
        ]
    else:
        last = curves.epochs[-1] if curves.epochs else None
        part = "training" if last and "val_accuracy" not in last else "validation"
        counters += [
            _Counter(_accuracy(last), f"{part} accuracy, last epoch"),
            _Counter(_accuracy(_best(curves)), f"{part} accuracy, best epoch"),
            _Counter(duration(last["seconds"]) if last and "seconds" in last else "–", f"trained, {_device(run)}"),
        ]
    cards = "".join(f"<li><b>{html.escape(c.value)}</b><span>{html.escape(c.name)}</span></li>" for c in counters)
    return (
        f'<div class="run-line"><strong>{html.escape(run.name)}</strong> '
        f'<span data-state="{state.name}">{STATE_WORDS[state.name]}</span></div><ul class="counters">{cards}</ul>'
    )


def _best(curves: Curves) -> EpochLine | None:
    best = curves.best_epoch
    return next((line for line in curves.epochs if line["epoch"] == best), None)


def _accuracy(line: EpochLine | None) -> str:
    return percent(known_figure(line, "val_accuracy", "accuracy") if line else None)


def _age(moment: float) -> float | None:
    """Seconds since a moment; None if there was none, or if the clock has been put back behind it."""
    seconds = time.time() - moment
    return max(seconds, 0.0) if moment and seconds > -JUST_NOW_SECONDS else None


def _ago(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds:.1f} s ago" if seconds < 100 else f"{duration(seconds)} ago"


def _device(run: RunDirectory) -> str:
    return shortened(run.machine().get("device", ""), 60) or "no device yet"


def _alt(figure: str, curves: Curves) -> str:
    names = (figure, f"val_{figure}") if curves.epochs else ()
    values = {name: records.figure(curves.epochs[-1], name) for name in names}
    told = [
        f"{name.replace('val_', 'validation ')} {shown(value)}" for name, value in values.items() if value is not None
    ]
    return (
        f"Curves of the {figure}. After {number_of(len(curves.epochs), 'epoch')}: {', '.join(told) or 'nothing yet'}."
    )


def _words(
    run: RunDirectory,
    state: State,
    waits: str,
    pulled: tuple[Pulled, ...],
    recovered: list[Recovery | None],
    twin: RunDirectory | None,
    *,
    just_now: bool,
) -> list[str]:
    """Return sentences about the run; with `just_now`, a batch has just finished, so nothing is being prepared."""
    words = []
    if state.name == "queued" and waits:
        words.append(html.escape(waits))
    elif state.name in ("running", "queued") and not just_now and (before := _before_the_first_batch(run)):
        words.append(before)
    if pulled and recovered[-1] is None and state.name in LIVE:
        one = pulled[-1]
        words.append(
            f"⚡ <b>The plug was pulled</b> in epoch {one.epoch + 1} after step {one.step}: the worker and its "
            "training were killed with SIGKILL, in the middle of whatever they did. Nothing was saved at that moment. "
            "Another worker starts now, loads TensorFlow and the newest checkpoint."
        )
    for one, back in zip(pulled, recovered, strict=True):
        if back is not None:
            when = "" if back.seconds is None else f" {back.seconds:.0f} s later"
            words.append(
                f"⚡ Plug pulled in epoch {one.epoch + 1} after step {one.step}. <b>It went on by itself{when}</b>, "
                f"with step {back.step} of epoch {back.epoch + 1}: what came after the newest checkpoint was computed "
                "again."
            )
    if twin is not None:
        found = _agreement(run, twin)
        if math.isnan(found.largest):
            words.append(
                f"It differs from the undisturbed run {html.escape(twin.name)}: {found.figure} in epoch "
                f"{found.place[0] + 1} is a number in one of them and none in the other."
            )
        elif found.batches or found.epochs:
            where = f" ({found.figure}, epoch {found.place[0] + 1}, step {found.place[1]})" if found.largest else ""
            words.append(
                f"Largest difference to the undisturbed run {html.escape(twin.name)}, over "
                f"{number_of(found.batches, 'batch', 'batches')} and {number_of(found.epochs, 'epoch')}: "
                f'<b data-testid="largest-difference">{found.largest:g}</b>{where}'
            )
        else:
            waiting = " It waits for its turn." if twin.state().name == "queued" else ""
            words.append(f"The undisturbed run {html.escape(twin.name)} has no batch yet to compare.{waiting}")
    if state.reason and state.name in ("paused", "interrupted", "failed", "finished"):
        words.append(html.escape(state.reason))
    return words
