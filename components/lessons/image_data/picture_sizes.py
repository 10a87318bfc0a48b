"""How small is too small? The photo at five sizes beside two controls, and what two networks say of each."""

import html
from functools import partial
from pathlib import Path

import streamlit as st

from components.engine import status
from components.engine.notice import engine_or_word
from components.networks.answers import pet_shares
from components.photo import current_photo, remembered
from components.photo.uploads import plain, png_url
from components.shell.in_view import in_view
from models.engine import Engine, EngineError
from models.experiments.size_study import (
    BLURRED,
    CONTROLS,
    GREY,
    NETWORKS,
    SIDES,
    VIEWS,
    RightCount,
    shipped_study,
    view,
)
from models.figures import probability, whole_percent
from models.pictures.photo import Photo

KEY = "picture-sizes"
TITLES = {
    "convnet": "The course's convnet (takes 112\u00a0×\u00a0112)",
    "efficientnet-lite0-pets": "EfficientNet-Lite0 (takes 224\u00a0×\u00a0224)",
}
SHORT = {"convnet": "the course's convnet", "efficientnet-lite0-pets": "EfficientNet-Lite0"}
HEADINGS = {str(side): f"{side} × {side}" for side in SIDES} | {BLURRED: "Control: blurred", GREY: "Control: even grey"}
_STYLE = Path(__file__).with_suffix(".css")

Answers = dict[str, tuple[float, float]]
"""View → the probabilities of cat and dog."""


@st.fragment
def picture_sizes() -> None:
    """Draw the sizes side by side; without an engine, the pictures, what was measured, and a sentence."""
    with st.container(key=f"{KEY}-place"):
        st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
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


def conclusion(answers: dict[str, Answers]) -> str:
    """Return what the controls and the measured shares say about the answers at small sizes.

    Args:
        answers: network → its answers for this photo; empty before there are any.
    """
    study = shipped_study()["networks"]
    smallest = str(SIDES[0])
    sentences = []
    for network in NETWORKS:
        right = [f"{_share(count, smallest)} of {count['photos']:,} {kind}s" for kind, count in study[network].items()]
        words = f"At {HEADINGS[smallest]}, {SHORT[network]} was right on {' and '.join(right)}."
        if network in answers:
            words += f" Of an even grey it says “{_named(*answers[network][GREY])}”."
        sentences.append(words[0].upper() + words[1:])
    return " ".join(
        [
            "A network must answer, even where there is nothing to see. So its answer to one small photo does not "
            "prove that it has recognised anything: compare it with the controls, and with how often it is right on "
            "both animals.",
            *sentences,
        ]
    )


def _asked(engine: Engine, photo: Photo, network: str) -> Answers:
    return {name: pet_shares(engine.predict(view(photo.pixels, name), network)) for name in VIEWS}


def _table(photo: Photo, answers: dict[str, Answers], otherwise: str) -> str:
    def cells(made: dict[str, str]) -> str:
        return "".join(f"<td{_marked(name)}>{made[name]}</td>" for name in VIEWS)

    def picture(name: str) -> str:
        url = remembered(photo, f"{KEY} picture {name}", lambda: png_url(view(photo.pixels, name)))
        words = {BLURRED: "The photo, strongly blurred", GREY: "An even grey"}
        return f'<img alt="{words.get(name, f"The photo at {HEADINGS.get(name)} pixels")}" src="{url}">'

    head = "".join(f'<th scope="col"{_marked(name)}>{HEADINGS[name]}</th>' for name in VIEWS)
    numbers = {str(side): f"{side * side * 3:,} numbers" for side in SIDES}
    numbers |= {BLURRED: "colours, but no shape", GREY: "nothing"}
    rows = f'<tr><th scope="row">Enlarged back</th>{cells({name: picture(name) for name in VIEWS})}</tr>'
    rows += f'<tr><th scope="row">What is left</th>{cells(numbers)}</tr>'
    for network in NETWORKS:
        given = answers.get(network)
        said = {name: _answer(*given[name]) if given else otherwise for name in VIEWS}
        rows += f'<tr><th scope="row">{html.escape(TITLES[network])}</th>{cells(said)}</tr>'
        rows += (
            f'<tr class="measured"><th scope="row">How often it is right, measured</th>{cells(_measured(network))}</tr>'
        )
    return (
        '<div class="sizes" tabindex="0" role="region" aria-label="The photo at five sizes, and two controls" '
        f'data-digest="{photo.digest}">'
        f'<table><thead><tr><th scope="col">Size</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        f'<section class="lesson"><p data-conclusion>{html.escape(conclusion(answers))}</p></section>'
    )


def _marked(name: str) -> str:
    return ' class="control"' if name in CONTROLS else ""


def _answer(cat: float, dog: float) -> str:
    return (
        f'<strong data-cat="{cat!r}">{html.escape(_named(cat, dog))}</strong>'
        f'<div class="bar" aria-hidden="true"><span style="width:{100 * cat:.1f}%"></span><span></span></div>'
    )


def _named(cat: float, dog: float) -> str:
    name, share = ("cat", cat) if cat >= dog else ("dog", dog)
    return f"{name} {probability(share)}"


def _measured(network: str) -> dict[str, str]:
    study = shipped_study()["networks"][network]

    def lines(name: str) -> str:
        bars = []
        for kind, count in study.items():
            wide = 100 * count["right"][name] / count["photos"]
            bars.append(
                f'{kind}s {html.escape(_share(count, name))}<div class="bar of-all {kind}s" aria-hidden="true">'
                f'<span style="width:{wide:.1f}%"></span><span></span></div>'
            )
        return "".join(bars)

    return {name: lines(name) for name in VIEWS}


def _share(count: RightCount, name: str) -> str:
    return whole_percent(count["right"][name] / count["photos"])
