"""One step of a network on the photo: how one number of a layer's map is computed from the layer before.

The network map leads here, to the page that explains such a step, with the very number that a visitor pointed at.
"""

from pathlib import Path
from typing import TypedDict

import numpy as np
import streamlit as st

from components import shell
from components.browser import Texts, encode_array
from components.engine.notice import engine_or_word
from components.networks.answers import Asked
from components.networks.layer_step.scene import PREFIX, STRONGEST, StepScene
from components.networks.layer_step.texts import TEXTS, heading, option_label, part_words, sentence
from components.networks.written import map_name
from components.player import animation, register
from components.scene import current, forget, just_arrived, rerun
from components.shell.press import pressed
from models.answers import MapOrigin, Settings
from models.arithmetic import ACTIVATIONS, activation, axis_geometry
from models.engine import EngineError
from models.networks.files import JudgingError
from models.pictures.photo import Photo

KINDS = {
    "convolution": ("convolution", "depthwise"),
    "activation": ("activation",),
    "pooling": ("pooling", "global pooling"),
}
"""Page → the kinds of computation that it explains, by the names of `models.networks.network_map.origin`."""

CURVE_POINTS = 241

_mount = register("layer_step", Path(__file__).resolve().parent)


def layer_step(photo: Photo, page: str) -> None:
    """Draw the step that a link to this page names; nothing if it names none.

    It is for this visit: who goes to another page and comes back by the menu finds the page without it.

    Args:
        photo: the network's input.
        page: the URL path of the page, a key of `KINDS`.
    """
    key = f"layer_step-{page}"
    if PREFIX + "network" not in st.query_params:
        if just_arrived():
            forget(key)
        if not current(key, StepScene).network:
            return
    scene = animation(
        _mount, key, StepScene, lambda scene: _message(photo, scene, KINDS[page]), subject=key, prefix=PREFIX
    )
    with st.container(horizontal=True, key=f"{key}-ways"):
        which = {} if scene.which == "best" else {"which": scene.which}
        where = {"network": scene.network, "layer": scene.layer, "map": str(scene.map)}
        shell.link_to("convnet", "← Back to the network map", **where, **which)
        if pressed("Close this step", key=f"{key}-close"):
            forget(key)
            rerun()


def drop_step_from_url() -> None:
    """Take what names a step out of the URL of a page that shows none.

    Streamlit writes the parameters of the page that a script opens into the URL of the page before it, too: there the
    browser's Back finds them.
    """
    kept = {name: text for name, text in st.query_params.items() if not name.startswith(PREFIX)}
    if len(kept) < len(st.query_params):
        st.query_params.from_dict(kept)


class StepCurve(TypedDict):
    """An activation's curve over the numbers of a map."""

    start: float
    step: float
    count: int
    low: float
    high: float
    values: str


class Step(TypedDict):
    """What `step_of` returns."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    kind: str
    pool: str
    inputTitle: str
    outputTitle: str
    side: int
    output: int
    size: int
    stride: int
    dilation: int
    before: int
    input: str
    map: str
    kernel: str | None
    words: str
    parts: list[str]
    then: str
    curve: StepCurve | None


class StepMessage(Step):
    """What the browser is sent of a step."""

    heading: str
    refusal: str


class RefusedStep(TypedDict):
    """What the browser is sent where there is no step: "refusal" says why."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    heading: str
    refusal: str


def _message(photo: Photo, scene: StepScene, kinds: tuple[str, ...]) -> StepMessage | RefusedStep:
    """Return the step as a message, or one that says why there is none."""
    engine = engine_or_word("A step of a network")
    if engine is None:
        return _refused(scene, " ")
    try:
        asked = Asked(engine, photo, scene.network, scene.which)
        return {"heading": heading(scene), "refusal": "", **step_of(asked, scene, kinds)}
    except (EngineError, JudgingError) as error:
        return _refused(scene, str(error))


def _refused(scene: StepScene, refusal: str) -> RefusedStep:
    return {"texts": TEXTS, "choices": {"input": []}, "heading": heading(scene), "refusal": refusal}


def step_of(asked: Asked, scene: StepScene, kinds: tuple[str, ...]) -> Step:
    """Return everything that the browser needs to show any number of one map.

    Args:
        asked: answers for the photo and the network.
        scene: the map, and the input map that it is computed from.
        kinds: kinds of computation that the page explains.

    Raises:
        JudgingError: the network has no such map, or it is computed in another way.
    """
    origin = asked.origin(scene.layer, scene.map)
    kind = origin["kind"]
    if kind not in kinds or (kind == "activation" and origin["settings"]["activation"] == "softmax"):
        raise JudgingError(f"The layer {scene.layer} is no step of the kind that this page explains.")
    sources = origin["contributions"]
    chosen = next((part for part in sources if part["channel"] == scene.input), sources[0])
    before = asked.maps(chosen["layer"], [chosen["channel"]])[..., 0]
    after = asked.maps(scene.layer, [scene.map])[..., 0]
    size, settings = _window(origin, before)
    stride, padding, dilation = settings["stride"], settings["padding"], settings["dilation"]
    axis = axis_geometry(before.shape[0], size, stride=stride, padding=padding, dilation=dilation)
    kernel, bias = origin["filter"], float(origin["bias"])
    weights = None
    if kernel is not None:
        weights = kernel[..., chosen["channel"] if kind == "convolution" else 0]
    return {
        "texts": TEXTS,
        "choices": {
            "input": [[str(STRONGEST), option_label(sources[0], sources)]]
            + [[str(part["channel"]), option_label(part, sources)] for part in sources[1:]]
        },
        "kind": kind,
        "pool": settings.get("pool", ""),
        "inputTitle": f"{chosen['layer']}, {map_name(chosen['channel'])}",
        "outputTitle": f"{scene.layer}, {map_name(scene.map)}",
        "side": before.shape[0],
        "output": axis.output,
        "size": size,
        "stride": stride,
        "dilation": dilation,
        "before": axis.before,
        "input": encode_array(before, "f4"),
        "map": encode_array(after, "f4"),
        "kernel": None if weights is None else encode_array(weights, "f4"),
        "words": sentence(kind, settings),
        "parts": part_words(chosen, len(sources) - 1, bias),
        "then": settings.get("activation", "linear") if kernel is not None else "linear",
        "curve": _curve(settings, before) if kind == "activation" else None,
    }


def _window(origin: MapOrigin, before: np.ndarray) -> tuple[int, Settings]:
    """Return the side of the window, and how it moves."""
    settings: Settings = {"stride": 1, "padding": "valid", "dilation": 1, **origin["settings"]}
    if origin["kind"] == "global pooling":
        return before.shape[0], settings
    if origin["kind"] == "pooling":
        return settings["size"], settings
    return (1 if origin["filter"] is None else origin["filter"].shape[0]), settings


def _curve(settings: Settings, before: np.ndarray) -> StepCurve | None:
    """Return the activation's curve over the range of the map's numbers; None for one that has no curve here."""
    name = settings["activation"]
    if name not in ACTIVATIONS:
        return None
    reach = max(float(np.abs(before).max()), 1.0) * 1.05
    x = np.linspace(-reach, reach, CURVE_POINTS)
    y = np.minimum(activation(name, x), settings.get("max_value", np.inf))
    return {
        "start": -reach,
        "step": 2 * reach / (CURVE_POINTS - 1),
        "count": CURVE_POINTS,
        "low": min(float(y.min()), -0.1 * reach),
        "high": float(y.max()) * 1.05,
        "values": encode_array(y, "f8"),
    }
