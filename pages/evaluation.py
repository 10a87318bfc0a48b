"""/evaluation: how good is a network, where is it wrong, and why; and the visitor's own pet judged."""

import streamlit as st

from components import shell
from components.engine import status
from components.lessons.evaluation import (
    asked_of,
    choose,
    choose_other,
    has_many_classes,
    judgement,
    judgement_or_before,
    open_judgement,
    style,
)
from components.lessons.evaluation.digits import kind_of
from components.lessons.evaluation.figures_download import figures_download
from components.lessons.evaluation.lesson import lesson
from components.lessons.evaluation.own_photos import own_judgement
from components.lessons.evaluation.own_test import own_test
from components.lessons.evaluation.photo_detail import aside_of, other_view, photo_detail, take_all_back
from components.lessons.evaluation.pictures_behind import pictures_behind
from components.lessons.evaluation.result import result, side_by_side, threshold_now
from components.lessons.evaluation.scene import OWN
from components.lessons.evaluation.your_pet import ask_about_pet, has_maps, known_pet, your_pet
from components.networks.names import network_words

ASIDE = "evaluation-aside"
THRESHOLD_IDEA = (
    "One threshold decides. Drag it: photos change cells, the matrix counts them, the point walks along the curve."
)
MATRIX_IDEA = (
    "Each row is a class as it is, each column what the network says: on the diagonal it is right, elsewhere mistaken."
)

chosen = open_judgement()
own = chosen.data == OWN
many = has_many_classes(chosen)
board = "Matrix" if many else "Threshold"
shell.lesson(
    MATRIX_IDEA if many else THRESHOLD_IDEA,
    acts=(board, "Your pet", *(() if own else ("Own test",)), "Two networks", "Download"),
)
style()
found = None
aside: frozenset[int] = frozenset()

with shell.act(board):
    can_be_judged = choose(chosen)
    with st.container(key="evaluation-judged"):
        if can_be_judged:
            chosen, found = judgement_or_before(chosen)
        if found is not None:
            asked = asked_of(chosen)
            pictures = pictures_behind(found, asked)
            aside = aside_of(ASIDE, pictures.subject)
            pet = known_pet(found)
            photo = result(found, pictures, aside, pet, chosen)
            if aside:
                with st.container(key="evaluation-aside-words", horizontal=True, vertical_alignment="center"):
                    st.write(f"**{len(aside)} set aside**: all figures are without them.")
                    st.button("Count all again", key="evaluation-all", on_click=take_all_back, args=(ASIDE,))
            if photo is not None and photo < len(found):
                photo_detail(
                    found,
                    asked,
                    pictures,
                    photo,
                    aside,
                    ASIDE,
                    chosen=chosen,
                    threshold=threshold_now(),
                    has_maps=has_maps(pet),
                )

if found is not None:
    kind = kind_of(found)
    with st.container(key="evaluation-further"):
        words = f"Your photo, seen by the same network, among the {kind} above."
        with (
            shell.act("Your pet", "Your pet", words, beside=True),
            # Its answer has its room before it comes.
            st.container(key="evaluation-no-pet" if status() == "off" else "evaluation-pet"),
        ):
            if pet is not None:
                your_pet(found, pet, pictures, chosen, threshold_now())
            else:
                ask_about_pet(found, asked)

        if not own:
            with shell.act(
                "Own test",
                "Your own test: photos that you have taken yourself",
                "They are the hardest test: nobody chose them to look like the photos that the network learned from.",
                folded=True,
            ):
                own_test(found, asked)

        with shell.act(
            "Two networks",
            f"Two networks, or two epochs, on the same {kind}",
            f"Which of them is better, on which {kind} do they disagree, and could that be chance?",
            folded=True,
            opened_by="other",
        ):
            choose_other(chosen)
            if chosen.other:
                second = asked_of(chosen, other=True)
                other = own_judgement(second) if own else judgement(second, key="evaluation-second")
                if other is not None:
                    changed = side_by_side(found, other, pictures, chosen, aside)
                    if changed is not None:
                        if changed != photo:
                            photo_detail(
                                found,
                                asked,
                                pictures,
                                changed,
                                aside,
                                ASIDE,
                                chosen=chosen,
                                threshold=threshold_now(),
                                has_maps=has_maps(pet),
                            )
                        title = network_words(chosen.other, chosen.other_which)
                        other_view(other, second, pictures_behind(other, second), changed, title=title)

        with shell.act("Download", "Download the results", folded=True):
            st.write(
                f"Every figure above comes from the table of {kind}, by the scikit-learn lines in the reference, below "
                "those for Keras."
            )
            figures_download(found, threshold_now(), aside)

lesson(found, threshold_now(), aside)
