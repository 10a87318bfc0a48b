"""The course as one picture: the photo, the layers, the answer, the loss, what learning changes, and the evaluation."""

import html
import math
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from components.engine import STARTING, STARTING_AGAIN, engine, status
from components.lessons.home.first_look import sheet_url
from components.photo import remembered
from components.photo.uploads import jpeg_url, svg_url
from components.scene import rerun
from components.shell import course_link
from models.engine import EngineError
from models.evaluation.class_names import pet
from models.figures import probability
from models.pictures.photo import Photo

NETWORK = "convnet"
"""The course's own network answers on the home page."""

SIDE = 176
_COLOURS = {"cat": "#E69F00", "dog": "#009E73"}  # those of assets/theme.css, which a picture cannot read
_SECONDS = 1.0
_STYLE = (Path(__file__).resolve().parent / "course_picture.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Station:
    """One part of the picture.

    Attributes:
        name: its heading.
        words: what happens there, a short sentence.
        parts: URL paths of the lessons about it, with short names.
    """

    name: str
    words: str
    parts: tuple[tuple[str, str], ...]


STATIONS = (
    Station("Photo", "Height × width × three numbers.", (("image-data", "Image data"),)),
    Station(
        "Layers",
        "Filters turn it into feature maps.",
        (
            ("convnet", "All layers"),
            ("convolution", "Convolution"),
            ("pooling", "Pooling"),
            ("activation", "Activation"),
        ),
    ),
    Station("Answer", "A weighted sum of all features decides.", (("dense", "Dense layer"),)),
    Station("Loss", "How wrong is the prediction?", (("loss", "Loss"),)),
    Station(
        "Learning",
        "Training nudges every weight to lower the loss.",
        (("optimizers", "Optimizers"), ("callbacks", "Callbacks"), ("training", "Training")),
    ),
    Station("Evaluation", "How good is it, and where is it wrong?", (("evaluation", "Evaluation"),)),
)

BEFORE = (("deep-learning", "What is deep learning?"), ("keras", "TensorFlow and Keras"))
"""Lessons about the whole picture."""


def course_picture(photo: Photo) -> None:
    """Draw the picture for a photo, with the network's own answer to it."""
    st.html(f"<style>{_STYLE}</style>")
    coming = engine() is None and status() != "off"
    answer = "" if coming else _answer(photo)
    with st.container(key="course-picture", horizontal=True):
        for station in STATIONS:
            with st.container(key=f"station-{station.name.lower()}", border=True):
                st.html(f'<div class="station"><h2>{station.name}</h2><p>{station.words}</p></div>')
                _look(station, photo, answer)
                for path, name in station.parts:
                    pass
    with st.container(key="course-picture-before", horizontal=True, vertical_alignment="center"):
        st.html('<p class="station-before">The big picture:</p>', width="content")
        for path, name in BEFORE:
            pass


def _look(station: Station, photo: Photo, answer: list[tuple[str, float]] | str) -> None:
    """Draw a station's output for the photo; `answer` is empty while the engine starts."""
    if station.name == "Photo":
        url = remembered(photo, f"square {SIDE}", lambda: jpeg_url(photo.square(SIDE), quality=88))
        st.html(f'<figure class="station-look"><img alt="{html.escape(photo.name)}" src="{url}"></figure>')
    elif station.name == "Layers":
        url = remembered(photo, "station maps", lambda: sheet_url(photo, first=16, per_row=4))
        st.html(
            '<figure class="station-look"><img alt="16 feature maps of the photo, computed just now" '
            f'src="{url}"></figure>'
        )
    elif station.name == "Learning":
        st.html('<div class="station-look loop" aria-hidden="true"><i>↺</i><b>weights</b></div>')
    elif station.name == "Evaluation":
        st.html(
            '<div class="station-look matrix" aria-hidden="true"><b class="right">✓</b><b>✗</b><b>✗</b>'
            '<b class="right">✓</b></div>'
        )
    elif not answer:
        st.fragment(run_every=_SECONDS)(_wait)()
    elif isinstance(answer, str):
        st.html(f'<div class="station-look words"><p>{html.escape(answer)}</p></div>')
    else:
        st.html(_answer_picture(*answer) if station.name == "Answer" else _loss_picture(*answer))


def _wait() -> None:
    if engine() is not None:
        rerun()
    said = {STARTING: "The network is just starting …", STARTING_AGAIN: "The network is being started again …"}
    words = html.escape(said.get(status(), status()))
    st.html(f'<div class="station-look words"><p role="status">{words}</p></div>')


def _answer(photo: Photo) -> list[tuple[str, float]] | str:
    """Return (class, probability), the likelier first, or why there is no answer."""
    found = engine()
    if found is None:
        return "The network's answer needs the engine, which is off." if status() == "off" else status()
    try:
        answer = remembered(photo, "home answer", lambda: found.predict(photo.pixels, NETWORK))
    except EngineError as error:
        return str(error)
    pairs = zip(answer["classes"], answer["probabilities"], strict=True)
    return sorted(((pet(str(name)) or str(name), float(p)) for name, p in pairs), key=lambda pair: -pair[1])


def _answer_picture(first: tuple[str, float], second: tuple[str, float]) -> str:
    bars = "".join(
        f'<li class="{html.escape(name)}"><span>{html.escape(name)}</span><span class="track">'
        f'<span style="width:{p:.2%}"></span></span><b data-probability="{p!r}">{html.escape(probability(p))}</b></li>'
        for name, p in (first, second)
    )
    return f'<div class="station-look answer"><p>{html.escape(first[0])}!</p><ul>{bars}</ul></div>'


def loss_of(p: float) -> float:
    """Return the loss of an answer, −ln p, where p is the probability that it gave to the truth."""
    return -math.log(max(p, 1e-7))  # Keras clips there, too


def _loss_picture(first: tuple[str, float], second: tuple[str, float]) -> str:
    """Return the curve −ln p with the two losses that the answer can have."""
    width, height, top = 176, 120, 4.0

    def place(p: float) -> str:
        return f"{6 + p * (width - 12):.1f},{height - 6 - min(loss_of(p), top) / top * (height - 12):.1f}"

    curve = " ".join(place(0.02 + step * 0.02) for step in range(50))
    dots = []
    for name, p in (first, second):
        x, y = place(p).split(",")
        colour = _COLOURS.get(name, "#808080")
        dots.append(f'<circle fill="{colour}" stroke="#000" stroke-width="2" cx="{x}" cy="{y}" r="7"/>')
    picture = svg_url(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<polyline points="{curve}" fill="none" stroke="#2C8CC8" stroke-width="4"/>{"".join(dots)}</svg>'
    )
    words = "".join(
        f'<li class="{html.escape(name)}">if it is a {html.escape(name)}: <b>{loss_of(p):.2f}</b></li>'
        for name, p in (first, second)
    )
    return f'<div class="station-look losses"><img alt="" src="{picture}"><ul>{words}</ul></div>'
