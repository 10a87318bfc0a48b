"""What is behind an animal and what stands before it. Nothing here knows which animal that is."""

import cv2
import numpy as np

from models.pictures.pet_drawing.canvas import (
    Brush,
    Canvas,
    Colour,
    blurred,
    ellipse,
    frame_at,
    mix,
    points,
    rotation,
    shifted,
)
from models.pictures.pet_drawing.scene import COLLARS, FURS, GROUNDS, Scene

LEAF: Colour = (86, 140, 70)
DEEP: Colour = (30, 34, 44)
WHITE: Colour = (255, 255, 255)


def draw_background(canvas: Canvas, scene: Scene, random: np.random.Generator) -> None:
    """Paint the whole canvas: a room, a meadow, a wallpaper or soft lights, then what lies about."""
    painters = {"room": _room, "meadow": _meadow, "wallpaper": _wallpaper, "blur": _lights}
    painters[scene.style](canvas, scene, random)
    brush = Brush(canvas, frame_at((0, 0), canvas.size))
    for _ in range(scene.clutter):
        _thing(brush, random)
    if random.random() < 0.5:  # the camera's sharpness lies on the animal
        canvas.pixels = blurred(canvas.pixels, canvas.size / 90)


def draw_occluder(canvas: Canvas, scene: Scene, random: np.random.Generator) -> None:
    """Draw what stands before the animal, if anything does: it may hide a part, but not the face."""
    brush = Brush(canvas, frame_at((0, 0), canvas.size))
    x, y = scene.centre
    radius = scene.radius
    paint = COLLARS[int(random.random() * len(COLLARS))]
    if scene.occluder == "ball":
        side = 1 if random.random() < 0.5 else -1
        size = radius * (0.45 + 0.35 * random.random())
        x += side * radius * (0.3 + random.random())
        y += radius * (1.35 + 0.9 * random.random())
        brush.fill(ellipse(x, y, size, size), paint, line=mix(paint, DEEP, 0.5), line_width=0.05 * radius)
        brush.stroke(shifted(size * points("-.9,.2 0,-.15 .9,.2"), x, y), 0.2 * size, mix(paint, WHITE, 0.7))
        brush.fill(ellipse(x - 0.35 * size, y - 0.4 * size, 0.18 * size, 0.14 * size), WHITE)
    elif scene.occluder == "leaves":
        corner = (float(random.random() < 0.5), float(random.random() < 0.5))
        for along, aside, turn, shade in random.random((9, 4)):
            across = abs(corner[0] - 0.39 * along + 0.07)
            down = abs(corner[1] - 0.39 * aside + 0.07)
            colour = mix(LEAF, DEEP if shade < 0.5 else (190, 210, 110), 0.5 * shade)
            leaf = ellipse(across, down, 0.09, 0.04, np.pi * turn)
            brush.fill(leaf, colour, line=mix(colour, DEEP, 0.5), line_width=0.006)
    elif scene.occluder == "bars":
        gap = radius * (1.0 + 0.5 * random.random())
        tilt, phase = 0.1 * (random.random() - 0.5), random.random()
        for number in range(-5, 6):
            bar = x + (number + phase) * gap
            path = np.array([[bar - tilt, -0.05], [bar + tilt, 1.05]])
            brush.stroke(path, 0.13 * radius, mix(paint, (120, 110, 100), 0.6))
    elif scene.occluder == "grass":
        _blades(canvas, random, 60, y + 1.5 * radius, mix(LEAF, scene.ground[1], 0.3))


def _room(canvas: Canvas, scene: Scene, random: np.random.Generator) -> None:
    wall, floor = scene.ground
    _gradient(canvas, mix(wall, WHITE, 0.15), wall, random)
    brush = Brush(canvas, frame_at((0, 0), canvas.size))
    level, slope = 0.45 + 0.45 * random.random(), 0.12 * (random.random() - 0.5)
    below = np.array([[0, level - slope], [1, level + slope], [1, 1], [0, 1]])
    brush.polygon(below, floor, mix(floor, DEEP, 0.25), 0.008)
    if random.random() < 0.5:  # a window or a picture on the wall
        left, top = 0.75 * random.random(2)
        edge = mix(wall, DEEP, 0.3)
        shape = points("0,0 1,0 1,1 0,1") * (0.15 + 0.2 * random.random(2)) + (left, top * 0.5)
        brush.polygon(shape, GROUNDS[int(random.random() * len(GROUNDS))], edge, 0.02)


