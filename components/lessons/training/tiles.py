"""What stands above the curves of a run: its name and state, and tiles. Before the first batch they are stages."""

import html
import time
from dataclasses import dataclass

from models.figures import number_of, percent
from models.runs.bounds import shortened
from models.runs.config import RunConfig
from models.runs.preparation import STAGES, prepared_of, stage_of
from models.runs.records import EpochLine, known_figure
from models.runs.run_directory import RunDirectory, State
from models.runs.watching.curves import Curves, steps_of
from models.runs.watching.forecast import seconds_left
from models.runs.watching.progress_bar import duration

JUST_NOW_SECONDS = 3.0
"""If a batch finished no longer ago, nothing is being prepared: no file has to be read to find out."""

STATE_WORDS = {
    "queued": "waits for its turn",
    "running": "learning",
    "paused": "paused",
    "interrupted": "interrupted",
    "finished": "finished",
    "failed": "failed",
}

_STAGE_NAMES = ("worker", "TensorFlow", "pictures", "network", "first batch")
_DOING = ("waiting", "loading", "opening", "building", "computing")
_DONE = ("took it", "loaded", "ready", "built", "done")


@dataclass(frozen=True)
class _Tile:
    """One tile: a number and what it is; for a stage, how much of it is done, from 0 to 1, None where nobody knows."""

    value: str
    name: str
    kind: str = ""
    share: float | None = None


def tiles(run: RunDirectory, config: RunConfig, state: State, curves: Curves, *, stopped: float | None) -> str:
    """Return a run's name, state and tiles as HTML; of a finished run, name and state alone (see `ended`).

    Args:
        run: the run.
        config: its configuration.
        state: its state.
        curves: so far.
        stopped: seconds since the plug was pulled, while the run has not gone on; else None.
    """
    getting_ready = stopped is not None or is_getting_ready(run, state, curves)
    if getting_ready:
        shown = stages(run, state)
    elif state.name == "running":
        shown = _counting(run, config, state, curves)
    else:
        shown = _resting(run, config, state, curves)
    words = STATE_WORDS[state.name]
    if stopped is not None:
        words = f"stopped for {duration(stopped)}"
    elif getting_ready and state.name == "running":
        words = "getting ready"
    mark = ' class="stopped"' if stopped is not None else ""
    line = (
        f'<div class="run-line"><strong>{html.escape(run.name)}</strong> '
        f'<span data-state="{state.name}"{mark}>{words}</span></div>'
    )
    return line if state.name == "finished" and _result(run, curves) else line + _cards(shown)


def _cards(shown: list[_Tile]) -> str:
    cards = "".join(
        f'<li class="{one.kind}"{_bar(one)}><b>{html.escape(one.value)}</b><span>{html.escape(one.name)}</span></li>'
        for one in shown
    )
    return f'<ul class="counters">{cards}</ul>'


def _bar(one: _Tile) -> str:
    return "" if one.share is None else f' style="--share:{one.share:.3f}"'


def is_getting_ready(run: RunDirectory, state: State, curves: Curves) -> bool:
    """Return whether a live run's process, or the next one, has not trained a batch yet."""
    if state.name != "running":
        return state.name in ("queued", "interrupted") and bool(run.task())
    return abs(time.time() - curves.last_time) > JUST_NOW_SECONDS and stage_of(run) is not None


def stages(run: RunDirectory, state: State) -> list[_Tile]:
    """Return what has to happen before the first batch, and how far it is: what the run's own process has noted."""
    stage = stage_of(run) if state.name == "running" else None
    now = 0 if stage is None else 1 + STAGES.index(stage)
    doing = list(_DOING)
    share = None
    if (told := prepared_of(run)) and told[2]:
        share = min(told[1] / told[2], 1.0)
        if stage == "pictures":
            doing[now] = f"{told[1]:,} of {told[2]:,}"
    if run.checkpoints.is_dir() and any(run.checkpoints.glob("*.npz")):
        doing[3] = "restoring"
    return [
        _Tile(_DONE[place], name, "done")
        if place < now
        else _Tile(doing[place], name, "now", share)
        if place == now
        else _Tile("–", name, "next")
        for place, name in enumerate(_STAGE_NAMES)
    ]


