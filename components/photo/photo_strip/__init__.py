"""Strips of photos for components, and the thumbnails that their visitors come to see, sent on demand.

A component that shows photos adds `STRIP_CSS` to its own style sheets, makes strips with
`makePhotoStrip`, and passes their wishes on: `onWant: (ids) => photoSupply(key).wish("a name for the strip", ids)`.
What comes reaches every function in `photoSupply(key).listeners`. `photo_supply` with the same key is Python's end.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypedDict

import streamlit as st

from components.browser import component, encode_message

MOST_AT_ONCE = 60
"""Thumbnails in one answer; the browser asks again for more."""

STRIP_TEXTS = {
    "previous": "Previous photos",
    "next": "Next photos",
    "previous-short": "Previous",
    "next-short": "Next",
    "page": "{first}–{last} of {count}",
    "none": "No photo is here.",
    "coming": "…",
    "unseen": "may not be seen",
    "open": "Photo {place} of {count}, {caption} {mark}",
}
"""The texts of a strip; a component may override some of them."""

_FOLDER = Path(__file__).resolve().parent


STRIP_CSS = _FOLDER / "photo_strip.css"

_carrier = component("photo_supply", _FOLDER / "carrier.js", html="<span></span>")


class Wish(NamedTuple):
    """A request of the browser for thumbnails.

    Attributes:
        subject: which photos these are; see `photo_supply`.
        number: of the request; the answer repeats it.
        ids: numbers of photos.
    """

    subject: str
    number: int
    ids: list[int]


class Thumbnails(TypedDict):
    """The answer to a `Wish`; "photos" are data URLs by the photo's number."""

    subject: str
    number: int
    photos: dict[str, str]


def photo_supply(thumbnail: Callable[[int], str], *, count: int, subject: str, key: str) -> None:
    """Send the browser the thumbnails that it asks for. A request reruns only this fragment, not the page.

    Args:
        thumbnail: returns a photo's small picture as a data URL, or "" if this visitor may not see it.
        count: photos are numbered from 0 to count − 1; `thumbnail` is not called for other numbers.
        subject: identifies these photos; with another one, the browser forgets its thumbnails.
        key: the supply's, the same as in the browser.
    """
    st.fragment(_supply)(thumbnail, count, subject, key)


def _supply(thumbnail: Callable[[int], str], count: int, subject: str, key: str) -> None:
    state = st.session_state
    wish: Wish | None = state.pop(f"{key}:wish", None)
    answer: Thumbnails = state.get(f"{key}:answer", {"subject": subject, "number": 0, "photos": {}})
    if wish is not None and wish.subject == subject:
        ids = [photo for photo in wish.ids if 0 <= photo < count][:MOST_AT_ONCE]
        photos = {str(photo): thumbnail(photo) for photo in ids}
        state[f"{key}:answer"] = answer = {"subject": subject, "number": wish.number, "photos": photos}
    if answer["subject"] != subject:
        answer = {"subject": subject, "number": answer["number"], "photos": {}}
    _carrier(key=key, data=encode_message({"key": key, **answer}), on_want_change=_take(key))


def _take(key: str) -> Callable[[], None]:
    def take() -> None:
        told = st.session_state[key].get("want")
        if not isinstance(told, dict):
            return
        subject, number, ids = (told.get(name) for name in ("subject", "number", "ids"))
        if not isinstance(subject, str) or not isinstance(number, int) or not isinstance(ids, list):
            return
        numbers = [photo for photo in ids if isinstance(photo, int)]
        st.session_state[f"{key}:wish"] = Wish(subject, number, numbers)

    return take
