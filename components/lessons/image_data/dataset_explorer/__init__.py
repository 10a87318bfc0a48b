"""Explore a dataset: pictures by class, how many, how large, how bright; duplicates, damaged files, hard cases."""

from typing import Any

import numpy as np
import streamlit as st

from components import scene as scenes
from components import shell
from components.lessons.image_data.dataset_explorer import texts
from components.lessons.image_data.dataset_explorer.detail import picture_detail
from components.lessons.image_data.dataset_explorer.orders import ORDER_TITLES, answers_of, captions, hardest, ordered
from components.lessons.image_data.dataset_explorer.panels import charts, damaged, read_as, twins
from components.lessons.image_data.dataset_explorer.scene import DATA, NONE, Explored
from components.lessons.image_data.dataset_explorer.survey_job import Surveyed, Wanted, surveyed
from components.networks.choosers import choose_data, choose_folder, choose_option
from components.networks.dogs_download import dogs_download
from components.networks.names import network_title
from components.networks.score_job import Asked, judged
from components.photo.figures import figure_style
from components.photo.picture_gallery import Strip, picture_gallery
from components.photo.uploads import plain
from components.shell.in_view import in_view
from components.shell.projector import text_size
from models.evaluation.class_names import UnknownClassError, matched
from models.evaluation.network_facts import NetworkFacts, network_facts
from models.evaluation.stored_scores import Judged, loading_side
from models.figures import listed, number_of, percent

KEY = "dataset-explorer"
_PREFIX = "set-"

_MANY_CLASSES = 4
"""With this many classes or more, each has one row of pictures; with fewer, two."""


def dataset_explorer() -> None:
    """Draw the choice of a dataset and everything known about it; without an engine, a sentence."""
    chosen = scenes.open_scene(KEY, Explored, subject=KEY, prefix=_PREFIX).scene
    with st.container(key=KEY):
        if not in_view(f"{KEY}-near"):
            return
        figure_style()
        if not _choose(chosen):
            return
        facts = network_facts(chosen.network)
        if facts is None:
            st.warning(f"What is written down about the network {plain(chosen.network)} cannot be read.")
            return
        side = loading_side(chosen.dataset, facts.side)
        found = surveyed(Wanted(chosen.dataset, chosen.part, side, facts.resize), key=KEY)
        if found is not None:
            _explored(found, chosen, facts)


def change(**changes: Any) -> None:
    """Change the choices. Other pictures close the one that was open. For callbacks."""
    if changes.keys() & {"data", "folder"}:
        changes["picture"] = NONE
    scenes.change(KEY, **changes)


def _choose(chosen: Explored) -> bool:
    """Draw the choices; return whether there is a dataset to explore."""
    with st.container(key=f"{KEY}-choices", horizontal=True, vertical_alignment="bottom"):
        width = round(text_size() * 22)
        choose_data("Dataset", chosen.data, DATA, key=KEY, change=change, width=width)
        choose_option(
            "Order",
            "order",
            chosen.order,
            list(ORDER_TITLES),
            ORDER_TITLES.__getitem__,
            key=KEY,
            change=change,
            width=width,
        )
    if chosen.data == "folder" and not choose_folder(chosen.folder, key=KEY, change=change):
        return False
    return chosen.data != "dogs-vs-cats" or dogs_download()


def _explored(found: Surveyed, chosen: Explored, facts: NetworkFacts) -> None:
    st.write(f"**{plain(found.title)}**: {plain(texts.summary(found))}")
    read_as(found)
    told = _judgement(found, chosen, facts)
    network = network_title(chosen.network)
    marks: dict[int, str] = {}
    strips = []
    answers = None if told is None else answers_of(told.probabilities, told.classes)
    sure = None if told is None else told.probabilities.max(axis=1)
    if told is not None:
        hard = hardest(told.probabilities)
        marks = {int(place): "unsure" for place in hard}
        pets = chosen.data != "digits"
        st.write(plain(texts.hard_words(len(hard), len(found), len(told.classes), network, pets=pets)))
        folder = {"folder": chosen.folder} if chosen.data == "folder" else {}
        to = {"network": chosen.network, "data": chosen.data, "part": chosen.part}
        shell.link_to("evaluation", "See where it is wrong →", **to, **folder)
        shown_answers = captions(found, hard, "unsure", answers)
        strips.append(Strip("Hard cases, the least sure first", hard, shown_answers, marked=False))
    for number, name in enumerate(found.classes):
        places = ordered(found, np.flatnonzero(found.labels == number), chosen.order, sure)
        share = len(places) / len(found)
        title = f"{name}: {number_of(len(places), 'picture')} ({percent(share)}), {ORDER_TITLES[chosen.order]}"
        strips.append(Strip(title, places, captions(found, places, chosen.order, answers)))
    shown = chosen.picture if 0 <= chosen.picture < len(found) else None
    picture_gallery(
        strips,
        marks=marks,
        open_picture=shown,
        thumbnail=found.pictures.thumbnail,
        count=len(found),
        subject=found.pictures.subject,
        rows=1 if len(found.classes) >= _MANY_CLASSES else 2,
        key=f"{KEY}-gallery",
        on_press=lambda place: change(picture=place),
    )
    if shown is not None:
        picture_detail(found, shown, told, network, on_close=lambda: change(picture=NONE))
    charts(found, key=KEY)
    left, right = st.columns(2, gap="large")
    with left:
        twins(found)
    with right:
        damaged(found)


def _judgement(found: Surveyed, chosen: Explored, facts: NetworkFacts) -> Judged | None:
    """Return the network's answers for the pictures; None before it has answered, or if it knows other classes."""
    try:
        matched(found.classes, facts.classes)
    except UnknownClassError:
        st.info(
            f"{plain(network_title(chosen.network))} knows the classes {plain(listed(facts.classes))}. This dataset "
            "has other classes, so the network cannot say which pictures are hard."
        )
        return None
    told = judged(Asked(chosen.network, "best", chosen.dataset, chosen.part), key=f"{KEY}-judged")
    if told is None or told.pictures != found.digest:  # a picture has changed in between
        return None
    return told
