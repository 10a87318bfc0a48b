"""The photo's widgets: upload, camera where the browser allows one, samples. The photo follows its visitor."""

import html
from collections.abc import Callable
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import numpy as np
import streamlit as st

from components.clients import page_browser
from components.photo.forgotten_photo import forgotten_photo
from components.photo.opening import forget_openings, open_files, opening_note, warm_up
from components.photo.uploads import files_in, forget, fresh_key, jpeg_url, plain, renew
from components.photo.waiting_files import waiting_files
from models.pictures.photo import MAX_BYTES, Photo, PhotoError, Source
from models.pictures.samples import DEFAULT, SAMPLES, sample
from models.pretrained.first_layer import first_layer

T = TypeVar("T")
CAPTIONS = {"upload": "Your photo", "camera": "Your photo", "sample": "Sample photo", "drawn": "Drawn picture"}
"""Source of a picture → its caption."""

PRIVACY = (
    "Your photo stays in this server's memory and is forgotten a minute after you close the page. It is never written "
    "to disk and never shown to anyone else. Its metadata (place, date, camera) is dropped."
)
THUMBNAIL_SIDE = 96
SAMPLE_WIDTH, SAMPLES_WIDTH = 290, 600
"""Of one sample and of the list of all, two in a row, in pixels; a narrow screen makes it narrower."""
UPLOADER = "photo_upload"


_chosen: WeakValueDictionary[str, Photo] = WeakValueDictionary()
"""Browser → the photo that it chose last, for as long as one of its sessions holds it: a minute after its last page."""


def current_photo() -> Photo:
    """Return the visitor's photo, or the first sample before one is chosen."""
    return _photo() or sample(DEFAULT)


def photo_chosen() -> bool:
    """Return whether the visitor has chosen a photo or a sample."""
    return _photo() is not None


def _photo() -> Photo | None:
    """Return what the visitor chose, here or, before this page was loaded anew, in a session before this one."""
    photo: Photo | None = st.session_state.get("photo")
    if photo is None and (browser := page_browser()):
        photo = _chosen.get(browser)
        if photo is not None:
            st.session_state["photo"] = photo
    return photo


def photo_bar() -> None:
    """Draw the row of photo widgets. What the visitor chooses is taken over before the next run of the script."""
    warm_up()
    with st.container(key="photo-bar", horizontal=True, width="content", vertical_alignment="center"):
        st.html(_card(current_photo()), width="content")
        # A fresh key after each upload: the uploader is a button again, and Streamlit releases the file.
        key = fresh_key(UPLOADER)
        st.file_uploader(
            "Your photo",
            key=key,
            label_visibility="collapsed",
            width=120,
            max_upload_size=MAX_BYTES // 2**20,
            on_change=_take,
            args=(key, "upload"),
        )
        camera = _camera_allowed()
        label = "Samples, camera" if camera else "Samples"
        with st.popover(label, key="photo-samples", width="content"), st.container(width=SAMPLES_WIDTH):
            st.write("**A sample instead**")
            _samples()
            if camera and st.toggle("Use the camera", key="photo_use_camera"):
                key = "photo_camera"
                st.camera_input("Camera", key=key, label_visibility="collapsed", on_change=_take, args=(key, "camera"))
            st.write(PRIVACY)


def _samples() -> None:
    """Draw a thumbnail and a button for each sample, and say whose the photos are."""
    with st.container(horizontal=True, gap="small"):
        for sample_id, one in SAMPLES.items():
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", width=SAMPLE_WIDTH):
                st.html(f'<img alt="" class="sample-thumbnail" src="{_thumbnail(sample_id)}">', width="content")
                st.button(one.label, key=f"sample-{sample_id}", on_click=_choose, args=(sample_id,), width="stretch")
    photos = [(one.label.split(",")[0], *one.credit.rsplit(", ", 1)) for one in SAMPLES.values() if one.credit]
    credited = "; ".join(f"{what} by {author} ({licence})" for what, author, licence in photos)
    st.write(f"{credited}. The file NOTICE says where they are from.")


@cache
def _thumbnail(sample_id: str) -> str:
    return jpeg_url(sample(sample_id).square(THUMBNAIL_SIDE // 2), quality=80)


def photo_problem() -> None:
    """Say why the last file could not be used, or that one has to wait; the photo before it is still shown.

    It is said above the page, so that nothing on it moves.
    """
    waiting_files()
    forgotten_photo(own=current_photo().source in ("upload", "camera"))
    with st.container(key="photo-notes"):
        opening_note(UPLOADER)
        if problem := st.session_state.get("photo_problem"):
            st.error(problem)
            st.button("Close", key="photo-problem-close", on_click=lambda: st.session_state.update(photo_problem=None))


def privacy_note() -> None:
    """Say what becomes of a visitor's photo."""
    st.caption(PRIVACY)


def show_photo(photo: Photo) -> None:
    """Make this the photo of all pages, as if the visitor had uploaded it: in a callback, or before another page."""
    forget_openings(UPLOADER)
    st.session_state["photo"] = photo
    st.session_state["photo_problem"] = None
    if browser := page_browser():
        _chosen[browser] = photo


def _choose(sample_id: str) -> None:
    show_photo(sample(sample_id))


def _take(key: str, source: Source) -> None:
    """Open a file, and release Streamlit's copy of it: only the small picture without metadata is kept."""
    files = files_in(key)
    if files:
        forget_openings(UPLOADER)
        open_files(UPLOADER, files, _taken, source=source)
    if source == "upload" and files:
        renew(UPLOADER, files)
    else:
        forget(files)


def _taken(_name: str, outcome: Photo | PhotoError) -> None:
    if isinstance(outcome, Photo):
        show_photo(outcome)
    else:
        st.session_state["photo_problem"] = f"{outcome} The page still shows: {plain(current_photo().name)}."


def _camera_allowed() -> bool:
    """Return whether browsers allow the camera: over https or on this machine. A phone's file picker always has one."""
    address = urlsplit(st.context.url or "")
    return address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1")


def _card(photo: Photo) -> str:
    """Return the thumbnail with the photo's name, as HTML."""
    notes = {"upload": "your photo", "camera": "your photo", "sample": "sample photo", "drawn": "drawn, not a photo"}
    note = notes[photo.source] + (", location data removed" if photo.location_removed else "")
    note += ", the end of its file is missing" if photo.end_missing else ""
    thumbnail = remembered(photo, "thumbnail", lambda: jpeg_url(photo.square(THUMBNAIL_SIDE), quality=88))
    return (
        f'<div class="photo-card" title="{html.escape(photo.name)}, {note}"><img alt="" src="{thumbnail}">'
        f'<span><strong>{html.escape(photo.name)}</strong><span class="note">, {note}</span></span></div>'
    )


def remembered(photo: Photo, name: str, make: Callable[[], T]) -> T:
    """Return what `make` derives from the photo, made once; it is kept in the session for as long as the photo.

    A cache of the whole server would keep pictures of visitors who have left.
    """
    memory = st.session_state.get("photo_memory")
    if memory is None or memory["digest"] != photo.digest:
        memory = st.session_state["photo_memory"] = {"digest": photo.digest}
    if name not in memory:
        memory[name] = make()
    kept: T = memory[name]
    return kept


def first_layer_maps(photo: Photo, side: int) -> np.ndarray:
    """Return the first layer's 32 maps of the photo at `side` pixels, before their activation; computed once.

    See `models.pretrained.first_layer.first_layer`.
    """
    return remembered(photo, f"first layer {side}", lambda: first_layer(photo.square(side)))
