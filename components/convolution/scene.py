"""Everything that a visitor can set on the convolution page, as one value that fits into a URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, Self, cast

import numpy as np

from models.arithmetic import Padding
from models.filters import PRESETS, learned_filters

SIDES = (32, 64, 128, 256)
STRIDES = (1, 2, 3, 4)
DILATIONS = (1, 2, 3)
OWN_SIZES = (3, 5, 7)
LEARNED_COUNT = 32
MAX_SPEED = 4000
MAX_WEIGHT = 1000.0

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


def parse_weights(text: str) -> np.ndarray | None:
    """Read the visitor's own kernel: rows joined by commas, one group for all channels or three joined by ";".

    Returns:
        float64 array (size, size, 1 or 3), or None when the text is not 9, 25 or 49 numbers a group.
    """
    groups = [group.split(",") for group in text.split(";")]
    size = {n * n: n for n in OWN_SIZES}.get(len(groups[0]))
    if size is None or len(groups) not in (1, 3) or any(len(group) != size * size for group in groups):
        return None
    if any(not _NUMBER.fullmatch(number.strip()) for group in groups for number in group):
        return None
    planes = np.array([[float(number) for number in group] for group in groups])
    if not np.isfinite(planes).all():
        return None
    return np.clip(planes, -MAX_WEIGHT, MAX_WEIGHT).T.reshape(size, size, len(groups))


def write_weights(weights: np.ndarray) -> str:
    """Return the text that `parse_weights` reads, with six significant digits a number."""
    weights = np.asarray(weights, dtype=np.float64)
    weights = weights[..., np.newaxis] if weights.ndim == 2 else weights
    return ";".join(
        ",".join(f"{weight:.6g}" for weight in weights[:, :, channel].ravel()) for channel in range(weights.shape[2])
    )


@dataclass(frozen=True)
class ConvolutionScene:
    """A setting of all controls of the convolution page.

    Attributes:
        side: pixels a side of the square input.
        colour: "rgb" (three planes) or "grey" (one).
        pixels: "255" for whole numbers 0 to 255, "1" for 0 to 1 as a network sees them.
        kernel: a preset's id, "learned-0" … "learned-31", or "own".
        weights: the own kernel as text (see `parse_weights`).
        bias: added to every sum.
        relu: whether max(0, x) follows.
        stride, padding, dilation: as in Keras's Conv2D.
        position: number of the window's stop, row by row from 0.
        speed: positions a second while playing.
    """

    side: int = 128
    colour: Literal["rgb", "grey"] = "rgb"
    pixels: Literal["255", "1"] = "255"
    kernel: str = "sobel-x"
    weights: str = write_weights(PRESETS["sobel-x"])
    bias: float = 0.0
    relu: bool = False
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1
    position: int = 0
    speed: int = 60

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all parameters."""
        return tuple(field.name for field in fields(cls))

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""

        def number(name: str, low: float, high: float) -> float:
            text = params.get(name, "").strip()
            value = float(text) if _NUMBER.fullmatch(text) else getattr(cls, name)
            return min(max(value, low), high) if np.isfinite(value) else getattr(cls, name)

        def choice(name: str, choices: tuple) -> str:
            return params[name] if params.get(name) in choices else getattr(cls, name)

        def whole_choice(name: str, choices: tuple[int, ...]) -> int:
            return int(choice(name, tuple(str(value) for value in choices)))

        kernels = (*PRESETS, "own", *(f"learned-{number}" for number in range(LEARNED_COUNT)))
        weights = parse_weights(params.get("weights", ""))
        return cls(
            side=whole_choice("side", SIDES),
            colour=cast(Literal["rgb", "grey"], choice("colour", ("rgb", "grey"))),
            pixels=cast(Literal["255", "1"], choice("pixels", ("255", "1"))),
            kernel=choice("kernel", kernels),
            weights=cls.weights if weights is None else write_weights(weights),
            bias=float(f"{number('bias', -1e6, 1e6):.6g}") + 0.0,  # minus zero becomes zero
            relu=params.get("relu") == "on",
            stride=whole_choice("stride", STRIDES),
            padding=cast(Padding, choice("padding", ("valid", "same"))),
            dilation=whole_choice("dilation", DILATIONS),
            position=int(number("position", 0, 10**6)),
            speed=int(number("speed", 1, MAX_SPEED)),
        )

    def to_params(self) -> dict[str, str]:
        """Return the parameters that differ from the default, so that a plain scene has a plain URL."""
        defaults = type(self)().all_params()
        params = {name: text for name, text in self.all_params().items() if text != defaults[name]}
        if self.kernel != "own":
            params.pop("weights", None)
        return params

    def all_params(self) -> dict[str, str]:
        """Return every parameter as text."""
        return {name: _write(getattr(self, name)) for name in self.names()}

    @property
    def channels(self) -> int:
        """Number of planes of the input: 3 for RGB, 1 for grey."""
        return 3 if self.colour == "rgb" else 1

    def kernel_array(self) -> np.ndarray:
        """Return the weights, float64 (rows, columns, channels).

        Presets and own kernels of one plane are the same in every channel. A kernel of three planes meets a grey
        picture as the sum of its planes: grey is red = green = blue, so the sum does to it what the three did.
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


def _write(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
