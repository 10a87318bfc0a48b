"""What is said of optimizers and surfaces, and how a step is written out; the browser fills in the numbers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypedDict

from components.browser import Texts
from components.lessons.optimizers.race.scene import STEPS
from components.player import TRANSPORT_TEXTS
from models.arithmetic.loss_surfaces import BATCH_SIZE
from models.arithmetic.optimizer_updates import ADADELTA_RHO, BETA_1, BETA_2, MOMENTUM, RMSPROP_RHO

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "slow": "SGD, small η",
        "fast": "SGD, large η",
        "sgd": "SGD",
        "momentum": "Momentum",
        "nesterov": "Nesterov",
        "adagrad": "AdaGrad",
        "rmsprop": "RMSProp",
        "adadelta": "AdaDelta",
        "adam": "Adam",
    }
)

LOOKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "slow": ("#F5A9B4", "wedge"),
        "fast": ("#B3263C", "triangle"),
        "sgd": ("#D8435A", "circle"),
        "momentum": ("#FFF1CC", "square"),
        "nesterov": ("#6474E5", "diamond"),
        "adagrad": ("#B5CC3A", "triangle"),
        "rmsprop": ("#9AA0A6", "wedge"),
        "adadelta": ("#A9744F", "cross"),
        "adam": ("#FF6FB5", "star"),
    }
)
"""The colour and the shape of each runner's mark. None is a colour that means something on other pages; all are seen on
light and on dark, and SGD has a paler and a darker red beside its own."""

SURFACE_LABELS: Mapping[str, str] = MappingProxyType(
    {"bowl": "bowl", "ravine": "ravine", "beale": "Beale", "saddle": "saddle", "digits": "real: 3 or 8?"}
)

ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "bowl": "loss = x² + 2y². A round valley: downhill is nearly the way to the minimum.",
        "ravine": "loss = x² + 50y². Across, the ground is 50 times as curved as along: a step that suits x is too "
        "long for y.",
        "beale": "loss = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)². Steep at the corners, almost flat "
        "in the valley: no one learning rate suits both.",
        "saddle": "loss = (x²/4 − 1)² + y². Two minima, and a pass between them where the gradient is 0. "
        "Whoever arrives there slows down before finding a way out.",
        "digits": "A real loss: is the digit a 3 or an 8? A unit with two weights and a sigmoid gets ten times the "
        "mean ink of the left half (times x) and of the right half (times y). Mean binary cross-entropy over the 357 "
        "pictures of scikit-learn. It is convex: one valley, no traps.",
    }
)

NOISE_ABOUT = (
    f"Every step gets the gradient of a batch: {BATCH_SIZE} of the 357 pictures, drawn at random, the same ones for "
    "every optimizer. Map and losses are still those of all pictures."
)
EXACT_ABOUT = "Every step gets the exact gradient, that of all 357 pictures."

STORY_LABELS: Mapping[str, str] = MappingProxyType(
    {"1": "1 SGD", "2": "2 Momentum", "3": "3 Adam", "4": "4 All seven", "5": "5 Noise"}
)

STORY_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "1": "The same SGD three times, w ← w − η·g: only the learning rate η differs. On the bowl, 0.01 is too small "
        "and creeps; 0.2 arrives within ten steps; 0.51 is too large: up and down, each step lands farther away on the "
        "other side, and from the second step on the loss grows.",
        "2": "On the ravine, SGD needs a small rate, or it is thrown out across; along, it then creeps. Momentum keeps "
        "0.9 of its last step: steps across cancel out, steps along add up. It may overshoot.",
        "3": "Adam keeps two running means for each weight: of the gradient, as momentum does, and of its square. It "
        "divides the one by the root of the other, so steep and flat directions get steps of about the same size.",
        "4": "All seven from the same start, each at a rate that came down well when we tried several. So the order "
        "says little: other rates, another order. AdaDelta begins with tiny steps and is still on its way.",
        "5": "The S in SGD is for stochastic: by chance. In a training, the gradient comes from a batch, here of 8 "
        "pictures: right on average, wrong each time. At a fixed rate, SGD trembles about the minimum, without rest.",
    }
)
"""What each of the stories shows; tests hold the numbers against the runs."""


class Line(TypedDict):
    """What `_line` returns."""

    label: str
    terms: list[list[str]]
    total: str


_GRADIENT: Line = {"label": "g, the gradient", "terms": [], "total": "g"}
NOISY_GRADIENT: Line = {**_GRADIENT, "label": "g, of this batch"}
_MOVE: Line = {"label": "w ← w + Δ", "terms": [["1", "w0"], ["1", "change"]], "total": "w1"}


def _line(label: str, total: str, *terms: tuple[str, str]) -> Line:
    return {"label": label, "terms": [list(term) for term in terms], "total": total}


def _average(letter: str, rho: float, what: str, slot: str, value: str) -> Line:
    """Return the line of a running mean: rho of the old value and 1 − rho of the new one."""
    rest = f"{1 - rho:.6g}"
    return _line(f"{letter} ← {rho:g}·{letter} + {rest}·{what}", f"{slot}1", (f"{rho:g}", f"{slot}0"), (rest, value))


_VELOCITY = _line(f"m ← {MOMENTUM:g}·m − η·g", "a1", (f"{MOMENTUM:g}", "a0"), ("-eta", "g"))

LINES: Mapping[str, list[Line]] = MappingProxyType(
    {
        "sgd": [_GRADIENT, _line("Δ = −η·g", "change"), _MOVE],
        "momentum": [_GRADIENT, _VELOCITY, _line("Δ = m", "change"), _MOVE],
        "nesterov": [
            _GRADIENT,
            _VELOCITY,
            _line(f"Δ = {MOMENTUM:g}·m − η·g", "change", (f"{MOMENTUM:g}", "a1"), ("-eta", "g")),
            _MOVE,
        ],
        "adagrad": [
            _GRADIENT,
            _line("s ← s + g²", "a1", ("1", "a0"), ("1", "g2")),
            _line("Δ = −η·g / √(s + ε)", "change"),
            _MOVE,
        ],
        "rmsprop": [
            _GRADIENT,
            _average("v", RMSPROP_RHO, "g²", "a", "g2"),
            _line("Δ = −η·g / √(v + ε)", "change"),
            _MOVE,
        ],
        "adadelta": [
            _GRADIENT,
            _average("v", ADADELTA_RHO, "g²", "a", "g2"),
            _line("d = −g·√(u + ε)/√(v + ε)", "d"),
            _average("u", ADADELTA_RHO, "d²", "b", "d2"),
            _line("Δ = η·d", "change"),
            _MOVE,
        ],
        "adam": [
            _GRADIENT,
            _average("m", BETA_1, "g", "a", "g"),
            _average("v", BETA_2, "g²", "b", "g2"),
            _line(f"α = η·√(1−{BETA_2:g}ᵗ)/(1−{BETA_1:g}ᵗ)", "alpha"),
            _line("Δ = −α·m / (√v + ε)", "change"),
            _MOVE,
        ],
    }
)
"""The lines of each optimizer's step. A line's total is the sum of its terms, each a factor times a quantity.

