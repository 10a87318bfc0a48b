"""/training: the eight steps of a training, and a real one that is started, watched, cut and resumed."""

import streamlit as st

from components import shell
from components.lessons.training import open_draft, style
from components.lessons.training.chosen_run import open_run
from components.lessons.training.panels import (
    bring_a_run,
    one_epoch,
    put_together,
    runs,
    starting,
    stepping,
    under_the_curves,
    watch,
)
from components.lessons.training.texts import FINE_TUNING, FINE_TUNING_WORDS, FORMULA, FORMULA_WORDS, NOTICE

shell.lesson(
    "Every picture is seen once: an epoch. One batch at a time; after each batch, the weights are updated.",
)

style()
draft, run = open_run(open_draft())

with st.container(key="training-stage", horizontal=True):
    with st.container(key="training-steps"):
        starting(draft, run)
        stepping(draft)
    with st.container(key="training-main"):
        if run is not None and draft.step == 7:
            watch(run)
        else:
            put_together(draft, run)

if run is not None:
    under_the_curves(run)

shell.section(
    "Runs on this server",
    "Everybody in the room sees these runs and their curves. A run is a folder: it can be saved, taken to another "
    "computer and continued there.",
)
runs(run)

shell.section(
    "One epoch, batch by batch",
    "An epoch is one pass over all training pictures, shuffled and divided into batches. Step through it: after each "
    "batch the weights are updated once. The order comes from the seed, so the same run has the same batches again.",
)
one_epoch(draft, run)

shell.section("Bring a run", "From another computer, or one whose network comes with this course.")
bring_a_run()


tabs = shell.reference(
    shell.Question(
        "6,376 photos, batches of 64, 18 epochs. How often are the weights updated?",
        ["18 times", "6,376 × 18 = 114,768 times", "100 × 18 = 1,800 times", "64 × 18 = 1,152 times"],
        right=2,
        because="6,376 / 64 = 99.6, rounded up: 100 steps in an epoch. The last batch is smaller and counts all the "
        "same. 100 steps in each of 18 epochs are 1,800 updates.",
        key="training-question",
    ),
)
with tabs.formula:
    shell.formula(FORMULA, FORMULA_WORDS)
with tabs.keras:
    shell.keras_lines(FINE_TUNING, FINE_TUNING_WORDS)
with tabs.notice:
    shell.notice(NOTICE)
