"""The convolution animation: a filter slides over the photo, its window is magnified, the feature map fills in."""

from pathlib import Path

import numpy as np

from components.convolution.scene import DILATIONS, OWN_SIZES, SIDES, STRIDES, ConvolutionScene
from components.convolution.texts import PRESET_LABELS, TEXTS, facts, reach_text
from components.player import encode_array, register
from components.player.address import open_scene, take_changes
from models.arithmetic import axis_geometry, convolve, relu
from models.filters import PRESETS, learned_filters
from models.photo import Photo, grey

KEY = "convolution"
_mount = register("convolution", Path(__file__).resolve().parent)


def input_pixels(photo: Photo, scene: ConvolutionScene) -> np.ndarray:
    """Return the picture that the filter slides over: uint8 (side, side, 3) or (side, side, 1)."""
    square = photo.square(scene.side)
    return square if scene.channels == 3 else grey(square)[..., np.newaxis]


def payload(photo: Photo, scene: ConvolutionScene) -> dict:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    `sums` is the feature map before bias and ReLU, float32, computed by `models.arithmetic.convolve`; the browser adds
    the bias and applies max(0, x). An impossible scene has `refusal`, a sentence, instead of `sums`.
    """
    pixels = input_pixels(photo, scene)
    kernel = scene.kernel_array()
    size = kernel.shape[0]
    result: dict = {
        "scene": {name: text for name, text in scene.all_params().items() if name not in ("position", "speed")},
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "channels": pixels.shape[2],
        "size": size,
        "bias": scene.bias,
        "input": encode_array(pixels, "u1"),
        "kernel": encode_array(kernel, "f8"),
        "choices": {
            "stride": [[str(value), str(value)] for value in STRIDES],
            "padding": [["valid", "valid"], ["same", "same"]],
            "dilation": [[str(value), str(value)] for value in DILATIONS],
            "side": [[str(value), str(value)] for value in SIDES],
            "colour": [["grey", "grey"], ["rgb", "RGB"]],
            "pixels": [["255", "0 to 255"], ["1", "0 to 1"]],
            "size": [[str(value), f"{value} × {value}"] for value in OWN_SIZES],
            "channel": [["all", "all"], ["0", "red"], ["1", "green"], ["2", "blue"]],
        },
        "presets": [
            *({"id": id, "label": PRESET_LABELS[id], "weights": PRESETS[id].ravel().tolist()} for id in PRESETS),
            {"id": "own", "label": PRESET_LABELS["own"], "weights": None},
        ],
        "learned": {
            "weights": encode_array(learned_filters(), "f4"),
            "labels": [f"learned filter {number}" for number in range(len(learned_filters()))],
        },
    }
    try:
        numbers = pixels / 255 if scene.pixels == "1" else pixels
        settings = {"stride": scene.stride, "padding": scene.padding, "dilation": scene.dilation}
        sums = convolve(numbers, kernel, **settings)
        axis = axis_geometry(scene.side, size, **settings)
    except ValueError as error:
        result |= {"sums": None, "rows": None, "columns": None, "scale": 1.0, "productScale": 1.0, "refusal": str(error)}
        result |= {"facts": [], "texts": {**TEXTS, "reach": "", "photo-shape": _shape(pixels.shape), "map-shape": ""}}
    else:
        outputs = sums + np.float32(scene.bias)
        outputs = relu(outputs) if scene.relu else outputs
        geometry = {
            "output": axis.output,
            "before": axis.before,
            "after": axis.after,
            "reach": axis.reach,
            "unreached": axis.unreached,
        }
        result |= {
            "sums": encode_array(sums, "f4"),
            "rows": geometry,
            "columns": geometry,
            "scale": float(np.abs(outputs).max()),
            "productScale": float(np.abs(kernel).max() * numbers.max()),
            "refusal": None,
            "facts": facts(scene, axis, kernel),
            "texts": {
                **TEXTS,
                "reach": reach_text(scene, axis),
                "photo-shape": _shape(pixels.shape),
                "map-shape": _shape((axis.output, axis.output)),
            },
        }
    return result


def convolution_animation(photo: Photo) -> ConvolutionScene:
    """Draw the animation on `photo` and return the scene that it shows.

    The scene lives in the URL and in the session; what the visitor changes in the component comes back through it.
    """
    opened = open_scene(KEY, ConvolutionScene, subject=photo.digest)
    _mount(
        key=KEY,
        data={
            **payload(photo, opened.scene),
            "epoch": opened.epoch,
            "edit": opened.edit,
            "position": opened.start.position,
            "speed": opened.start.speed,
        },
        on_scene_change=take_changes(KEY, ConvolutionScene, "scene"),
        on_place_change=take_changes(KEY, ConvolutionScene, "place"),
    )
    return opened.scene


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(str(length) for length in shape)
