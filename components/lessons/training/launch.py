"""Start a run, and what its owner can do with it: pause, resume, stop, go on longer, pull the plug."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from components.engine import engine
from components.engine.notice import engine_or_word
from components.lessons.training.chosen_run import note_started
from components.lessons.training.draft import Draft, config_of
from components.lessons.training.going_on import MORE_EPOCHS, Then
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.press import pressed
from components.shell.visitor import claim, is_teacher, may_change, owns
from models.disk import why
from models.engine import Engine, EngineError
from models.runs import strangers
from models.runs.config import ConfigError, RunConfig
from models.runs.names import MOST_LETTERS, free_name, run_folder, tidy
from models.runs.planning import check_name, default_name, idle_of, more_epochs, take_back
from models.runs.plug import note_pulled
from models.runs.run_directory import RunDirectory, RunError, all_runs, under_way, writing
from models.runs.run_removal import delete_run
from models.runs.watching.curves import curves_of
from models.runs.watching.forecast import expected_wait
from models.runs.watching.progress_bar import duration
from models.storage import runs_dir, typed_path

AT_ONCE = 2
"""Most runs that a visitor may have under way, one training and one waiting: a class shares one computer."""


_NAME = "training-named"


def name_field() -> None:
    """Draw the field for the name of the run that is put together."""
    field = "training-new-name"
    st.session_state[field] = st.session_state.get(_NAME, "")  # kept while another step is open

    def named() -> None:
        st.session_state[_NAME] = st.session_state[field]

    st.text_input("Name of the run (may be left empty)", key=field, max_chars=MOST_LETTERS, on_change=named)


def start_button(draft: Draft, pictures: bytes | None) -> None:
    """Draw the button that starts a run of the choices as they are, whichever step is open.

    Args:
        draft: all choices.
        pictures: the visitor's own photos, packed, if the draft uses them.
    """
    missing = draft.data == "photos" and pictures is None
    ready = engine() is not None
    pressed_now = pressed("Start the training", type="primary", key="training-start", disabled=missing or not ready)
    found = engine_or_word("A training")
    if found is None:
        return
    if not ready:
        rerun()  # it is there by now
    if missing:
        st.caption("Your own photos are missing: add at least two pictures to each of two classes in step 1.")
        return
    if pressed_now:
        problem = _start(found, draft, tidy(st.session_state.get(_NAME, "")), pictures)
        if problem:
            st.error(plain(problem))
        else:
            st.session_state.pop(_NAME, None)
            rerun()


def _start(engine: Engine, draft: Draft, name: str, pictures: bytes | None) -> str:
    """Start a run; return what is wrong, or ""."""
    if draft.data == "folder" and not is_teacher():
        return "Only the teacher may open a folder on the server."
    if draft.data == "folder" and not typed_path(draft.folder).is_dir():
        return f"There is no folder {draft.folder} on the server."
    try:
        if name:
            _make_way(name)
            check_name(name, runs_dir())
        config = config_of(draft)
        run = new_run(engine, lambda folder: folder / name if name else default_name(config, folder), config, pictures)
    except (ConfigError, RunError, EngineError) as error:
        return str(error)
    note_started(run.name)
    return ""


def new_run(
    engine: Engine,
    place: Callable[[Path], Path],
    config: RunConfig,
    pictures: bytes | None = None,
    *,
    initial_weights: Path | None = None,
    check: bool = True,
) -> RunDirectory:
    """Create a run that this visitor owns and submit it to the engine.

    Args:
        engine: the engine.
        place: returns the new run's folder in the runs folder.
        config: its configuration.
        pictures: packed own photos.
        initial_weights: the file of the weights to begin with.
        check: refuse it if the visitor has as many under way as one may.

    Raises:
        ConfigError: it is larger than a visitor's run may be.
        RunError: it cannot be created, or the visitor has too many under way.
        EngineError: the engine does not accept it.
    """
    mine = [run for run in under_way() if owns(run)]
    if check and len(mine) >= AT_ONCE and not is_teacher():
        names = " and ".join(run.name for run in mine)
        raise RunError(f"You have {names} under way. One more can follow when one of them has ended.")
    if not is_teacher():
        strangers.refuse(config)
    run = RunDirectory.create(place(runs_dir()), config, initial_weights=initial_weights)
    try:
        claim(run)
        engine.submit(run, pictures=pictures)
    except (RunError, EngineError):
        run.discard()  # a run that was refused leaves its name free
        raise
    except OSError as error:
        run.discard()
        raise RunError(f"The run {run.name} cannot be written: {why(error)}") from error
    return run


def _make_way(name: str) -> None:
    """Take away a run of this visitor's that was refused before its first batch: its name is free for another try."""
    folder = run_folder(name, runs_dir())
    if folder is None:
        return
    run = RunDirectory(folder)
    if run.state().name == "failed" and run.never_began() and owns(run):
        delete_run(run)


