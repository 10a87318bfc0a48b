"""A grid into which a visitor drops pictures of two to five classes. They stay in the visitor's session, in memory."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np
import streamlit as st

from components.browser import component, encode_message
from components.photo import current_photo, photo_chosen
from components.photo.opening import forget_openings, open_files, opening_note
from components.photo.uploads import files_in, fresh_key, jpeg_url, plain, renew
from models.datasets.photos import CLASSES, JUDGED_CLASSES, SIDE, VALIDATION_SHARE, pack
from models.datasets.spelling import seen
from models.figures import listed
from models.pictures.photo import MAX_BYTES, MIN_SIDE, Photo, PhotoError

FEWEST = 2
"""Pictures that each class needs before a network can learn from them."""

MOST = 100
"""Pictures that a class may have: they lie in the server's memory."""

NAME_LENGTH = 30
FIRST_NAMES = ("cat", "dog")
CARDS_IN_A_ROW = 5
THUMBNAIL_SIDE = 72

_FOLDER = Path(__file__).resolve().parent


_thumbnails = component(
    "own_photos", _FOLDER / "own_photos.js", html='<ul class="thumbnails"></ul>', css=[_FOLDER / "own_photos.css"]
)


@dataclass(frozen=True)
class _Picture:
    """A picture as it is kept.

    Attributes:
        photo: at most `SIDE` pixels wide or high, as a network is trained on it: 30 visitors share the memory.
        digest: of the picture as it was uploaded, to find duplicates.
        thumbnail: a small square of it as a data URL.
    """

    photo: Photo
    digest: str
    thumbnail: str


@dataclass
class _Class:
    number: int
    name: str
    pictures: list[_Picture] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class _Grid:
    """All classes.

    Attributes:
        classes: as they are shown.
        count: number of classes made so far: each gets a number of its own.
        training: whether a network is to learn from them; else it is only judged on them.
        names: the proposed names of the classes.
    """

    classes: list[_Class]
    count: int
    training: bool
    names: tuple[str, ...]

    @property
    def limits(self) -> tuple[int, int]:
        """Fewest and most classes. To be right or wrong, a network that is judged must know at least two."""
        return CLASSES if self.training else (CLASSES[0], JUDGED_CLASSES[1])


def own_photos(
    key: str = "own-photos",
    *,
    training: bool = True,
    names: tuple[str, ...] = FIRST_NAMES,
    takes_page_photo: bool = True,
) -> list[tuple[str, Photo]]:
    """Draw the grid and return the pictures that are in it, (class, photo), or [] while something is missing.

    Args:
        key: distinguishes this grid from others.
        training: whether a network is to learn from them; else it is only judged on them, and one picture is enough.
        names: names of the classes at first, two or more. Other names replace them for as long as the visitor has
            neither dropped a picture nor changed a name.
        takes_page_photo: whether the page's photo, which shows a pet, may be put into a class.
    """
    grid = _grid(key, training, names)
    for begin in range(0, len(grid.classes), CARDS_IN_A_ROW):
        row = grid.classes[begin : begin + CARDS_IN_A_ROW]
        for column, one in zip(st.columns(min(len(grid.classes), CARDS_IN_A_ROW)), row, strict=False):
            with column, st.container(border=True, key=f"{key}-card-{one.number}"):
                _card(key, grid, one, takes_page_photo)
    fewest, most = grid.limits
    with st.container(key=f"{key}-foot", horizontal=True, vertical_alignment="center"):
        if len(grid.classes) < most:
            st.button("+ Add a class", key=f"{key}-add", on_click=_add, args=(grid,))
        if problem := _missing(grid):
            st.info(problem)
        else:
            st.success(_counts(grid))
    kept = (
        f"One in {VALIDATION_SHARE} is kept for validation in a class that has {VALIDATION_SHARE} or more. "
        if training
        else ""
    )
    paused = " A training that waits or is paused keeps them in memory until it ends or is deleted." if training else ""
    needed = f"Every class needs {FEWEST} pictures or more, and can have" if training else "A class can have"
    st.write(
        f"{needed} {MOST}. {kept}The pictures stay in this server's memory, at most {SIDE} pixels wide or high and "
        f"without place, date and camera. They are forgotten a minute after you close the page.{paused} There can be "
        f"{fewest} to {most} classes."
    )
    return chosen_photos(key)


