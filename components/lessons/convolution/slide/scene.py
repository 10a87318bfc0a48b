"""Everything that a visitor can set on the convolution page, as one value that fits into a URL."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from components.scene import NUMBER, Playing, choice, flag, number, tidied, whole
from models.arithmetic import Padding
from models.pretrained.filters import PRESETS, learned_filters

SIDES = (32, 64, 128, 256)
STRIDES = (1, 2, 3, 4)
DILATIONS = (1, 2, 3)
OWN_SIZES = (3, 5, 7)
LEARNED_COUNT = 32
KERNELS = (*PRESETS, "own", *(f"learned-{which}" for which in range(LEARNED_COUNT)))
MAX_SPEED = 4000
MAX_WEIGHT = 1000.0


def parse_weights(text: str) -> np.ndarray | None:
    """Read the visitor's own kernel: rows joined by commas, one group for all channels or three joined by ";".

    Returns:
        float64 array (size, size, 1 or 3), or None when the text is not 9, 25 or 49 numbers a group.
    """
    groups = [group.split(",") for group in text.split(";")]
    size = {n * n: n for n in OWN_SIZES}.get(len(groups[0]))
    if size is None or len(groups) not in (1, 3) or any(len(group) != size * size for group in groups):
        return None
    if any(not NUMBER.fullmatch(number.strip()) for group in groups for number in group):
        return None
    planes = np.array([[float(number) for number in group] for group in groups])
    if not np.isfinite(planes).all():
        return None
    weights: np.ndarray = np.clip(planes, -MAX_WEIGHT, MAX_WEIGHT).T.reshape(size, size, len(groups))
    return weights


def write_weights(weights: np.ndarray) -> str:
    """Return the text that `parse_weights` reads, with six significant digits a number."""
    weights = np.asarray(weights, dtype=np.float64)
    weights = weights[..., np.newaxis] if weights.ndim == 2 else weights
    return ";".join(
        ",".join(f"{weight:.6g}" for weight in weights[:, :, channel].ravel()) for channel in range(weights.shape[2])
    )


def _tidy_weights(given: str) -> str | None:
    weights = parse_weights(given)
    return None if weights is None else write_weights(weights)


@dataclass(frozen=True)
class ConvolutionScene(Playing):
    """All settings of the convolution page.

    Attributes:
        side: pixels a side of the square input.
        colour: "rgb" (three planes) or "grey" (one).
        pixels: "255" for whole numbers 0 to 255, "1" for 0 to 1 as a network sees them.
        kernel: a preset's id, "learned-0" … "learned-31", or "own".
        weights: the own kernel as text (see `parse_weights`).
        bias: added to every sum.
        relu: whether max(0, x) follows.
        stride, padding, dilation: as in Keras's Conv2D.
        position: index of the window's stop, row by row from 0.
        speed: positions a second while playing; 0 for the player's own pace, which begins slowly.
    """

    side: int = choice(128, SIDES)
    colour: Literal["rgb", "grey"] = choice("rgb", ("rgb", "grey"))
    pixels: Literal["255", "1"] = choice("255", ("255", "1"))
    kernel: str = choice("sobel-x", KERNELS)
    weights: str = tidied(write_weights(PRESETS["sobel-x"]), _tidy_weights)
    bias: float = number(0.0, -1e6, 1e6)
    relu: bool = flag(False)
    stride: int = choice(1, STRIDES)
    padding: Padding = choice("valid", ("valid", "same"))
    dilation: int = choice(1, DILATIONS)
    position: int = whole(0, 0, 10**6)
    speed: int = whole(0, 0, MAX_SPEED)

    def unused(self) -> tuple[str, ...]:
        """Return the field of the visitor's own weights while another kernel is in use."""
        return () if self.kernel == "own" else ("weights",)

    @property
    def channels(self) -> int:
        """Number of planes of the input: 3 for RGB, 1 for grey."""
        return 3 if self.colour == "rgb" else 1

    def kernel_array(self) -> np.ndarray:
        """Return the weights, float64 (rows, columns, channels).

        Presets and own kernels of one plane are the same in every channel. On a grey picture, a kernel of three planes
        is replaced by the sum of its planes: there red = green = blue, so the result is the same.
        """
        if self.kernel in PRESETS:
            planes = PRESETS[self.kernel][..., np.newaxis]
        elif self.kernel == "own":
            own = parse_weights(self.weights)
            assert own is not None, "from_params lets no other text in"
            planes = own
        else:
            planes = learned_filters()[int(self.kernel.removeprefix("learned-"))].astype(np.float64)
        if planes.shape[2] == self.channels:
            return planes
        return np.repeat(planes, 3, axis=2) if self.channels == 3 else planes.sum(axis=2, keepdims=True)