def waiting_words(engine: Engine, run: RunDirectory) -> str:
    """Return a waiting run's place in the queue and how long it will probably wait, or "" for another run."""
    queue = engine.queue()
    places = [other.path for other in queue]
    if run.path not in places:
        return ""
    place = places.index(run.path) + 1
    running = [other for other in all_runs() if other.state().name == "running"]
    trouble = engine.trouble_of_trainings()
    if trouble:
        return trouble
    if not running and place == 1:
        return "It is next: a worker is taking it."
    seconds = expected_wait(queue[: place - 1], running)
    when = (
        f"it probably begins in {duration(seconds)}" if seconds is not None else "how long that takes is not known yet"
    )
    return f"Place {place} of {len(queue)} in the queue: {when}."


def buttons(run: RunDirectory, pictures: bytes | None, then: Then | None) -> None:
    """Draw the buttons for what this visitor may do with a run; to other visitors, say who may.

    Args:
        run: the open run.
        pictures: packed own photos of this visitor, for a run whose pictures are gone.
        then: the learning rate of epochs after the end of its schedule, if it is to have any.
    """
    if not may_change(run):
        st.caption("Somebody else began this run. You can watch it; its owner and the teacher can pause or stop it.")
        return
    found = engine_or_word("Going on with a run")
    if found is None:
        return
    state = run.state()
    active = state.name in ("running", "queued")
    if active:
        _button(run, "Pause", lambda: found.pause(run), "pause")
        _button(run, "Stop", lambda: found.stop(run), "stop")
        if state.name == "running":
            _button(run, "Pull the plug", lambda: _pull(found, run), "plug")
    elif state.name in ("paused", "interrupted", "failed"):
        _button(run, "Resume", lambda: _resume(found, run, pictures, then), "resume", primary=True)
    if state.name == "finished":
        _button(run, f"{MORE_EPOCHS} more epochs", lambda: _longer(found, run, pictures, then), "longer")


def _button(run: RunDirectory, label: str, act: Callable[[], None], key: str, *, primary: bool = False) -> None:
    if not pressed(label, key=f"training-{key}", type="primary" if primary else "secondary", about=run.name):
        return
    try:
        act()
    except (RunError, ConfigError, EngineError) as error:
        st.session_state["training-problem"] = str(error)
    except OSError as error:
        st.session_state["training-problem"] = f"The files of the run {run.name} cannot be written: {why(error)}"
    _settle()
    rerun()


def _settle() -> None:
    """Wait until the request has arrived: the page is drawn again at once and needs the right buttons."""
    time.sleep(0.15)


def problem() -> None:
    """Say once what went wrong after the last button was pressed."""
    if told := st.session_state.get("training-problem"):
        st.warning(plain(told))
        st.session_state["training-problem"] = ""  # not before it is said: this run of the page may be cut off


def _pull(engine: Engine, run: RunDirectory) -> None:
    newest = curves_of(run).newest
    engine.kill(run)
    note_pulled(run, epoch=newest["epoch"] if newest else 0, step=newest["step"] if newest else 0)


def _resume(engine: Engine, run: RunDirectory, pictures: bytes | None, then: Then | None) -> None:
    if idle_of(run):  # of an earlier version: it would go on at rate 0
        more_epochs(run, rate=then.rate if then else None, schedule=then.schedule if then else "constant")
    _submit(engine, run, pictures)


def _submit(engine: Engine, run: RunDirectory, pictures: bytes | None) -> None:
    if not is_teacher():
        strangers.refuse(run.config())
    own = run.config().dataset == "photos" and not run.pictures_file.is_file()
    try:
        engine.submit(run, pictures=pictures if own and not engine.has_pictures(run) else None)
    except (RunError, EngineError, OSError):
        with contextlib.suppress(RunError, OSError), writing(run):
            take_back(run)
        raise


def _longer(engine: Engine, run: RunDirectory, pictures: bytes | None, then: Then | None) -> None:
    total = run.state().epoch + MORE_EPOCHS
    more_epochs(run, total, rate=then.rate if then else None, schedule=then.schedule if then else "constant")
    _submit(engine, run, pictures)


def twin_button(run: RunDirectory) -> None:
    """Draw the button that trains the same run again without pulling the plug, for comparison."""
    if not may_change(run) or run.config().dataset == "photos":
        return
    found = engine_or_word("An undisturbed run")
    if found is None:
        return

    def train() -> None:
        new_run(
            found,
            lambda folder: folder / free_name(f"{run.name}-undisturbed", folder),
            run.config(),
            # Its own, whatever its configuration says of where they came from.
            initial_weights=run.initial_model if run.initial_model.is_file() else None,
            check=False,
        )

    _button(run, "Train it again without pulling the plug", train, "twin")
