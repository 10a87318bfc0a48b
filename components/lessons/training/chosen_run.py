"""The run a visitor has opened: found by its name in the URL, its choices copied into the eight steps."""

from dataclasses import fields

import streamlit as st

from components.lessons.training import change, open_draft
from components.lessons.training.draft import Draft, same_training
from components.photo.uploads import plain
from models.runs.names import run_folder
from models.runs.run_directory import RunDirectory, RunError
from models.storage import runs_dir

_OPENED = "training-opened"


def open_run(draft: Draft) -> tuple[Draft, RunDirectory | None]:
    """Return the run that the draft names, if there is one, and the draft with that run's choices."""
    run = _found(draft.run)
    if run is None:
        if draft.run:
            st.warning(f"There is no run “{plain(draft.run)}” on this server any more.")
        st.session_state[_OPENED] = ""
        return draft, None
    if st.session_state.get(_OPENED) != draft.run:
        st.session_state[_OPENED] = draft.run
        chosen = same_training(run.config())
        taken = {field.name: getattr(chosen, field.name) for field in fields(Draft)}
        kind = taken.pop("data")
        change(data=kind)
        change(**taken | {"run": draft.run, "step": max(draft.step, 7), "compare": draft.compare})
        draft = open_draft()
    return draft, run


def look_at(name: str) -> None:
    """Open a run; an empty name closes it."""
    change(run=name, step=7)
    st.session_state.pop("training-compare", None)


def _found(name: str) -> RunDirectory | None:
    """Return the run of this name. It must be a folder in the runs folder: no name leads out of it."""
    folder = run_folder(name, runs_dir())
    if folder is None:
        return None
    run = RunDirectory(folder)
    try:
        run.config()
    except RunError:
        return None
    return run
