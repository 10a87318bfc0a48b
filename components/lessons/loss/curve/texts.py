"""What is said about the loss of one prediction; the browser only fills in numbers."""

from components.browser import Texts
from components.player import TRANSPORT_TEXTS

CHARTS = {
    "probability": "Loss over p",
    "logit": "Loss over z",
    "push": "Slope by z",
    "tiny": "Near 0",
}

LABELS = {"1": "1, a dog", "0": "0, a cat"}

POSITIONS = {
    "probability": ("Prediction p", "p = {value}"),
    "logit": ("Logit z", "z = {value}"),
    "push": ("Logit z", "z = {value}"),
    "tiny": ("Power of ten", "10 to the {value}"),
}
"""Chart → the slider's label and the text of its value."""

CROSSENTROPY = {1: "−ln p", 0: "−ln(1 − p)"}
SQUARED = {1: "(p − 1)²", 0: "p²"}
CROSSENTROPY_SLOPE = {1: "−1 / p", 0: "1 / (1 − p)"}
SQUARED_SLOPE = {1: "2 (p − 1)", 0: "2 p"}
CROSSENTROPY_PUSH = {1: "p − 1", 0: "p"}
SQUARED_PUSH = {1: "2 (p − 1) p (1 − p)", 0: "2 p · p (1 − p)"}

AXIS_WORDS = {
    "probability": "Across: the prediction p. Up: the loss. The short lines are as steep as the loss is there.",
    "logit": "Across: the logit z, the sum before the sigmoid, p = 1 / (1 + e⁻ᶻ). Up: the loss.",
    "push": "Across: the logit z. Up: the slope of the loss by z. Training moves z the other way.",
    "tiny": "Across: powers of ten of the right class's probability. Up: the loss. Each power adds "
    "2.3, until Keras clips.",
}

TEXTS: Texts = {
    "label": "True label y",
    "chart": "Chart",
    "value": "loss",
    "slope": "slope by p",
    "push": "slope by z",
    "crossentropy": "Cross-entropy",
    "squared": "Squared error",
    "right": "Right, and sure: little loss, whichever loss is used.",
    "leaning-right": "Right, but not sure: both losses are still steep enough to push p on.",
    "leaning-wrong": "Wrong, and not sure: both losses push p the other way.",
    "wrong": "A confident mistake. Cross-entropy's slope by {letter} is {one}, the squared error's only {two}.",
    "clipped": "Given p alone, Keras takes at least {least} for the right class: the loss stops at {loss}, and its "
    "slope by p is 0. Behind a network's last sigmoid it takes the logit, and the loss goes on.",
    "above": "The loss is above the chart: {value}.",
    "curve-alt": "Cross-entropy, solid, and squared error, dashed. Click or drag to move the prediction.",
}


def texts(chart: str) -> Texts:
    """Return the texts of a chart."""
    position, count = POSITIONS[chart]
    player = TRANSPORT_TEXTS | {"position": position, "count": count, "rate": "Speed {speed} / s"}
    return {**TEXTS, "axes": AXIS_WORDS[chart], "player": player}
