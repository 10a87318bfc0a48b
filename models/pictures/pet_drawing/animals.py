"""The cat and the dog. They share coat, pose and light; what differs is the shape of ears, muzzle, eyes and tail.

Lengths are in head radii; (0, 0) is the middle of the head, x to the right, y downwards.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

from models.pictures.pet_drawing.canvas import (
    Brush,
    Canvas,
    Colour,
    Frame,
    Points,
    ellipse,
    frame_at,
    mirrored,
    mix,
    points,
    shifted,
)
from models.pictures.pet_drawing.scene import Scene

Species = Literal["cat", "dog"]

SIDES = (-1, 1)  # left, right

INK: Colour = (42, 30, 32)
WHITE: Colour = (255, 255, 255)
TONGUE: Colour = (234, 118, 128)
INNER_EAR: Colour = (224, 150, 144)


def draw_animal(species: Species, canvas: Canvas, scene: Scene) -> None:
    """Draw a cat or a dog on the canvas, as the scene wants it. The canvas' random decides the animal's own shape."""
    origin = (scene.centre[0] * canvas.size, scene.centre[1] * canvas.size)
    body = frame_at(origin, scene.radius * canvas.size, tilt=scene.body_tilt, mirrored=scene.mirrored)
    head = body.turned(scene.head_tilt, *scene.turn)
    painter = _Painter(canvas, scene, body, head)
    if species == "cat":
        _draw_cat(painter)
    else:
        _draw_dog(painter)
    painter.draw_box()


class _Painter:
    """The brushes and colours of one animal, and the parts that both species have."""

    def __init__(self, canvas: Canvas, scene: Scene, body: Frame, head: Frame) -> None:
        self.canvas = canvas
        self.scene = scene
        self.coat = scene.coat
        self.body = Brush(canvas, body, fluff=scene.coat.fluff)
        self.head = Brush(canvas, head, fluff=scene.coat.fluff)
        self.edge = mix(mix(self.coat.base, self.coat.dark, 0.5), INK, 0.55)
        self.paws = self.coat.light if self.coat.light_chest else self.coat.base

    def between(self, low: float, high: float) -> float:
        """A number of this animal's own, between two others."""
        return low + (high - low) * self.canvas.random.random()

    def chance(self, share: float) -> bool:
        """True in `share` of all animals."""
        return self.canvas.random.random() < share

    def finish_layer(self, brush: Brush, middle: Points, count: int, strength: float = 1.0) -> None:
        """Round and comb what was painted since the layer began."""
        self.canvas.fur(brush.frame, middle, count, 0.2, 22)
        self.canvas.shade(self.scene.light, self.scene.light_strength * 1.6 * strength, brush.frame.unit)

    # The body ---------------------------------------------------------------------------------------------------------

    def draw_body(self, tail: Callable[[Points], None]) -> None:
        """Draw everything below the head in the scene's pose. `tail` draws a tail that starts at the point (1, 2)."""
        poses = {"sit": self._sit, "lie": self._lie, "stand": self._stand}
        self.canvas.new_layer()
        if self.scene.pose in poses:
            poses[self.scene.pose](tail)

    def _fill(self, shape: Points, colour: Colour, *, furry: bool = True) -> None:
        self.body.fill(shape, colour, line=self.edge, furry=furry)

    def _ground_shadow(self, x: float, y: float, width: float) -> None:
        self.body.shadow(ellipse(x, y, width, 0.28), 0.45, 0.2, on_layer=False)

    def _paw(self, x: float, y: float, width: float = 0.34) -> None:
        self._fill(ellipse(x, y, width, 0.2), self.paws, furry=False)
        for toe in (-0.1, 0.1):
            self.body.stroke(np.array([[x + toe, y - 0.02], [x + toe, y + 0.14]]), 0.05, self.edge)

    def _sit(self, tail: Callable[[Points], None]) -> None:
        self._ground_shadow(0, 3.0, 1.6)
        tail(points("0.9,2.75"))
        self._fill(mirrored("0,.35 .45,.55 .66,1.1 .95,1.8 1.12,2.4 .95,2.95 0,3.05"), self.coat.base)
        self._pattern_on_body(points("-.8,1.4 -.9,1.9 -1.0,2.4 .8,1.4 .9,1.9 1.0,2.4"), np.array([1.0, 0.0]))
        if self.coat.light_chest:
            self.body.mark([mirrored("0,.5 .3,.8 .42,1.3 .25,1.9 0,2.0")], self.coat.light)
        self.finish_layer(self.body, points("0,.2")[0], 190)
        for side in SIDES:
            self._paw(0.85 * side, 2.95, 0.4)
        for side in SIDES:
            leg = shifted(mirrored("0,1.5 .2,1.6 .25,2.2 .22,2.9 0,3.0"), 0.32 * side, 0)
            self.body.fill(leg, self.coat.base, in_layer=False)
            self.body.stroke(points(".55,2.0 .56,2.5 .52,2.85") * (side, 1), 0.06, self.edge)
            self._paw(0.34 * side, 2.98)
        self.body.stroke(points("0,2.1 0,2.9"), 0.06, self.edge)

    def _lie(self, tail: Callable[[Points], None]) -> None:
        self._ground_shadow(1.1, 1.75, 2.3)
        tail(points("2.7,1.35"))
        self._fill(points("-.5,.6 .3,.35 1.3,.2 2.3,.35 2.95,.95 2.85,1.6 1.6,1.75 0,1.75 -.7,1.4"), self.coat.base)
        self._pattern_on_body(points(".9,.45 1.4,.4 1.9,.45 2.4,.6 .9,.9 1.7,.9"), np.array([0.15, 1.0]))
        self._light_chest(ellipse(-0.1, 1.1, 0.5, 0.6))
        self.finish_layer(self.body, points(".3,.4")[0], 190)
        self.body.fill(ellipse(2.25, 1.25, 0.62, 0.5), self.coat.base, line=self.edge, furry=True)
        self._paw(2.0, 1.7, 0.45)
        for x in (-0.35, 0.5):
            self._paw(x, 1.68, 0.46)

    def _stand(self, tail: Callable[[Points], None]) -> None:
        self._ground_shadow(1.4, 2.75, 2.0)
        tail(points("2.95,.85"))
        for x in (0.85, 2.3):  # the legs behind
            self._leg(x, mix(self.coat.base, INK, 0.25), mix(self.paws, INK, 0.25))
        trunk = points("-.2,.3 .5,.3 1.4,.35 2.4,.4 3.05,.75 3.1,1.3 2.7,1.65 1.6,1.7 .5,1.75 0,1.2")
        self._fill(trunk, self.coat.base)
        self._pattern_on_body(points(".9,.6 1.4,.6 1.9,.6 2.4,.65 1.1,1.0 2.2,1.1"), np.array([0.1, 1.0]))
        self._light_chest(ellipse(0.3, 1.2, 0.42, 0.55))
        self.finish_layer(self.body, points(".3,.2")[0], 190)
        for x in (0.4, 2.75):
            self._leg(x, self.coat.base, self.paws)

    def _leg(self, x: float, colour: Colour, paw: Colour) -> None:
        leg = shifted(points("-.3,1.2 .3,1.2 .26,1.9 .22,2.6 -.22,2.6 -.24,1.9"), x, 0)
        self.body.fill(leg, colour, line=self.edge, in_layer=False)
        self.body.fill(ellipse(x - 0.08, 2.65, 0.34, 0.19), paw, line=self.edge, in_layer=False)
        self.body.fill(ellipse(x, 1.25, 0.34, 0.3), colour, in_layer=False)

    def _light_chest(self, shape: Points) -> None:
        if self.coat.light_chest:
            self.body.mark([shape], self.coat.light)

    def _pattern_on_body(self, spots: Points, stripe: Points) -> None:
        """Stripes in a direction (2,), or patches, at six places."""
        if self.coat.pattern == "stripes":
            self.body.mark([_bar(spot, stripe * 0.4, 0.09) for spot in spots], self.coat.dark)
        elif self.coat.pattern == "patches":
            sizes = 0.25 + 0.35 * self.canvas.random.random((3, 2))
            self.body.mark([ellipse(*spots[2 * i], *sizes[i]) for i in range(3)], self.coat.dark)

    def draw_box(self) -> None:
        """Draw the box that a peeking animal looks out of, and the paws on its rim."""
        if self.scene.pose != "peek":
            return
        front = points("-1.6,.95 1.6,.95 1.5,4.2 -1.5,4.2")
        wood = mix(self.scene.ground[1], (186, 140, 92), 0.6)
        self.body.polygon(front, wood, mix(wood, INK, 0.45), 0.07)
        self.body.polygon(
            points("-1.75,.82 1.75,.82 1.75,1.22 -1.75,1.22"), mix(wood, WHITE, 0.2), mix(wood, INK, 0.45), 0.07
        )
        for side in SIDES:
            self.body.fill(ellipse(0.85 * side, 0.92, 0.33, 0.3), self.paws, line=self.edge, in_layer=False)
            for toe in (-0.11, 0.11):
                x = 0.85 * side + toe
                self.body.stroke(np.array([[x, 0.95], [x, 1.15]]), 0.05, self.edge)

    # The head ---------------------------------------------------------------------------------------------------------

    def draw_neck(self) -> None:
        """Draw the head's shadow on the body, and a collar."""
        if self.scene.pose == "peek":
            return
        self.body.shadow(ellipse(0.1, 0.45, 0.95, 0.75), 0.5, 0.2, on_layer=True)
        if self.scene.collar is not None:
            self.body.stroke(points("-.55,.82 0,1.06 .55,.82"), 0.24, self.scene.collar)
            self.body.fill(ellipse(0, 1.18, 0.15, 0.15), (236, 190, 70), line=(150, 104, 30), in_layer=False)

    def pattern_on_head(self, forehead: float) -> None:
        """Paint stripes, a patch or a dark face. `forehead` is where the stripes begin, above the eyes."""
        coat, head = self.coat, self.head
        if coat.pattern == "stripes":
            stripes = [_bar(np.array([x, forehead]), np.array([0.25 * x, 0.22]), 0.075) for x in (-0.3, 0.0, 0.3)]
            stripes += [
                _bar(np.array([0.85 * s, y]), np.array([0.2, 0.03 * s]), 0.06) for s in SIDES for y in (0.1, 0.3)
            ]
            head.mark(stripes, coat.dark)
        elif coat.pattern == "patches":
            side = 1 if self.chance(0.5) else -1
            head.mark([ellipse(0.5 * side, -0.3, 0.5, 0.55)], coat.dark)
        elif coat.pattern == "mask":
            head.mark([ellipse(0, 0.35, 0.62, 0.55)], mix(coat.base, coat.dark, 0.75), depth=0.4)
        if coat.light_chest and coat.pattern != "mask":
            head.mark([mirrored("0,-.9 .08,-.7 .12,-.2 .25,.2 0,.3")], coat.light, depth=0.2)

    def eye(self, side: int, x: float, y: float, width: float, height: float, pupil: float, white: float) -> None:
        """Draw one eye.

        Args:
            side: −1 or 1.
            x, y: its middle, for the right eye.
            width, height: radii of the opening.
            pupil: width of the pupil over its height: small is a slit, 1 is round.
            white: how much smaller the iris is than the opening: 0 shows no white.
        """
        head, x = self.head, x * side
        slant = -0.22 * side if pupil < 1 else 0.0
        head.fill(ellipse(x, y, width * 1.2, height * 1.2, slant), INK, depth=0.6, in_layer=False)
        head.fill(ellipse(x, y, width, height, slant), (246, 240, 232), depth=0.6, in_layer=False)
        iris = (1 - white) * height
        head.fill(ellipse(x, y, min(width, iris * 1.05), iris, slant), self.scene.iris, depth=0.6, in_layer=False)
        head.fill(ellipse(x, y, 0.8 * iris * pupil, 0.8 * iris), (16, 12, 16), depth=0.6, in_layer=False)
        head.fill(
            ellipse(x - 0.3 * width, y - 0.38 * height, 0.3 * width, 0.3 * height), WHITE, depth=0.6, in_layer=False
        )


