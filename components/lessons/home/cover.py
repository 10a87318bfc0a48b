"""The cover: the visitor's photo goes through the course's own network to its answer, and on to the loss."""

import html
import math
from typing import NamedTuple

import numpy as np
import streamlit as st

from components.engine.thinking import Thought, thinking
from components.lessons.home.drawings import CAT, DOG
from components.lessons.home.signed_maps import signed_colours
from components.photo import CAPTIONS, remembered
from components.photo.uploads import jpeg_url, png_url, svg_url
from models.answers import MapLayer, NetworkMap
from models.engine import Engine
from models.engine.questions import NETWORK_MAP, SMALL_MAPS
from models.evaluation.class_names import pet
from models.figures import probability
from models.pictures.photo import Photo

NETWORK = "convnet"
"""The course's own network answers on the home page."""

SIDE = 360
COLUMNS, MAPS = 3, 5
_EDGE = "#8D8A83"


class Cover(NamedTuple):
    """What the network makes of a photo.

    Attributes:
        layers: of each shown layer its name and shape, and its strongest maps as a URL, below each other.
        answer: (class, probability), the likelier first.
    """

    layers: list[tuple[str, str, str]]
    answer: list[tuple[str, float]]


def cover(photo: Photo) -> None:
    """Draw the photo at once, and the network's maps and answer when they are there."""
    thought = thinking("home", photo.digest, lambda engine: _asked(engine, photo), listen=0.3)
    with st.container(key="cover"):
        st.html(_picture(photo, thought))
        if thought.problem or thought.late:
            thought.show()
        else:
            thought.watch()


def _asked(engine: Engine, photo: Photo) -> Cover:
    """Ask for the layers and the strongest maps of three of them: in another thread, so no session here."""
    answer = engine.ask(NETWORK_MAP, photo.pixels, NETWORK, "best")
    chosen = _chosen(answer)
    wanted = {layer["name"]: [int(one) for one in np.argsort(-layer["strength"])[:MAPS]] for layer in chosen}
    small = engine.ask(SMALL_MAPS, photo.pixels, NETWORK, wanted, "best")
    layers = []
    for layer in chosen:
        numbers = wanted[layer["name"]]
        low, high = layer["low"][numbers], layer["high"][numbers]
        maps = low[:, None, None] + small[layer["name"]] / 255 * (high - low)[:, None, None]
        layers.append((layer["name"], "×".join(map(str, layer["shape"])), png_url(_column(maps))))
    pairs = zip(answer["classes"], answer["probabilities"], strict=True)
    return Cover(layers, sorted(((pet(str(name)) or str(name), float(p)) for name, p in pairs), key=lambda it: -it[1]))


def _chosen(answer: NetworkMap) -> list[MapLayer]:
    """Return the first, a middle and the last layer whose maps are computed with filters."""
    convolutions = [layer for layer in answer["layers"] if layer["class"] == "Conv2D"]
    places = np.linspace(0, len(convolutions) - 1, COLUMNS).round().astype(int)
    return [convolutions[place] for place in places]


def _column(maps: np.ndarray) -> np.ndarray:
    """Return maps (count, height, width) below each other, with a transparent gap, as RGBA."""
    count, height, width = maps.shape
    gap = max(round(height / 8), 1)
    sheet = np.zeros((count * (height + gap) - gap, width, 4), np.uint8)
    for place, one in enumerate(maps):
        top = place * (height + gap)
        sheet[top : top + height, :, :3] = signed_colours(one)
        sheet[top : top + height, :, 3] = 255
    return sheet


