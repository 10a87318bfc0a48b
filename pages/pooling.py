"""/pooling: max, average and global average pooling."""

import streamlit as st

from components import shell
from components.photo import current_photo
from components.pooling import pooling_boards
from components.pooling.keras_code import WORDS, keras_code
from components.pooling_picture import pooling_picture

shell.lesson(
    "Pooling layers",
    "Keep one number for each window: the picture shrinks. Nothing here is learned.",
)
scene = pooling_boards()

shell.section(
    "On your photo",
    "The same on a whole picture, and on what a real network's first layer finds in it. The small picture is "
    "enlarged back to the old size, so that you see what is gone.",
)
pooling_picture(current_photo())

left, right = st.columns([2, 3], gap="large")
with left:
    shell.notice(
        [
            "Max pooling keeps the strongest answer in each window: it says that something was found, "
            "and no longer exactly where.",
        ]
    )
with right:
    shell.keras_lines(keras_code(scene), WORDS)
