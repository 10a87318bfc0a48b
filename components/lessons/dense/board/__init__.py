"""The board of a dense layer: every term of one unit's sum for the photo, to be moved and silenced, and the answer."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import streamlit as st

from components import shell
from components.browser import BASE_CSS, CONTROLS_CSS, carry, component, encode_array
from components.engine.notice import engine_or_word
from components.lessons.dense.board.answers import AskedDense
from components.lessons.dense.board.scene import DenseScene, read_silent
from components.lessons.dense.board.texts import CHOICES, TEXTS
from components.networks.names import network_names, network_title
from components.photo.uploads import plain
from components.scene import show
from components.shell.press import note, take
from models.answers import DenseLayer
from models.engine import EngineError
from models.evaluation.class_names import pet
from models.networks.files import JudgingError
from models.pictures.photo import Photo

KEY = "dense-board"
WAY = f"{KEY}:way"
A_PAGE = 10
"""Number of terms that are shown at once."""

_FOLDER = Path(__file__).resolve().parent

_mount = component(
    "dense_board",
    _FOLDER / "board.js",
    html='<section class="dense-board"></section>',
    css=[BASE_CSS, CONTROLS_CSS, *(_FOLDER / f"{part}.css" for part in ("board", "terms", "outcome"))],
)


class DenseMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    subject: str
    part: str
    choices: dict[str, list[list[str]]]
    texts: dict[str, str]


class DensePart(TypedDict):
    """What `part_of` returns."""

    id: str
    subject: str
    network: str
    which: str
    layer: str
    last: bool
    unit: int
    units: int
    activation: str
    classes: list[str]
    pets: bool
    x: str
    w: str
    bias: float
    logits: str
    shown: list[int]
    size: int
    page: int
    pages: int
    first: int
    mapsLayer: str
    height: int
    width: int
    maps: str
    rows: list[int]
    kernel: str
    photo: str


@dataclass(frozen=True)
class DenseShown:
    """What the board shows.

    Attributes:
        scene: what is chosen.
        told: what `models.networks.dense_layer.dense_layer` returned; None without an engine or an answer.
    """

    scene: DenseScene
    told: DenseLayer | None


def dense_board(photo: Photo) -> DenseShown:
    """Draw the board of a network's dense layer for a photo and return what it shows.

    The visitor's changes stay with another photo: they are changes to the network.
    """
    told: list[DenseLayer] = []
    scene = show(_mount, KEY, DenseScene, lambda scene: _draw(photo, scene, told), subject=KEY, on_go_change=_take_way)
    way = take(WAY)
    if way and told:
        which = {"which": scene.which} if scene.which != "best" else {}
        shell.go_to("convnet", network=scene.network, **which, layer=told[0]["maps"], map=str(int(way["feature"])))
    return DenseShown(scene, told[0] if told else None)


def _take_way() -> None:
    """Note that the visitor wants to open the map of a feature."""
    note(WAY, st.session_state[KEY]["go"])


def _draw(photo: Photo, scene: DenseScene, found: list[DenseLayer]) -> DenseMessage:
    """Send the numbers of a scene; return the small message."""
    with st.container(key=f"{KEY}-word"):  # over the board's empty place, which it does not move
        engine = engine_or_word("Seeing a dense layer add up")
    part: Mapping[str, object] = {"id": ""}
    subject = part_id = ""
    if engine is not None:
        try:
            asked = AskedDense(engine, photo, scene)
            subject = asked.subject
            numbers = part_of(asked, scene)
            part, part_id = numbers, numbers["id"]
            found.append(asked.told())
        except (EngineError, JudgingError) as error:
            st.warning(plain(str(error)))
    # The numbers are a message of their own, which Streamlit sends once: moving a weight does not send them again.
    carry(f"{KEY}-part", part)
    return payload(scene, subject, part_id)


def payload(scene: DenseScene, subject: str, part: str) -> DenseMessage:
    """Return the small message of the board.

    Args:
        scene: what is chosen.
        subject: the photo and the network, as a digest.
        part: the id of the message with the numbers, "" if there are none.
    """
    names = network_names()
    networks = names if scene.network in names else [*names, scene.network]
    return {
        "subject": subject,
        "part": part,
        "choices": {**CHOICES, "network": [[name, network_title(name)] for name in networks]},
        "texts": TEXTS,
    }


def part_of(asked: AskedDense, scene: DenseScene) -> DensePart:
    """Return the numbers that a scene needs, ready to be sent.

    "x", "w" and "logits" are float32: all inputs, the unit's weights, and all units' sums. "kernel" holds the weights
    to every unit of the inputs "rows", which are shown or silenced; it is empty if there is only one unit. "maps" are
    float32 (shown, height, width).
    """
    told = asked.told()
    x, w = told["x"], told["weights"]
    order = order_of(x.astype(np.float64) * w, scene.order, float(told["logits"][told["unit"]]))
    last = -(-len(order) // A_PAGE) - 1
    page = min(scene.page, last)
    shown = order[page * A_PAGE : (page + 1) * A_PAGE].tolist()
    silent = [feature for feature in read_silent(scene.silent) if feature < len(x)] if told["units"] > 1 else []
    rows = list(dict.fromkeys([*shown, *silent]))
    more = asked.rows(rows)
    maps = more["maps"][: len(shown)]
    classes = [str(name).split(",")[0] for name in told["classes"]] if told["last"] else []
    if pets := [pet(name) for name in classes] == ["cat", "dog"]:
        classes = ["cat", "dog"]  # as on all pages, whatever the network calls them
    seen = (asked.subject, told["layer"], told["unit"], scene.order, page, rows)
    return {
        "id": hashlib.sha256(repr(seen).encode()).hexdigest()[:16],
        "subject": asked.subject,
        "network": scene.network,
        "which": scene.which,
        "layer": told["layer"],
        "last": told["last"],
        "unit": told["unit"],
        "units": told["units"],
        "activation": told["activation"],
        "classes": classes,
        "pets": pets,
        "x": encode_array(x, "f4"),
        "w": encode_array(w, "f4"),
        "bias": float(told["biases"][told["unit"]]),
        "logits": encode_array(told["logits"], "f4"),
        "shown": shown,
        "size": A_PAGE,
        "page": page,
        "pages": last + 1,
        "first": page * A_PAGE + 1,
        "mapsLayer": told["maps"],
        "height": maps.shape[1],
        "width": maps.shape[2],
        "maps": encode_array(maps, "f4"),
        "rows": rows,
        "kernel": encode_array(more["kernel"], "f4") if told["units"] > 1 else "",
        "photo": asked.square() if told["maps"] else "",
    }


def order_of(terms: np.ndarray, order: str, z: float = 0.0) -> np.ndarray:
    """Return the terms' indices in the order in which they are shown; `order.js` computes the same.

    Args:
        terms: float (n,).
        order: "strength", "for" or "against": the strongest, largest or smallest first. "sides": on every page the
            strongest of either side, half of the page each, as long as a side has so many.
        z: the unit's sum. With "sides", those that push to its side come first.
    """
    if order != "sides":
        keys = {"strength": -np.abs(terms), "for": -terms, "against": terms}
        return np.argsort(keys[order], kind="stable")
    sign = -1 if z < 0 else 1
    strongest = np.argsort(-np.abs(terms), kind="stable")
    winners, losers = (strongest[side * terms[strongest] > 0] for side in (sign, -sign))
    parts = []
    while len(winners) or len(losers):
        most, others = (max(A_PAGE // 2, A_PAGE - len(side)) for side in (losers, winners))
        parts += [winners[:most], losers[:others]]
        winners, losers = winners[most:], losers[others:]
    return np.concatenate([*parts, strongest[terms[strongest] == 0]]).astype(int)
