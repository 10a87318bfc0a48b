"""The activation curve: a function with its derivative, and a draggable input whose numbers are written out."""

from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.activation.curve.scene import COUNT, LIMIT, MAX_SPEED, STEP, CurveScene, inputs
from components.lessons.activation.curve.texts import TEXTS, WORDS
from components.player import animation, register
from models.arithmetic import ACTIVATIONS, activation, activation_derivative

KEY = "activation_curve"

_mount = register(KEY, Path(__file__).resolve().parent)


def curves(scene: CurveScene) -> tuple[np.ndarray, np.ndarray]:
    """Return the value and the derivative at every input, float64 (1201, outputs): 3 outputs of softmax, else 1."""
    x = inputs()[:, np.newaxis]
    if scene.activation == "softmax":
        x = np.hstack([x, np.full_like(x, scene.second), np.full_like(x, scene.third)])
    return activation(scene.activation, x), activation_derivative(scene.activation, x)


def part_of(scene: CurveScene) -> np.ndarray | None:
    """Return the formula's intermediate result at every input, float64 (1201,); None where it has none.

    It is e^−x for sigmoid, e^x for ELU, the share Φ(x) for GELU and the sigmoid σ(x) for swish.
    """
    x = inputs()
    part: np.ndarray | None = None
    if scene.activation == "sigmoid":
        part = np.exp(-x)
    elif scene.activation == "elu":
        part = np.exp(x)
    elif scene.activation == "swish":
        part = activation("sigmoid", x)
    elif scene.activation == "gelu":
        # gelu(x) = x · Φ(x), so Φ(x) = gelu(x) / x. At x = 0, where this fails, Φ is 0.5.
        part = np.divide(activation("gelu", x), x, out=np.full_like(x, 0.5), where=x != 0)
    return part


class CurveMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    count: int
    start: int
    step: float
    topSpeed: int
    values: str
    slopes: str
    part: str | None
    low: float
    high: float
    formula: str
    valueLines: list[str]
    slopeLines: list[str]
    facts: tuple[str, ...]
    others: list[float]


def payload(scene: CurveScene) -> CurveMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed."""
    values, slopes = curves(scene)
    part = part_of(scene)
    words = WORDS[scene.activation]
    drawn = np.concatenate([values[:, 0], slopes[:, 0]])
    return {
        "texts": TEXTS,
        "choices": {"activation": [[name, WORDS[name].label] for name in ACTIVATIONS]},
        "count": COUNT,
        "start": -LIMIT,
        "step": STEP,
        "topSpeed": MAX_SPEED,
        "values": encode_array(values.T, "f8"),
        "slopes": encode_array(slopes[:, 0], "f8"),
        "part": None if part is None else encode_array(part, "f8"),
        "low": float(min(drawn.min(), -0.25)),
        "high": float(max(drawn.max(), 1.25)),
        "formula": words.formula,
        "valueLines": [words.value, words.value_above or words.value],
        "slopeLines": [words.slope, words.slope_above or words.slope],
        "facts": words.facts,
        "others": [scene.second, scene.third],
    }


def activation_curve() -> CurveScene:
    """Draw the curve and return the scene that it shows."""
    return animation(_mount, KEY, CurveScene, payload, subject="curve")