def chosen_photos(key: str = "own-photos") -> list[tuple[str, Photo]]:
    """Return what `own_photos` returns without drawing it, for a page that needs the pictures elsewhere."""
    grid = _found(key)
    if grid is None or _missing(grid):
        return []
    return [(one.name, picture.photo) for one in grid.classes for picture in one.pictures]


def is_among_own_photos(photo: Photo, key: str = "own-photos") -> bool:
    """Return whether the visitor has put this very picture into a class."""
    grid = _found(key)
    return grid is not None and any(p.digest == photo.digest for one in grid.classes for p in one.pictures)


pack_own = pack
"""(class, photo) pairs as bytes for the engine; see `models.datasets.photos.pack`."""


def pack_judged(pictures: Sequence[tuple[str, Photo]]) -> bytes:
    """Return (class, photo) pairs that a network is only judged on as bytes for the engine."""
    return pack(pictures, JUDGED_CLASSES)


def _grid(key: str, training: bool, names: tuple[str, ...]) -> _Grid:
    found = _found(key)
    if found is None:
        found = st.session_state[key] = _Grid([], 0, training, ())
    untouched = found.names == tuple(one.name for one in found.classes) and not any(
        one.pictures or one.problems for one in found.classes
    )
    if untouched and found.names != (proposed := names[: found.limits[1]]):
        found.classes = [_Class(found.count + number, name) for number, name in enumerate(proposed)]
        found.count, found.names = found.count + len(proposed), proposed
    return found


def _found(key: str) -> _Grid | None:
    found: _Grid | None = st.session_state.get(key)
    return found


# One class ------------------------------------------------------------------------------------------------------------


def _card(key: str, grid: _Grid, one: _Class, takes_page_photo: bool) -> None:
    name = plain(one.name)
    base = f"{key}-{one.number}"
    named = f"{base}-name"
    st.text_input(
        f"Class {grid.classes.index(one) + 1}",
        one.name,
        key=named,
        max_chars=max(NAME_LENGTH, len(one.name)),
        on_change=_rename,
        args=(one, named),
    )
    uploader = fresh_key(base)
    st.file_uploader(
        f"Pictures of {name}: drop them here",
        key=uploader,
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        on_change=_take_files,
        args=(grid, one, base, uploader),
    )
    opening_note(base)
    for problem in one.problems:
        st.error(problem)
    if takes_page_photo:
        whose = "my photo" if photo_chosen() and current_photo().source in ("upload", "camera") else "the page's photo"
        st.button(f"Add {whose} as {name}", key=f"{base}-mine", on_click=_take_current, args=(grid, one))
    count = len(one.pictures)
    st.html(f'<p style="margin: 0"><strong>{count}</strong> {"picture" if count == 1 else "pictures"}</p>')
    if one.pictures:
        grid_key = f"{base}-thumbnails"
        _thumbnails(
            key=grid_key,
            data=encode_message(_payload(one)),
            on_remove_change=_removal(one, grid_key),
        )
    if count > 1:
        st.button(f"Remove all {count} of {name}", key=f"{base}-empty", on_click=_empty, args=(one, base))
    if len(grid.classes) > grid.limits[0]:
        st.button(f"Remove the class {name}", key=f"{base}-drop", on_click=_drop, args=(grid, one, base))


class Thumbnail(TypedDict):
    """A picture of a class; "label" is what its button does."""

    id: str
    picture: str
    label: str
    name: str


class ClassMessage(TypedDict):
    """What `_payload` returns."""

    pictures: list[Thumbnail]
    name: str


def _payload(one: _Class) -> ClassMessage:
    return {
        "pictures": [
            {
                "id": picture.digest[:16],
                "picture": picture.thumbnail,
                "label": f"Remove {picture.photo.name}, picture {place} of {one.name}",
                "name": picture.photo.name,
            }
            for place, picture in enumerate(one.pictures, 1)
        ],
        "name": f"Pictures of {one.name}",
    }


