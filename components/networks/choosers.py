"""The choice of a network, of a dataset and of a folder, as every page draws it."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.networks.names import network_title
from components.shell.projector import text_size
from components.shell.visitor import is_teacher
from models.storage import tidy_path

DATA_TITLES = {
    "pet-photos": "1,600 real photos of cats and dogs",
    "drawn-pets": "Drawn pets (pictures made by this project)",
    "digits": "Handwritten digits",
    "mnist": "MNIST: 70,000 handwritten digits",
    "dogs-vs-cats": "Dogs vs. Cats, 25,000 photos",
    "own": "Your own photos",
    "photos": "Your own photos",
    "folder": "A folder on the server",
}
"""Dataset → its display name; the visitor's own pictures have one name for judging and one for training."""

Change = Callable[..., None]
"""Applies a choice, given as `name=value`."""


def choose_option(
    label: str,
    name: str,
    value: str,
    options: Sequence[str],
    title: Callable[[str], str],
    *,
    key: str,
    change: Change,
    width: int | None = None,
    then: Callable[[str], Mapping[str, object]] = lambda _: {},
) -> None:
    """Draw a select box.

    Args:
        label: the box's label.
        name: the choice's name, for `change`.
        value: the current choice. One that is not among the options, such as a deleted run, is offered, too: the page
            says below what is wrong with it.
        options: the values that can be chosen.
        title: returns an option's display name.
        key: of the page's part; the widget's is `key`-`name`.
        change: applies the new value.
        width: in pixels; None for one that suits the number of options.
        then: returns other fields that change with a new value.
    """
    widget = f"{key}-{name}"
    options = list(options) if value in options else [*options, value]
    st.session_state[widget] = value  # the scene decides: a link may have changed it

    def changed() -> None:
        new = st.session_state[widget]
        change(**{name: new}, **then(new))

    width = width or round(text_size() * (25 if len(options) > 2 else 9.5))
    st.selectbox(label, options, format_func=title, key=widget, on_change=changed, width=width)


def choose_network(
    label: str,
    name: str,
    value: str,
    options: Sequence[str],
    *,
    key: str,
    change: Change,
    then: Callable[[str], Mapping[str, object]] = lambda _: {},
) -> None:
    """Draw the choice of a network; "" is none. See `choose_option`."""
    choose_option(
        label,
        name,
        value,
        options,
        lambda network: network_title(network) if network else "nothing",
        key=key,
        change=change,
        then=then,
    )


def offered_data(data: Sequence[str], chosen: str) -> list[str]:
    """Return the datasets that are offered.

    A folder's path reveals something about the server, so only the teacher may name one. A folder from a link is
    offered to everybody, and refused below.
    """
    return [name for name in data if name != "folder" or is_teacher() or chosen == "folder"]


def choose_data(
    label: str, value: str, data: Sequence[str], *, key: str, change: Change, width: int | None = None
) -> None:
    """Draw the choice of a dataset; see `choose_option`. `change` receives it as `data`."""
    choose_option(
        label,
        "data",
        value,
        offered_data(data, value),
        DATA_TITLES.__getitem__,
        key=key,
        change=change,
        width=width,
    )


def choose_folder(value: str, *, key: str, change: Change) -> bool:
    """Draw the field for a folder's path, for the teacher alone. `change` receives it as `folder`.

    Args:
        value: the path so far, "" for none.
        key: of the page's part; the widget's is `key`-folder.
        change: applies the path.

    Returns:
        Whether there is a path that this visitor may use.
    """
    if not is_teacher():
        st.info("Only the teacher may open a folder on the server.")
        return False
    widget = f"{key}-folder"
    st.session_state[widget] = value
    st.text_input(
        "Folder on the server, with one folder for each class",
        key=widget,
        on_change=lambda: change(folder=tidy_path(st.session_state[widget])),
        width=round(text_size() * 45),
    )
    if not value:
        st.info("Name a folder that holds one folder of photos for each class.")
    return bool(value)
