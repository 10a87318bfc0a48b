"""The choice of a network, of a dataset and of a folder, as every page draws it."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.networks.names import network_title
from components.shell.projector import text_size
from components.shell.visitor import is_teacher

DATA_TITLES = {
    "drawn-pets": "Drawn pets (pictures made by this project)",
    "digits": "Handwritten digits",
    "mnist": "MNIST: 70,000 handwritten digits",
    "dogs-vs-cats": "Dogs vs. Cats, 25,000 photos",
    "own": "Your own photos",
    "photos": "Your own photos",
    "folder": "A folder on the server",
}
"""What a choice of pictures is called: the visitor's own are judged under one name and trained on under the other."""

Change = Callable[..., None]
"""Takes over what was chosen, as `name=value`."""


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
        label: what is chosen, for people.
        name: what is chosen, for `change`.
        value: what is chosen now. One that is not among the options, such as a run that is gone, is offered, too: what
            stands below says what is the matter with it.
        options: what can be chosen.
        title: returns what an option is called.
        key: of the page's part; the widget's is `key`-`name`.
        change: takes the new value over.
        width: in pixels; None for one that suits the number of options.
        then: returns what changes along with a new value.
    """
    widget = f"{key}-{name}"
    options = list(options) if value in options else [*options, value]
    st.session_state[widget] = value  # the scene is the truth: a link may have changed it

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
    """Return which of these pictures are offered.

    A folder's path says something about the server, so it is the teacher's to name. One that a link has named is
    offered to everybody, and refused below.
    """
    return [name for name in data if name != "folder" or is_teacher() or chosen == "folder"]


def choose_data(
    label: str, value: str, data: Sequence[str], *, key: str, change: Change, width: int | None = None
) -> None:
    """Draw the choice of pictures; see `choose_option`. The choice is told as `data`."""
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
    """Draw the field for a folder's path, for the teacher alone. The path is told as `folder`.

    Args:
        value: the path so far, "" for none.
        key: of the page's part; the widget's is `key`-folder.
        change: takes the path over.

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
        on_change=lambda: change(folder=st.session_state[widget].strip()),
        width=round(text_size() * 45),
    )
    if not value:
        st.info("Name a folder that holds one folder of photos for each class.")
    return bool(value)
