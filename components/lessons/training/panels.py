"""The parts of the training page: steps, what is put together, what is watched, and the runs of the server."""

import html
from dataclasses import replace
from pathlib import Path

import streamlit as st

from components.engine import engine
from components.lessons.training import change, chosen_so_far, program_view, stepper
from components.lessons.training.ahead import chart_ahead
from components.lessons.training.chosen_run import look_at
from components.lessons.training.compare import compared_curves
from components.lessons.training.data_facts import facts, pictures_of_draft
from components.lessons.training.draft import Draft, config_of, in_one
from components.lessons.training.epoch_batches import epoch_batches
from components.lessons.training.epoch_view import epoch_view
from components.lessons.training.going_on import going_on
from components.lessons.training.launch import buttons, name_field, problem, start_button, twin_button, waiting_words
from components.lessons.training.live import LIVE, between_looks, live
from components.lessons.training.run_files import import_a_run, open_shipped_history, run_files
from components.lessons.training.runs_table import MOST_COMPARED, RunsChoice, row_of, runs_table
from components.lessons.training.steps import TITLES, choice_of, choices, widget
from components.lessons.training.texts import learning_words
from components.lessons.training.try_a_photo import try_a_photo
from components.networks.dogs_download import dogs_download
from components.photo.own_photos import chosen_photos, own_photos, pack_own
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.visitor import claim, is_teacher, may_change, owns, teacher_sign_in
from models.pictures.photo import Photo
from models.runs.bounds import shortened
from models.runs.config import ConfigError
from models.runs.plug import pulled_plugs
from models.runs.program import as_text, program
from models.runs.run_directory import RunDirectory, all_runs
from models.runs.watching.comparison import twins

OWN = "own-photos"
_CHOSEN = "training-chosen"

MOST_LETTERS = 1500
"""Longest sentence about the layers of a run's network."""


def _own() -> list[tuple[str, Photo]]:
    """Return the visitor's own pictures with their classes, wherever on the page they were added."""
    return chosen_photos(OWN)


def _packed() -> bytes | None:
    """Return the visitor's own pictures as bytes, or None while something is missing."""
    pictures = _own()
    if not pictures:
        st.session_state.pop(f"{OWN}:packed", None)
        return None
    # Packing takes longer than everything else on the page, and the page is drawn at every press.
    mark = tuple((kind, photo.digest) for kind, photo in pictures)
    if st.session_state.get(f"{OWN}:packed", (None, b""))[0] != mark:
        st.session_state[f"{OWN}:packed"] = (mark, pack_own(pictures))
    packed: bytes = st.session_state[f"{OWN}:packed"][1]
    return packed


def stepping(draft: Draft) -> None:
    """Draw the list of steps with the choice made in each."""
    photos, _, classes = facts(draft, _own())
    known = len(classes) or None
    stepper(
        [(title, choice_of(draft, n, classes=known, photos=photos)) for n, title in enumerate(TITLES, start=1)],
        draft.step,
    )


def starting(draft: Draft, run: RunDirectory | None) -> None:
    """Draw the way from any step into the training: its start, or back to the curves of the run that is open."""
    if run is None:
        start_button(draft, _packed() if draft.data == "photos" else None)
    elif draft.step != 7:
        st.button("Back to its curves", type="primary", key="training-back", on_click=change, kwargs={"step": 7})


