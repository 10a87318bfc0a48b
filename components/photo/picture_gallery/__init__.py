"""Pictures in strips, page by page: one strip for each class, and others that somebody should see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import streamlit as st

from components.browser import BASE_CSS, Texts, component, encode_array, encode_message
from components.photo.photo_strip import STRIP_CSS, STRIP_TEXTS, photo_supply

TEXTS: Texts = {"region": "Pictures of the dataset", "strip": STRIP_TEXTS}

_FOLDER = Path(__file__).resolve().parent


_mount = component(
    "picture_gallery",
    _FOLDER / "picture_gallery.js",
    html='<section class="picture-gallery"></section>',
    css=[BASE_CSS, STRIP_CSS, _FOLDER / "picture_gallery.css"],
)


@dataclass(frozen=True, eq=False)
class Strip:
    """A row of pictures.

    Attributes:
        title: the heading above it; with another title it begins at its first page.
        places: the pictures' indices, (n,), in the order in which they are shown.
        captions: the text below each of them.
        marked: whether marks are drawn on them.
    """

    title: str
    places: np.ndarray
    captions: Sequence[str]
    marked: bool = True


def picture_gallery(
    strips: Sequence[Strip],
    *,
    marks: Mapping[int, str],
    open_picture: int | None,
    thumbnail: Callable[[int], str],
    count: int,
    subject: str,
    rows: int,
    key: str,
    on_press: Callable[[int], None],
) -> None:
    """Draw strips of pictures.

    Args:
        strips: one below the other.
        marks: index of a picture → the word on it.
        open_picture: the picture that the page shows large.
        thumbnail: returns a picture as a data URL.
        count: pictures are numbered from 0 to count − 1.
        subject: identifies these pictures.
        rows: rows of pictures on a page of a strip.
        key: the component's.
        on_press: called with the index of the picture that the visitor pressed, before the page runs again.
    """
    supply = f"{key}-photos"
    message = payload(strips, marks=marks, open_picture=open_picture, supply=supply, subject=subject, rows=rows)
    _mount(key=key, data=encode_message(message), on_photo_change=_take(key, count, on_press))
    photo_supply(thumbnail, count=count, subject=subject, key=supply)


class StripMessage(TypedDict):
    """A strip of the gallery; "places" are int32."""

    title: str
    places: str
    captions: list[str]
    marked: bool


class GalleryMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    strips: list[StripMessage]
    marks: dict[str, str]
    current: int | None
    supply: str
    subject: str
    rows: int
    texts: Texts


def payload(
    strips: Sequence[Strip], *, marks: Mapping[int, str], open_picture: int | None, supply: str, subject: str, rows: int
) -> GalleryMessage:
    """Return what the browser is sent: the strips, with their "places" as int32, and the other arguments."""
    return {
        "strips": [
            {
                "title": strip.title,
                "places": encode_array(strip.places, "i4"),
                "captions": list(strip.captions),
                "marked": strip.marked,
            }
            for strip in strips
        ],
        "marks": {str(place): word for place, word in marks.items()},
        "current": open_picture,
        "supply": supply,
        "subject": subject,
        "rows": rows,
        "texts": TEXTS,
    }


def _take(key: str, count: int, on_press: Callable[[int], None]) -> Callable[[], None]:
    def take() -> None:
        place = st.session_state[key].get("photo")
        if type(place) is int and 0 <= place < count:
            on_press(place)

    return take
