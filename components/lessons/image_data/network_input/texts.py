"""The words of the way from a photo to a network's input, with the numbers of this photo."""

from typing import TypedDict

import numpy as np

from components.browser import Texts
from components.lessons.image_data.network_input.scene import InputScene
from components.player import TRANSPORT_TEXTS
from models.pictures.network_input import Stages
from models.pictures.photo import Photo

TEXTS: Texts = {
    "side": "Network's side",
    "how": "Not square",
    "range": "Numbers",
    "shape": "shape",
    "dtype": "dtype",
    "span": "from … to",
    "centre": "middle pixel",
    "open": "Step {number}: {title}",
    "player": TRANSPORT_TEXTS | {"position": "Step", "count": "step {position} of {count}"},
}

CHOICES = {
    "side": [["224", "224"], ["112", "112"], ["96", "96"], ["64", "64"], ["32", "32"]],
    "how": [["crop", "crop"], ["squash", "squash"], ["pad", "pad"]],
    "range": [["unit", "0 to 1"], ["signed", "−1 to 1"]],
}

TITLES = ("Upright photo", "Cut", "Resized", "Rescaled", "Batch of one")

_CUT = {
    "crop": "Crop keeps the largest square in the middle. What lies outside is lost, the proportions stay.",
    "pad": "Pad puts black on two sides until the picture is square. Nothing is lost, the proportions stay.",
    "squash": "Squash cuts nothing here. The next step presses the whole picture into a square: its proportions go.",
}


def sentences(photo: Photo, stages: Stages, scene: InputScene) -> list[str]:
    """Return what each step does, one or two sentences."""
    width, height = photo.original_size
    kept = f"{photo.pixels.shape[1]:,} × {photo.pixels.shape[0]:,}"
    smaller = f", made smaller to {kept}" if (width, height) != photo.pixels.shape[1::-1] else ""
    range_words = "0 to 1" if scene.range == "unit" else "−1 to 1"
    before, after = stages.cut.shape[0] * stages.cut.shape[1], scene.side**2
    change = (
        f"{before:,} pixels become {after:,}: each new one is an average of old ones"
        if after < before
        else f"{before:,} pixels become {after:,}: new ones are mixed from their neighbours, and nothing new is seen"
    )
    return [
        f"The file is decoded: {width:,} × {height:,} pixels{smaller}. A phone may store a photo lying on its side; "
        "it is turned upright first.",
        _CUT[scene.how],
        f"{change}. The network was built for this side.",
        f"The numbers 0 to 255 become {range_words}, as float32. Training is easier with small numbers, best of all "
        "around 0; the picture is the same, only its units change.",
        "A network takes many pictures at once, a batch. One photo is a batch of 1, so a dimension is put in front.",
    ]


def lines(photo: Photo, stages: Stages, scene: InputScene) -> list[str]:
    """Return the NumPy or Keras line of each step."""
    return [
        'pixels = np.asarray(ImageOps.exif_transpose(Image.open("photo.jpg")).convert("RGB"))',
        cut_line(photo.pixels.shape, scene),
        f"resized = keras.ops.image.resize(square, ({scene.side}, {scene.side}), antialias=True)",
        f"rescaled = keras.layers.Rescaling({rescaling(scene)})(resized)",
        f"batch = keras.ops.expand_dims(rescaled, axis=0)  # {stages.batch.shape}",
    ]


def rescaling(scene: InputScene) -> str:
    """Return the arguments of Keras's Rescaling layer."""
    return "1 / 255" if scene.range == "unit" else "1 / 127.5, offset=-1"


def cut_line(shape: tuple[int, ...], scene: InputScene) -> str:
    """Return the line that crops or pads an array of this shape, as `models.pictures.resize.cut` does."""
    height, width = shape[:2]
    if scene.how == "squash" or height == width:
        return "square = pixels  # nothing to cut"
    if scene.how == "crop":
        short = min(height, width)
        top, left = (height - short) // 2, (width - short) // 2
        return f"square = pixels[{top}:{top + short}, {left}:{left + short}]"
    down, across = (max(height, width) - height) // 2, (max(height, width) - width) // 2
    return f"square = np.pad(pixels, (({down}, {down}), ({across}, {across}), (0, 0)))"


class Facts(TypedDict):
    """What `facts` returns."""

    shape: str
    dtype: str
    span: str
    centre: str


def facts(array: np.ndarray) -> Facts:
    """Return shape, type, smallest and largest number, and the middle pixel of a picture or of a batch of one.

    The middle pixel's three numbers have to fit beside each other into a card: two decimals.
    """
    picture = array[0] if array.ndim == 4 else array
    height, width = picture.shape[:2]
    return {
        "shape": str(array.shape),
        "dtype": str(array.dtype),
        "span": f"{_write(array.min())} … {_write(array.max())}",
        "centre": "  ".join(_write(number, 2) for number in picture[height // 2, width // 2]),
    }


def _write(number: np.generic, decimals: int = 3) -> str:
    text = f"{number:.{decimals}f}" if isinstance(number, np.floating) else str(number)
    return text.replace("-", "−")
