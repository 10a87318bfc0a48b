"""The words and formulas of the convolution animation; the browser only fills in numbers."""

import numpy as np

from components.browser import Texts
from components.lessons.convolution.slide.scene import ConvolutionScene
from components.photo import CAPTIONS
from components.player import TRANSPORT_TEXTS
from models.arithmetic import Axis
from models.pictures.photo import Photo

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

TEXTS: Texts = {
    "photo-alt": "The photo with the window on it. Click or drag to move the window.",
    "window": "Window × filter",
    "place": "row {row}, column {column}",
    "map": "Feature map",
    "map-alt": "The feature map as filled in so far, the rest of it faint. Click or drag to move the window.",
    "clipped": "{share} % lie beyond {limit}: full colour.",
    "all-learned": "All {count}",
    "fewer-learned": "Fewer",
    "more": "More",
    "more-title": "Input side, colour, pixels, dilation, bias",
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
    "cells-note": "In each cell, the disc is the pixel and the background is pixel × weight.",
    "normalise": "Normalise",
    "flip": "Flip",
    "clear": "Clear",
    "editor-note": "Normalise divides each plane by the sum of its weights (if that is 0, by the sum of their "
    "absolute values). Flip turns the filter by 180°: mathematics turns it before it slides, Keras does not.",
    "editor-refusal": "A weight is a number from −1,000 to 1,000. The filter stays as it was.",
    "editor-cell": "weight in row {row}, column {column}",
    "editor-mixed": "mixed",
    "cell": "filter row {row}, column {column}:",
    "player": TRANSPORT_TEXTS,
}


FAINTEST = 1e-6
"""Weights below this count as 0: four of the 32 learned filters died in training and hold only 1e-8."""


def texts(photo: Photo) -> Texts:
    """Return the component's texts; the photo's caption depends on its source."""
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
    lines = [
        f"Output side: {size_formula}",
        f"Learnable parameters: {product} weights + 1 bias = {terms + 1}",
        f"Multiplications: {axis.output} · {axis.output} · {terms} = {axis.output * axis.output * terms:,}",
    ]
    if scene.kernel.startswith("learned-"):
        if np.abs(kernel).max() < FAINTEST:
            lines.append("This filter is dead: after training its weights are practically 0, and so is its map.")
        elif channels == 1:
            lines.append("In grey, the filter's three planes are added up: red, green and blue are alike.")
    if not np.array_equal(kernel, np.round(kernel, 4)):
        lines.append("Weights and products are shown rounded and computed with all their digits.")
    return lines


def learned_name(index: int) -> str:
    """Return what a learned filter is called on the page, which numbers them from 1."""
    return f"learned filter {index + 1}"


def kernel_name(scene: ConvolutionScene) -> str:
    """Return the filter's name for the caption above the window."""
    return KERNEL_LABELS.get(scene.kernel) or learned_name(int(scene.kernel.removeprefix("learned-")))


def reach_text(scene: ConvolutionScene, axis: Axis) -> str:
    """Say which pixels no window reads, and where zeros were added; empty when neither is the case."""
    if axis.unreached:
        strip = "row and column" if axis.unreached == 1 else f"{axis.unreached} rows and columns"
        if scene.padding == "same":
            return f"Hatched: the last {strip} are never read. {axis.output} stops are enough for same padding."
        return f"Hatched: the last {strip} are never read, because the next stop would hang over the edge."
    if axis.before or axis.after:
        return f"Black frame: zeros of same padding, {axis.before} above and left, {axis.after} below and right."
    return ""
