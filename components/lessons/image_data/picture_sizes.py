"""How small is too small? The photo at five sizes, and what two networks answer to each."""

import html
from functools import partial

import numpy as np
import streamlit as st

from components.engine import status
from components.engine.notice import engine_or_word
from components.networks.answers import pet_shares
from components.photo import current_photo, remembered
from components.photo.uploads import plain, png_url
from components.shell.in_view import in_view
from models.engine import Engine, EngineError
from models.pictures.photo import Photo
from models.pictures.resize import resize

KEY = "picture-sizes"
SIDES = (16, 32, 64, 128, 224)
NETWORKS = {
    "convnet": "The course's convnet (looks at 112 × 112)",
    "efficientnet-lite0-pets": "EfficientNet-Lite0 (looks at 224 × 224)",
}
_STYLE = """<style>
.sizes { overflow-x: auto; }
.sizes table {
  border-collapse: collapse; table-layout: fixed; width: 100%; min-width: 44rem; max-width: 76rem; font-size: 1rem;
}
.sizes :is(th, td) {
  padding: 0.3rem 0.5rem 0.3rem 0; text-align: left; vertical-align: top; line-height: 1.35; overflow-wrap: anywhere;
}
.sizes th[scope="col"]:first-child { width: 11rem; }
.sizes th[scope="row"] { font-weight: 600; }
.sizes img { display: block; width: 100%; max-width: 13rem; aspect-ratio: 1; image-rendering: pixelated; }
.sizes .bar {
  display: flex; height: 0.8rem; max-width: 13rem; margin-top: 0.15rem; outline: 1px solid var(--hairline);
}
.sizes .bar span:first-child { background: var(--cat); }
.sizes .bar span:last-child { background: var(--dog); flex: 1; }
@media (max-width: 60rem) {
  .sizes table { min-width: 35rem; }
  .sizes th[scope="col"]:first-child { width: 7.2rem; }
}
</style>"""


@st.fragment
def picture_sizes() -> None:
    """Draw the sizes side by side; without an engine, the pictures and a sentence."""
    with st.container(key=f"{KEY}-place"):
        st.html(_STYLE)
        photo = current_photo()
        place = st.empty()
        # One element holds the pictures and their answers: an old answer never stands below a new picture.
        place.html(_table(photo, {}, "…" if status() != "off" else "–"))
        if not in_view(KEY):
            return
        engine = engine_or_word("Asking two networks at every size")
        if engine is None:
            return
        try:
            answers = {
                name: remembered(photo, f"{KEY} {name}", partial(_asked, engine, photo, name)) for name in NETWORKS
            }
        except EngineError as error:
            st.warning(f"The network gave no answer: {plain(str(error))}")
            return
        place.html(_table(photo, answers, "–"))


def small(photo: Photo, side: int) -> np.ndarray:
    """Return the middle of the photo at a size, uint8 (side, side, 3)."""
    return resize(photo.pixels, side, "crop")


def _asked(engine: Engine, photo: Photo, network: str) -> list[tuple[float, float]]:
    return [pet_shares(engine.predict(small(photo, side), network)) for side in SIDES]


def _table(photo: Photo, answers: dict[str, list[tuple[float, float]]], otherwise: str) -> str:
    def picture(side: int) -> str:
        url = remembered(photo, f"{KEY} picture {side}", lambda: png_url(small(photo, side)))
        return f'<td><img alt="The photo at {side} × {side} pixels" src="{url}"></td>'

    head = "".join(f'<th scope="col">{side} × {side}</th>' for side in SIDES)
    numbers = "".join(f"<td>{side * side * 3:,} numbers</td>" for side in SIDES)
    rows = f'<tr><th scope="row">Enlarged back</th>{"".join(map(picture, SIDES))}</tr>'
    rows += f'<tr><th scope="row">What is left</th>{numbers}</tr>'
    for network, title in NETWORKS.items():
        cells = [_answer(*shares) for shares in answers[network]] if network in answers else [otherwise] * len(SIDES)
        rows += f'<tr><th scope="row">{html.escape(title)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
    return (
        '<div class="sizes" tabindex="0" role="region" aria-label="The photo at five sizes" '
        f'data-digest="{photo.digest}">'
        f'<table><thead><tr><th scope="col">Size</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _answer(cat: float, dog: float) -> str:
    name, share = ("cat", cat) if cat >= dog else ("dog", dog)
    percent = 100 * share
    written = f"{min(percent, 99.9):.1f} %"  # only 1 is certain
    return (
        f'<strong data-cat="{cat!r}">{name} {written}</strong>'
        f'<div class="bar" aria-hidden="true"><span style="width:{100 * cat:.1f}%"></span><span></span></div>'
    )