Quantities: the weight w0 before and w1 after, the gradient g and its square g2, the first slot a0 before and a1 after,
the second slot b0 and b1, the change of the weight (change), AdaDelta's d and its square d2, Adam's alpha. `-eta` is
minus the learning rate.
"""

TEXTS: Texts = {
    "map": "The map: every place is a pair of weights, x across and y up. A line joins places of the same loss; the "
    "flag marks the lowest. All start at the ring.",
    "story": "Story",
    "surface": "Surface",
    "noise": f"batches of {BATCH_SIZE}",
    "optimizer": "Optimizer",
    "loss": "Loss",
    "rate": "Learning rate η",
    "rate-of": "Learning rate of {name}",
    "x": "Start x",
    "y": "Start y",
    "own-rates": "Tuned rates",
    "keras-rates": "Keras defaults",
    "map-alt": "Map of the loss: contour lines, the minimum, and the way of each optimizer. Click or drag to "
    "move the start.",
    "losses-alt": "The loss of each optimizer after each step, on a log axis. Click or drag to move to a step.",
    "loss-axis": "loss, log axis",
    "minimum": "minimum",
    "start": "start",
    "weight": "Weight",
    "more": "Rates and start",
    "step": "{name}, step {step}",
    "step-start": "{name}: at the start. Play, or step on.",
    "step-ended": "{name} diverged at step {step}. This was its last step",
    "eta": "η = {rate}",
    "leader": "Step {step}: lowest loss {name}, {loss}.",
    "best": "Least possible: {loss}.",
    "diverged": "diverged, step {step}",
    "divergences": "Diverged: {runs}.",
    "divergence": "{name} at step {step}, at ({x}, {y}), loss {loss}",
    "player": {
        **TRANSPORT_TEXTS,
        "position": "Step",
        "count": f"step {{value}} of {STEPS}",
        "rate": "{speed} steps / s",
    },
}
