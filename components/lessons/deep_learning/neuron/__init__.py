"""One artificial neuron: inputs, weights and bias that are dragged, the sum and its activation in the same moment."""

from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.deep_learning.neuron.scene import ACTIVATIONS, COUNT, LIMIT, MAX_SPEED, NeuronScene
from components.player import TRANSPORT_TEXTS, animation, register
from models.arithmetic import activation

KEY = "neuron"
REACH = 10
"""The chart shows the activation from −10 to 10."""

STEP = 0.05

TEXTS: Texts = {
    "input": "input x",
    "weight": "weight w",
    "product": "x · w",
    "ears": "pointed ears",
    "whiskers": "whiskers",
    "barks": "barks",
    "bias": "bias b",
    "activation": "Activation",
    "chart-alt": "The activation over the sum z. The point is this neuron, now.",
    "sum": "z = {terms} = {sum}",
    "answer": "{name}(z) = {answer}",
    "sure": "Rather a cat.",
    "unsure": "Undecided.",
    "against": "Rather no cat.",
    "on": "The neuron fires: it passes its sum on.",
    "off": "The sum is not above 0: the neuron stays silent.",
    "plain": "Without an activation the output is the sum itself.",
    "outside": "The sum lies outside of the chart.",
    "player": TRANSPORT_TEXTS | {"position": "Pointed ears", "count": "x₁ = {value}", "rate": "Speed {speed} / s"},
}

_mount = register(KEY, Path(__file__).resolve().parent)


class NeuronChart(TypedDict):
    """Where the activation is drawn: the sums z from left to right, and the values at the lower and upper edge."""

    start: float
    step: float
    count: int
    low: float
    high: float


class NeuronMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    count: int
    topSpeed: int
    limit: int
    activation: str
    chart: NeuronChart
    curve: str


def payload(scene: NeuronScene) -> NeuronMessage:
    """Return everything that the browser needs; it computes the sum and the activation itself."""
    z = np.arange(round(-REACH / STEP), round(REACH / STEP) + 1) * STEP
    curve = activation(scene.activation, z)
    low, high = (-1.2, 1.2) if scene.activation in ("sigmoid", "tanh") else (-REACH, REACH)
    return {
        "texts": TEXTS,
        "choices": {"activation": [[name, {"relu": "ReLU", "linear": "none"}.get(name, name)] for name in ACTIVATIONS]},
        "count": COUNT,
        "topSpeed": MAX_SPEED,
        "limit": LIMIT,
        "activation": scene.activation,
        "chart": {
            "start": -REACH,
            "step": STEP,
            "count": len(z),
            "low": -0.2 if scene.activation == "sigmoid" else low,
            "high": high,
        },
        "curve": encode_array(curve, "f8"),
    }


def neuron() -> NeuronScene:
    """Draw the neuron and return the scene that it shows."""
    return animation(_mount, KEY, NeuronScene, payload, subject=KEY, prefix="neuron-")
