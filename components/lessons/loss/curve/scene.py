"""Everything that a visitor can set on the loss curve, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from components.scene import Playing, choice, whole

Chart = Literal["probability", "logit", "push", "tiny"]
COUNT = 1001
MAX_SPEED = 600


class Axis(NamedTuple):
    """The inputs from left to right, in equal steps, and the range of values that is shown."""

    start: float
    step: float
    low: float
    high: float


AXES: dict[Chart, Axis] = {
    "probability": Axis(0.0, 0.001, -0.3, 6.0),
    "logit": Axis(-10.0, 0.02, -0.5, 10.5),
    "push": Axis(-10.0, 0.02, -1.15, 1.15),
    "tiny": Axis(-10.0, 0.01, -0.8, 20.0),
}
"""By the chart's name: over p, over the logit z (loss, and slope), and over the exponent of ten of p near 0."""


@dataclass(frozen=True)
class LossScene(Playing):
    """All settings of the loss curve.

    Attributes:
        chart: which quantities are drawn, one of `AXES`.
        label: the true class: 1 is a dog, 0 a cat.
        position: index of the input, from the left end of the chart's axis.
        speed: inputs a second while playing.
    """

    chart: Chart = choice("probability", tuple(AXES))
    label: int = choice(1, (0, 1))
    position: int = whole(200, 0, COUNT - 1)
    speed: int = whole(150, 1, MAX_SPEED)


def inputs(chart: Chart) -> np.ndarray:
    """Return the inputs on a chart's axis, float64 (1001,): probabilities, logits, or exponents of ten."""
    start, step = AXES[chart][:2]
    per_unit = round(1 / step)
    return np.arange(COUNT) / per_unit + start


def probabilities(scene: LossScene) -> np.ndarray:
    """Return the predicted probability of the class 1 at every input, float64 (1001,).

    On the chart "tiny", the true class has the probability 10 to the power of the input.
    """
    x = inputs(scene.chart)
    if scene.chart == "probability":
        return x
    if scene.chart == "tiny":
        return 10.0**x if scene.label == 1 else 1 - 10.0**x
    return 0.5 * (1 + np.tanh(x / 2))


def logits(scene: LossScene) -> np.ndarray:
    """Return the logit z of every input, float64 (1001,); −∞ where p is 0 and ∞ where it is 1."""
    x = inputs(scene.chart)
    if scene.chart in ("logit", "push"):
        return x
    if scene.chart == "tiny":
        # Computed from the true class's own probability: 1 − 10^−10 would lose its digits.
        right = 10.0**x
        with np.errstate(divide="ignore"):
            z = np.log(right) - np.log1p(-right)
        return z if scene.label == 1 else -z
    with np.errstate(divide="ignore"):
        logits: np.ndarray = np.log(x) - np.log1p(-x)
    return logits
