"""The toy training: two small networks learn to tell two classes of points, one without and one with an activation."""

import time
from pathlib import Path
from typing import TypedDict

import numpy as np
import streamlit as st

from components.browser import Texts, encode_array
from components.lessons.activation.toy_training.scene import ACTIVATIONS, MAX_RUN, MAX_SPEED, UNITS, ToyScene
from components.lessons.activation.toy_training.texts import ACTIVATION_LABELS, POINT_LABELS, facts, texts
from components.player import animation, register
from models.experiments.toy import COUNT, EPOCHS, EXTENT, GRID_SIDE, Activation, Training, points, suitable_rate, train

KEY = "toy-training"

CODES = 255
TOP_LOGIT = 8.0
# Steps grow by a constant ratio: the boundary, where the logit is 0, must be exact even among small logits.
_CURVE = 9.0

_mount = register("toy_training", Path(__file__).resolve().parent)


def code_levels() -> np.ndarray:
    """Return the logits, ln(p / (1 − p)), that the codes of a message stand for: float64 (CODES,), rising from -8 to 8.

    From one code to the next a logit grows by 7 %, but by no less than 0.00007.
    """
    share = np.linspace(-1, 1, CODES)
    levels: np.ndarray = np.sign(share) * np.expm1(_CURVE * np.abs(share)) / np.expm1(_CURVE) * TOP_LOGIT
    return levels


def encode_probabilities(probabilities: np.ndarray) -> np.ndarray:
    """Return the code whose logit is nearest to each probability's: uint8 array of the same shape."""
    tiny = 1 / (1 + np.exp(TOP_LOGIT))
    inside = np.clip(np.asarray(probabilities, dtype=np.float64), tiny, 1 - tiny)
    levels = code_levels()
    between = (levels[1:] + levels[:-1]) / 2
    return np.searchsorted(between, np.log(inside / (1 - inside))).astype(np.uint8)


def trainings(scene: ToyScene) -> tuple[Training, Training]:
    """Return the linear and the nonlinear training of a scene, identical except for the activation."""
    activation = ACTIVATIONS[scene.activation]
    rate = suitable_rate(scene.points, activation)

    def run(which: Activation) -> Training:
        return train(scene.points, activation=which, hidden=scene.units, seed=scene.run, learning_rate=rate)

    return run("identity"), run(activation)


class Course(TypedDict):
    """What `_course` returns."""

    side: int
    codes: str
    losses: str
    accuracies: str
    correct: str


class ToyTraining(TypedDict):
    """Both networks after each epoch."""

    id: str
    epochs: int
    levels: str
    shades: str
    guess: float
    topLoss: float
    linear: Course
    nonlinear: Course
    facts: list[str]


class ToyMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    choices: dict[str, list[list[str]]]
    texts: Texts
    places: str
    classes: str
    count: int
    extent: float
    nextRun: str
    topSpeed: int
    training: ToyTraining | None


def payload(scene: ToyScene, *, asked: float = 0.0) -> ToyMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    Args:
        asked: see `facts`.

    Returns:
        With `scene.run` 0, only the points: nothing is trained. Otherwise, `training` holds both networks, `linear` and
        `nonlinear`, after each epoch: loss, accuracy, which points are classified correctly (bits), and the network's
        answers on a grid as codes. The linear network's grid has half as many points a side, because its logits form a
        plane.
    """
    places, classes = points(scene.points)
    result: ToyMessage = {
        "choices": {
            "points": [list(item) for item in POINT_LABELS.items()],
            "units": [[str(units), str(units)] for units in UNITS],
            "activation": [list(item) for item in ACTIVATION_LABELS.items()],
        },
        "texts": texts(scene),
        "places": encode_array(places, "f4"),
        "classes": encode_array(classes, "u1"),
        "count": COUNT,
        "extent": EXTENT,
        "nextRun": str(scene.run % MAX_RUN + 1),
        "topSpeed": MAX_SPEED,
        "training": None,
    }
    if scene.run == 0:
        return result
    linear, nonlinear = trainings(scene)
    levels = code_levels()
    highest = max(linear.losses.max(), nonlinear.losses.max(), np.log(2))
    result["training"] = {
        "id": " ".join(map(str, scene.problem)),
        "epochs": EPOCHS,
        "levels": encode_array(levels, "f4"),
        "shades": encode_array(1 / (1 + np.exp(-levels)), "f4"),
        "guess": float(np.log(2)),
        "topLoss": float(np.ceil(highest * 5 + 0.5) / 5),
        "linear": _course(linear, every=2),
        "nonlinear": _course(nonlinear, every=1),
        "facts": facts(scene, linear, nonlinear, asked=asked),
    }
    return result


def _course(training: Training, *, every: int) -> Course:
    return {
        "side": (GRID_SIDE - 1) // every + 1,
        "codes": encode_array(encode_probabilities(training.probabilities[:, ::every, ::every]), "u1"),
        "losses": encode_array(training.losses, "f8"),
        "accuracies": encode_array(training.accuracies, "f8"),
        "correct": encode_array(np.packbits(training.correct, axis=1), "u1"),
    }


def toy_training() -> ToyScene:
    """Draw the two networks and their training, and return the scene that they show."""

    def asked(scene: ToyScene) -> float:
        # The first script run that shows these trainings; later runs find them in the cache.
        problem: object
        when: float
        problem, when = st.session_state.get(f"{KEY}:asked", (None, 0.0))
        if problem != scene.problem:
            when = time.perf_counter()
            st.session_state[f"{KEY}:asked"] = scene.problem, when
        return when

    return animation(
        _mount, KEY, ToyScene, lambda scene: payload(scene, asked=asked(scene)), subject="toy", prefix="toy-"
    )
