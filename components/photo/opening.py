"""Uploaded files on their way to become photos: opened beside the web process, where visitors take turns.

A page waits a moment for them. If that is not enough, it goes on, says what the photo waits for, and takes it over when
it is open. Who goes to another page in between finds the photo taken over on coming back.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import streamlit as st

from components.clients import page_client
from components.photo.uploads import plain
from components.scene import rerun
from components.streamlit_parts import UploadedFile
from models.pictures.opening import OPENER, Opening, warm_up_later
from models.pictures.photo import Photo, PhotoError, Source
from models.pictures.photo_names import shown_name

PATIENCE = 1.5
"""Seconds that a page waits for a photo before it goes on. An ordinary one needs a tenth of a second."""

LOOK_SECONDS = 0.5
"""How often a page looks whether a photo is open, and what it waits for."""

WARM_UP_SECONDS = 3.0
"""After the first page was drawn, the process that opens photos starts: the page comes first."""

Taken = Callable[[str, Photo | PhotoError], None]
"""Takes a file's name, and the photo or why there is none."""


@dataclass(frozen=True)
class _Waiting:
    opening: Opening
    name: str
    taken: Taken


@cache
def warm_up() -> None:
    """Have the process that opens photos started soon; once for all visitors."""
    warm_up_later(WARM_UP_SECONDS)


def open_files(place: str, files: Iterable[UploadedFile], taken: Taken, *, source: Source = "upload") -> None:
    """Open files, and hand them over in their order, now or in a later run. For a callback of an uploader.

    Args:
        place: distinguishes this uploader from others, for `opening_note`.
        files: what was uploaded.
        taken: is called with each file's name and its photo, or with why there is none.
        source: where the files come from.
    """
    waiting = _waiting(place)
    for file in files:
        name = "Camera photo" if source == "camera" else file.name
        opening = OPENER.submit(file.getvalue(), visitor=page_client(), name=name, source=source)
        waiting.append(_Waiting(opening, file.name, taken))
    end = time.monotonic() + PATIENCE
    while waiting and waiting[0].opening.wait(max(0.0, end - time.monotonic())):
        _hand_over(waiting.pop(0))


def forget_openings(place: str) -> None:
    """Let go of the files of an uploader that still wait: the visitor has chosen something else."""
    _waiting(place).clear()


def opening_note(place: str) -> None:
    """Say what the files of an uploader wait for, as long as any do, and take over those that are open."""
    if _waiting(place):
        st.fragment(_note, run_every=LOOK_SECONDS)(place)


def _note(place: str) -> None:
    waiting = _waiting(place)
    found = False
    while waiting and waiting[0].opening.wait(0):
        _hand_over(waiting.pop(0))
        found = True
    if found or not waiting:
        rerun()
    st.info(_words(waiting), icon="spinner")


def _words(waiting: list[_Waiting]) -> str:
    before = OPENER.before(waiting[0].opening)
    photos = "1 photo is" if before == 1 else f"{before:,} photos are"
    if len(waiting) == 1:
        name = plain(shown_name(waiting[0].name))
        return f"{photos} opened before yours, {name}." if before else f"Your photo {name} is being opened …"
    begin = f"{len(waiting):,} of your photos are still to be opened."
    return f"{begin} {photos} opened before the next of them." if before else f"{begin} The next one is being opened …"


def _hand_over(one: _Waiting) -> None:
    try:
        outcome: Photo | PhotoError = one.opening.photo()
    except PhotoError as error:
        outcome = error.with_traceback(None)
    one.taken(one.name, outcome)


def _waiting(place: str) -> list[_Waiting]:
    found: list[_Waiting] = st.session_state.setdefault(f"{place}:openings", [])
    return found