def _missing(grid: _Grid) -> str:
    """Return in one sentence what is missing before a network can be trained or judged; "" for nothing."""
    names = [one.name for one in grid.classes]
    for place, name in enumerate(names, 1):
        if not seen(name).strip():
            return f"Class {place} needs a name."
    for first, second in itertools.combinations(names, 2):
        if same := _sameness(first, second):
            return f"{same}: give one of them another name."
    if not grid.training:
        return "" if any(one.pictures for one in grid.classes) else "No photos yet: one is enough to begin with."
    few = [one for one in grid.classes if len(one.pictures) < FEWEST]
    if not few:
        return ""
    wants = []
    for one in few:
        more = FEWEST - len(one.pictures)
        wants.append(f"{more} more {'picture' if more == 1 else 'pictures'} of {plain(one.name)}")
    return f"Still missing: {listed(wants)}."


def _sameness(one: str, other: str) -> str:
    """Say why two names cannot be told from each other; "" if they can."""
    if one == other:
        return f"Two classes are called {plain(one)}"
    differ = f"The names of two classes, {plain(one)} and {plain(other)}, differ only in"
    if seen(one) == seen(other):
        return f"{differ} signs that nobody sees"
    return f"{differ} capital letters" if seen(one).casefold() == seen(other).casefold() else ""


def _counts(grid: _Grid) -> str:
    held = [len(one.pictures) // VALIDATION_SHARE for one in grid.classes]
    total = sum(len(one.pictures) for one in grid.classes)
    counted = listed([f"{len(one.pictures)} of {plain(one.name)}" for one in grid.classes])
    if not grid.training:
        return f"Ready: {counted}."
    rest = f"{total - sum(held)} to train on, {sum(held)} for validation" if any(held) else "all of them to train on"
    return f"Ready: {counted}; {rest}."


# The visitor's actions, all before the page is drawn again ------------------------------------------------------------


def _rename(one: _Class, key: str) -> None:
    one.name = " ".join(str(st.session_state[key]).split())[:NAME_LENGTH]


def _add(grid: _Grid) -> None:
    if len(grid.classes) < grid.limits[1]:
        grid.classes.append(_Class(grid.count, f"class {len(grid.classes) + 1}"))
        grid.count += 1


def _drop(grid: _Grid, one: _Class, base: str) -> None:
    if len(grid.classes) > grid.limits[0] and one in grid.classes:
        grid.classes.remove(one)
        forget_openings(base)


def _empty(one: _Class, base: str) -> None:
    forget_openings(base)
    one.pictures, one.problems = [], []


def _removal(one: _Class, key: str) -> Callable[[], None]:
    def remove() -> None:
        gone = st.session_state[key].get("remove")
        one.pictures = [picture for picture in one.pictures if picture.digest[:16] != gone]
        one.problems = []

    return remove


def _take_files(grid: _Grid, one: _Class, base: str, uploader: str) -> None:
    """Open the files one by one: an unusable one leaves a sentence, and the others are kept."""
    files = files_in(uploader)
    if not files:
        return
    one.problems = []
    open_files(base, files, partial(_taken, grid, one))
    renew(base, files)


def _taken(grid: _Grid, one: _Class, name: str, outcome: Photo | PhotoError) -> None:
    try:
        if isinstance(outcome, PhotoError):
            raise outcome
        _add_picture(grid, one, outcome)
    except PhotoError as error:
        one.problems.append(f"{plain(name)}: {error}")


def _take_current(grid: _Grid, one: _Class) -> None:
    one.problems = []
    try:
        _add_picture(grid, one, current_photo())
    except PhotoError as error:
        one.problems.append(f"{plain(current_photo().name)}: {error}")


def _add_picture(grid: _Grid, one: _Class, photo: Photo) -> None:
    """Add a picture to a class.

    Raises:
        PhotoError: the class is full, or the picture is already in one: a duplicate could be trained on and tested.
    """
    for other in grid.classes:
        if any(picture.digest == photo.digest for picture in other.pictures):
            raise PhotoError(f"this very picture is in {plain(other.name)} already.")
    if len(one.pictures) >= MOST:
        raise PhotoError(f"a class has at most {MOST} pictures, so this one was left out.")
    one.pictures.append(_Picture(_small(photo), photo.digest, jpeg_url(photo.square(THUMBNAIL_SIDE))))


def _small(photo: Photo) -> Photo:
    """Return the picture as `pack` would shrink it, so that nothing is lost by doing so now."""
    height, width = photo.pixels.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = (max(MIN_SIDE, round(width * scale)), max(MIN_SIDE, round(height * scale)))
    pixels = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return replace(photo, pixels=pixels)