def _bar(middle: Points, half: Points, width: float) -> Points:
    """A stripe, pointed at both ends."""
    across = np.array([-half[1], half[0]]) / np.hypot(*half) * width
    return np.stack([middle - half, middle + across, middle + half, middle - across])


# Cat -----------------------------------------------------------------------------------------------------------------


def _draw_cat(painter: _Painter) -> None:
    thickness, curl = painter.between(0.22, 0.32), painter.between(0.6, 1.1)

    def tail(start: Points) -> None:
        """Long and even, with a curl at its end."""
        path = start + points("-.3,0 .5,.05 1.0,-.35 1.05,-1.1 1.4,-1.5") * (1, curl)
        painter.body.stroke(path, thickness * 1.2, painter.coat.base, thin=0.7, line=painter.edge, in_layer=True)

    painter.draw_body(tail)
    painter.draw_neck()
    canvas, head, coat = painter.canvas, painter.head, painter.coat
    width = painter.between(0.98, 1.1)
    canvas.new_layer()
    height, spread = painter.between(0.92, 1.15), painter.between(0.92, 1.1)
    for side in SIDES:
        _cat_ear(painter, side, height, spread)
    outline = mirrored("0,-.86 .4,-.84 .78,-.56 .95,-.08 1.04,.28 .82,.58 .45,.82 0,.88") * (width, 1)
    head.fill(outline, coat.base, line=painter.edge, furry=True)
    painter.pattern_on_head(-0.55)
    painter.finish_layer(head, points("0,.2")[0], 170)
    _cat_face(painter)


