"""The words and formulas of the convolution animation; the browser only fills in numbers."""

import numpy as np

from components.convolution.scene import ConvolutionScene
from models.arithmetic import Axis
from models.photo import Photo

KERNEL_LABELS = {
    "identity": "identity",
    "box-blur": "box blur",
    "gaussian-blur": "Gaussian blur",
    "sharpen": "sharpen",
    "outline": "outline",
    "sobel-x": "Sobel x",
    "sobel-y": "Sobel y",
    "emboss": "emboss",
    "own": "your own",
}

TEXTS: dict = {
    "photo-alt": "The photo with the window on it. Click or drag to move the window.",
    "window": "Window × filter",
    "place": "row, column",
    "map": "Feature map",
    "map-alt": "The feature map as filled in so far. Click or drag to move the window.",
    "planes": "red, green, blue",
    "channel-names": ["red", "green", "blue"],
    "sum": "sum",
    "bias": "bias",
    "output": "output",
    "output-relu": "output, max(0, ·)",
    "filter": "Filter",
    "learned": "Learned",
    "stride": "Stride",
    "padding": "Padding",
    "dilation": "Dilation",
    "bias-control": "Bias",
    "relu": "ReLU after it",
    "side": "Input side",
    "colour": "Colour",
    "pixels": "Pixels",
    "size": "Size",
    "channels": "Channel",
    "normalise": "Normalise",
    "flip": "Flip",
    "clear": "Clear",
    "editor-note": "Normalise divides by the sum of the weights, so that the brightness stays. "
    "Flip turns the filter by 180°.",
    "editor-cell": "weight in row {row}, column {column}",
    "editor-mixed": "mixed",
    "cell": "row {row}, column {column}:",
    "player": {"play": "Play", "pause": "Pause", "count": "stop {position} of {count}", "rate": "{speed} / s"},
}


CAPTIONS = {"upload": "Your photo", "camera": "Your photo", "sample": "Sample photo", "drawn": "Drawn picture"}


def texts(photo: Photo) -> dict:
    """Return all words of the component; what the photo is called depends on where it comes from."""
    return {**TEXTS, "photo": CAPTIONS[photo.source]}


def facts(scene: ConvolutionScene, axis: Axis, kernel: np.ndarray) -> list[str]:
    """Return the lines below the controls: output size, learnable parameters, multiplications, with their formulas."""
    size, _, channels = kernel.shape
    reach = f"{size}" if scene.dilation == 1 else f"(({size} − 1) · {scene.dilation} + 1)"
    if scene.padding == "valid":
        size_formula = f"⌊({scene.side} − {reach}) / {scene.stride}⌋ + 1 = {axis.output}"
    else:
        size_formula = f"⌈{scene.side} / {scene.stride}⌉ = {axis.output}"
    terms = size * size * channels
    product = f"{size} · {size} · {channels}"
    return [
        f"Output side: {size_formula}",
        f"Learnable parameters: {product} weights + 1 bias = {terms + 1}",
        f"Multiplications: {axis.output} · {axis.output} · {terms} = {axis.output * axis.output * terms:,}",
    ]


def reach_text(axis: Axis) -> str:
    """Say which pixels no window reads, and where zeros were added; empty when neither is the case."""
    if axis.unreached:
        strip = "row and column" if axis.unreached == 1 else f"{axis.unreached} rows and columns"
        return f"Hatched: the last {strip} are never read, because the next stop would hang over the edge."
    if axis.before or axis.after:
        return f"Black frame: zeros added by same padding, {axis.before} before and {axis.after} after."
    return ""
