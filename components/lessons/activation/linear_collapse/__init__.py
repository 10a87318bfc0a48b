"""Two stacked linear layers are one layer: shown with numbers and as curves, until a ReLU stands between them."""

from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.activation.linear_collapse.scene import (
    COUNT,
    LIMIT,
    MAX_SPEED,
    SEEDS,
    STEP,
    CollapseScene,
    inputs,
)
from components.player import TRANSPORT_TEXTS, animation, register
from models.arithmetic.linear_stack import draw_stack

KEY = "linear_collapse"

TEXTS: Texts = {
    "two": "Two layers",
    "two-relu": "Two layers, ReLU between them",
    "one": "One layer with weight Σ v·w and bias Σ v·b + c",
    "same": "Same output, at every x: the two layers are one.",
    "other": "Now the outputs differ by {gap}. One linear layer is a straight line and cannot bend like this.",
    "agree": "At this x both give the same: ReLU cuts off nothing that matters here. Move x: the curve bends.",
    "relu": "ReLU between the layers",
    "seed": "Other weights",
    "chart-alt": "Both outputs drawn over x. Click or drag to move x.",
    "player": TRANSPORT_TEXTS | {"position": "x into both", "count": "x = {value}", "rate": "Speed {speed} / s"},
}

_mount = register(KEY, Path(__file__).resolve().parent)


class CollapseMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    count: int
    start: int
    step: float
    seeds: int
    topSpeed: int
    first: list[float]
    firstBias: list[float]
    second: list[float]
    secondBias: float
    weight: float
    bias: float
    hidden: str
    two: str
    one: str
    low: float
    high: float


def payload(scene: CollapseScene) -> CollapseMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed."""
    stack = draw_stack(scene.seed)
    between = "relu" if scene.relu else "linear"
    two = stack.outputs(inputs(), between=between)
    one = inputs() * stack.weight + stack.bias
    both = np.concatenate([two, one])
    return {
        "texts": TEXTS,
        "choices": {},
        "count": COUNT,
        "start": -LIMIT,
        "step": STEP,
        "seeds": SEEDS,
        "topSpeed": MAX_SPEED,
        "first": stack.first.tolist(),
        "firstBias": stack.first_bias.tolist(),
        "second": stack.second.tolist(),
        "secondBias": stack.second_bias,
        "weight": stack.weight,
        "bias": stack.bias,
        "hidden": encode_array(stack.hidden(inputs(), between=between).T, "f8"),
        "two": encode_array(two, "f8"),
        "one": encode_array(one, "f8"),
        "low": float(min(both.min(), 0)) - 0.5,
        "high": float(max(both.max(), 0)) + 0.5,
    }


def linear_collapse() -> CollapseScene:
    """Draw both networks and return the scene that they show."""
    return animation(_mount, KEY, CollapseScene, payload, subject="stack", prefix="stack-")
