"""Small pictures of some batches as one sheet, and which batches are worth sending."""

import base64
from io import BytesIO
from typing import NamedTuple, TypedDict

import cv2
import numpy as np
from PIL import Image

SIDE = 32
"""Largest side of a small picture in pixels; smaller pictures stay as they are."""
PIXELS = 960 * SIDE * SIDE
"""Most pixels in a sheet: 960 small photos, 15,360 digits of 8 × 8."""
MAX_BYTES = 450_000
"""Largest size of a sheet's file. Base64 makes it a third larger, and a message stays well below 1 MB."""
COLUMNS = 32


class Window(NamedTuple):
    """The batches whose pictures are sent while the visitor is near one of them.

    Attributes:
        first: number of the first of these batches, from 0.
        end: number after the last one.
        low: from this batch on, no other window is needed,
        high: until before this one.
    """

    first: int
    end: int
    low: int
    high: int


def window_near(position: int, *, steps: int, batch_size: int, side: int) -> Window:
    """Return the batches to send around a position.

    Where not all fit, the window has three parts, and the visitor is in the middle one: the next window is fetched
    before the pictures of this one run out, forwards and backwards.

    Args:
        position: index of a batch; one that is too large means the last.
        steps: batches in the epoch.
        batch_size: pictures in a batch.
        side: pixels a side of the pictures as the dataset has them.
    """
    position = min(position, steps - 1)
    batches = max(PIXELS // min(side, SIDE) ** 2 // batch_size, 1)
    if batches >= steps:
        return Window(0, steps, 0, steps)
    third = batches // 3
    if not third:
        low = position // batches * batches
        return Window(low, min(low + batches, steps), low, min(low + batches, steps))
    low = position // third * third
    return Window(max(low - third, 0), min(low + 2 * third, steps), low, min(low + third, steps))


class PictureSheet(TypedDict):
    """What `sheet` returns."""

    url: str
    side: int
    columns: int
    exact: bool


def sheet(images: np.ndarray, *, maximum: int = 255) -> PictureSheet:
    """Return pictures side by side in one file, for the browser.

    Args:
        images: uint8 (n, side, side, channels) with 1 or 3 channels, n at least 1.
        maximum: the value of a white pixel.

    Returns:
        `url`: the file as a data URL. `side`: pixels a side of a small picture in it. `columns`: pictures in a row.
        `exact`: every pixel is as the dataset has it, and may be drawn as a square.
    """
    native = images.shape[1]
    attempts: list[tuple[str, int, int]] = [("PNG", native, 0)] if native <= SIDE else []
    side = min(native, SIDE)
    # JPEG works in blocks of 8 pixels: pictures with a side of whole blocks do not bleed into each other.
    attempts += [("JPEG", side, 80), ("JPEG", side, 55), ("JPEG", min(side, 24), 50), ("JPEG", min(side, 16), 40)]
    data = b""
    for kind, side, quality in attempts:
        data = _file(_tiled(images, side, maximum), kind, quality)
        if len(data) <= MAX_BYTES:
            break
    text = base64.b64encode(data).decode()
    return {
        "url": f"data:image/{kind.lower()};base64,{text}",
        "side": side,
        "columns": COLUMNS,
        "exact": kind == "PNG",
    }


def _tiled(images: np.ndarray, side: int, maximum: int) -> np.ndarray:
    """Return uint8 (height, width) or (height, width, 3) with all pictures in rows of `COLUMNS`."""
    count, channels = len(images), images.shape[-1]
    rows = -(-count // COLUMNS)
    small = np.zeros((rows * COLUMNS, side, side, channels), np.uint8)
    for place, image in enumerate(images):
        fitted = image if image.shape[0] == side else cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
        small[place] = fitted.reshape(side, side, channels)
    if maximum != 255:
        small = np.rint(np.minimum(small, maximum) * (255 / maximum)).astype(np.uint8)
    tiles = small.reshape(rows, COLUMNS, side, side, channels).transpose(0, 2, 1, 3, 4)
    pixels = tiles.reshape(rows * side, COLUMNS * side, channels)
    return pixels[..., 0] if channels == 1 else pixels


def _file(pixels: np.ndarray, kind: str, quality: int) -> bytes:
    buffer = BytesIO()
    # No chroma subsampling: decoding would blend the colours of neighbouring pictures at their edges.
    Image.fromarray(pixels).save(buffer, kind, **({"quality": quality, "subsampling": 0} if quality else {}))
    return buffer.getvalue()
