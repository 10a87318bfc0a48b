"""A large decoded picture becomes a small one a few rows at a time: never is there a second copy of it.

The result is the one of converting the whole picture first and shrinking it then by Pillow's `resize(size, LANCZOS,
reducing_gap=3.0)`, to the last bit: that begins with averages over blocks of pixels, which a strip of whole blocks has
all by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

REDUCING_GAP = 3.0
"""Averages over blocks leave at least this many times the wanted pixels in each direction to Lanczos."""

STRIP_BYTES = 4 * 2**20
"""Size of a strip in Pillow's memory, at least one row of blocks."""


@dataclass(frozen=True)
class Rows:
    """A decoded picture, wherever its pixels lie.

    Attributes:
        mode: its mode in Pillow.
        size: width and height.
        strip: returns the rows from the first number up to the second, as a picture.
    """

    mode: str
    size: tuple[int, int]
    strip: Callable[[int, int], Image.Image]


def rows_of(image: Image.Image) -> Rows:
    """Return the rows of a loaded picture."""
    width = image.size[0]
    return Rows(image.mode, image.size, lambda top, bottom: image.crop((0, top, width, bottom)))


def shrunk(rows: Rows, size: tuple[int, int]) -> Image.Image:
    """Return the picture at `size` (width, height), in mode L, LA, RGB, RGBA, CMYK, LAB or YCbCr.

    Colours of a palette and what is declared transparent are written out; more than eight bits become eight.
    """
    width, height = rows.size
    levels = _Levels(rows) if rows.mode.startswith(("I", "F")) else None
    across, down = (int(length / wanted / REDUCING_GAP) or 1 for length, wanted in zip(rows.size, size, strict=True))
    if (across, down) == (1, 1):
        image = _converted(rows.strip(0, height), levels)
        if image.size == size:
            return image
        # Pillow multiplies by alpha before it averages, so that no colour bleeds out of transparent pixels.
        return image.resize(size, Image.Resampling.LANCZOS)
    reduced: Image.Image | None = None
    for top, bottom in _strips(rows.size, down):
        part = _converted(rows.strip(top, bottom), levels)
        part = part.convert({"LA": "La", "RGBA": "RGBa"}.get(part.mode, part.mode)).reduce((across, down))
        if reduced is None:
            reduced = Image.new(part.mode, (part.size[0], -(-height // down)))
        reduced.paste(part, (0, top // down))
    assert reduced is not None
    box = (0.0, 0.0, width / across, height / down)
    image = reduced.resize(size, Image.Resampling.LANCZOS, box)
    return image.convert({"La": "LA", "RGBa": "RGBA"}.get(image.mode, image.mode))


def _strips(size: tuple[int, int], down: int) -> list[tuple[int, int]]:
    """Where strips of whole blocks, `down` rows high, begin and end."""
    width, height = size
    step = max(1, STRIP_BYTES // (4 * width * down)) * down
    return [(top, min(top + step, height)) for top in range(0, height, step)]


def _converted(image: Image.Image, levels: "_Levels | None") -> Image.Image:
    if levels is not None:
        return Image.fromarray(levels.eight_bits(image))
    if image.has_transparency_data and image.mode not in ("RGBA", "LA"):  # those are left as they are
        return image.convert("RGBA")
    if image.mode in ("1", "P"):
        return image.convert("L" if image.mode == "1" else "RGB")
    return image


class _Levels:
    """How the brightness of a picture in 16-bit, 32-bit or floating-point grey becomes eight bits.

    16-bit values are divided by 257, so that 65535 becomes 255. The 32-bit modes do not define white. Here it is 1 for
    floats up to 1, else the first of 255, 65535 and the largest value that no pixel exceeds.
    """

    def __init__(self, rows: Rows) -> None:
        self._least, self._white = 0.0, 65535.0
        if rows.mode.startswith("I;16"):
            self._table = ((np.arange(65536) + 128) // 257).astype(np.uint8)
            return
        ends = []
        for top, bottom in _strips(rows.size, 1):
            values = _numbers(rows.strip(top, bottom))
            ends.append((float(values.min()), float(values.max())))
        self._least = min(0.0, *(least for least, _ in ends))
        largest = float(np.float32(max(most for _, most in ends)) - np.float32(self._least))
        whites = (255.0, 65535.0) if rows.mode == "I" else (1.0, 255.0, 65535.0)
        self._white = next((white for white in whites if largest <= white), largest)

    def eight_bits(self, strip: Image.Image) -> Pixels:
        """Return a strip of the picture as uint8 (height, width)."""
        if strip.mode.startswith("I;16"):
            result: Pixels = self._table[np.asarray(strip)]
        else:
            values = _numbers(strip)
            values -= self._least
            values *= 255.0 / self._white
            result = (values + 0.5).astype(np.uint8)
        transparent = strip.info.get("transparency")
        if isinstance(transparent, int):
            result[np.asarray(strip) == transparent] = 255
        return result


def _numbers(strip: Image.Image) -> NDArray[np.float32]:
    values = np.asarray(strip).astype(np.float32)
    return np.nan_to_num(values, copy=False, nan=0.0, posinf=0.0, neginf=0.0).clip(-1e30, 1e30, out=values)
