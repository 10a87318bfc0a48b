"""/: the course as one picture, the visitor's photo in it, and where to start."""

import streamlit as st

from components import shell
from components.lessons.home.course_picture import course_picture
from components.lessons.home.first_look import first_look
from components.photo import current_photo, photo_chosen, photo_picture

shell.lesson(
    "A course on deep learning for images that computes before your eyes, on your own pet's photo.",
)
photo = current_photo()
with st.container(key="first-step", horizontal=True, vertical_alignment="center"):
    if photo_chosen():
        st.write("**Your picture is ready.** It follows you through all pages.")
    else:
        st.write("**1. Choose a photo of your pet** with Upload above, or keep this sample. **2. Start.**")
    shell.start_button("Start the course")
course_picture(photo)

shell.section("The lessons", "The course’s twelve parts, in order. A tick marks the pages you have visited.")
shell.course_map()

shell.section("Your photo, and what a network’s first filters detect in it")
left, right = st.columns([2, 3], gap="large")
with left:
    photo_picture(photo)
with right:
    first_look(photo)
