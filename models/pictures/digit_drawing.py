"""A digit drawn with a finger or a mouse → 8 × 8 counts of ink, as in scikit-learn's digits.

Those were scanned, then brought to one size, one slant and one stroke width in bitmaps of 32 × 32 pixels, and the ink
in each block of 4 × 4 was counted. A network that was trained on them reads a drawing only after the same treatment.

The sizes below were chosen so that drawn digits have the ink that the 1,797 have on average in each row and column.

Source: Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits", UCI 1998; Garris et al., "NIST Form-Based
Handprint Recognition System", NISTIR 5469, 1994 (its normalisation).
"""

import cv2
import numpy as np

SIDE = 8
BLOCK = 4
"""Side of the block in which pixels are counted: 4 × 4 pixels give 0 to 16."""

HEIGHT = SIDE * BLOCK
WIDTH = 18
"""Width of a digit in the bitmap, in pixels, whatever its own proportions were; its height is the bitmap's."""

NARROW = 0.35
"""Width / height below which a drawing is a single stroke, a one, which must not become as wide as a zero."""

INK = 0.305
"""Share of ink in the bitmap. It is the same for all ten digits in the data, because their strokes were adapted."""

STEEPEST = 0.2
"""Largest shear that straightens a digit, in pixels to the side for each pixel of height. By its shape, a seven leans
more than that, and it must go on leaning."""

SMALLEST = 32
"""Shortest side of a drawing, in pixels."""

_FINE = 4  # strokes are adapted in a bitmap with this many pixels per pixel of the bitmap that is counted
_WORKING = 160  # pixels: larger drawings are shrunk to this first, so that they take no longer
_ROUNDS = 3  # thicker strokes make a digit larger, and to fit it again makes them thinner: 3 rounds are enough


def to_eight_by_eight(ink: np.ndarray) -> np.ndarray:
    """Return a drawn digit in the style of scikit-learn's digits, whatever its place, its size and its pen.

    Args:
        ink: floats or integers (height, width), at least 32 each, 0 without ink. Every pixel above half the maximum
            counts as ink.

    Returns:
        uint8 array (8, 8), 0 to 16.

    Raises:
        ValueError: nothing is drawn, or the array is invalid; the text says which.
    """
    strokes = _upright(_cropped(_binary(ink)))
    for _ in range(_ROUNDS):
        strokes = _with_ink(strokes)
    width = _fitted_width(strokes)
    bitmap = np.zeros((HEIGHT, HEIGHT), np.uint8)
    left = (HEIGHT - width) // 2
    bitmap[:, left : left + width] = _scaled(strokes, width, HEIGHT)
    result: np.ndarray = bitmap.reshape(SIDE, BLOCK, SIDE, BLOCK).sum(axis=(1, 3), dtype=np.uint8)
    return result


def _binary(ink: np.ndarray) -> np.ndarray:
    """The drawing with 1 for ink and 0 elsewhere (uint8), at most `_WORKING` pixels long."""
    ink = np.asarray(ink)
    if ink.ndim != 2 or min(ink.shape) < SMALLEST:
        raise ValueError(f"A drawing has (height, width) of at least {SMALLEST} pixels each, but this is {ink.shape}.")
    if ink.dtype.kind not in "uif" or not np.isfinite(ink).all():
        raise ValueError(f"A drawing has one number for each pixel, but this has {ink.dtype}, or some are no numbers.")
    if ink.max() <= 0:
        raise ValueError("Nothing is drawn yet: draw a digit from 0 to 9.")
    drawn = _cropped((ink > ink.max() / 2).astype(np.uint8))
    height, width = drawn.shape
    if max(drawn.shape) > _WORKING:
        factor = _WORKING / max(drawn.shape)
        smaller = _scaled(drawn, max(round(width * factor), 1), max(round(height * factor), 1))
        if smaller.any():  # when they are shrunk, hairlines may vanish
            drawn = smaller
    return drawn


def _cropped(drawn: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    return np.ascontiguousarray(drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _scaled(drawn: np.ndarray, width: int, height: int) -> np.ndarray:
    shrinks = height < drawn.shape[0]
    scaled = cv2.resize(drawn * 255, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return (scaled > 127).astype(np.uint8)


def _upright(drawn: np.ndarray) -> np.ndarray:
    """Shear the drawing so that the centres of its rows are above each other, but by at most `STEEPEST`."""
    rows, columns = np.nonzero(drawn)
    down, across = rows - rows.mean(), columns - columns.mean()
    lean = float(np.clip((down * across).sum() / max((down**2).sum(), 1.0), -STEEPEST, STEEPEST))
    height, width = drawn.shape
    margin = int(abs(lean) * height) + 1
    shear = np.array([[1, -lean, lean * height / 2 + margin], [0, 1, 0]])
    sheared = cv2.warpAffine(drawn * 255, shear, (width + 2 * margin, height))
    return _cropped((sheared > 127).astype(np.uint8))


def _fitted_width(drawn: np.ndarray) -> int:
    height, width = drawn.shape
    return WIDTH if width >= NARROW * height else max(round(HEIGHT * width / height), 1)


def _with_ink(drawn: np.ndarray) -> np.ndarray:
    """Make strokes thicker or thinner, by the same amount everywhere, until `INK` of the bitmap is ink."""
    fitted = np.pad(_scaled(drawn, _FINE * _fitted_width(drawn), _FINE * HEIGHT), _FINE * SIDE)
    # The distance to the stroke, negative inside. Each threshold on it gives the same digit with another pen.
    distance = cv2.distanceTransform(1 - fitted, cv2.DIST_L2, 5) - cv2.distanceTransform(fitted, cv2.DIST_L2, 5)
    pixels = int(INK * (_FINE * HEIGHT) ** 2)
    return _cropped((distance <= np.partition(distance.ravel(), pixels)[pixels]).astype(np.uint8))
