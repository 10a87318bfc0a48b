"""/training: the eight steps of a training, and a real one that is started, watched, cut and resumed."""

import streamlit as st

from components import shell
from components.lessons.training import open_draft, style
from components.lessons.training.chosen_run import open_run, why_not_opened
from components.lessons.training.panels import (
    files,
    one_epoch,
    put_together,
    runs,
    starting,
    stepping,
    under_the_curves,
    watch,
)
from components.lessons.training.texts import FINE_TUNING, FINE_TUNING_WORDS, FORMULA, FORMULA_WORDS, NOTICE

draft, run = open_run(open_draft())
shell.lesson(
    "Every picture is seen once: an epoch. One batch at a time; after each batch, the weights are updated.",
    acts=("Eight steps", "Runs", "One epoch", "Files")
    if run is None
    else ("Curves", "Inside", "Runs", "One epoch", "Files"),
)
style()
with shell.act("Eight steps" if run is None else "Curves"):
    if run is None:
        why_not_opened(draft)
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
    with shell.act(
        "Inside",
        "Inside the network",
        "After every epoch: the validation pictures that it gets wrong, its first filters, and its answer to a photo.",
    ):
        under_the_curves(run)

with shell.act(
    "Runs",
    "Runs on this server",
    "Everybody in the room sees these runs and their curves.",
):
    runs(run)

with shell.act(
    "One epoch",
    "One epoch, batch by batch",
    "An epoch is one pass over all training pictures, shuffled and divided into batches. Step through it: after each "
    "batch the weights are updated once.",
    folded=run is not None,
):
    one_epoch(draft, run)

with shell.act(
    "Files",
    "Bring a run" if run is None else "Take this run along, or bring another one",
    "A run is a folder: it can be saved, taken to another computer and continued there.",
    folded=True,
):
    files(run)

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
