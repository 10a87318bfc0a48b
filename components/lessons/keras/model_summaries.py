"""What `model.summary()` printed for the two Keras programs, character for character."""

import html

import streamlit as st

from components.lessons.keras.three_programs.texts import NAMES
from models.answers import ProgramsRun

WAITING = "It appears here when the programs have run."
LINES, COLUMNS = {"sequential": 20, "functional": 22}, 58
"""Of what Keras prints: a place for it before it has. A test counts them."""

_STYLE = """<style>
.summaries { display: flex; flex-wrap: wrap; gap: var(--space-4) var(--space-5); }
.summaries > div { min-width: 0; max-width: 100%; }
.summaries pre { margin: var(--space-1) 0 0; padding: var(--space-3); overflow-x: auto;
  border-radius: var(--radius-small); font-size: var(--size-text);
  box-sizing: border-box; min-height: calc(var(--lines) * 1lh + 2 * var(--space-3));
  min-width: min(100%, calc(COLUMNSch + 2 * var(--space-3)));
  line-height: 1.15; font-family: var(--st-code-font, monospace); color: inherit;
  /* Where more follows, the edge is shaded: covers of the ground's colour move with the lines, the shades stay. */
  --ground: color-mix(in srgb, var(--ink) 7%, var(--paper)); --shade: color-mix(in srgb, var(--ink) 40%, transparent);
  background:
    linear-gradient(to right, var(--ground) 40%, transparent) left / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--ground) 40%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / 1rem 100% no-repeat,
    linear-gradient(to left, var(--shade), transparent) right / 1rem 100% no-repeat, var(--ground); }
.summaries pre:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
</style>""".replace("COLUMNS", str(COLUMNS))


def model_summaries(found: ProgramsRun | None) -> None:
    """Draw the summaries of `models.experiments.three_programs.running.run_programs`, in places that wait for them."""
    printed = ("", "") if found is None else found["summaries"]
    boxes = "".join(
        f'<div><strong>{NAMES[program]}</strong><pre tabindex="0" aria-label="model.summary(), {NAMES[program]}" '
        f'style="--lines: {LINES[program]}">{html.escape(text) or WAITING}</pre></div>'
        for program, text in zip(LINES, printed, strict=True)
    )
    st.html(f'{_STYLE}<section class="lesson summaries">{boxes}</section>')
