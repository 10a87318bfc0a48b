"""A run's files: downloaded, imported, deleted."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import streamlit as st

from components.engine import engine
from components.photo.uploads import fresh_key, plain, renew
from components.scene import rerun
from components.shell.press import pressed
from components.shell.visitor import owned_by, owns, visitor
from models import weights
from models.datasets.spelling import shown
from models.disk import move, why
from models.engine import EngineError
from models.figures import number_of
from models.runs.config import RunConfig
from models.runs.names import MOST_LETTERS, as_file_name, free_name, name_from_file, tidy
from models.runs.planning import check_name
from models.runs.run_directory import RunDirectory, RunError
from models.runs.run_removal import delete_run
from models.runs.transfer import import_run, packed_run, size_of
from models.runs.watching.run_facts import facts_of
from models.storage import file_mark, runs_dir, write_text

DOUBLE_SECONDS = 1.0
"""A second press within this time after the first one was handled is a double click."""

UPLOAD_MEGABYTES = 200
"""Largest run that can be uploaded, if the server accepts as much."""

DOWNLOAD_BYTES = 400 * 10**6
"""Largest file that is handed to a browser: the page's process holds it in its memory meanwhile."""

_MONITORS = {
    "val_loss": "the lowest validation loss",
    "val_accuracy": "the highest validation accuracy",
    "loss": "the lowest training loss",
    "accuracy": "the highest training accuracy",
}

Claim = Callable[[RunDirectory], Any]


# Downloading and deleting a run ---------------------------------------------------------------------------------------


def run_files(run: RunDirectory, *, may_change: bool, key: str = "run") -> None:
    """Draw the downloads of a run and, if the visitor may change it, the button that deletes it.

    Args:
        run: the open run.
        may_change: the visitor may delete it.
        key: tells these buttons from others of the same run on the page.
    """
    _say_problem("run-files")
    trained = run.lock.is_held()
    state = facts_of(run).state.name
    small = size_of(run) <= DOWNLOAD_BYTES
    with st.container(key=f"{key}-files", horizontal=True, vertical_alignment="center"):
        for file, label in ((run.best_model, "Best network"), (run.last_model, "Last network")):
            if 0 <= file_mark(file)[1] <= DOWNLOAD_BYTES:
                _download(run, label, file.name, file.read_bytes, key)
        if not trained and small:
            _download(run, "Whole run", "run.zip", _exporter(run), key)
        if may_change and not trained and state != "queued":
            _deletion(run, key)
    st.write(_words(run, may_change=may_change, trained=trained, waits=state == "queued", small=small))


def _download(run: RunDirectory, label: str, file_name: str, make: Callable[[], bytes], key: str) -> None:
    # A callable: nothing is read or packed before somebody presses. No rerun: nothing changes.
    st.download_button(
        label,
        make,
        file_name=f"{as_file_name(run.name)}.{file_name}",
        mime="application/zip",
        key=f"{key}-file-{run.name}-{file_name}",
        on_click="ignore",
    )


def _exporter(run: RunDirectory) -> Callable[[], bytes]:
    """Return what packs the run when its button is pressed, which may be long after the button was drawn."""
    browser = visitor()

    def exported() -> bytes:
        # By now the run may have got its owner's pictures. The page's own run is over, and its visitor not known here.
        return packed_run(run, own_pictures=owned_by(run, browser))

    return exported


def unreadable_run(run: RunDirectory, why: str, *, may_change: bool) -> None:
    """Say why a run cannot be opened and, if the visitor may change it, draw the button that deletes it."""
    _say_problem("run-files")
    with st.container(key="unreadable-run", horizontal=True, vertical_alignment="center"):
        st.warning(plain(f"{why.rstrip('.')}. Bring its folder back from a copy, or delete it."))
        if may_change:
            _deletion(run, "unreadable")


def _deletion(run: RunDirectory, key: str) -> None:
    """Draw the button that deletes a run, and the question whether that is meant."""
    with st.popover("Delete …", key=f"{key}-delete-{run.name}", width="content"):
        st.write(f"Delete **{plain(run.name)}** with its networks and curves? This cannot be undone.")
        st.button(f"Yes, delete {plain(run.name)}", key=f"{key}-deleted-{run.name}", on_click=_delete, args=(run,))


def _delete(run: RunDirectory) -> None:
    own_pictures = facts_of(run).config
    try:
        delete_run(run)
    except RunError as error:
        st.session_state["run-files:problem"] = plain(str(error))
        return
    found = engine()
    if found is not None and own_pictures is not None and own_pictures.dataset == "photos":
        with contextlib.suppress(EngineError):  # then its workers are gone, and the pictures with them
            found.forget_pictures(run)
    st.toast(f"The run {plain(run.name)} was deleted.")


def _words(run: RunDirectory, *, may_change: bool, trained: bool, waits: bool, small: bool) -> str:
    said = []
    config = facts_of(run).config
    if run.best_model.is_file():
        said.append(_about_best(run, config))
    elif not run.last_model.is_file():
        said.append("Its networks can be downloaded after its first epoch.")
    if trained:
        said.append("It is being trained just now. Pause or stop it first, then the whole run can be downloaded.")
    elif not small:
        said.append(
            f"The whole run is larger than {DOWNLOAD_BYTES / 1e6:,.0f} MB: on the server itself, "
            "python -m models.training export packs it."
        )
    elif config is not None and config.dataset == "photos" and not owns(run):
        said.append(
            "The whole run can be downloaded without its owner's pictures: those are for its owner alone, and nobody "
            "else can train it on."
        )
    else:
        said.append("The whole run can be continued exactly where it is, also on another computer: upload it there.")
    if may_change and waits:
        said.append("It waits for a worker. Pause it first, then it can be deleted.")
    return " ".join(said)


