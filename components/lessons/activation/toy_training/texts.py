"""The words of the toy training; the browser only fills in numbers."""

from components.browser import Texts
from components.lessons.activation.toy_training.scene import ToyScene
from components.player import TRANSPORT_TEXTS
from models.experiments.toy import BATCH_SIZE, COUNT, EPOCHS, Training

POINT_LABELS = {"circles": "circles", "moons": "moons", "xor": "corners (xor)"}
ACTIVATION_LABELS = {"relu": "ReLU", "tanh": "tanh", "sigmoid": "sigmoid"}
SURE_UNITS = 8
"""With this many units, every measured run solved every pattern of points; with fewer, some did not."""

BENDS = {
    "relu": "Each ReLU unit creases the plane along one line. There the boundary can bend.",
    "tanh": "Each tanh unit is one soft step across the plane. Together they curve the boundary.",
    "sigmoid": "Each sigmoid unit is one soft step across the plane. Together they curve the boundary.",
}

TEXTS: Texts = {
    "intro": "Two networks learn to tell ● A from ▲ B, made-up points. Layers, points and number of steps are the "
    "same, but one has no activation between its layers.",
    "linear": "Linear layers only",
    "straight": "Two linear layers make one: the boundary is a straight line.",
    "accuracy": "Accuracy",
    "loss": "Loss",
    "none": "–",
    "percent": "{value}\u00a0%",
    "a": "A",
    "b": "B",
    "wrong": "on the wrong side",
    "boundary": "boundary: 50\u00a0% A, 50\u00a0% B",
    "train": "Train",
    "again": "Train again",
    "training": "Training … {share}\u00a0%",
    "curves": "Loss after each epoch",
    "curves-alt": "The loss of both networks after each epoch, and that of tossing a coin, 0.693.",
    "guess": ["coin", "toss"],
    "epochs": "epoch {count}",
    "plane-alt": "{name}: the points of both classes, and on the ground what the network takes them for.",
    "points": "Points",
    "units": "Hidden units",
    "activation": "Between the layers",
    "invitation": "Press Train. An epoch is one pass over all points; the loss says how wrong the predictions are.",
    "player": {
        **TRANSPORT_TEXTS,
        "position": "Epoch",
        "count": "epoch {position} of {count}",
        "rate": "{speed} epochs / s",
    },
}


def texts(scene: ToyScene) -> Texts:
    """Return the component's texts; some name the activation."""
    return {**TEXTS, "nonlinear": f"With {ACTIVATION_LABELS[scene.activation]}", "bent": BENDS[scene.activation]}


def facts(scene: ToyScene, linear: Training, nonlinear: Training, *, asked: float) -> list[str]:
    """Return sentences on two finished trainings: how long they took, how similar they are, what few units cannot do.

    Args:
        asked: `time.perf_counter()` when this visitor requested them; what had finished before comes from the cache.
    """
    units = scene.units
    lines = [
        f"{_made(linear, nonlinear, asked)}: {EPOCHS} epochs, {COUNT} points in batches of {BATCH_SIZE}.",
        f"Each network: 2 · {units} + {units} + {units} · 1 + 1 = {nonlinear.parameter_count} weights and biases.",
        _alike(scene, nonlinear.learning_rate),
    ]
    if units < SURE_UNITS:
        lines.append(f"With only {units} units it may fail. Train again: it starts from other weights.")
    return lines


def _alike(scene: ToyScene, learning_rate: float) -> str:
    rate = f"learning rate {learning_rate:.3g}"
    if scene.activation == "sigmoid":
        return f"Same points, batches and {rate}; scikit-learn starts the sigmoid from smaller weights."
    return f"Same points, first weights, batches and {rate}: only the activation differs."


def _made(linear: Training, nonlinear: Training, asked: float) -> str:
    """Say how long both took; one of them may come from the cache."""
    both = f"{linear.seconds + nonlinear.seconds:.2f} s"
    fresh = [training.finished >= asked for training in (linear, nonlinear)]
    if all(fresh):
        return f"Both trained just now in {both}"
    if not any(fresh):
        return f"Both trained earlier in {both}"
    times = f"{linear.seconds:.2f} s", f"{nonlinear.seconds:.2f} s"
    left, right = (f"{'just now' if new else 'earlier'} in {spent}" for new, spent in zip(fresh, times, strict=True))
    return f"Trained left {left}, right {right}"
