"""A card for each lesson, in the course's six groups: its picture on the visitor's photo, what one does, how long."""

import html

import streamlit as st

from components import shell
from components.lessons.home.thumbnails import thumbnail
from models.pictures.photo import Photo


def cards(photo: Photo) -> None:
    """Draw the cards; a press on one opens its lesson."""
    with st.container(key="cards", horizontal=True):
        for group in shell.GROUPS:
            with st.container(key=f"cards-{group.name.lower()}"):
                st.html(f'<div class="group"><h2>{group.name}</h2><p>{html.escape(group.words)}</p></div>')
                with st.container(key=f"cards-in-{group.name.lower()}", horizontal=True):
                    for part in group.parts:
                        with st.container(key=f"card-{part.path}"):
                            st.html(f'<img class="card-picture" alt="" src="{thumbnail(part.path, photo)}">')
                            shell.course_link(part)
                            st.html(
                                f'<p class="card-words">{html.escape(part.summary)}</p>'
                                f'<p class="card-minutes">about {part.minutes} min</p>'
                            )
