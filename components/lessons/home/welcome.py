"""What this is, where to begin, and a photo to begin with."""

import streamlit as st

from components import shell
from components.photo import photo_chosen
from components.photo.sample_strip import sample_strip


def welcome() -> None:
    """Draw the title, the one button, and the samples."""
    with st.container(key="welcome"):
        st.html(
            '<div class="welcome"><h1>See a neural network learn</h1>'
            "<p>A course on deep learning for images that computes before your eyes, on your own pet’s photo.</p></div>"
        )
    after, seen = shell.next_lesson(), shell.visited() - {""}
    if not seen:
        label = "Start the course"
    elif len(seen) < len(shell.COURSE) - 1:
        label = f"Continue with {after.number} {after.title}"
    else:
        label = "Begin again"
    shell.start_button(label)
    sample_strip(
        "Your picture follows you through all pages." if photo_chosen() else "Your pet’s photo, or one of these:"
    )
