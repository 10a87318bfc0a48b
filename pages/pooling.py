"""/pooling: max, average and global average pooling."""

import streamlit as st

from components import shell
from components.pooling import pooling_boards
from components.pooling.keras_code import WORDS, keras_code

shell.lesson(
    "Pooling layers",
    "Keep one number for each window: the picture shrinks. Nothing here is learned.",
)
scene = pooling_boards()

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
