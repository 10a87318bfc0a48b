"""Softmax: logits that are dragged, the probabilities that they become at any temperature, and the loss."""

from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.loss.softmax.scene import CLASSES, COUNT, FEWEST, LOWEST, MAX_SPEED, STEP, SoftmaxScene
from components.player import TRANSPORT_TEXTS, animation, register
from models.arithmetic import categorical_crossentropy, softmax

KEY = "softmax_board"

TEXTS: Texts = {
    "name": "class",
    "logit": "logit z",
    "share": "probability p",
    "slope": "slope (p − y) / T",
    "classes": "Classes",
    "label": "True class",
    "loss": "Loss = −ln p of the true class = {loss}",
    "plain": "At temperature 1 this is Keras's softmax.",
    "sharp": "Below 1 the largest logit takes more.",
    "flat": "Above 1 the probabilities come nearer to each other.",
    "player": TRANSPORT_TEXTS | {"position": "Temperature", "count": "T = {value}", "rate": "Speed {speed} / s"},
}

_mount = register(KEY, Path(__file__).resolve().parent)


TEMPERATURES = LOWEST + STEP * np.arange(COUNT)


def shares(scene: SoftmaxScene) -> np.ndarray:
    """Return the probabilities at every temperature, float64 (100, classes)."""
    return np.stack([softmax(np.array(scene.logits), temperature=temperature) for temperature in TEMPERATURES])


def slopes(found: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the derivative of the loss by each logit at every temperature, float64 (100, classes).

    The temperature divides the logit before softmax, so it divides the derivative, too.

    Args:
        found: what `shares` returned.
        y: float64 (classes,), 1 for the true class.
    """
    slope: np.ndarray = (found - y) / TEMPERATURES[:, np.newaxis]
    return slope


class SoftmaxMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    count: int
    start: float
    step: float
    topSpeed: int
    names: tuple[str, ...]
    active: int
    shares: str
    slopes: str
    losses: str


def payload(scene: SoftmaxScene) -> SoftmaxMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed."""
    found = shares(scene)
    y = np.eye(scene.classes)[scene.label]
    return {
        "texts": TEXTS,
        "choices": {
            "classes": [[str(count), str(count)] for count in range(FEWEST, len(CLASSES) + 1)],
            "label": [[str(number), name] for number, name in enumerate(CLASSES)],
        },
        "count": COUNT,
        "start": LOWEST,
        "step": STEP,
        "topSpeed": MAX_SPEED,
        "names": CLASSES,
        "active": scene.classes,
        "shares": encode_array(found, "f8"),
        "slopes": encode_array(slopes(found, y), "f8"),
        "losses": encode_array(categorical_crossentropy(np.broadcast_to(y, found.shape), found), "f8"),
    }


def softmax_board() -> SoftmaxScene:
    """Draw the board and return the scene that it shows."""
    return animation(_mount, KEY, SoftmaxScene, payload, subject="softmax", prefix="softmax-")