def _cat_ear(painter: _Painter, side: int, height: float, spread: float) -> None:
    """A pointed triangle that stands up, with another one inside."""
    coat, head = painter.coat, painter.head
    tilt = painter.between(-0.08, 0.08)
    scale = np.array([side * spread, height])
    shift = np.array([[tilt * side, 0.0]])
    outer = points(".14,-.6 .3,-1.0 .55,-1.36 .74,-1.58 .86,-1.25 .98,-.75 .95,-.15 .5,-.4") * scale
    outer = outer + shift * (outer[:, 1:] < -1)
    inner = points(".36,-.74 .5,-1.05 .71,-1.32 .79,-1.05 .85,-.62 .6,-.6") * scale
    head.fill(outer, coat.dark if coat.dark_ears else coat.base, line=painter.edge, depth=-0.1)
    head.fill(inner + shift * (inner[:, 1:] < -1), mix(INNER_EAR, coat.base, 0.25), depth=-0.1)


def _cat_face(painter: _Painter) -> None:
    coat, head = painter.coat, painter.head
    size, pupil = painter.between(0.9, 1.1), painter.between(0.22, 0.6)
    for side in SIDES:
        painter.eye(side, 0.43, -0.06, 0.27 * size, 0.25 * size, pupil, 0.0)
    muzzle = mix(coat.light, coat.dark, 0.4) if coat.pattern == "mask" else coat.light
    head.fill(ellipse(0, 0.6, 0.2, 0.15), muzzle, depth=0.6, in_layer=False)
    for side in SIDES:
        head.fill(ellipse(0.2 * side, 0.45, 0.25, 0.19), muzzle, depth=0.72, in_layer=False)
    for side in SIDES:
        head.stroke(points("0,.45 .08,.57 .22,.58 .32,.48") * (side, 1), 0.05, INK, depth=0.74)
    head.fill(mirrored("0,.24 .1,.24 .15,.27 .05,.38 0,.4"), painter.scene.nose, depth=0.8, in_layer=False)
    head.stroke(points("0,.38 0,.48"), 0.045, INK, depth=0.76)
    length = painter.between(0.85, 1.15)
    whisker = mix(WHITE, coat.light, 0.3) if sum(coat.base) < 560 else (90, 84, 84)
    for side in SIDES:
        for end in ("1.25,.22", "1.3,.46", "1.2,.7"):
            path = points(f".3,.44 .8,.38 {end}") * (side, 1)
            head.stroke(path * (length, 1), 0.03, whisker, depth=0.5)


