"""/evaluation: what is judged, and the choices for it."""

from pathlib import Path
from typing import Any

import streamlit as st

from components import scene as scenes
from components.lessons.evaluation.own_photos import own_grid, own_judgement
from components.lessons.evaluation.scene import DATA, OWN, PARTS, PHOTOS, WHICH, Judgement
from components.networks.choosers import choose_data, choose_folder, choose_network, choose_option
from components.networks.dogs_download import dogs_download
from components.networks.names import (
    has_two_epochs,
    is_run,
    network_argument,
    network_names,
    suitable_data,
)
from components.networks.score_job import Asked, finished, is_on_its_way, judged
from components.photo.figures import figure_style
from components.photo.uploads import plain
from models.evaluation.network_facts import network_facts
from models.evaluation.stored_scores import Judged
from models.networks.files import JudgingError, Which, network_file

KEY = "evaluation"
_BEFORE = "evaluation:before"
_DIMMED = '<span class="judged-before"></span>'

A_BAD_ONE = "drawn-pets"
"""A network that has seen drawings for one epoch, and photos never."""

_STYLE = Path(__file__).with_name("evaluation.css")


def style() -> None:
    """Lay the page out."""
    figure_style()
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
        Whether there is something to judge: photos may first have to be downloaded.
    """
    with st.container(key="evaluation-choices", horizontal=True, vertical_alignment="bottom"):
        # With a network that reads digits, the dataset of digits is chosen at first.
        choose_network(
            "Network",
            "network",
            chosen.network,
            network_names(),
            key=KEY,
            change=change,
            then=lambda name: {"data": suitable_data(name)},
        )
        if is_run(chosen.network):
            choose_option("Epoch", "which", chosen.which, WHICH, str, key=KEY, change=change)
        choose_data("Pictures", chosen.data, DATA, key=KEY, change=change)
        if chosen.data != OWN:
            # "all" is for folders, on which no network here was trained.
            parts = [part for part in PARTS if part != "all" or chosen.data == "folder"]
            choose_option("Part", "part", chosen.part, parts, str, key=KEY, change=change)
    if chosen.data == OWN:
        st.write("Put photos into the classes that the network knows: it is evaluated on them, and only you see them.")
        return bool(own_grid(asked_of(chosen)))
    if chosen.data == "folder" and not choose_folder(chosen.folder, key=KEY, change=change):
        return False
    return chosen.data != "dogs-vs-cats" or dogs_download()


def asked_of(chosen: Judgement, *, other: bool = False) -> Asked:
    """Return a choice as a request to the engine.

    Args:
        chosen: the choices.
        other: whether to judge the network of the comparison.
    """
    network, which = (chosen.other, chosen.other_which) if other else (chosen.network, chosen.which)
    best_or_last: Which = "last" if which == "last" else "best"
    return Asked(network_argument(network), best_or_last, chosen.dataset, chosen.part)


def has_many_classes(chosen: Judgement) -> bool:
    """Return whether there is a matrix of more than two classes to see, and no threshold."""
    asked = asked_of(chosen)
    facts = network_facts(asked.network, asked.which)
    return chosen.data == "digits" or (facts is not None and len(facts.classes) > 2)


def judgement_or_before(chosen: Judgement) -> tuple[Judgement, Judged | None]:
    """Return the judgement of the page's choices, with them; while it is on its way, the one that stood there before.

    What stood there is dimmed by the style sheet (`_DIMMED`) and goes on in its place under the line of progress, so
    that nothing on the page moves until the new one is there.
    """
    with st.container(key="evaluation-line"):
        asked = asked_of(chosen)
        found = own_judgement(asked) if chosen.data == OWN else judgement(asked, key="evaluation")
        if found is not None:
            st.session_state[_BEFORE] = (chosen, found)
            return chosen, found
        before: tuple[Judgement, Judged] | None = st.session_state.get(_BEFORE)
        if before is None or chosen.data == OWN or not is_on_its_way(asked):
            return chosen, None
        st.html(_DIMMED)
    return before


def judgement(asked: Asked, *, key: str) -> Judged | None:
    """Return a judgement, as `components.networks.score_job.judged` does; of photos that do not come along, if it does.

    Args:
        asked: the request to the engine.
        key: distinguishes this place of the page from others.
    """
    if asked.dataset == PHOTOS and finished(asked) is None:
        try:
            network_file(asked.network, asked.which)
        except JudgingError as error:
            st.warning(plain(str(error)))
            return None
        st.info(
            "The 1,600 photos do not come with the course, only the scores that its own networks gave them: choose "
            "one of these networks, or other pictures for this one."
        )
        return None
    return judged(asked, key=key)


def choose_other(chosen: Judgement) -> None:
    """Draw the choice of a network, or of another epoch, to compare with."""
    with st.container(key="evaluation-second-choices", horizontal=True, vertical_alignment="bottom"):
        names = ["", *network_names()]
        choose_network("Compare with", "other", chosen.other, names, key=KEY, change=change)
        if is_run(chosen.other):
            choose_option("Its epoch", "other_which", chosen.other_which, WHICH, str, key=KEY, change=change)
        if not chosen.other and chosen.network != A_BAD_ONE and chosen.data in (PHOTOS, "drawn-pets"):
            st.button("Compare with a bad one", key="evaluation-bad", on_click=change, kwargs={"other": A_BAD_ONE})
        if has_two_epochs(chosen.network) and not _compares_epochs(chosen):
            st.button(
                "Compare its best with its last epoch",
                key="evaluation-epochs",
                on_click=change,
                kwargs={"which": "best", "other": chosen.network, "other_which": "last"},
            )


def _compares_epochs(chosen: Judgement) -> bool:
    return chosen.network == chosen.other and {chosen.which, chosen.other_which} == {"best", "last"}
