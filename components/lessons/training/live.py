"""A run as it happens: curves, counters, what became of a pulled plug. Drawn again and again while it lives."""

import html
import math
import threading
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import streamlit as st

from components import shell
from components.charts import ChartOptions
from components.engine.shared_job import keep_newest
from components.lessons.training.ahead import HERE, chart_height, look
from components.lessons.training.curve_options import Figure, Look, Mark, live_options
from components.lessons.training.drawn import drawn_so_far
from components.lessons.training.tiles import JUST_NOW_SECONDS, ended, tiles
from components.scene import rerun
from components.shell.visitor import is_teacher
from components.streamlit_parts import session_id
from models.figures import number_of
from models.runs import records
from models.runs.config import RunConfig
from models.runs.plug import Pulled, Recovery, pulled_plugs, recovery
from models.runs.preparation import preparation_of
from models.runs.run_directory import RunDirectory, RunError, State
from models.runs.watching.comparison import Agreement, agreement
from models.runs.watching.curves import Curves, curves_of, steps_of
from models.runs.watching.progress_bar import shown

LIVE = ("queued", "running", "interrupted")
SECONDS = 0.6
"""Time between two updates of a run that is being trained: what happens is on the screen within a second."""

CROWD = 4
CROWD_SECONDS = 0.9
"""The same for visitors who come when more than `CROWD` watch already: every update takes time from the training."""

SHARED_SECONDS = 0.2
"""A reading that is no older is shared by all who watch: a class reads a run five times a second, not 80 times."""

IDLE_SECONDS = 3.0
"""Time between two updates of a run that rests: somebody may resume it in another window."""


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
        recovered: how the run went on after each.
        marks: where both stand in the curves, and where the learning rate was chosen anew.
        tiles: as HTML.
        note: what is written into a chart without a curve.
        drawn: pictures that are being drawn, as HTML.
        time: when it was read, monotonic seconds.
    """

    state: str
    epochs: int
    curves: Curves
    pulled: tuple[Pulled, ...]
    recovered: tuple[Recovery | None, ...]
    marks: tuple[Mark, ...]
    tiles: str
    note: str
    drawn: str
    time: float

    @property
    def is_stopped(self) -> bool:
        """Whether the plug was pulled and the run has not gone on yet."""
        return self.state in LIVE and bool(self.pulled) and self.recovered[-1] is None


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
            recovered = tuple(_recovery(run, one) for one in pulled)
            stopped = state.name in LIVE and bool(pulled) and recovered[-1] is None
            seconds = max(time.time() - pulled[-1].time, 0.0) if stopped else None
            drawn = drawn_so_far(run, config) if state.name == "running" else ""
            found = _Snapshot(
                state.name,
                config.epochs,
                curves,
                pulled,
                recovered,
                _marks(run, config, pulled, recovered),
                tiles(run, config, state, curves, stopped=seconds),
                HERE if state.name in LIVE and not drawn else "",
                drawn,
                now,
            )
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
    curves = moment.curves
    st.html(moment.tiles)
    if state.name == "finished":
        _came_to(run, curves)
    figures: tuple[Figure, ...] = ("loss", "accuracy")
    other = curves_of(twin, age=SHARED_SECONDS) if twin else None
    colours = replace(look(), stopped=moment.is_stopped)
    with st.container(key="training-charts", horizontal=True):
        for figure in figures:
            options = _options(curves, figure, colours, moment.epochs, moment.marks, other, moment.note)
            alt = _alt(figure, curves)
            st.echarts_chart(options, key=f"training-{figure}", height=chart_height(), theme=None, alt=alt)
        if moment.drawn:
            st.html(moment.drawn)
    just_now = abs(time.time() - curves.last_time) < JUST_NOW_SECONDS
    words = _words(run, state, waits, moment.pulled, moment.recovered, twin, just_now=just_now)
    if words:
        st.html(f'<div class="told" role="status">{"".join(f"<p>{word}</p>" for word in words)}</div>')


def _came_to(run: RunDirectory, curves: Curves) -> None:
    """Draw what a finished run came to, and the way to its evaluation."""
    words = ended(run, curves)
    if not words:
        return
    with st.container(key="training-result", horizontal=True, vertical_alignment="center"):
        st.html(words)
        if params := judged_by(run):
            shell.link_to("evaluation", "Judge it", **params)


def judged_by(run: RunDirectory) -> dict[str, str]:
    """Return the parameters of /evaluation for a run's network on its own validation pictures; {} where it has none."""
    try:
        kind, _, argument = run.config().dataset.partition(":")
    except RunError:
        return {}
    which = "best" if run.best_model.is_file() else "last" if run.last_model.is_file() else ""
    if not which or kind not in ("drawn-pets", "digits", "dogs-vs-cats", "folder"):
        return {}
    if kind == "folder" and not is_teacher():
        return {}
    folder = {"folder": argument} if kind == "folder" else {}
    return {"network": f"run:{run.name}", "which": which, "data": kind, "part": "validation", **folder}


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


_recoveries: dict[tuple[Path, float], Recovery] = {}
_MOST_RECOVERIES = 500


def _recovery(run: RunDirectory, pulled: Pulled) -> Recovery | None:
    """Search the run's lines for the recovery until it is found, then remember it: it cannot change any more."""
    key = (run.path, pulled.time)
    if key not in _recoveries:
        new = recovery(run, pulled)
        if new is None:
            return None
        keep_newest(_recoveries, key, new, most=_MOST_RECOVERIES)
    return _recoveries.get(key)


@lru_cache(maxsize=64)
def _options(
    curves: Curves, figure: Figure, look: Look, epochs: int, marks: tuple[Mark, ...], twin: Curves | None, note: str
) -> ChartOptions:
    """Return options, built once for all who see the same curves; Streamlit does not change them."""
    return live_options(curves, figure, look, epochs=epochs, marks=marks, twin=twin, note=note)


def _marks(
    run: RunDirectory, config: RunConfig, pulled: tuple[Pulled, ...], recovered: tuple[Recovery | None, ...]
) -> tuple[Mark, ...]:
    steps = max(steps_of(run), 1) if pulled else 1
    plugs = [Mark(one.epoch + one.step / steps, "plug pulled") for one in pulled]
    backs = [Mark(one.epoch + (one.step - 1) / steps, _went_on(one), back=True) for one in recovered if one is not None]
    rates = [Mark(one.epoch, "new rate") for one in config.continuations]
    return (*plugs, *backs, *rates)


def _went_on(back: Recovery) -> str:
    return "went on" if back.seconds is None else f"went on {back.seconds:.0f} s later"


def _before_the_first_batch(run: RunDirectory) -> str:
    if told := preparation_of(run):
        return f"Its pictures are being prepared, {html.escape(told)}. That is done once: the next run has them."
    return ""


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
    recovered: tuple[Recovery | None, ...],
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
            f"<b>The plug was pulled</b> in epoch {one.epoch + 1} after step {one.step}: the worker and its "
            "training were killed with SIGKILL, in the middle of whatever they did. Nothing was saved at that moment. "
            "Another worker starts now, loads TensorFlow and the newest checkpoint."
        )
    for one, back in zip(pulled, recovered, strict=True):
        if back is not None:
            when = "" if back.seconds is None else f" {back.seconds:.0f} s later"
            words.append(
                f"Plug pulled in epoch {one.epoch + 1} after step {one.step}. <b>It went on by itself{when}</b>, "
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