def _meadow(canvas: Canvas, scene: Scene, random: np.random.Generator) -> None:
    sky, ground = scene.ground
    _gradient(canvas, mix(sky, WHITE, 0.3), sky, random)
    brush = Brush(canvas, frame_at((0, 0), canvas.size))
    level = 0.3 + 0.4 * random.random()
    bumps = 0.08 * (random.random(3) - 0.5)
    hill = np.stack([[-0.1, 0.3, 0.7, 1.1, 1.1, -0.1], [level, *(level + bumps), 1.2, 1.2]], axis=1)
    brush.fill(hill, ground, in_layer=False)
    _blades(canvas, random, 90, level + 0.1, ground)


def _wallpaper(canvas: Canvas, scene: Scene, random: np.random.Generator) -> None:
    paper, ink = scene.ground
    _gradient(canvas, paper, mix(paper, DEEP, 0.12), random)
    brush = Brush(canvas, frame_at((0, 0), canvas.size))
    count, angle = 4 + int(5 * random.random()), np.pi * random.random()
    turn = rotation(angle)
    ink = mix(paper, ink, 0.55)
    if random.random() < 0.5:
        for place in (np.arange(-count, count + 1) + random.random()) / count:
            brush.stroke((np.array([[-1.0, place], [1.0, place]]) @ turn) + 0.5, 0.35 / count, ink)
        return
    steps = np.arange(-count, count + 1) / count
    places = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) @ turn + 0.5
    for x, y in places[np.all(np.abs(places - 0.5) < 0.6, axis=1)]:
        brush.fill(ellipse(x, y, 0.22 / count, 0.22 / count), ink, in_layer=False)


def _lights(canvas: Canvas, scene: Scene, random: np.random.Generator) -> None:
    first, second = scene.ground
    _gradient(canvas, first, second, random)
    brush = Brush(canvas, frame_at((0, 0), canvas.size))
    for x, y, size, share in random.random((8, 4)):
        brush.fill(ellipse(x, y, 0.06 + 0.14 * size, 0.06 + 0.14 * size), mix(first, (255, 250, 235), share * 0.7))
    canvas.pixels = blurred(canvas.pixels, canvas.size / 16)


def _gradient(canvas: Canvas, above: Colour, below: Colour, random: np.random.Generator) -> None:
    """From one colour to the other, a little cloudy."""
    grid = np.array([above, mix(above, below, 0.5), below])[:, np.newaxis] + 24 * (random.random((3, 3, 1)) - 0.5)
    small = np.clip(grid, 0, 255).astype(np.uint8)
    canvas.pixels[:] = cv2.resize(small, (canvas.size, canvas.size), interpolation=cv2.INTER_CUBIC)


def _blades(canvas: Canvas, random: np.random.Generator, count: int, top: float, colour: Colour) -> None:
    """Grass from a height downwards, in a few shades."""
    brush = Brush(canvas, frame_at((0, 0), canvas.size))
    for shade in (mix(colour, DEEP, 0.25), mix(colour, DEEP, 0.1), mix(colour, (235, 240, 170), 0.25)):
        x, y, bend = random.random((3, count // 3))
        foot = top + 0.05 + y * max(0.1, 1.05 - top)
        xs = np.stack([x, x + 0.02 * (bend - 0.5), x + 0.07 * (bend - 0.5)], axis=1)
        ys = np.stack([foot + 0.05, foot - 0.02, foot - 0.07], axis=1)
        brush.hairs(np.stack([xs, ys], axis=2), 0.012, shade)


def _thing(brush: Brush, random: np.random.Generator) -> None:
    """A shape that means nothing, in a colour that fur or a toy might have: ovals, triangles, sticks and boxes."""
    kind, choice, x, y, size, angle, shape, tone = random.random(8)
    colours = (*FURS[int(choice * len(FURS))], COLLARS[int(tone * len(COLLARS))], GROUNDS[int(tone * len(GROUNDS))])
    colour = colours[int(5 * ((7 * choice + 3 * tone) % 1))]
    line = mix(colour, DEEP, 0.4)
    size = 0.03 + 0.1 * size
    turn = rotation(2 * np.pi * angle) * size
    if kind < 0.35:
        brush.fill(ellipse(x, y, size, size * (0.4 + 0.6 * shape), np.pi * angle), colour, line=line, line_width=0.008)
    elif kind < 0.7:
        triangle = np.array([[-0.8, 0.7], [0.8, 0.7], [shape - 0.5, -1.1]]) @ turn + (x, y)
        brush.polygon(triangle, colour, line, 0.008)
    elif kind < 0.85:
        brush.stroke(np.array([[-1.2, 0.0], [0.0, shape - 0.5], [1.2, 0.0]]) @ turn + (x, y), 0.3 * size, colour)
    else:
        box = np.array([[-1, -0.7], [1, -0.7], [1, 0.7], [-1, 0.7]]) * (1, 0.5 + shape) @ turn + (x, y)
        brush.polygon(box, colour, line, 0.008)