def put_together(draft: Draft, run: RunDirectory | None) -> None:
    """Draw the open step's choices, and beside them what follows from all: the chart to be filled, and the program."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        choices(draft)
        if draft.step == 1 and draft.data == "dogs-vs-cats":
            dogs_download()
        if draft.step == 7 and run is None:
            name_field()
            problem()
        if draft.step == 8:
            _saved(run)
    with right:
        _program(draft, run)
    if draft.step == 1 and draft.data == "photos":
        _own_grid(draft)


def _own_grid(draft: Draft) -> None:
    own_photos(OWN)
    widget(
        st.checkbox,
        "Keep the pictures with this run, so that it can be resumed after a crash and exported",
        "pictures",
        draft,
    )


def _program(draft: Draft, run: RunDirectory | None) -> None:
    photos, validation, classes = facts(draft, _own())
    try:
        config = config_of(draft) if run is None else run.config()
    except ConfigError as error:
        st.warning(f"These choices do not make a run yet: {plain(str(error))}")
        return
    if run is not None:
        # No visitor needs to know the server's folders.
        config = replace(config, initial_weights=Path(config.initial_weights).name)
        if config.dataset != "photos" and (data := run.data()):
            photos, validation = data.get("train"), data.get("validation")
            classes = tuple(data.get("classes", classes))
    else:
        chart_ahead(config, photos)
    steps = program(config, classes=classes, train=photos, validation=validation)
    program_view([(step.number, step.lines) for step in steps], draft.step)
    st.download_button(
        "Download it as a Python file", as_text(steps), "train.py", "text/x-python", key="training-download"
    )


def watch(run: RunDirectory) -> None:
    """Draw a run as it happens, and the buttons for its owner."""
    others = twins(run)
    pulled = pulled_plugs(run)
    twin = others[0] if others and (pulled or st.session_state.get("training-overlay") == run.name) else None
    state = run.state()
    found = engine()
    waits = waiting_words(found, run) if found is not None and state.name == "queued" else ""
    live(run, twin, waits=waits)
    problem()
    then = going_on(run) if found is not None and may_change(run) else None
    with st.container(key="training-controls", horizontal=True):
        buttons(run, _packed() if run.config().dataset == "photos" else None, then)
        if pulled and not others and found is not None:
            twin_button(run)
        st.button("New training", key="training-new", on_click=_another)
    if others and not pulled:
        st.toggle(
            f"Show {plain(others[0].name)} over it, a run with the same settings",
            value=st.session_state.get("training-overlay") == run.name,
            key="training-overlay-switch",
            on_change=_overlay,
            args=(run.name,),
        )
    words = learning_words(run)
    if words:
        st.caption(plain(shortened(words, MOST_LETTERS)))  # with names of layers: the run may be a stranger's


def _overlay(name: str) -> None:
    st.session_state["training-overlay"] = name if st.session_state["training-overlay-switch"] else ""


def _another() -> None:
    change(run="", step=1)


def under_the_curves(run: RunDirectory) -> None:
    """Draw what the run gets wrong, how its first filters change, and its answer for a new picture."""
    mine = owns(run)
    own = _packed() if mine and run.config().dataset == "photos" else None
    every = _beside_seconds() if run.state().name in LIVE else None
    may_see = mine or run.config().dataset != "photos"
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.fragment(epoch_view, run_every=every)(run, "mistakes", own_pictures=own, may_see_pictures=may_see)
    with right:
        st.fragment(epoch_view, run_every=every)(run, "filters", own_pictures=own, may_see_pictures=may_see)
    found = engine()
    if found is not None and (run.best_model.is_file() or run.last_model.is_file()):
        try_a_photo(run, found)


def _beside_seconds() -> float:
    """Return the seconds between two updates of what changes once an epoch."""
    return between_looks(5.0, 10.0)


def _saved(run: RunDirectory | None) -> None:
    if run is None:
        st.caption("When a run has ended, its files are here: the network as one .keras file, and the whole run.")
        return
    run_files(run, may_change=may_change(run), key="saved-run")


def runs(run: RunDirectory | None) -> None:
    """Draw the table of all runs, and the curves of those that are compared."""
    teacher_sign_in()
    active = any(other.state().name in LIVE for other in all_runs())
    chosen = chosen_so_far().compared  # read once in a run: a second time, the URL would impose the old value
    compared = [other for other in all_runs() if other.name in chosen][:MOST_COMPARED]
    names = tuple(other.name for other in compared)
    st.fragment(_table, run_every=_beside_seconds() if active else None)(run.name if run else None, names)
    if compared:
        compared_curves(compared)


def files(run: RunDirectory | None) -> None:
    """Draw the files of the open run, and the two ways in which one comes here: as a zip file, and with the course."""
    if run is not None:
        st.html(f'<section class="lesson"><h3>The files of {html.escape(run.name)}</h3></section>')
        run_files(run, may_change=may_change(run))
    left, right = st.columns(2, gap="large")
    with left:
        arrived = import_a_run(claim, may_open_folders=is_teacher())
    with right:
        opened = open_shipped_history(claim)
    if arrived or opened:
        look_at(arrived or opened or "")
        rerun()


def _table(opened: str | None, before: tuple[str, ...]) -> None:
    rows = [row_of(run, mine=owns(run)) for run in all_runs()]
    runs_table(rows, opened=opened, compared=before, choose=_choose)
    if st.session_state.get(_CHOSEN):
        st.session_state[_CHOSEN] = False
        rerun()  # what is open and what is compared stand outside this fragment


def _choose(choice: RunsChoice) -> None:
    change(compare=in_one(choice.compared))
    if choice.opened and choice.opened != chosen_so_far().run:
        look_at(choice.opened)
    st.session_state[_CHOSEN] = True


def one_epoch(draft: Draft, run: RunDirectory | None) -> None:
    """Draw one epoch of the draft as batches passing by, with its own pictures where they are prepared.

    A folder on the server is opened only for the teacher or for the open run on it, never for just any path in a link.
    """
    allowed = draft.data != "folder" or is_teacher() or (run is not None and run.config().dataset == draft.dataset)
    data = pictures_of_draft(draft) if allowed else None
    photos, _, classes = facts(draft, _own())
    epoch_batches(
        data.train if data else None,
        data.classes if data else classes,
        batch_size=draft.batch,
        epochs=draft.epochs,
        seed=draft.seed,
        subject=f"{draft.dataset} {draft.batch} {draft.seed}",
        maximum=data.maximum if data else 255,
        count=photos,
    )
