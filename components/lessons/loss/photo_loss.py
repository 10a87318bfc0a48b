"""The loss of the visitor's own photo under both labels, "it is a cat" and "it is a dog"."""

import html
import math
from functools import partial

import numpy as np
import streamlit as st

from components.engine import status
from components.engine.notice import engine_or_word
from components.networks.answers import pet_shares
from components.photo import current_photo, remembered
from components.photo.uploads import jpeg_url, plain
from components.shell.in_view import in_view
from models import weights
from models.arithmetic import binary_crossentropy, smoothed_targets
from models.engine import EngineError
from models.figures import probability
from models.pictures.photo import Photo

KEY = "photo-loss"
NETWORKS = {"convnet": "The course's convnet", "efficientnet-lite0-pets": "EfficientNet-Lite0, fine-tuned"}
_SIDE = 192
_RESERVED = (
    f"<style>.st-key-{KEY}-place {{ min-height: 17.5rem; }} "
    f"@media (max-width: 40rem) {{ .st-key-{KEY}-place {{ min-height: 43rem; }} }} "
    ".photo-loss { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: var(--space-4) var(--space-5); } "
    ".photo-loss figure { margin: 0; } .photo-loss > div { font-variant-numeric: tabular-nums; } "
    ".photo-loss .networks { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); "
    "gap: var(--space-3) var(--space-5); } "
    ".photo-loss img { display: block; width: 13rem; border-radius: var(--radius-large); } "
    ".photo-loss .said { display: block; font-size: var(--size-title); font-weight: 700; } "
    "@media (max-width: 40rem) { .photo-loss { grid-template-columns: minmax(0, 1fr); } }</style>"
)
"""Reserves room for the answers: what is below must not move under a visitor's finger when they arrive."""


@st.fragment
def photo_loss() -> None:
    """Draw the photo with its loss under both labels, by two networks; without an engine, a sentence."""
    with st.container(key=f"{KEY}-place"):
        if status() != "off":
            st.html(_RESERVED)
        _drawn()


def _drawn() -> None:
    if not in_view(KEY):
        return
    engine = engine_or_word("Asking a network about your photo")
    if engine is None:
        return
    photo = current_photo()
    place = st.empty()
    # One element holds both the picture and its numbers: an old number never stands beside a new picture.
    place.html(_page(photo, "<p>The networks are looking at the picture …</p>"))
    try:
        answers = {}
        for network in NETWORKS:
            ask = partial(engine.predict, photo.pixels, network)
            answers[network] = remembered(photo, f"{KEY} {network}", ask)
    except EngineError as error:
        with place.container():
            st.html(_page(photo, ""))
            st.warning(f"The network gave no answer: {plain(str(error))}")
        return
    rows = "".join(_row(NETWORKS[network], pet_shares(answer)[1]) for network, answer in answers.items())
    place.html(_page(photo, f'<div class="networks">{rows}</div>{_folded(*smoothing_words())}'))


def _folded(summary: str, words: str) -> str:
    return (
        f'<details class="lesson more"><summary>{html.escape(summary)}</summary><p>{html.escape(words)}</p></details>'
    )


def smoothing_words() -> tuple[str, str]:
    """Return a question, and why the networks are never quite sure, with the numbers they were trained towards."""
    right, other = smoothed_targets(max(weights.label_smoothing(network) for network in NETWORKS), 2)
    return (
        "Why is p never 1?",
        f"Both networks were trained with label smoothing: the right class counted as {right:.3f} "
        f"and the other one as {other:.3f}. The training pulled sure and right predictions towards {right:.3f}, which "
        f"costs −ln {right:.3f} = {both_losses(right)[1]:.4f}, not 0. On an easy photo, a network may still go beyond.",
    )


def both_losses(p: float) -> tuple[float, float]:
    """Return the cross-entropy under the labels 0 (cat) and 1 (dog) of a predicted probability of "dog"."""
    cat, dog = binary_crossentropy(np.array([0.0, 1.0]), np.array([p, p]))
    return float(cat), float(dog)


def _row(network: str, p: float) -> str:
    cat, dog = both_losses(p)
    lines = [
        ("it is a cat", f"−ln(1 − {p:.4f})", cat),
        ("it is a dog", f"−ln {p:.4f}", dog),
    ]
    cells = "".join(
        f'<tr><td>{label}</td><td>{formula}</td><td><strong data-loss="{loss!r}">{loss:.4f}</strong></td></tr>'
        for label, formula, loss in lines
    )
    head = '<thead><tr><th scope="col">If the label says</th><th scope="col" colspan="2">Loss</th></tr></thead>'
    said = f"dog {probability(p)}" if p > 0.5 else f"cat {probability(1 - p)}"
    said = "even odds" if math.isclose(p, 0.5, abs_tol=0.005) else said
    return (
        f'<div><p>{html.escape(network)}<span class="said">{html.escape(said)}</span>p(dog) = {p:.4f}</p>'
        f"<table>{head}<tbody>{cells}</tbody></table></div>"
    )


def _page(photo: Photo, answer: str) -> str:
    return (
        f'<section class="lesson photo-loss" data-digest="{photo.digest}">'
        f'<figure><img alt="{html.escape(photo.name)}" '
        f'src="{jpeg_url(photo.square(_SIDE))}"><figcaption>{html.escape(photo.name)}</figcaption></figure>'
        f"<div>{answer}</div></section>"
    )
