"""The samples as a strip of thumbnails, and a tile that opens the file picker of the photo in the bar."""

from functools import cache
from pathlib import Path

import streamlit as st

from components.browser import BASE_CSS, component, encode_message
from components.photo import current_photo, show_photo
from components.photo.uploads import jpeg_url
from models.pictures.photo import PhotoError
from models.pictures.samples import SAMPLES, sample

KEY = "sample-strip"
SIDE = 112

_FOLDER = Path(__file__).resolve().parent
_mount = component(
    "sample_strip",
    _FOLDER / "sample_strip.js",
    html='<div class="samples"><p></p><div class="strip"></div></div>',
    css=[_FOLDER / "sample_strip.css", BASE_CSS],
)


def sample_strip(words: str) -> None:
    """Draw the strip; the sample that is pressed becomes the photo of all pages.

    Args:
        words: stand above it.
    """
    photo = current_photo()
    tiles = [
        {"id": name, "label": one.label, "url": url, "chosen": photo.name == one.label and photo.source != "upload"}
        for name, one in SAMPLES.items()
        if (url := _tile(name))
    ]
    _mount(
        key=KEY,
        data=encode_message({"words": words, "own": "Your photo", "tiles": tiles}),
        on_chosen_change=_choose,
    )


@cache
def _tile(sample_id: str) -> str:
    """Return a sample's thumbnail as a URL, "" where the sample is not installed."""
    try:
        return jpeg_url(sample(sample_id).square(SIDE), quality=80)
    except PhotoError:
        return ""


def _choose() -> None:
    chosen = st.session_state[KEY].get("chosen")
    if chosen in SAMPLES:
        show_photo(sample(chosen))
