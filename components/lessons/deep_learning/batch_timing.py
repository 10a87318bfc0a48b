"""One picture at a time against a batch: timed in the engine when a visitor presses the button, never before."""

import html
import statistics

import streamlit as st

from components.engine.notice import engine_or_word
from components.photo import current_photo
from components.photo.uploads import plain
from components.shell.in_view import in_view
from components.shell.press import pressed
from models.answers import BatchTiming, TimedBatch
from models.engine import EngineError
from models.engine.questions import TIME_BATCHES

KEY = "batch-timing"
NETWORKS = {"convnet": "Photos, 112 × 112", "digits": "Digits, 8 × 8"}
"""Short enough to stand beside each other on a phone."""
_STYLE = """<style>
.timing { max-width: 46rem; font-variant-numeric: tabular-nums; }
.timing .line {
  display: grid; grid-template-columns: 9rem minmax(0, 1fr) 12rem; gap: 0 1rem; align-items: center; padding: 0.3rem 0;
}
.timing .track { height: 1.4rem; outline: 1px solid var(--hairline); }
.timing i { display: block; height: 100%; background: var(--ink); }
@media (max-width: 40rem) { .timing .line { grid-template-columns: 1fr 1fr; } .timing .track { grid-column: 1 / -1; } }
</style>"""


@st.fragment
def batch_timing() -> None:
    """Draw the choice of a network, the button, and what has been measured in this session."""
    with st.container(key=f"{KEY}-place"):
        if not in_view(KEY):
            return
        engine = engine_or_word("Timing a network")
        if engine is None:
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            network = st.segmented_control(
                "Network",
                list(NETWORKS),
                format_func=NETWORKS.__getitem__,
                default="convnet",
                key=f"{KEY}-network",
                label_visibility="collapsed",
            )
            wanted = pressed("Time it now", type="primary", key=f"{KEY}-go", disabled=network is None)
        measured: dict[str, BatchTiming] = st.session_state.setdefault(f"{KEY}:measured", {})
        if wanted and network:
            measured.pop(network, None)
            try:
                with st.spinner("Timing, several times over …"):
                    measured[network] = engine.ask(TIME_BATCHES, current_photo().pixels, network)
            except EngineError as error:
                st.warning(f"Nothing was measured: {plain(str(error))}")
        if network in measured:
            st.html(_STYLE + drawn(measured[network]))
        else:
            st.write("Nothing has been measured yet. A measurement takes a few seconds.")


def drawn(found: BatchTiming) -> str:
    """Return what `models.experiments.batch_timing.time_batches` measured, as HTML."""
    fastest = max(batch["rate"] for batch in found["batches"])
    lines = "".join(_line(batch, fastest) for batch in found["batches"])
    one, all_at_once = found["batches"][0], found["batches"][-1]
    return f'<section class="lesson timing">{lines}<p>{html.escape(words(found, one, all_at_once))}</p></section>'


def words(found: BatchTiming, one: TimedBatch, batch: TimedBatch) -> str:
    """Return a sentence on the outcome, whichever is faster."""
    times = batch["rate"] / one["rate"]
    if times > 1.1:
        verdict = f"In batches of {batch['size']} this machine does {times:.1f} times as many pictures in a second."
    elif times < 0.9:
        verdict = f"Here the batch is slower, {times:.2f} times the pictures in a second: try again when less goes on."
    else:
        verdict = "Here a batch gains next to nothing."
    return (
        f"{verdict} Measured just now: {found['pictures']} pictures, {found['repeats']} times, the median counts. "
        f"The predictions differ by {found['difference']:.8f} at most."
    )


def _line(batch: TimedBatch, fastest: float) -> str:
    size, rate = batch["size"], batch["rate"]
    name = "one at a time" if size == 1 else f"batches of {size}"
    milliseconds = 1000 * statistics.median(batch["seconds"])
    return (
        f'<div class="line"><span>{name}</span><span class="track">'
        f'<i style="width:{100 * rate / fastest:.1f}%"></i></span>'
        f'<span><strong data-rate="{rate!r}">{rate:,.0f} pictures per second</strong> '
        f"({milliseconds:,.0f} ms)</span></div>"
    )
