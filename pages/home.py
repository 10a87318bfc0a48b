"""/: the map of the course, the visitor's photo and where to start."""

import streamlit as st

from components import shell
from components.first_look import first_look
from components.photo import current_photo, photo_chosen, photo_picture

shell.lesson(
    "See a neural network learn",
    "A course on deep learning for images in which every picture and every number is computed before your eyes, "
    "on your own pet's photo.",
)
photo = current_photo()
left, right = st.columns([2, 3], gap="large")
with left:
    photo_picture(photo)
    if photo_chosen():
        st.write("**Your picture is ready.** It follows you through all pages.")
    else:
        st.write("**Choose a photo of your pet** with Upload above, or go on with this sample.")
    shell.start_button("Start: slide a filter over it")
with right:
    first_look(photo)
    shell.course_map()
