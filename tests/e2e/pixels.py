"""What a canvas shows: its pixels, the colours of the course, and where the numbers of a chart have to lie."""

import base64
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import Locator

Colour = Sequence[int]
Point = tuple[float, float]

# The colours of assets/theme.css and .streamlit/config.toml for the light theme.
CAT: Colour = (230, 159, 0)
DOG: Colour = (0, 158, 115)
POSITIVE: Colour = (0, 114, 178)
NEGATIVE: Colour = (213, 94, 0)
WINDOW: Colour = (240, 228, 66)
VALIDATION: Colour = (123, 63, 168)
SOFT: Colour = (91, 95, 103)
ZERO: Colour = (247, 247, 247)
TEXT: Colour = (27, 29, 34)
GROUND: Colour = (251, 250, 247)
BORDER: Colour = (141, 138, 131)

SECONDS = 15.0
READ = """canvas => new Promise((done) => {
    // A view draws in the frame after its news: one frame for that, one until it is done.
    requestAnimationFrame(() => requestAnimationFrame(() => done([
        canvas.toDataURL(),
        canvas.width / canvas.clientWidth,
        parseFloat(getComputedStyle(document.documentElement).fontSize),
    ])));
})"""


@dataclass(frozen=True)
class Axes:
    """The box of a chart's axes in CSS pixels, and the numbers at its edges.

    Attributes:
        left, right, top, bottom: the edges, from the canvas's upper left corner.
        x: the numbers at the left and at the right edge.
        y: the numbers at the lower and at the upper edge.
    """

    left: float
    right: float
    top: float
    bottom: float
    x: Point
    y: Point

    def place(self, x: float, y: float) -> Point:
        """Return the place of a pair of numbers on the canvas, in CSS pixels."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * (self.right - self.left), self.bottom - up * (self.bottom - self.top)

    def places(self, xs: Iterable[float], ys: Iterable[float]) -> list[Point]:
        """Return the places of several pairs of numbers."""
        return [self.place(x, y) for x, y in zip(xs, ys, strict=True)]


@dataclass(frozen=True)
class Drawing:
    """A canvas's pixels on the page's light ground.

    Attributes:
        pixels: int array (rows, columns, 3).
        ratio: pixels of the canvas in one CSS pixel.
        rem: CSS pixels.
    """

    pixels: np.ndarray
    ratio: float
    rem: float

    @property
    def width(self) -> float:
        """In CSS pixels."""
        return self.pixels.shape[1] / self.ratio

    @property
    def height(self) -> float:
        """In CSS pixels."""
        return self.pixels.shape[0] / self.ratio

    def at(self, x: float, y: float) -> np.ndarray:
        """Return the colour at a place in CSS pixels."""
        return self.pixels[int(y * self.ratio), int(x * self.ratio)]

    def shows(self, colour: Colour, place: Point, *, around: float = 1) -> bool:
        """Whether a colour is found at a place in CSS pixels, or within `around` pixels of it."""
        (x, y), reach = place, around * self.ratio
        rows = slice(max(round(y * self.ratio - reach), 0), round(y * self.ratio + reach) + 1)
        columns = slice(max(round(x * self.ratio - reach), 0), round(x * self.ratio + reach) + 1)
        return bool(near(self.pixels[rows, columns], colour).any())

    def rows(self, colour: Colour, x: float) -> np.ndarray:
        """Return the y coordinates, in CSS pixels, at which a column of the canvas has a colour."""
        found = near(self.pixels[:, int(x * self.ratio)], colour)
        return (np.flatnonzero(found) + 0.5) / self.ratio

    def columns(self, colour: Colour, y: float) -> np.ndarray:
        """Return the x coordinates, in CSS pixels, at which a row of the canvas has a colour."""
        found = near(self.pixels[int(y * self.ratio)], colour)
        return (np.flatnonzero(found) + 0.5) / self.ratio

    def axes(self, *, top: float, right: float, bottom: float, left: float, x: Point, y: Point) -> Axes:
        """Return a chart's axes from its margins in rem."""
        rem = self.rem
        return Axes(left * rem, self.width - right * rem, top * rem, self.height - bottom * rem, x, y)


def near(pixels: np.ndarray, colour: Colour, tolerance: int = 24) -> np.ndarray:
    """Return for each pixel of an array (…, 3) whether it has a colour: bool (…)."""
    return np.abs(pixels.astype(int) - np.array(colour)).max(axis=-1) <= tolerance


def look(canvas: Locator, until: Callable[[Drawing], bool] = lambda _drawing: True) -> Drawing:
    """Return the next frame of a canvas, or the first frame that meets a condition.

    If no frame meets the condition in time, the last one is returned, and the test says what is wrong with it.
    """
    end = time.monotonic() + SECONDS
    while True:
        url, ratio, rem = canvas.evaluate(READ)
        image = Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGBA")
        ground = Image.new("RGBA", image.size, (*GROUND, 255))
        pixels = np.asarray(Image.alpha_composite(ground, image).convert("RGB")).astype(int)
        drawing = Drawing(pixels, ratio, rem)
        if until(drawing) or time.monotonic() > end:
            return drawing


def assert_traced(
    drawing: Drawing, points: list[Point], colour: Colour, *, within: float, share: float = 1, top: float = 0
) -> None:
    """Assert that a line of this colour goes through the points, and that the colour is nowhere else in their columns.

    Args:
        within: CSS pixels by which the colour may be above or below a point: half the line's height there.
        share: share of the points that have to be coloured; a dashed line leaves some out.
        top: height of the legend at the canvas's upper edge, in CSS pixels.
    """
    hit = [drawing.shows(colour, point) for point in points]
    assert np.mean(hit) >= share, (
        f"{colour} is missing at {[p for p, found in zip(points, hit, strict=True) if not found]}"
    )
    for x, y in points:
        rows = drawing.rows(colour, x)
        rows = rows[rows > top]
        assert np.all(np.abs(rows - y) <= within), f"{colour} at x = {x:.1f} is not at {y:.1f} but at {rows}"


def signed_colours(numbers: np.ndarray, scale: float) -> np.ndarray:
    """Return the colours of numbers, with zero's in the middle and the full ones at ±scale: float array (…, 3)."""
    share = np.minimum(np.abs(numbers) / scale, 1)[..., np.newaxis]
    ends = np.where(numbers[..., np.newaxis] < 0, NEGATIVE, POSITIVE)
    return np.array(ZERO) + (ends - np.array(ZERO)) * share


def assert_same_picture(drawing: Drawing, expected: np.ndarray, tolerance: float = 2) -> None:
    """Assert that a canvas with one pixel a number shows these colours, (rows, columns, 3)."""
    assert drawing.pixels.shape == expected.shape
    off = np.abs(drawing.pixels - expected).max(axis=-1)
    assert off.max() <= tolerance, f"{np.mean(off > tolerance):.0%} of the pixels are off, by {off.max()} at most"


def pixels_of_image(image: Locator) -> np.ndarray:
    """Return the pixels of an `img` whose picture is in its address: uint8 (height, width, channels)."""
    data = (image.get_attribute("src") or "").split(";base64,")[1]
    return np.asarray(Image.open(BytesIO(base64.b64decode(data))))