def _picture(photo: Photo, thought: Thought[Cover]) -> str:
    url = remembered(photo, f"square {SIDE}", lambda: jpeg_url(photo.square(SIDE), quality=88))
    known = thought.answer
    parts = [
        f'<figure class="flow-photo"><img alt="{html.escape(photo.name)}" src="{url}">'
        f"<figcaption>{CAPTIONS[photo.source]}</figcaption></figure>"
    ]
    for place in range(COLUMNS):
        parts.append(_edges(1 if place == 0 else MAPS, MAPS, 2 * place))
        if known:
            name, shape, sheet = known.layers[place]
            alt = f"the {MAPS} strongest maps of the layer {name}"
            inner = f'<img alt="{html.escape(alt)}" src="{sheet}"><figcaption>{shape}</figcaption>'
        else:
            inner = f'<div class="flow-empty">{"<i></i>" * MAPS}</div><figcaption>&nbsp;</figcaption>'
        parts.append(f'<figure class="flow-maps" style="--at:{2 * place + 1}">{inner}</figure>')
    parts.append(_edges(MAPS, 1, 2 * COLUMNS))
    parts.append(_answer(known.answer) if known else _waiting(thought))
    return f'<div class="flow" data-known="{int(known is not None)}">{"".join(parts)}</div>'


def _edges(left: int, right: int, at: int) -> str:
    """Return lines from each of `left` places to each of `right` places."""
    lines = "".join(
        f'<path d="M0 {(a + 0.5) * 100 / left:.1f}L100 {(b + 0.5) * 100 / right:.1f}"/>'
        for a in range(left)
        for b in range(right)
    )
    drawn = svg_url(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none">'
        f'<g fill="none" stroke="{_EDGE}" stroke-opacity=".55" stroke-width="1.2">'
        f"{lines.replace('/>', ' vector-effect=&quot;non-scaling-stroke&quot;/>').replace('&quot;', chr(34))}</g></svg>"
    )
    return f'<img class="flow-edges" style="--at:{at}" alt="" src="{drawn}">'


def _waiting(thought: Thought[Cover]) -> str:
    words = "" if thought.problem else thought.words
    return f'<div class="flow-end"><p class="flow-waits" role="status">{html.escape(words)}</p></div>'


def _answer(answer: list[tuple[str, float]]) -> str:
    """Return the answer with its bars, and the two losses that it can have."""
    bars = "".join(
        f'<li class="{html.escape(name)}"><span>{html.escape(name)}</span><span class="track">'
        f'<span style="width:{p:.2%}"></span></span><b data-probability="{p!r}">{html.escape(probability(p))}</b></li>'
        for name, p in answer
    )
    losses = "".join(
        f'<li class="{html.escape(name)}">if it is a {html.escape(name)}: <b>{loss_of(p):.2f}</b></li>'
        for name, p in answer
    )
    name, p = answer[0]
    return (
        '<div class="flow-end"><div class="flow-answer" style="--at:7">'
        f'<p class="said">{html.escape(name)} {html.escape(probability(p))}</p><ul class="bars">{bars}</ul></div>'
        '<div class="flow-loss" style="--at:8"><p>The loss</p>'
        f'<img alt="" src="{_loss_curve(answer)}"><ul>{losses}</ul></div></div>'
    )


def loss_of(p: float) -> float:
    """Return the loss of an answer, −ln p, where p is the probability that it gave to the truth."""
    return -math.log(max(p, 1e-7))  # Keras clips there, too


def _loss_curve(answer: list[tuple[str, float]]) -> str:
    """Return the curve −ln p with the two losses that the answer can have."""
    width, height, top = 176, 84, 4.0

    def place(p: float) -> tuple[float, float]:
        return 8 + p * (width - 16), height - 8 - min(loss_of(p), top) / top * (height - 16)

    curve = " ".join("{:.1f},{:.1f}".format(*place(0.02 + step * 0.0196)) for step in range(51))
    dots = "".join(
        '<circle fill="{}" stroke="#1b1d22" stroke-width="1.5" cx="{:.1f}" cy="{:.1f}" r="6"/>'.format(
            {"cat": CAT, "dog": DOG}.get(name, "#808080"), *place(p)
        )
        for name, p in answer
    )
    return svg_url(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<polyline points="{curve}" fill="none" stroke="{_EDGE}" stroke-width="2.5"/>{dots}</svg>'
    )
