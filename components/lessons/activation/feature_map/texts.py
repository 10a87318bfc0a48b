"""The words around an activation on a feature map, with the numbers that were measured on it."""

import numpy as np

from components.browser import Texts
from components.lessons.activation.feature_map.scene import MapScene
from components.player import TRANSPORT_TEXTS
from models.arithmetic.activation import FAINTEST
from models.figures import whole_percent

SPLIT = (0.05, 0.95)
"""Below and above these shares of zeros, ReLU is said to change nearly nothing and to leave nearly nothing."""

FLAT_BEYOND = {"sigmoid": 4, "tanh": 2}
"""Absolute input from which the slope is below 0.02 (sigmoid) or 0.08 (tanh), less than a tenth of its maximum."""

TEXTS: Texts = {
    "intro": "Play sends each of the map's 9,216 numbers through the activation, and the histogram moves with them.",
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
    "zeros": "{percent}\u00a0% exactly 0",
    "player": TRANSPORT_TEXTS | {"position": "Way through the activation", "count": "{value}\u00a0% of the way"},
}


def facts(before: np.ndarray, after: np.ndarray, scene: MapScene, label: str) -> list[str]:
    """Return what the activation did to the map, in measured numbers."""
    negative = float((before < 0).mean())
    lines = [
        f"Before: {_write(before.min())} to {_write(before.max())}, mean {_write(before.mean())}, "
        f"{whole_percent(negative)} below 0. "
        f"After: {_write(after.min())} to {_write(after.max())}, mean {_write(after.mean())}."
    ]
    zeros = float((after == 0).mean())
    if np.ptp(before) < FAINTEST:
        lines.append(
            "This map is the same everywhere: its filter died in training, or the photo has only one colour. "
            "No activation can bring anything back."
        )
    elif scene.activation == "relu" and zeros == 0:
        lines.append("Nothing was below 0, so ReLU changed nothing.")
    elif scene.activation == "relu" and zeros == 1:
        lines.append("Everything was below 0: ReLU lets nothing through. A larger bias lets more through.")
    elif scene.activation == "relu":
        turned = f"ReLU turned {whole_percent(zeros)} of the {after.size:,} numbers into 0"
        if zeros < SPLIT[0]:
            lines.append(f"{turned}: nearly all go on unchanged. A smaller bias lets fewer through.")
        elif zeros > SPLIT[1]:
            lines.append(f"{turned}: nearly nothing goes on. A larger bias lets more through.")
        else:
            lines.append(
                f"{turned}: only where the filter responded with a positive number, it goes on. "
                "A larger bias lets more through."
            )
    elif scene.activation == "linear":
        lines.append("Linear: nothing moved.")
    elif scene.activation in FLAT_BEYOND:
        limit = FLAT_BEYOND[scene.activation]
        flat = float((np.abs(before) > limit).mean())
        lines.append(
            f"All numbers are squeezed into {'0 to 1' if scene.activation == 'sigmoid' else '−1 to 1'}. "
            f"{whole_percent(flat)} of them lay beyond ±{limit}, where {label} is nearly flat and hardly learns."
        )
    else:
        lines.append(f"What was below 0 stays a little below 0: after {label} nothing is lost completely.")
    return lines


def map_label(most_even: int) -> str:
    """Return the label of the choice that follows the photo: the map with this index."""
    return f"{most_even + 1}, most even here"


def _write(number: float) -> str:
    return f"{round(float(number), 2) + 0.0:.2f}".replace("-", "−")
