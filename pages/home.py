"""/: the cover, with the visitor's photo on its way through a network, and the lessons."""

import streamlit as st

from components.lessons.home.cards import cards
from components.lessons.home.cover import cover
from components.lessons.home.welcome import welcome
from components.photo import current_photo, photo_problem, privacy_note

photo = current_photo()
with st.container(key="home-top", horizontal=True):
    with st.container():
        welcome()
    with st.container():
        cover(photo)
photo_problem()
cards(photo)
privacy_note()