def _counting(run: RunDirectory, config: RunConfig, state: State, curves: Curves) -> list[_Tile]:
    newest = curves.newest
    left = seconds_left(run)
    rate = newest.get("images_per_s") if newest else None
    return [
        *_place(run, config, state, curves),
        _Tile(f"{rate:,.0f}" if rate else "–", "pictures a second"),
        _Tile(duration(left) if left is not None else "–", "left, about"),
        _Tile(_ago(curves.last_time), f"last batch, {_device(run)}"),
    ]


def _resting(run: RunDirectory, config: RunConfig, state: State, curves: Curves) -> list[_Tile]:
    return [*_place(run, config, state, curves), *_came_to(run, curves)]


def _came_to(run: RunDirectory, curves: Curves) -> list[_Tile]:
    last = curves.epochs[-1] if curves.epochs else None
    what = "training accuracy" if last and "val_accuracy" not in last else "accuracy"
    return [
        _Tile(_accuracy(last), f"{what}, last epoch"),
        _Tile(_accuracy(_best(curves)), f"{what}, best epoch"),
        _Tile(duration(last["seconds"]) if last and "seconds" in last else "–", f"trained, {_device(run)}"),
    ]


def _place(run: RunDirectory, config: RunConfig, state: State, curves: Curves) -> list[_Tile]:
    steps = steps_of(run)
    newest = curves.newest
    epoch = min(state.epoch if not newest else max(newest["epoch"], state.epoch), config.epochs)
    at_end = state.name == "finished" or epoch >= config.epochs
    step = newest["step"] if newest and newest["epoch"] == epoch else 0
    return [
        _Tile(f"{epoch if at_end else epoch + 1} / {config.epochs}", "epoch"),
        _Tile(f"{steps if at_end else step} / {steps}" if steps else "–", "batch of the epoch"),
    ]


def _best(curves: Curves) -> EpochLine | None:
    best = curves.best_epoch
    return next((line for line in curves.epochs if line["epoch"] == best), None)


def _accuracy(line: EpochLine | None) -> str:
    return percent(known_figure(line, "val_accuracy", "accuracy") if line else None)


def _ago(moment: float) -> str:
    """How long ago a moment was; "–" if there was none, or if the clock has been put back behind it."""
    seconds = time.time() - moment
    if not moment or seconds <= -JUST_NOW_SECONDS:
        return "–"
    return f"{max(seconds, 0.0):.1f} s ago" if seconds < 100 else f"{duration(seconds)} ago"


def _device(run: RunDirectory) -> str:
    device = shortened(run.machine().get("device", ""), 60)
    return f"on {device}" if device else "no device yet"


# At the end -----------------------------------------------------------------------------------------------------------


def ended(run: RunDirectory, curves: Curves) -> str:
    """Return what a finished run came to, as HTML: how many pictures its network gets right, and tiles; "" if unknown.

    The network is best.keras where there is one, else last.keras: the one that "Judge it" opens.
    """
    words = _result(run, curves)
    return f'<div class="ended">{words}{_cards(_came_to(run, curves))}</div>' if words else ""


def _result(run: RunDirectory, curves: Curves) -> str:
    last = curves.epochs[-1] if curves.epochs else None
    kept = _best(curves) if run.best_model.is_file() else last
    if kept is None or last is None:
        return ""
    share = known_figure(kept, "val_accuracy", "accuracy")
    if share is None:
        return ""
    data = run.data()
    validated = "val_accuracy" in kept
    count = data.get("validation", 0) if validated else data.get("train", 0)
    part = "validation" if validated else "training"
    pictures = number_of(count, f"{part} picture") if count else f"its {part} pictures"
    place = f"after epoch {kept['epoch'] + 1}, the best one" if kept is not last else f"after epoch {kept['epoch'] + 1}"
    return (
        f'<div class="result"><strong>{percent(share)} right</strong>'
        f"<span>of {html.escape(pictures)} {place}</span></div>"
    )
