"""The loss curve: cross-entropy and squared error of one draggable prediction, their slopes and how they push."""

from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.loss.curve import texts as words
from components.lessons.loss.curve.scene import AXES, COUNT, MAX_SPEED, LossScene, logits, probabilities
from components.player import animation, register
from models.arithmetic import (
    CEILING,
    EPSILON,
    binary_crossentropy,
    crossentropy_push,
    crossentropy_slope,
    mean_squared_error,
    squared_push,
    squared_slope,
)

KEY = "loss_curve"

_mount = register(KEY, Path(__file__).resolve().parent)


def numbers(scene: LossScene) -> dict[str, np.ndarray]:
    """Return the losses and their derivatives at every prediction, float64 (1001,) each.

    Keys: "p" and "z", the prediction and its logit; "crossentropy" and "squared", the losses; "crossentropySlope" and
        "squaredSlope", their derivatives by p; "crossentropyPush" and "squaredPush", their derivatives by z. On charts
        over the logit, the losses are computed from the logit; on charts over p, from p, which Keras clips.
    """
    p, z = probabilities(scene), logits(scene)
    y = np.full(COUNT, float(scene.label))
    by_logit = scene.chart in ("logit", "push")
    return {
        "p": p,
        "z": z,
        "crossentropy": binary_crossentropy(y, z if by_logit else p, from_logits=by_logit),
        "squared": mean_squared_error(y[:, np.newaxis], p[:, np.newaxis]),
        "crossentropySlope": crossentropy_slope(y, p),
        "squaredSlope": squared_slope(y, p),
        "crossentropyPush": crossentropy_push(y, z),
        "squaredPush": squared_push(y, z),
    }


class LossCurveMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    count: int
    start: float
    step: float
    low: float
    high: float
    topSpeed: int
    epsilon: float
    least: str
    numbers: dict[str, str]
    lines: dict[str, str]


def payload(scene: LossScene) -> LossCurveMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed."""
    axis = AXES[scene.chart]
    y = scene.label
    return {
        "texts": words.texts(scene.chart),
        "choices": {
            "chart": [list(item) for item in words.CHARTS.items()],
            "label": [list(item) for item in words.LABELS.items()],
        },
        "count": COUNT,
        "start": axis.start,
        "step": axis.step,
        "low": axis.low,
        "high": axis.high,
        "topSpeed": MAX_SPEED,
        "epsilon": EPSILON if y else 1 - CEILING,
        "least": "0.0000001" if y else "0.00000012",
        "numbers": {name: encode_array(values, "f8") for name, values in numbers(scene).items()},
        "lines": {
            "crossentropy": words.CROSSENTROPY[y],
            "squared": words.SQUARED[y],
            "crossentropySlope": words.CROSSENTROPY_SLOPE[y],
            "squaredSlope": words.SQUARED_SLOPE[y],
            "crossentropyPush": words.CROSSENTROPY_PUSH[y],
            "squaredPush": words.SQUARED_PUSH[y],
        },
    }


def loss_curve() -> LossScene:
    """Draw the curve and return the scene that it shows."""
    return animation(_mount, KEY, LossScene, payload, subject="loss")
