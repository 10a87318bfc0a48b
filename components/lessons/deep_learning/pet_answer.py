"""Cat or dog? What two networks that come along say to the visitor's photo, asked now."""

import html
from functools import partial

import streamlit as st

from components.engine import status
from components.engine.notice import TURNED_OFF, engine_or_word
from components.networks.answers import pet_shares
from components.photo import CAPTIONS, current_photo, remembered
from components.photo.uploads import jpeg_url, plain
from components.shell.in_view import in_view
from models.engine import EngineError
from models.figures import probability
from models.pictures.photo import Photo

KEY = "pet-answer"
NETWORKS = {
    "convnet": ("The course’s network", "trained from scratch on 21,362 photos"),
    "efficientnet-lite0-pets": (
        "EfficientNet-Lite0",
        "trained first on ImageNet’s photos of 1,000 things, then on cats and dogs",
    ),
}
_ASKING = "Asking a network what is on your photo"
_SIDE = 320
_STYLE = """<style>
.pet { display: flex; flex-wrap: wrap; gap: var(--space-3) var(--space-5); align-items: flex-start; }
.pet figure { margin: 0; flex: 0 1 17rem; min-width: 9rem; }
.pet img { display: block; width: 100%; border-radius: var(--radius-large); }
.pet .answers { flex: 1 1 13rem; min-height: 21rem; }
.pet .answers:has(.off) { min-height: 0; }
.pet { margin-bottom: var(--space-3); }
.pet p { margin: 0 0 var(--space-1); line-height: 1.4; }
.pet .said { font-size: var(--size-heading); font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.pet .bar { display: flex; height: 1rem; max-width: 24rem; margin: var(--space-1) 0 var(--space-4);
  outline: 1px solid var(--hairline); }
@media (max-width: 40rem) {
  .pet figure { flex-basis: 100%; }
  .pet img { height: 32vh; object-fit: cover; }
  .pet .answers { min-height: 15.5rem; }
}
.pet .bar span:first-child { background: var(--cat); }
.pet .bar span:last-child { background: var(--dog); flex: 1; }
</style>"""


@st.fragment
def pet_answer() -> None:
    """Draw the photo with both answers; without an engine, the photo and a sentence."""
    with st.container(key=f"{KEY}-place", gap=None):
        st.html(_STYLE)
        with st.container():  # an element even when empty, so that the photo does not move
            near = in_view(KEY)  # above the photo: on a phone, what is below it is far away
        photo = current_photo()
        # One element holds the photo and its answers: an old answer never stands beside a new photo.
        place = st.empty()
        if status() == "off":
            place.html(_page(photo, f"<p class='off'>{TURNED_OFF.format(what=_ASKING)}</p>"))
            return
        place.html(_page(photo, "<p>The networks are looking at it …</p>"))
        if not near:  # the page comes first: a network that is just being loaded takes seconds
            return
        engine = engine_or_word(_ASKING)
        if engine is None:
            return
        try:
            answers = {
                name: pet_shares(remembered(photo, f"{KEY} {name}", partial(engine.predict, photo.pixels, name)))
                for name in NETWORKS
            }
        except EngineError as error:
            place.html(_page(photo, ""))
            st.warning(f"The network gave no answer: {plain(str(error))}")
            return
        place.html(_page(photo, "".join(_answer(name, *shares) for name, shares in answers.items())))


def _answer(network: str, cat: float, dog: float) -> str:
    title, how = map(html.escape, NETWORKS[network])
    name, share = ("cat", cat) if cat >= dog else ("dog", dog)
    return (
        f"<p><strong>{title}</strong>, {how}, says:</p>"
        f'<p class="said" data-network="{network}" data-cat="{cat!r}">{name} {html.escape(probability(share))}</p>'
        f'<div class="bar" role="img" aria-label="cat {100 * cat:.1f}\u00a0%, dog {100 * dog:.1f}\u00a0%">'
        f'<span style="width:{100 * cat:.1f}%"></span><span></span></div>'
    )


def _page(photo: Photo, answers: str) -> str:
    url = remembered(photo, f"{KEY} picture", lambda: jpeg_url(photo.square(_SIDE), quality=88))
    return (
        f'<section class="lesson pet" data-digest="{photo.digest}"><figure><img alt="{html.escape(photo.name)}" '
        f'src="{url}"><figcaption>{html.escape(CAPTIONS[photo.source])}</figcaption></figure>'
        f'<div class="answers">{answers}</div></section>'
    )
