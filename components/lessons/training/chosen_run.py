"""The run a visitor has opened: found by its name in the URL, its choices copied into the eight steps."""

from dataclasses import fields

import streamlit as st

from components.lessons.training import change, open_draft
from components.lessons.training.draft import Draft, same_training
from components.lessons.training.run_files import unreadable_run
from components.photo.uploads import plain
from components.shell.visitor import may_change
from components.streamlit_parts import session_id
from models.runs.names import run_folder
from models.runs.run_directory import RunDirectory, RunError
from models.storage import runs_dir

_OPENED = "training-opened"
_started: dict[str, str] = {}
"""Session → the run that it has started and not opened yet."""


def open_run(draft: Draft) -> tuple[Draft, RunDirectory | None]:
    """Return the run that the draft names, if there is one, and the draft with that run's choices. It draws nothing."""
    started = _started.get(session_id())
    if started and draft.run != started:
        change(run=started, step=7)
        draft = open_draft()
    _started.pop(session_id(), None)
    run = _readable(draft.run)
    if run is None:
        st.session_state[_OPENED] = ""
        return draft, None
    if st.session_state.get(_OPENED) != draft.run:
        chosen = same_training(run.config())
        taken = {field.name: getattr(chosen, field.name) for field in fields(Draft)}
        # In one step: whatever touches the session may be the end of this run, on a busy computer.
        change(**taken | {"run": draft.run, "step": max(draft.step, 7), "compare": draft.compare})
        st.session_state[_OPENED] = draft.run
        draft = open_draft()
    return draft, run


def note_started(name: str) -> None:
    """Open a run that has just been started, with the next run of the page if this one is cut off."""
    _started[session_id()] = name  # not the session, which may be the end of this run of the page
    change(run=name, step=7)


def look_at(name: str) -> None:
    """Open a run; an empty name closes it."""
    change(run=name, step=7)


def why_not_opened(draft: Draft) -> None:
    """Say why the run that a draft names is not open; nothing where it names none."""
    folder = run_folder(draft.run, runs_dir())
    if folder is None:
        if draft.run:
            st.warning(f"There is no run “{plain(draft.run)}” on this server any more.")
        return
    run = RunDirectory(folder)
    try:
        run.config()
    except RunError as error:
        unreadable_run(run, str(error), may_change=may_change(run))


def _readable(name: str) -> RunDirectory | None:
    """Return the run of this name, a folder in the runs folder, if there is one that can be read."""
    folder = run_folder(name, runs_dir())
    if folder is None:
        return None
    run = RunDirectory(folder)
    try:
        run.config()
    except RunError:
        return None
    return run
