"""The convolution animation: a filter slides over the photo, its window is magnified, the feature map fills in."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NotRequired, TypedDict

import numpy as np
from PIL import Image

from components.browser import Texts, carry, encode_array
from components.lessons.convolution.slide.scene import DILATIONS, OWN_SIZES, SIDES, STRIDES, ConvolutionScene
from components.lessons.convolution.slide.texts import (
    KERNEL_LABELS,
    facts,
    kernel_name,
    learned_name,
    reach_text,
    texts,
)
from components.player import animation, register
from models.arithmetic import convolution_axis
from models.pictures.photo import Photo, grey
from models.pretrained.filters import PRESETS, learned_filters

KEY = "convolution"
FOLDED = ("side", "colour", "pixels", "dilation", "bias")
"""The settings that the page shows when somebody asks for more."""


_mount = register("convolution", Path(__file__).resolve().parent)


def input_pixels(photo: Photo, scene: ConvolutionScene) -> np.ndarray:
    """Return the picture that the filter slides over: uint8 (side, side, 3) or (side, side, 1)."""
    square = photo.square(scene.side)
    return square if scene.channels == 3 else grey(square)[..., np.newaxis]


def input_id(photo: Photo, scene: ConvolutionScene) -> str:
    """Return the id under which the browser keeps the picture: it is sent once, whatever else changes."""
    return f"{photo.digest}-{scene.side}-{scene.colour}"


def input_message(photo: Photo, scene: ConvolutionScene) -> dict[str, str]:
    """Return the picture as a message of its own: uint8 (side, side, channels)."""
    return {"id": input_id(photo, scene), "pixels": encode_array(input_pixels(photo, scene), "u1")}


def input_png(photo: Photo, scene: ConvolutionScene) -> bytes:
    """Return the input as a PNG file, which keeps every pixel as it is."""
    buffer = BytesIO()
    Image.fromarray(input_pixels(photo, scene).squeeze()).save(buffer, "PNG")
    return buffer.getvalue()


class Preset(TypedDict):
    """A ready-made filter; the visitor's own filter and the learned ones have no weights here."""

    id: str
    label: str
    weights: list[float] | None


class LearnedFilters(TypedDict):
    """The filters of a network's first layer, float32."""

    weights: str
    labels: list[str]


class Menu(TypedDict):
    """What `_menu` returns; `folded` has the settings that lie under "More", with what they are at first."""

    choices: dict[str, list[list[str]]]
    presets: list[Preset]
    learned: LearnedFilters
    folded: dict[str, str]


class ConvolutionMessage(Menu):
    """What the browser is sent; see `payload`."""

    texts: Texts
    height: int
    width: int
    channels: int
    size: int
    bias: float
    input: str
    brightest: float
    kernel: str
    axis: dict[str, int] | None
    productScale: float
    kernelName: str
    facts: list[str]
    refusal: NotRequired[str]
    reach: NotRequired[str]


def payload(photo: Photo, scene: ConvolutionScene) -> ConvolutionMessage:
    """Return everything but the picture that the browser needs to play one scene, whatever its position and speed.

    The browser computes the feature map itself (`feature_map.js`). For an impossible scene, `refusal` is a sentence and
    there is no `axis`.
    """
    pixels = input_pixels(photo, scene)
    kernel = scene.kernel_array()
    brightest = float(pixels.max() / 255 if scene.pixels == "1" else pixels.max())
    menu = _menu()
    result: ConvolutionMessage = {
        "choices": menu["choices"],
        "presets": menu["presets"],
        "learned": menu["learned"],
        "folded": menu["folded"],
        "texts": texts(photo),
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "channels": pixels.shape[2],
        "size": kernel.shape[0],
        "bias": scene.bias,
        "input": input_id(photo, scene),
        "brightest": brightest,
        "kernel": encode_array(kernel, "f8"),
        "axis": None,
        "productScale": float(np.abs(kernel).max() * brightest),
        "kernelName": kernel_name(scene),
        "facts": [],
    }
    try:
        # The picture is square: both axes are the same.
        axis = convolution_axis(
            scene.side, kernel.shape[0], stride=scene.stride, padding=scene.padding, dilation=scene.dilation
        )
    except ValueError as error:
        return {**result, "refusal": str(error).replace("`", "")}
    return {**result, "axis": asdict(axis), "facts": facts(scene, axis, kernel), "reach": reach_text(scene, axis)}


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
            "labels": [learned_name(index) for index in range(len(learned))],
        },
        "folded": {name: text for name, text in ConvolutionScene().all_params().items() if name in FOLDED},
    }


def convolution_animation(photo: Photo) -> ConvolutionScene:
    """Draw the animation on `photo` and return the scene that it shows."""

    def sent(scene: ConvolutionScene) -> ConvolutionMessage:
        carry(f"{KEY}-picture", input_message(photo, scene))
        return payload(photo, scene)

    return animation(_mount, KEY, ConvolutionScene, sent, subject=photo.digest)
