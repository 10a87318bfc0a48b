"""A picture with its caption, and bars of probabilities, as HTML."""

import html
from pathlib import Path

import numpy as np
import streamlit as st

from components.photo.uploads import jpeg_url
from models.evaluation.class_names import pet
from models.figures import probability

_STYLE = Path(__file__).with_name("figures.css")

SIDE = 336
"""Width and height, in pixels, at which a photo and its heatmap are drawn."""


def figure_style() -> None:
    """Style what the other functions return; call it once on a page."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")


def figure(pixels: np.ndarray, words: str) -> str:
    """Return a picture with a caption as HTML."""
    escaped = html.escape(words)
    return (
        f'<figure class="photo-detail"><img alt="{escaped}" src="{jpeg_url(pixels)}">'
        f"<figcaption>{escaped}</figcaption></figure>"
    )


def probability_bars(answers: list[tuple[str, float]]) -> str:
    """Return bars of (class, probability) as HTML, in the colours of cats and dogs where they are the classes."""
    rows = "".join(
        f'<li class="{pet(name) or ""}"><span>{html.escape(name)}</span>'
        f'<span class="track"><span style="width:{p:.2%}"></span></span>'
        f"<b data-probability={p!r}>{html.escape(probability(p))}</b></li>"
        for name, p in answers
    )
    return f'<ul class="probability-bars">{rows}</ul>'
