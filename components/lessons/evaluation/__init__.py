"""/evaluation: what is judged, and the choices for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from components import scene as scenes
from components.lessons.evaluation.own_photos import own_grid
from components.lessons.evaluation.scene import DATA, OWN, PARTS, Judgement
from components.networks.dogs_download import dogs_download
from components.networks.names import (
    has_two_epochs,
    is_run,
    network_argument,
    network_names,
    network_title,
    suitable_data,
)
from components.networks.score_job import Asked
from components.shell.projector import text_size
from components.shell.visitor import is_teacher
from models.evaluation.stored_scores import Which

KEY = "evaluation"

_DATA_TITLES = {
    "drawn-pets": "Drawn pets (pictures made by this project)",
    "digits": "Handwritten digits",
    "dogs-vs-cats": "Dogs vs. Cats, 25,000 photos",
    OWN: "Your own photos",
    "folder": "A folder on the server",
}

_STYLE = Path(__file__).with_name("evaluation.css")


def style() -> None:
    """Lay the page out."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")


def open_judgement() -> Judgement:
    """Return what the visitor has chosen so far, from the URL or from the session."""
    return scenes.open_scene(KEY, Judgement, subject="evaluation").scene


def change(**changes: Any) -> None:
    """Change what is judged. For callbacks of widgets."""
    scenes.change(KEY, **changes)


def choose(chosen: Judgement) -> bool:
    """Draw the choice of a network and of pictures.

    Returns:
        Whether there is something to judge: photos that have to be fetched first are not there yet.
    """
    networks = network_names()
    with st.container(key="evaluation-choices", horizontal=True, vertical_alignment="bottom"):
        # A reader of digits is shown digits, at first.
        _choice("Network", "network", chosen, networks, network_title, then=lambda name: {"data": suitable_data(name)})
        if is_run(chosen.network):
            _choice("Epoch", "which", chosen, ["best", "last"], str)
        offered = [name for name in DATA if name != "folder" or is_teacher() or chosen.data == "folder"]
        _choice("Pictures", "data", chosen, offered, _DATA_TITLES.__getitem__)
        if chosen.data != OWN:
            parts = [part for part in PARTS if part != "all" or chosen.data == "folder"]
            _choice("Part", "part", chosen, parts, str)
    if chosen.data == OWN:
        st.write("Put photos into the classes that the network knows: it is judged on them, and only you see them.")
        return bool(own_grid(asked_of(chosen)))
    if chosen.data == "folder":
        if not is_teacher():
            st.info("Only the teacher may open a folder on the server.")
            return False
        _folder(chosen)
        if not chosen.folder:
            st.info("Name a folder that holds one folder of photos for each class.")
            return False
    return chosen.data != "dogs-vs-cats" or dogs_download()


def asked_of(chosen: Judgement, *, other: bool = False) -> Asked:
    """Return a choice as the engine is asked for it.

    Args:
        chosen: the choices.
        other: of the network that it is compared with.
    """
    network, which = (chosen.other, chosen.other_which) if other else (chosen.network, chosen.which)
    best_or_last: Which = "last" if which == "last" else "best"
    return Asked(network_argument(network), best_or_last, chosen.dataset, chosen.part)


def choose_other(chosen: Judgement) -> None:
    """Draw the choice of a network, or of another epoch, to compare with."""
    with st.container(key="evaluation-second-choices", horizontal=True, vertical_alignment="bottom"):
        names = ["", *network_names()]
        _choice("Compare with", "other", chosen, names, lambda name: network_title(name) if name else "nothing")
        if is_run(chosen.other):
            _choice("Its epoch", "other_which", chosen, ["best", "last"], str)
        if has_two_epochs(chosen.network) and not _compares_epochs(chosen):
            st.button(
                "Compare its best with its last epoch",
                key="evaluation-epochs",
                on_click=change,
                kwargs={"which": "best", "other": chosen.network, "other_which": "last"},
            )


def _compares_epochs(chosen: Judgement) -> bool:
    return chosen.network == chosen.other and {chosen.which, chosen.other_which} == {"best", "last"}


def _choice(
    label: str,
    name: str,
    chosen: Judgement,
    options: list[str],
    title: Callable[[str], str],
    then: Callable[[str], dict[str, Any]] = lambda _: {},
) -> None:
    key = f"evaluation-{name}"
    value = getattr(chosen, name)
    if value not in options:
        options = [*options, value]  # a run that is gone: the page says so below
    st.session_state[key] = value

    def changed() -> None:
        new = st.session_state[key]
        change(**{name: new}, **then(new))

    width = round(text_size() * (25 if len(options) > 2 else 9.5))
    st.selectbox(label, options, format_func=title, key=key, on_change=changed, width=width)


def _folder(chosen: Judgement) -> None:
    st.session_state["evaluation-folder"] = chosen.folder
    st.text_input(
        "Folder on the server, with one folder for each class",
        key="evaluation-folder",
        on_change=lambda: change(folder=st.session_state["evaluation-folder"].strip()),
    )
