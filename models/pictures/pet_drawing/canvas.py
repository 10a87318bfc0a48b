"""Paint: a small square picture, and a brush that draws smooth shapes on it in an animal's own coordinates."""

import functools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
Colour = tuple[float, float, float]
"""Red, green and blue, 0 to 255."""

CURVE_STEPS = 4
"""Corners of the polygon that stands for one stretch of a curve."""

_SUBPIXEL_BITS = 4  # OpenCV takes coordinates as integers with this many bits after the point


@dataclass(frozen=True, eq=False)
class Frame:
    """Where an animal's, or a head's, own coordinates lie on the canvas.

    Attributes:
        origin: the canvas point (x, y) of (0, 0).
        axes: (2, 2); a row is what one unit to the right, or down, is on the canvas.
        depth: the canvas vector (2,) of one unit towards the viewer.
        unit: canvas pixels per unit.
    """

    origin: Points
    axes: Points
    depth: Points
    unit: float

    def to_canvas(self, points: Points, depth: float = 0.0) -> Points:
        """Return the canvas points of `points` (count, 2), `depth` units before the middle of the head."""
        return points @ self.axes + (self.origin + depth * self.depth if depth else self.origin)

    def turned(self, tilt: float, yaw: float, pitch: float) -> "Frame":
        """Return the frame of a head that is tilted clockwise and looks to the right and down; angles in radians."""
        axes = rotation(tilt) @ self.axes
        return Frame(
            origin=self.origin,
            axes=np.array([[np.cos(yaw)], [np.cos(pitch)]]) * axes,
            depth=np.array([np.sin(yaw), np.sin(pitch)]) @ axes,
            unit=self.unit,
        )


def frame_at(origin: tuple[float, float], unit: float, *, tilt: float = 0.0, mirrored: bool = False) -> Frame:
    """Return the frame with (0, 0) at a canvas point, turned clockwise by `tilt` radians, or its mirror image."""
    axes = unit * rotation(tilt)
    if mirrored:
        axes[0] *= -1
    return Frame(np.array(origin), axes, np.zeros(2), unit)


