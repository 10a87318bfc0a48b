"""/evaluation: how good is a network, where is it wrong, and why; and the visitor's own pet judged."""

import streamlit as st

from components import shell
from components.lessons.evaluation import asked_of, choose, choose_other, open_judgement, style
from components.lessons.evaluation.lesson import lesson
from components.lessons.evaluation.own_photos import OwnPictures, own_judgement
from components.lessons.evaluation.own_test import own_test
from components.lessons.evaluation.photo_detail import aside_of, other_view, photo_detail, take_all_back
from components.lessons.evaluation.result import downloads, result, side_by_side
from components.lessons.evaluation.scene import OWN
from components.lessons.evaluation.your_pet import look_at_pet, your_pet
from components.networks.names import network_words
from components.networks.pictures import pictures_of
from components.networks.score_job import judged

ASIDE = "evaluation-aside"

shell.lesson(
    "Evaluation",
    "One threshold decides. Drag it: photos change cells, the matrix counts them, the point walks along the curve.",
)
style()
chosen = open_judgement()
asked = asked_of(chosen)
own = chosen.data == OWN
found = None
if choose(chosen):
    found = own_judgement(asked) if own else judged(asked, key="evaluation")

if found is not None:
    pictures = OwnPictures(found, asked) if own else pictures_of(found)
    aside = aside_of(ASIDE, pictures.subject)
    seen = look_at_pet(found, asked)
    photo = result(found, pictures, aside, seen, network_words(chosen.network, chosen.which))
    if aside:
        with st.container(key="evaluation-aside-words", horizontal=True, vertical_alignment="center"):
            st.write(f"**{len(aside)} set aside**: all figures are without them.")
            st.button("Count all again", key="evaluation-all", on_click=take_all_back, args=(ASIDE,))
    if photo is not None and photo < len(found):
        photo_detail(found, asked, pictures, photo, aside, ASIDE, chosen=chosen)

    if seen is not None:
        shell.section("Your pet", "Your photo, judged by the same network, among the photos above.")
        your_pet(found, seen, pictures, chosen)

    if not own:
        shell.section(
            "Your own test",
            "Photos that you have taken yourself are the hardest test: nobody chose them to look like the training "
            "photos.",
        )
        own_test(found, asked)

    shell.section(
        "Two networks, or two epochs, on the same photos",
        "Which of them is better, on which photos do they disagree, and could that be chance?",
    )
    choose_other(chosen)
    if chosen.other:
        second = asked_of(chosen, other=True)
        other = own_judgement(second) if own else judged(second, key="evaluation-second")
        if other is not None:
            changed = side_by_side(found, other, pictures, chosen, aside)
            if changed is not None:
                if changed != photo:
                    photo_detail(found, asked, pictures, changed, aside, ASIDE, chosen=chosen)
                title = network_words(chosen.other, chosen.other_which)
                theirs = OwnPictures(other, second) if own else pictures_of(other)
                other_view(other, second, theirs, changed, title=title)

    downloads(found, aside)

lesson(found)