def _about_best(run: RunDirectory, config: RunConfig | None) -> str:
    facts = facts_of(run)
    what = _MONITORS.get(config.monitor if config else "", "the best figure")
    if not facts.validated:
        what = what.replace("validation", "training")
    where = f"of epoch {facts.kept_epoch}, with" if facts.kept_epoch else "of the epoch with"
    return f"The best network is that {where} {what}. Keras opens it: keras.models.load_model."


# Importing a run ------------------------------------------------------------------------------------------------------


def import_a_run(claim: Claim, *, may_open_folders: bool) -> str | None:
    """Draw the uploader for a run's zip file; return the new run's name once, just after its import.

    Args:
        claim: called with the new run before anybody else sees it; it notes who owns it.
        may_open_folders: the visitor may train on folders of this server, and what is larger than a class can share.
    """
    megabytes = min(UPLOAD_MEGABYTES, int(st.get_option("server.maxUploadSize")))
    file = st.file_uploader(
        "A run's zip file, from here or from another computer",
        type="zip",
        key=fresh_key("import-run"),
        max_upload_size=megabytes,
    )
    _say_problem("import-run")
    if file is None:
        st.write(
            f"At most {megabytes} MB. A larger one is imported on the server itself, "
            "with python -m models.training import FILE."
        )
        return None
    wish = free_name(name_from_file(file.name), runs_dir())
    name = tidy(st.text_input("Name of the run", wish, key=f"import-run-name-{file.file_id}", max_chars=MOST_LETTERS))
    if not pressed("Import it", type="primary", key="import-run-now"):
        return None
    problem = ""
    try:
        check_name(name, runs_dir())
    except RunError as error:
        st.error(plain(str(error)))
        return None  # the file stays: only another name is needed
    try:
        with _temporary_file() as path:
            path.write_bytes(file.getbuffer())
            _take_in(path, name, claim, stranger=not may_open_folders)
    except RunError as error:
        problem = plain(str(error).replace(path.name, shown(file.name)))
    except OSError as error:
        problem = f"The run cannot be written on the server: {why(error)}"
    renew("import-run", [file])
    if problem:
        st.session_state["import-run:problem"] = problem
        rerun()
    return name


def open_shipped_history(claim: Claim) -> str | None:
    """Draw the list of the shipped networks; return the new run's name once, just after one is opened.

    Args:
        claim: as for `import_a_run`.
    """
    _say_problem("shipped")
    names = weights.names()
    if not names:
        st.write("No network comes with this copy of the course.")
        return None
    name = st.selectbox("A network that comes with the course", names, key="shipped-name")
    card = weights.card(name)
    st.write(
        f"{card['parameters']:,} parameters, trained for {number_of(card['epochs'], 'epoch')}. Opened as a run, it has "
        "curves to look at and to compare, and a network to try on a photo."
    )
    again = time.monotonic() - st.session_state.get("shipped:opened", -DOUBLE_SECONDS) < DOUBLE_SECONDS
    if not pressed("Open as a run", key="shipped-open") or again:
        return None
    new = free_name(name, runs_dir())
    try:
        _take_in(weights.history(name), new, claim, network=name)
    except RunError as error:
        st.session_state["shipped:problem"] = plain(str(error))
        rerun()
    except OSError as error:
        st.session_state["shipped:problem"] = f"The run cannot be written on the server: {why(error)}"
        rerun()
    st.session_state["shipped:opened"] = time.monotonic()
    return new


@contextlib.contextmanager
def _temporary_file() -> Iterator[Path]:
    """Yield the path of a temporary file beside the runs."""
    runs_dir().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=runs_dir(), prefix=".upload-") as folder:
        yield Path(folder, "upload.zip")


def _take_in(source: Path, name: str, claim: Claim, *, network: str | None = None, stranger: bool = False) -> None:
    """Unpack a run in a temporary folder, let its owner claim it, and only then move it to the runs.

    Args:
        source: its zip file.
        name: its name.
        claim: as for `import_a_run`.
        network: the one of `models.weights` that belongs to it.
        stranger: see `models.runs.unpacking.unpack`.

    Raises:
        RunError: the file holds no run, or the name was taken meanwhile.
        OSError: the disk is full or cannot be written.
    """
    runs_dir().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=runs_dir(), prefix=".import-") as folder:
        run = import_run(source, Path(folder, name), stranger=stranger)
        if network is not None:
            run.origin_file.unlink(missing_ok=True)  # it is the course's own
        if network is not None and not run.best_model.exists():
            # The history has curves only; the network of its best epoch is a file of its own.
            shutil.copyfile(weights.FOLDER / f"{network}.keras", run.best_model)
            write_text(run.parameters_file, f"{weights.card(network)['parameters']}\n")
        claim(run)
        check_name(name, runs_dir())
        move(run.path, runs_dir() / name)


def _say_problem(key: str) -> None:
    """Say once what went wrong when the button was pressed."""
    if told := st.session_state.get(f"{key}:problem"):
        st.error(told)
        st.session_state[f"{key}:problem"] = ""  # not before it is said: this run of the page may be cut off
