"""The toy training: two small networks learn to tell two classes of points, one without and one with an activation."""

import time
from pathlib import Path
from typing import TypedDict

import numpy as np
import streamlit as st

from components.browser import Texts, carry, encode_array
from components.engine.shared_job import SharedJobs, Told, keep_newest, share_of
from components.lessons.activation.toy_training.scene import ACTIVATIONS, MAX_RUN, MAX_SPEED, UNITS, ToyScene
from components.lessons.activation.toy_training.texts import ACTIVATION_LABELS, POINT_LABELS, facts, texts
from components.player import animation, register
from models.experiments.toy import COUNT, EPOCHS, EXTENT, GRID_SIDE, Activation, Training, points, suitable_rate, train
from models.progress import Progress

KEY = "toy-training"
PROGRESS = "toy-training-progress"

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


Both = tuple[Training, Training]
_jobs: SharedJobs[tuple[object, ...], Both] = SharedJobs("toy-training", failed="The training was not finished")
_kept: dict[tuple[object, ...], Both] = {}
_MOST_KEPT = 32


def trainings(scene: ToyScene, tell: Progress = lambda *_: None) -> Both:
    """Return the linear and the nonlinear training of a scene, identical except for the activation.

    Args:
        scene: says what is trained.
        tell: is told the epochs of both that are finished.
    """
    activation = ACTIVATIONS[scene.activation]
    rate = suitable_rate(scene.points, activation)

    def run(which: Activation, before: int) -> Training:
        def told(epochs: int) -> None:
            tell("training", before + epochs, 2 * EPOCHS)

        return train(scene.points, activation=which, hidden=scene.units, seed=scene.run, learning_rate=rate, told=told)

    return run("identity", 0), run(activation, EPOCHS)


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
    underway: bool
    progress: str
    training: ToyTraining | None


def payload(scene: ToyScene, both: Both | None = None, *, underway: bool = False, asked: float = 0.0) -> ToyMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    Args:
        scene: what is trained.
        both: its trainings; None while they are under way, and before the visitor has asked for any.
        underway: they are being trained.
        asked: see `facts`.

    Returns:
        Without trainings, only the points. Otherwise, `training` holds both networks, `linear` and
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
        "underway": underway,
        "progress": PROGRESS,
        "training": None,
    }
    if both is None:
        return result
    linear, nonlinear = both
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


class ProgressMessage(TypedDict):
    """What the browser is sent while both networks are trained: the share that is done, from 0 to 1."""

    id: str
    share: float


def toy_training() -> ToyScene:
    """Draw the two networks and their training, and return the scene that they show.

    They are trained beside the page: it stays as it is, and the button tells how far they are.
    """

    def asked(scene: ToyScene) -> float:
        # The first script run that shows these trainings; later runs find them in the cache.
        problem: object
        when: float
        problem, when = st.session_state.get(f"{KEY}:asked", (None, 0.0))
        if problem != scene.problem:
            when = time.perf_counter()
            st.session_state[f"{KEY}:asked"] = scene.problem, when
        return when

    def message(scene: ToyScene) -> ToyMessage:
        since = asked(scene)
        both = _finished(scene)
        return payload(scene, both, underway=_jobs.get(scene.problem) is not None, asked=since)

    scene = animation(_mount, KEY, ToyScene, message, subject="toy", prefix="toy-")
    if _jobs.get(scene.problem) is not None:
        _jobs.look(scene.problem, _tell)
    elif scene.run and scene.problem not in _kept:
        st.warning("The training was not finished. Press Train again.")
    return scene


def _finished(scene: ToyScene) -> Both | None:
    """Return the trainings of a scene, or begin them beside the page and return None."""
    if scene.run == 0:
        return None
    found = _kept.get(scene.problem)
    if found is None:
        job = _jobs.taken(scene.problem, lambda tell: trainings(scene, tell))
        if job is None or job.problem:
            return None
        found = job.result
    keep_newest(_kept, scene.problem, found, most=_MOST_KEPT)
    return found


def _tell(told: Told | None) -> None:
    message: ProgressMessage = {"id": PROGRESS, "share": round(share_of(told), 2)}
    carry(PROGRESS, message)
