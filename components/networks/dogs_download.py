"""The 25,000 photos of Dogs vs. Cats, fetched at the press of a button; one download for all visitors."""

import threading
from dataclasses import dataclass

import streamlit as st

from components.scene import rerun
from components.shell.press import pressed
from components.shell.visitor import is_teacher
from models.datasets import DatasetError, dogs_vs_cats


@dataclass
class _Download:
    """What the one background thread is doing."""

    thread: threading.Thread | None = None
    doing: str = ""
    done: int = 0
    total: int = 0
    problem: str = ""

    @property
    def running(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def progress(self, doing: str, done: int, total: int) -> None:
        self.doing, self.done, self.total = doing, done, total

    def run(self) -> None:
        try:
            dogs_vs_cats.fetch(self.progress)
        except DatasetError as error:
            self.problem = str(error)
        except Exception as error:  # noqa: BLE001 - nobody would see it: this thread has no visitor
            self.problem = f"The photos could not be fetched ({type(error).__name__}: {error})."


_download = _Download()
_lock = threading.Lock()


def start_download() -> None:
    """Begin to fetch the photos in the background, unless that is under way."""
    with _lock:
        if not _download.running:
            _download.problem = ""
            _download.thread = threading.Thread(target=_download.run, name="dogs-vs-cats", daemon=True)
            _download.thread.start()


def dogs_download() -> bool:
    """Say whether the photos are on this machine; offer to fetch them, and show how far that is.

    Returns:
        Whether they are here.
    """
    if dogs_vs_cats.is_available():
        st.caption("The 25,000 photos are on this machine.")
        return True
    if _download.running:
        _watch()
        return False
    if _download.problem:
        st.warning(_download.problem)
    st.caption(
        "25,000 photos of cats and dogs, about 800 MB from Microsoft's server, fetched once. They are not on "
        "this machine "
        "yet. A download that is cut goes on where it was."
    )
    if not is_teacher():
        st.info("The teacher can fetch them.")
    elif pressed("Fetch the photos", key="training-fetch"):
        start_download()
        rerun()
    return False


@st.fragment(run_every=1.0)
def _watch() -> None:
    if not _download.running:
        rerun()
    share = _download.done / _download.total if _download.total else 0.0
    amount = f"{_download.done / 2**20:,.0f} of {_download.total / 2**20:,.0f} MB" if _download.total else "…"
    st.progress(min(share, 1.0), text=f"{_download.doing or 'beginning'}: {amount}")
