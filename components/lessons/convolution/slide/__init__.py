"""The convolution animation: a filter slides over the photo, its window is magnified, the feature map fills in."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NotRequired, TypedDict

import numpy as np
from PIL import Image

from components.browser import encode_array
from components.lessons.convolution.slide.scene import DILATIONS, OWN_SIZES, SIDES, STRIDES, ConvolutionScene
from components.lessons.convolution.slide.texts import FAINTEST, KERNEL_LABELS, facts, kernel_name, reach_text, texts
from components.player import animation, register
from models.arithmetic import Padding, activation, axis_geometry, convolve
from models.pictures.photo import Photo, grey
from models.pretrained.filters import PRESETS, learned_filters

KEY = "convolution"


class Slide(TypedDict):
    """How a filter moves, as `models.arithmetic` takes it."""

    stride: int
    padding: Padding
    dilation: int


_mount = register("convolution", Path(__file__).resolve().parent)


def input_pixels(photo: Photo, scene: ConvolutionScene) -> np.ndarray:
    """Return the picture that the filter slides over: uint8 (side, side, 3) or (side, side, 1)."""
    square = photo.square(scene.side)
    return square if scene.channels == 3 else grey(square)[..., np.newaxis]


def input_png(photo: Photo, scene: ConvolutionScene) -> bytes:
    """Return the input as a PNG file, which keeps every pixel as it is."""
    buffer = BytesIO()
    Image.fromarray(input_pixels(photo, scene).squeeze()).save(buffer, "PNG")
    return buffer.getvalue()


class Preset(TypedDict):
    """A ready-made filter; no weights where the visitor writes them or chooses a learned one."""

    id: str
    label: str
    weights: list[float] | None


class LearnedFilters(TypedDict):
    """The first layer's filters of a network, float32."""

    weights: str
    labels: list[str]


class Menu(TypedDict):
    """What `_menu` returns."""

    choices: dict[str, list[list[str]]]
    presets: list[Preset]
    learned: LearnedFilters


class ConvolutionMessage(Menu):
    """What the browser is sent; see `payload`."""

    texts: dict[str, object]
    height: int
    width: int
    channels: int
    size: int
    bias: float
    input: str
    kernel: str
    sums: str | None
    axis: dict[str, int] | None
    productScale: float
    kernelName: str
    facts: list[str]
    refusal: NotRequired[str]
    scale: NotRequired[float]
    reach: NotRequired[str]


def payload(photo: Photo, scene: ConvolutionScene) -> ConvolutionMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    `sums` is the feature map before bias and ReLU, float32, computed by `models.arithmetic.convolve`; the browser adds
    the bias and applies max(0, x). An impossible scene has `refusal`, a sentence, instead of `sums`.
    """
    pixels = input_pixels(photo, scene)
    kernel = scene.kernel_array()
    size = kernel.shape[0]
    result: ConvolutionMessage = {
        **_menu(),
        "texts": texts(photo),
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "channels": pixels.shape[2],
        "size": size,
        "bias": scene.bias,
        "input": encode_array(pixels, "u1"),
        "kernel": encode_array(kernel, "f8"),
        "sums": None,
        "axis": None,
        "productScale": 0.0,
        "kernelName": kernel_name(scene),
        "facts": [],
    }
    numbers = pixels / 255 if scene.pixels == "1" else pixels
    slide = Slide(stride=scene.stride, padding=scene.padding, dilation=scene.dilation)
    try:
        sums = convolve(numbers, kernel, **slide)
    except ValueError as error:
        return {**result, "refusal": str(error).replace("`", "")}
    axis = axis_geometry(scene.side, size, **slide)  # the picture is square: both axes are alike
    outputs = sums + np.float32(scene.bias)
    outputs = activation("relu", outputs) if scene.relu else outputs
    return {
        **result,
        "sums": encode_array(sums, "f4"),
        "axis": asdict(axis),
        "scale": _scale(outputs, numbers),
        "productScale": float(np.abs(kernel).max() * numbers.max()),
        "facts": facts(scene, axis, kernel),
        "reach": reach_text(scene, axis),
    }


def _scale(outputs: np.ndarray, pixels: np.ndarray) -> float:
    """Return the map's largest number, which gets the full colour; 0 where the filter is dead and writes nothing."""
    strongest = float(np.abs(outputs).max())
    return strongest if strongest > FAINTEST * max(float(pixels.max()), 1e-12) else 0.0


@cache
def _menu() -> Menu:
    """Return what the visitor can choose from: value and label of every option, weights of every ready-made filter."""

    def same(values: Iterable[object]) -> list[list[str]]:
        return [[str(value), str(value)] for value in values]

    learned = learned_filters()
    return {
        "choices": {
            "stride": same(STRIDES),
            "padding": same(("valid", "same")),
            "dilation": same(DILATIONS),
            "side": same(SIDES),
            "colour": [["grey", "grey"], ["rgb", "RGB"]],
            "pixels": [["255", "0 to 255"], ["1", "0 to 1"]],
            "size": [[str(size), f"{size} × {size}"] for size in OWN_SIZES],
            "channel": [["all", "all"], ["0", "red"], ["1", "green"], ["2", "blue"]],
        },
        "presets": [
            {"id": name, "label": label, "weights": PRESETS[name].ravel().tolist() if name in PRESETS else None}
            for name, label in KERNEL_LABELS.items()
        ],
        "learned": {
            "weights": encode_array(learned, "f4"),
            "labels": [f"learned filter {number}" for number in range(len(learned))],
        },
    }


def convolution_animation(photo: Photo) -> ConvolutionScene:
    """Draw the animation on `photo` and return the scene that it shows."""
    return animation(_mount, KEY, ConvolutionScene, lambda scene: payload(photo, scene), subject=photo.digest)
