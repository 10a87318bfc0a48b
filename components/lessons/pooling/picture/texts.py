"""The words of pooling on a whole picture, with the numbers that were measured on it."""

import numpy as np

from components.browser import Texts
from components.lessons.pooling.picture.scene import SIZES, PictureScene
from components.photo import CAPTIONS
from components.player import TRANSPORT_TEXTS
from models.arithmetic.pooling_study import PoolingStudy
from models.pictures.photo import Photo
from models.pretrained.first_layer import FILTERS

TEXTS: Texts = {
    "intro": "The same on a whole picture: the middle of your photo, 96 × 96 pixels. The output is enlarged back to "
    "the old size, so that you see what was lost.",
    "max": "Max pooling",
    "average": "Average pooling",
    "here": "here",
    "channels": ["R", "G", "B"],
    "source-control": "Picture",
    "map-control": "Map",
    "size": "Window",
    "view": "Show",
    "picture-alt": "The picture with the window on it. Click or drag to move the window.",
    "max-alt": "The output of max pooling. Click or drag to move the window.",
    "average-alt": "The output of average pooling. Click or drag to move the window.",
    "nothing": "0",
    "player": TRANSPORT_TEXTS,
}

CHOICES = {
    "source": [
        ["photo", "photo"],
        ["map", "feature map"],
        ["noise", "photo + noise"],
        ["lines", "drawn lines"],
    ],
    "map": [[str(index), str(index + 1)] for index in range(FILTERS)],
    "size": [[str(size), f"{size} × {size}"] for size in SIZES],
    "view": [["result", "enlarged back"], ["lost", "what is lost"], ["shift", "after a shift of 1 pixel"]],
}


def source_name(photo: Photo, scene: PictureScene) -> str:
    """Return the picture's name."""
    return {
        "photo": CAPTIONS[photo.source],
        "map": f"Map {scene.map + 1} of the first layer, after ReLU6",
        "noise": f"{CAPTIONS[photo.source]}, 5\u00a0% noise",
        "lines": "Drawn lines, 1 pixel thin",
    }[scene.source]


def facts(result: PoolingStudy, scene: PictureScene) -> list[str]:
    """Return the measured lines below the pictures."""
    side, _, channels = result.picture.shape
    small = side // scene.size
    lines = [
        f"{side} · {side} · {channels} = {side * side * channels:,} numbers become {small} · {small} · {channels} = "
        f"{small * small * channels:,}: one in {scene.size**2}."
    ]
    if scene.view == "shift":
        lines.append(
            f"One pixel to the side changes a number of the picture by {_write(result.pixel_moved)} on average, "
            f"a maximum by {_mean(result.moved['max'])}, an average by {_mean(result.moved['average'])}."
        )
    else:
        lines.append(
            f"Enlarged back, a number is off by {_mean(result.lost['max'])} on average after max pooling, "
            f"by {_mean(result.lost['average'])} after average pooling."
        )
    if result.disturbed:
        lines.append(
            f"The noise changed a number of the picture by {_write(result.disturbed['pixel'])} on average, "
            f"a maximum by {_write(result.disturbed['max'])}, an average by {_write(result.disturbed['average'])}."
        )
    return lines


def look(result: PoolingStudy, scene: PictureScene) -> str:
    """Return one or two sentences on what is worth noticing in this picture."""
    if scene.view == "shift":
        return (
            "While the largest number stays inside its window, a maximum does not change at all. When it crosses into "
            "the next window, the maximum jumps. Compare the measured means below."
        )
    if scene.source == "noise":
        return (
            "One white pixel is enough: max pooling paints its whole window white, and black ones vanish. "
            "The average spreads both over the window until they are hardly seen."
        )
    if scene.source == "lines":
        half = result.picture.shape[1] // scene.size // 2
        bright = result.pooled["average"][:, :half].max()
        return (
            f"A thin bright line on dark stays 255 after max pooling and fades to at most {bright:.0f} in the average. "
            "The same line dark on bright is gone after max pooling. In a feature map, a large number means that the "
            "filter's pattern is there: keeping the largest is what we want."
        )
    if scene.source == "map":
        return (
            "The bluer, the stronger the filter responded here. Max pooling keeps the strongest response of each "
            "window, average pooling weakens it."
        )
    return (
        "Max pooling keeps the largest number of each window and channel: no pixel gets darker. "
        "The average keeps the photo's tone."
    )


def _mean(distances: np.ndarray) -> str:
    return _write(float(distances.mean()))


def _write(number: float) -> str:
    return f"{number:.2g}" if number < 1 else f"{number:.1f}"
