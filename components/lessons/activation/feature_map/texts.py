"""The words around an activation on a feature map, with the numbers that were measured on it."""

import numpy as np

from components.browser import Texts
from components.lessons.activation.feature_map.scene import MapScene
from components.player import TRANSPORT_TEXTS

FAINTEST = 1e-3
"""A map whose values vary by less counts as constant."""

FLAT_BEYOND = {"sigmoid": 4, "tanh": 2}
"""Absolute input from which the slope is below 0.02 (sigmoid) or 0.08 (tanh), less than a tenth of its maximum."""

TEXTS: Texts = {
    "before": "Before: the feature map",
    "histogram": "How many numbers have which value",
    "activation": "Function",
    "map": "Map",
    "bias": "Extra bias",
    "before-alt": "The feature map before the activation. Click or drag to point at a number.",
    "after-alt": "The feature map on its way through the activation. Click or drag to point at a number.",
    "histogram-alt": "Histogram of the map's numbers: outlined before the activation, filled on the way to after it.",
    "pointed": "row {row}, column {column}:",
    "outlined": "outline: before",
    "filled": "filled: now",
    "signs": "orange: below 0, blue: above 0",
    "zeros": "{percent}% exactly 0",
    "player": TRANSPORT_TEXTS | {"position": "Way through the activation", "count": "{value} % of the way"},
}


def facts(before: np.ndarray, after: np.ndarray, scene: MapScene, label: str) -> list[str]:
    """Return what the activation did to the map, in measured numbers."""
    negative = float((before < 0).mean())
    lines = [
        f"Before: {_write(before.min())} to {_write(before.max())}, mean {_write(before.mean())}, "
        f"{negative:.0%} below 0. After: {_write(after.min())} to {_write(after.max())}, mean {_write(after.mean())}."
    ]
    zeros = float((after == 0).mean())
    if np.ptp(before) < FAINTEST:
        lines.append(
            "This map is the same everywhere: its filter died in training, or the photo has one colour. "
            "No activation can bring anything back."
        )
    elif scene.activation == "relu" and zeros == 0:
        lines.append("Nothing was below 0, so ReLU changed nothing.")
    elif scene.activation == "relu" and zeros == 1:
        lines.append("Everything was below 0: ReLU lets nothing through. A larger bias opens it.")
    elif scene.activation == "relu":
        lines.append(
            f"ReLU turned {zeros:.0%} of the {after.size:,} numbers into 0: only what the filter found goes on. "
            "A larger bias opens it wider."
        )
    elif scene.activation == "linear":
        lines.append("Linear: nothing moved.")
    elif scene.activation in FLAT_BEYOND:
        limit = FLAT_BEYOND[scene.activation]
        flat = float((np.abs(before) > limit).mean())
        lines.append(
            f"All numbers are squeezed into {'0 to 1' if scene.activation == 'sigmoid' else '−1 to 1'}. "
            f"{flat:.0%} of them lay beyond ±{limit}, where {label} is nearly flat and hardly learns."
        )
    else:
        lines.append(f"What lay below 0 keeps a small negative value: after {label} nothing is thrown away whole.")
    return lines


def _write(number: float) -> str:
    return f"{round(float(number), 2) + 0.0:.2f}".replace("-", "−")
