"""Backpropagation on a network of two layers: numbers go forward, slopes come back, and every weight moves once."""

from pathlib import Path
from typing import TypedDict

from components.browser import Texts
from components.lessons.loss.backpropagation.scene import COUNT, LIMIT, MAX_SPEED, RATES, BackpropagationScene
from components.lessons.loss.backpropagation.texts import STEPS, TEXTS, Step
from components.player import animation, register

KEY = "backpropagation"


class Weights(TypedDict):
    """Inputs and weights of the network, as Keras's two Dense layers have them.

    "inputs" (2,); "kernel" (2 inputs, 2 neurons) and "bias" (2,) of the hidden layer; "readOut" (2,) and "readOutBias"
    of the output.
    """

    inputs: list[float]
    kernel: list[list[float]]
    bias: list[float]
    readOut: list[float]
    readOutBias: float


_mount = register(KEY, Path(__file__).resolve().parent)


class BackpropagationMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    count: int
    topSpeed: int
    limit: int
    steps: list[Step]
    network: Weights


def weights(scene: BackpropagationScene) -> Weights:
    """Return the network with the scene's two weights; the other numbers are made up and stay."""
    return {
        "inputs": [1.0, 0.5],
        "kernel": [[scene.w, -0.8], [-1.2, 0.6]],
        "bias": [0.3, -0.2],
        "readOut": [scene.v, -0.9],
        "readOutBias": -0.3,
    }


def payload(scene: BackpropagationScene) -> BackpropagationMessage:
    """Return everything that the browser needs; it computes the network and its slopes itself."""
    return {
        "texts": TEXTS,
        "choices": {
            "label": [["1", "1"], ["0", "0"]],
            "rate": [[rate, rate] for rate in RATES],
        },
        "count": COUNT,
        "topSpeed": MAX_SPEED,
        "limit": LIMIT,
        "steps": STEPS,
        "network": weights(scene),
    }


def backpropagation() -> BackpropagationScene:
    """Draw the network and return the scene that it shows."""
    return animation(_mount, KEY, BackpropagationScene, payload, subject=KEY, prefix="back-")