def rotation(angle: float) -> Points:
    """Return the matrix (2, 2) that turns points, as rows, clockwise on the screen by `angle` radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, sine], [-sine, cosine]])


class Canvas:
    """A square picture, and the mask of the layer that is being painted on it.

    A layer is a part of the animal that is round and furry as a whole: its body, its head, an ear.

    Attributes:
        size: pixels on each side.
        pixels: uint8 (size, size, 3).
        mask: uint8 (size, size), 255 inside the layer.
        random: decides hairs and tufts.
    """

    def __init__(self, size: int, random: np.random.Generator) -> None:
        self.size = size
        self.pixels: Pixels = np.zeros((size, size, 3), np.uint8)
        self.mask: Pixels = np.zeros((size, size), np.uint8)
        self.random = random

    def new_layer(self) -> None:
        """Start a layer: nothing is in it yet."""
        self.mask[:] = 0

    def blend(self, colour: Colour, alpha: Pixels) -> None:
        """Paint one colour wherever `alpha`, uint8 (size, size), is above 0, as thickly as it says."""
        box = _box(alpha)
        share = alpha[box][..., np.newaxis] * np.float32(1 / 255)
        below = self.pixels[box]
        self.pixels[box] = below + share * (np.array(colour, np.float32) - below) + np.float32(0.5)

    def shade(self, light: tuple[float, float], strength: float, unit: float) -> None:
        """Make the layer look round: brighter where its edge faces the light, darker where it turns away.

        The blurred mask is taken for the height of a cushion; its slope along the light is the shading.

        Args:
            light: direction (x, y) that the light comes from, of length 1.
            strength: change of brightness at the edge, as a factor.
            unit: canvas pixels per unit of the animal.
        """
        box = _box(self.mask, margin=1)
        mask = self.mask[box]
        if mask.size == 0:
            return
        height = blurred(mask, 0.3 * unit).astype(np.float32)
        step = max(1, round(0.25 * unit))
        along_x = cv2.filter2D(height, -1, _difference(step, horizontal=True))
        along_y = cv2.filter2D(height, -1, _difference(step, horizontal=False))
        slope = (along_x * -light[0] + along_y * -light[1]) * (mask * np.float32(strength / 255 / 255))
        lit = self.pixels[box] * (1 + slope)[..., np.newaxis]
        self.pixels[box] = np.clip(lit, 0, 255)

    def fur(self, frame: Frame, middle: Points, count: int, length: float, strength: float) -> None:
        """Comb short hairs over the layer, away from `middle`, each a little lighter or darker than what it lies on.

        Args:
            frame: coordinates of `middle` and `length`.
            middle: the point (2,) that the hairs point away from.
            count: number of hairs, spread over the layer's bounding box.
            length: of a hair.
            strength: difference in brightness, 0 to 255.
        """
        box = _box(self.mask)
        rows, columns = self.mask[box].shape
        roots = self.random.random((count, 2))
        bend = self.random.random((count, 2)) - 0.5
        if rows == 0:
            return
        roots = roots * (columns, rows)
        corner = np.array([box[1].start, box[0].start])
        away = roots + corner - frame.to_canvas(middle[np.newaxis])[0]
        away = away / np.maximum(np.hypot(*away.T), 1e-6)[:, np.newaxis] + bend
        lines = _fixed(np.stack([roots, roots + away * length * frame.unit], axis=1))
        hairs = np.full((rows, columns), 128, np.uint8)
        thickness = max(1, round(0.025 * frame.unit))
        half = count // 2
        for part, sign in ((lines[:half], -1), (lines[half:], 1)):
            grey = round(128 + sign * strength)
            cv2.polylines(hairs, list(part), False, grey, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
        change = (hairs.astype(np.int16) - 128) * (self.mask[box] > 127)
        self.pixels[box] = np.clip(self.pixels[box] + change[..., np.newaxis], 0, 255)


class Brush:
    """Draws smooth shapes in one frame's coordinates.

    Attributes:
        canvas: what is painted on.
        frame: the coordinates.
        fluff: how far tufts of fur stick out of an outline, in units.
    """

    def __init__(self, canvas: Canvas, frame: Frame, *, fluff: float = 0.0) -> None:
        self.canvas = canvas
        self.frame = frame
        self.fluff = fluff

    def fill(
        self,
        points: Points,
        colour: Colour,
        *,
        depth: float = 0.0,
        line: Colour | None = None,
        line_width: float = 0.05,
        in_layer: bool = True,
        furry: bool = False,
    ) -> None:
        """Paint the inside of a closed smooth curve.

        Args:
            points: (count, 2), on the curve.
            colour: of the paint.
            depth: units towards the viewer, where the frame is turned.
            line: colour of its outline, if it has one.
            line_width: of the outline, in units.
            in_layer: it becomes part of the layer.
            furry: tufts stick out of its outline.
        """
        outline = closed_curve(points)
        if furry and self.fluff:
            outline = self._tufted(outline)
        corners = [_fixed(self.frame.to_canvas(outline, depth))]
        pixels, mask = self.canvas.pixels, self.canvas.mask
        cv2.fillPoly(pixels, corners, colour, cv2.LINE_AA, _SUBPIXEL_BITS)
        if in_layer:
            cv2.fillPoly(mask, corners, 255, cv2.LINE_AA, _SUBPIXEL_BITS)
        if line is not None:
            thickness = max(1, round(line_width * self.frame.unit))
            cv2.polylines(pixels, corners, True, line, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
            if in_layer:
                cv2.polylines(mask, corners, True, 255, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)

    def polygon(self, corners: Points, colour: Colour, line: Colour, line_width: float) -> None:
        """Paint the inside of straight edges, and their outline. It is no part of the layer."""
        fixed = [_fixed(self.frame.to_canvas(corners))]
        thickness = max(1, round(line_width * self.frame.unit))
        cv2.fillPoly(self.canvas.pixels, fixed, colour, cv2.LINE_AA, _SUBPIXEL_BITS)
        cv2.polylines(self.canvas.pixels, fixed, True, line, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)

    def stroke(
        self,
        points: Points,
        width: float,
        colour: Colour,
        *,
        depth: float = 0.0,
        thin: float = 1.0,
        in_layer: bool = False,
        line: Colour | None = None,
    ) -> None:
        """Paint along an open smooth curve.

        Args:
            points: (count, 2), on the curve.
            width: at its start, in units.
            colour: of the paint.
            depth: units towards the viewer.
            thin: its width at the end, as a share of that at the start.
            in_layer: it becomes part of the layer.
            line: colour of its outline, if it has one.
        """
        path = open_curve(points)
        if thin == 1 and line is None and not in_layer:
            track = [_fixed(self.frame.to_canvas(path, depth))]
            thickness = max(1, round(width * self.frame.unit))
            cv2.polylines(self.canvas.pixels, track, False, colour, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
            return
        ahead = np.gradient(path, axis=0)
        normal = ahead[:, ::-1] * (1, -1) / np.maximum(np.hypot(*ahead.T), 1e-9)[:, np.newaxis]
        half = width / 2 * np.linspace(1, thin, len(path))[:, np.newaxis]
        ends = path[-1:] + ahead[-1:] / np.hypot(*ahead[-1]) * half[-1]
        band = np.concatenate([path + half * normal, ends, (path - half * normal)[::-1]])
        corners = [_fixed(self.frame.to_canvas(band, depth))]
        if line is not None:
            thickness = max(1, round(0.1 * self.frame.unit))
            cv2.polylines(self.canvas.pixels, corners, True, line, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
        cv2.fillPoly(self.canvas.pixels, corners, colour, cv2.LINE_AA, _SUBPIXEL_BITS)
        if in_layer:
            cv2.fillPoly(self.canvas.mask, corners, 255, cv2.LINE_AA, _SUBPIXEL_BITS)

    def hairs(self, lines: Points, width: float, colour: Colour) -> None:
        """Paint many thin lines, (count, corners, 2), at once."""
        fixed = list(_fixed(self.frame.to_canvas(lines)))
        thickness = max(1, round(width * self.frame.unit))
        cv2.polylines(self.canvas.pixels, fixed, False, colour, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)

    def mark(self, shapes: list[Points], colour: Colour, *, depth: float = 0.0, opacity: float = 1.0) -> None:
        """Paint closed shapes on the layer and nowhere beside it: stripes, patches, shadows.

        Args:
            shapes: closed curves, each (count, 2).
            colour: of the paint.
            depth: units towards the viewer.
            opacity: 0 to 1.
        """
        alpha = np.zeros_like(self.canvas.mask)
        for shape in shapes:
            corners = _fixed(self.frame.to_canvas(closed_curve(shape), depth))
            cv2.fillPoly(alpha, [corners], 255 * opacity, cv2.LINE_AA, _SUBPIXEL_BITS)
        self.canvas.blend(colour, np.minimum(alpha, self.canvas.mask))

    def shadow(self, shape: Points, strength: float, blur: float, *, on_layer: bool, depth: float = 0.0) -> None:
        """Darken what a shape throws its soft shadow on.

        Args:
            shape: a closed curve (count, 2).
            strength: 0 to 1.
            blur: width of the soft edge, in units.
            on_layer: only the layer is darkened, not what is around it.
            depth: units towards the viewer.
        """
        alpha = np.zeros_like(self.canvas.mask)
        corners = _fixed(self.frame.to_canvas(closed_curve(shape), depth))
        cv2.fillPoly(alpha, [corners], 255 * strength, cv2.LINE_AA, _SUBPIXEL_BITS)
        alpha = blurred(alpha, blur * self.frame.unit)
        self.canvas.blend((24, 16, 20), np.minimum(alpha, self.canvas.mask) if on_layer else alpha)

    def _tufted(self, outline: Points) -> Points:
        """Every second corner of an outline pulled outwards, each a little differently."""
        closed = np.concatenate([outline[-1:], outline, outline[:1]])
        ahead = closed[2:] - closed[:-2]
        outwards = ahead[:, ::-1] * (1, -1) / np.maximum(np.hypot(*ahead.T), 1e-9)[:, np.newaxis]
        # An outline may run clockwise or the other way round: the sign of its area tells.
        area = np.sum(outline[:, 0] * closed[2:, 1] - outline[:, 1] * closed[2:, 0])
        pull = self.canvas.random.random((len(outline), 1)) * self.fluff
        pull[::2] *= 0.2
        result: np.ndarray = outline + outwards * pull * np.sign(area)
        return result


# Curves --------------------------------------------------------------------------------------------------------------


@functools.cache
def points(text: str) -> Points:
    """Return "x,y x,y …", as in an SVG polygon, as a read-only float array (count, 2)."""
    found = np.array([[float(number) for number in pair.split(",")] for pair in text.split()])
    found.flags.writeable = False
    return found


@functools.cache
def mirrored(right_half: str) -> Points:
    """Return the closed outline symmetric about x = 0 whose right half is listed, top to bottom."""
    right = points(right_half)
    left = right[::-1] * (-1, 1)
    found = np.concatenate([right, left[left[:, 0] != 0]])
    found.flags.writeable = False
    return found


def ellipse(x: float, y: float, radius_x: float, radius_y: float, angle: float = 0.0) -> Points:
    """Return eight points of an ellipse, turned by `angle` in radians."""
    found = _CIRCLE * np.array([radius_x, radius_y])
    if angle:
        found = found @ rotation(angle)
    result: np.ndarray = found + np.array([x, y])
    return result


_CIRCLE = np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], axis=1)


def closed_curve(given: Points) -> Points:
    """Return the Catmull-Rom curve (Catmull & Rom, 1974) through points and back, `CURVE_STEPS` for each given one."""
    return _curve_weights(len(given), True) @ given


def open_curve(given: Points) -> Points:
    """Return the same curve from the first point to the last."""
    return _curve_weights(len(given), False) @ given


@functools.cache
def _curve_weights(count: int, closed: bool) -> NDArray[np.float64]:
    """What each given point contributes to each point of the curve: the curve is linear in the points."""
    share = np.arange(CURVE_STEPS) / CURVE_STEPS
    square, cube = share**2, share**3
    weights = np.stack(
        [
            (-share + 2 * square - cube) / 2,
            (2 - 5 * square + 3 * cube) / 2,
            (share + 4 * square - 3 * cube) / 2,
            (cube - square) / 2,
        ]
    )
    stretches = count if closed else count - 1
    matrix = np.zeros((stretches * CURVE_STEPS + (not closed), count))
    for stretch in range(stretches):
        for neighbour in range(4):
            given = stretch + neighbour - 1
            given = given % count if closed else min(max(given, 0), count - 1)
            matrix[stretch * CURVE_STEPS : (stretch + 1) * CURVE_STEPS, given] += weights[neighbour]
    if not closed:
        matrix[-1, -1] = 1
    return matrix


def shifted(given: Points, x: float, y: float) -> Points:
    """Return points moved to the right by `x` and down by `y`."""
    result: np.ndarray = given + np.array([x, y])
    return result


def blurred(image: Pixels, radius: float) -> Pixels:
    """Return an image averaged twice over `radius` pixels to each side: nearly a Gaussian, quick at any width."""
    width = 2 * round(radius) + 1
    return np.asarray(cv2.blur(cv2.blur(image, (width, width)), (width, width)), np.uint8)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """Return `colour` with `share` (0 to 1) of `other`."""
    red, green, blue = (a + share * (b - a) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _fixed(canvas_points: Points) -> NDArray[np.int32]:
    result: np.ndarray = np.rint(canvas_points * 2**_SUBPIXEL_BITS).astype(np.int32)
    return result


def _box(mask: Pixels, margin: int = 0) -> tuple[slice, slice]:
    """The rows and columns outside which the mask is 0."""
    left, top, width, height = cv2.boundingRect(mask)
    if width == 0:
        return slice(0, 0), slice(0, 0)
    rows = slice(max(0, top - margin), min(mask.shape[0], top + height + margin))
    return rows, slice(max(0, left - margin), min(mask.shape[1], left + width + margin))


@functools.cache
def _difference(step: int, *, horizontal: bool) -> NDArray[np.float32]:
    """The filter that subtracts what is `step` pixels before from what is `step` pixels behind."""
    kernel = np.zeros((1, 2 * step + 1), np.float32)
    kernel[0, 0], kernel[0, -1] = -1, 1
    return kernel if horizontal else kernel.T