# Dog -----------------------------------------------------------------------------------------------------------------


def _draw_dog(painter: _Painter) -> None:
    thickness, rise = painter.between(0.34, 0.5), painter.between(0.7, 1.2)

    def tail(start: Points) -> None:
        """Short, thick at its root and pointed, raised."""
        path = start + points("-.3,.05 .25,-.2 .55,-.7 .6,-1.2") * (1, rise)
        painter.body.stroke(path, thickness * 1.3, painter.coat.base, thin=0.25, line=painter.edge, in_layer=True)

    painter.draw_body(tail)
    painter.draw_neck()
    canvas, head, coat = painter.canvas, painter.head, painter.coat
    width = painter.between(0.94, 1.06)
    kind = int(3 * canvas.random.random())
    canvas.new_layer()
    outline = mirrored("0,-.95 .4,-.9 .72,-.62 .84,-.15 .8,.3 .66,.65 .4,.9 0,.98") * (width, 1)
    head.fill(outline, coat.base, line=painter.edge, furry=True)
    painter.pattern_on_head(-0.62)
    painter.finish_layer(head, points("0,.2")[0], 160)
    _dog_face(painter)
    canvas.new_layer()
    length = painter.between(0.85, 1.15)
    for side in SIDES:
        _DOG_EARS[kind](painter, side, length)
    painter.finish_layer(head, points("0,-.9")[0], 120, 0.7)


def _ear_colour(painter: _Painter) -> Colour:
    coat = painter.coat
    return coat.dark if coat.dark_ears else mix(coat.base, coat.dark, 0.15)


def _long_ear(painter: _Painter, side: int, length: float) -> None:
    """Hangs down beside the cheek, as a spaniel's."""
    shape = points(".45,-.88 .8,-.86 1.12,-.5 1.3,.05 1.3,.6 1.08,.86 .86,.62 .8,.1 .68,-.4")
    painter.head.fill(_hanging(shape, side, length), _ear_colour(painter), line=painter.edge, furry=True)


def _folded_ear(painter: _Painter, side: int, length: float) -> None:
    """Stands for half its length, then falls forward, as a terrier's."""
    colour = _ear_colour(painter)
    base = points(".3,-.8 .45,-1.12 .8,-1.2 1.05,-.95 .95,-.4 .6,-.55") * (side, 1)
    painter.head.fill(base, mix(colour, INK, 0.18), line=painter.edge)
    flap = points(".42,-1.12 .75,-1.22 1.06,-1.02 1.22,-.62 1.16,-.26 .92,-.5 .62,-.82")
    painter.head.fill(_hanging(flap, side, length), colour, line=painter.edge)


def _short_ear(painter: _Painter, side: int, length: float) -> None:
    """A rounded triangle that hangs from the corner of the head, as a Labrador's."""
    shape = points(".42,-.9 .78,-.92 1.08,-.7 1.26,-.25 1.2,.2 1.0,.3 .84,-.05 .66,-.45")
    painter.head.fill(_hanging(shape, side, length), _ear_colour(painter), line=painter.edge, furry=True)


def _hanging(ear: Points, side: int, length: float) -> Points:
    """An ear, mirrored for the left side, that is longer or shorter below its root."""
    return shifted(shifted(ear, 0, 0.9) * (side, length), 0, -0.9)


_DOG_EARS = (_long_ear, _folded_ear, _short_ear)


def _dog_face(painter: _Painter) -> None:
    """The lower jaw, the tongue, the lips over both, the nose on top."""
    coat, head = painter.coat, painter.head
    size, white, broad = painter.between(0.85, 1.05), painter.between(0.05, 0.2), painter.between(0.92, 1.1)
    for side in SIDES:
        painter.eye(side, 0.38, -0.2, 0.2 * size, 0.21 * size, 1.0, white)
    muzzle = mix(coat.light, coat.dark, 0.4) if coat.pattern == "mask" else coat.light
    head.fill(ellipse(0, 0.35, 0.36 * broad, 0.42), muzzle, depth=0.5, in_layer=False)
    if painter.chance(0.45):
        head.fill(ellipse(0, 0.82, 0.3, 0.2), (96, 40, 44), depth=0.7, in_layer=False)
        head.fill(
            mirrored("0,.75 .17,.78 .2,1.05 .13,1.22 0,1.27"), TONGUE, depth=0.8, line=(176, 74, 86), in_layer=False
        )
    for side in SIDES:
        lip = ellipse(0.22 * side * broad, 0.6, 0.33 * broad, 0.29)
        head.fill(lip, muzzle, line=mix(muzzle, INK, 0.35), depth=0.95, line_width=0.03, in_layer=False)
    head.fill(ellipse(0, 0.45, 0.3 * broad, 0.3), muzzle, depth=0.95, in_layer=False)
    for side in SIDES:
        head.stroke(points("0,.72 .14,.86 .34,.86 .5,.7") * (side * broad, 1), 0.06, INK, depth=0.98)
    head.stroke(points("0,.4 0,.74"), 0.06, INK, depth=1.0)
    nose = mirrored("0,.12 .2,.13 .31,.24 .22,.42 0,.48")
    head.fill(nose, painter.scene.nose, depth=1.1, line=INK, line_width=0.04, in_layer=False)
    head.fill(ellipse(-0.09, 0.2, 0.09, 0.045), mix(painter.scene.nose, WHITE, 0.6), depth=1.12, in_layer=False)
    for side in SIDES:
        head.fill(ellipse(0.12 * side, 0.33, 0.06, 0.04), (16, 10, 12), depth=1.12, in_layer=False)
        brow = mix(coat.base, coat.light, 0.5)
        head.fill(ellipse(0.34 * side, -0.52, 0.13, 0.07, -0.3 * side), brow, depth=0.5, in_layer=False)
