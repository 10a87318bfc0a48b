"""A cat and a dog that the project draws itself: pictures without anybody's copyright, as many as there are seeds.

Geometry is in face units: (0, 0) lies between the eyes and the nose, x to the right, y downwards, and the edge of
the picture is a little more than one unit away. A shape is a smooth curve through a few points, or its right half is.

The fur is what makes it look alive, and it is simple: paint flat shapes and soft shadows first, then draw thousands of
short hairs, each in the colour that lies under its root, a little lighter or darker. Stripes, shading and outlines all
turn furry by themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
Colour = tuple[int, int, int]
Species = Literal["cat", "dog"]
Flow = Callable[[Points], Points]
"""Points (count, 2) → the direction of the hair at each one, of any length."""

SUPERSAMPLING = 3
"""Canvas pixels per picture pixel and side: hairs and whiskers are thinner than a pixel."""

SIDES = (-1, 1)  # left, right

_SUBPIXEL_BITS = 4  # OpenCV takes coordinates as integers with this many bits after the point


@dataclass(frozen=True)
class Coat:
    """Colours of one animal's fur, RGB 0 to 255. Cats and dogs share the coats, so that colour is no clue."""

    base: Colour
    dark: Colour  # stripes of the cat, ears and patches of the dog
    light: Colour  # muzzle and chest


@dataclass(frozen=True)
class Scene:
    """Everything that a seed decides.

    Attributes:
        coat: colours of the fur.
        backdrop: (top, bottom) colours behind the animal.
        iris: colour of the eyes.
        tilt: rotation of the face in radians, positive clockwise.
        centre: place of the face's (0, 0), as a share of the side, (x, y).
        scale: length of one face unit, as a share of the side.
    """

    coat: Coat
    backdrop: tuple[Colour, Colour]
    iris: Colour
    tilt: float
    centre: tuple[float, float]
    scale: float


COATS = (
    Coat(base=(226, 150, 82), dark=(164, 84, 34), light=(252, 238, 218)),  # ginger
    Coat(base=(140, 138, 140), dark=(70, 68, 74), light=(236, 234, 232)),  # grey
    Coat(base=(178, 122, 74), dark=(98, 58, 32), light=(250, 240, 226)),  # brown
    Coat(base=(222, 190, 146), dark=(168, 122, 78), light=(252, 244, 230)),  # cream
    Coat(base=(92, 76, 68), dark=(42, 34, 32), light=(226, 208, 188)),  # dark
)

BACKDROPS: tuple[tuple[Colour, Colour], ...] = (
    ((176, 214, 216), (108, 164, 174)),  # teal
    ((196, 208, 232), (128, 148, 196)),  # blue
    ((222, 214, 190), (170, 162, 126)),  # sand
    ((190, 216, 180), (120, 160, 116)),  # green
    ((226, 204, 214), (172, 140, 160)),  # rose
)

CAT_IRISES: tuple[Colour, ...] = ((128, 178, 72), (214, 168, 52), (96, 164, 168))
DOG_IRISES: tuple[Colour, ...] = ((122, 72, 32), (94, 54, 26), (150, 98, 44))

PINK: Colour = (226, 140, 134)
BLACK: Colour = (34, 26, 26)
WHITE: Colour = (255, 255, 255)


def draw(species: Species, *, side: int = 256, seed: int = 0) -> Pixels:
    """Draw the head and shoulders of a friendly cat or dog from the front.

    Args:
        species: "cat" or "dog".
        side: width and height in pixels, at least 16.
        seed: at least 0; decides coat, backdrop, eyes, tilt, place, size and every hair. The same seed gives the same
            picture.

    Returns:
        A new uint8 array (side, side, 3), RGB.

    Raises:
        ValueError: unknown species, a side below 16, or a negative seed.
    """
    if species not in ("cat", "dog"):
        raise ValueError(f"species must be 'cat' or 'dog', not {species!r}")
    if side < 16:
        raise ValueError(f"side must be at least 16 pixels, not {side}")
    if seed < 0:
        raise ValueError(f"seed must be at least 0, not {seed}")
    # Only .random() is used: of all of NumPy's distributions, the uniform one is the least likely to change.
    random = np.random.default_rng([seed, species == "dog"])
    scene = _choose_scene(species, seed, random)
    canvas = _Canvas(side * SUPERSAMPLING, scene, random)
    canvas.backdrop(*scene.backdrop)
    if species == "cat":
        _draw_cat(canvas, scene)
    else:
        _draw_dog(canvas, scene)
    return cv2.resize(canvas.pixels, (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _choose_scene(species: Species, seed: int, random: np.random.Generator) -> Scene:
    irises = CAT_IRISES if species == "cat" else DOG_IRISES
    shift = 0 if species == "cat" else 2  # the two pictures of one seed shall differ in colour
    tilt, x, y, scale = random.random(4) * 2 - 1
    return Scene(
        coat=COATS[(seed + shift) % len(COATS)],
        backdrop=BACKDROPS[(seed // len(COATS) + seed + shift // 2) % len(BACKDROPS)],
        iris=irises[seed % len(irises)],
        tilt=0.10 * tilt,
        centre=(0.5 + 0.03 * x, (0.50 if species == "cat" else 0.47) + 0.02 * y),  # a cat's ears need room above
        scale=0.43 + 0.02 * scale,
    )


# Animals -------------------------------------------------------------------------------------------------------------


def _draw_cat(canvas: "_Canvas", scene: Scene) -> None:
    coat = scene.coat
    stripe = _mix(coat.dark, BLACK, 0.15)
    _draw_cat_body(canvas, coat, stripe)
    for flip in SIDES:
        _draw_cat_ear(canvas, coat, flip)
    _draw_cat_head(canvas, coat, stripe)
    _draw_cat_muzzle(canvas, coat)
    for flip in SIDES:
        _draw_cat_eye(canvas, scene.iris, flip)
    for flip in SIDES:
        _draw_whiskers(canvas, coat, flip)


def _draw_cat_body(canvas: "_Canvas", coat: Coat, stripe: Colour) -> None:
    body = canvas.fill(_mirror("0,.45 .30,.48 .52,.66 .68,.95 .76,1.5"), coat.base)
    for flip in SIDES:
        for bar in (".80,.73 .52,.78 .36,.88", ".80,.89 .52,.94 .36,1.04", ".80,1.05 .52,1.10 .36,1.20"):
            canvas.stroke(_flip(bar, flip), 0.075, stripe, inside=body)
    canvas.fill(_mirror("0,.50 .20,.60 .27,.86 .20,1.5"), coat.light, blur=0.05, inside=body)
    canvas.shadow(_ellipse(0.04, 0.56, 0.60, 0.20), 0.55, blur=0.10, inside=body)
    canvas.fur(body, 5200, 0.085, _away_from(0, -0.9))


def _draw_cat_ear(canvas: "_Canvas", coat: Coat, flip: int) -> None:
    outline = _flip(".10,-.44 .17,-.66 .33,-.88 .47,-.99 .54,-.86 .62,-.52 .62,-.14", flip)
    ear = canvas.fill(outline, _mix(coat.base, coat.dark, 0.18))
    canvas.fur(ear, 900, 0.06, _away_from(0, 0.2))
    skin = canvas.fill(_flip(".24,-.48 .31,-.67 .44,-.87 .50,-.70 .54,-.40", flip), PINK, blur=0.03, inside=ear)
    canvas.shadow(_flip(".20,-.36 .38,-.62 .58,-.30", flip), 0.40, blur=0.06, inside=skin)
    canvas.tuft(_flip(".20,-.50 .28,-.62", flip), (0.55 * flip, -0.8), 40, 0.13, coat.light)


def _draw_cat_head(canvas: "_Canvas", coat: Coat, stripe: Colour) -> None:
    outline = _mirror("0,-.53 .20,-.54 .40,-.44 .55,-.22 .64,.04 .68,.20 .58,.36 .38,.50 .18,.57 0,.59")
    head = canvas.fill(outline, coat.base)
    canvas.glow(_ellipse(-0.20, -0.28, 0.34, 0.26), 0.20, blur=0.16, inside=head)
    canvas.fill(_ellipse(0, 0.46, 0.36, 0.20), coat.light, blur=0.08, inside=head)
    forehead = (".055,-.20 .06,-.36 .05,-.55", ".075,-.22 .15,-.33 .19,-.53", ".26,-.25 .30,-.36 .32,-.50")  # tabby's M
    cheek = (".44,-.10 .54,-.14 .64,-.10", ".42,.04 .53,.06 .68,.12", ".40,.18 .50,.24 .62,.32")
    for flip in SIDES:
        around_eye = _ellipse(0.27 * flip, -0.05, 0.23, 0.19)
        canvas.fill(around_eye, _mix(coat.base, coat.light, 0.55), blur=0.05, inside=head)
        for bar in forehead + cheek:
            canvas.stroke(_flip(bar, flip), 0.058, stripe, inside=head)
    canvas.shadow(_ellipse(0.10, 0.66, 0.62, 0.16), 0.35, blur=0.10, inside=head)
    canvas.shadow(_ellipse(0.72, 0.06, 0.16, 0.50), 0.28, blur=0.10, inside=head)
    canvas.fur(head, 9000, 0.065, _away_from(0, 0.16))
    bridge = _mirror("0,-.12 .05,-.08 .065,.06 .085,.17 0,.20")
    canvas.fill(bridge, _mix(coat.base, coat.light, 0.35), blur=0.03, inside=head)


def _draw_cat_muzzle(canvas: "_Canvas", coat: Coat) -> None:
    chin = canvas.fill(_ellipse(0, 0.44, 0.15, 0.10), coat.light, blur=0.015)
    canvas.fur(chin, 500, 0.05, _away_from(0, 0.1))
    canvas.shadow(_mirror("0,.33 .12,.38 .24,.36 .12,.43 0,.40"), 0.55, blur=0.025)
    for flip in SIDES:
        pad = canvas.fill(_ellipse(0.125 * flip, 0.285, 0.165, 0.115), coat.light, blur=0.02)
        canvas.shadow(_ellipse(0.14 * flip, 0.385, 0.15, 0.04), 0.20, blur=0.03, inside=pad)
        canvas.fur(pad, 900, 0.05, _away_from(0.02 * flip, 0.12))
    line = _mix(BLACK, coat.dark, 0.4)
    canvas.stroke(_flip("0,.21 0,.35", 1), 0.016, line, taper=False)
    for flip in SIDES:
        canvas.stroke(_flip("0,.345 .06,.392 .15,.385 .20,.345", flip), 0.020, line)
    nose = canvas.fill(_mirror("0,.135 .06,.135 .088,.16 .05,.215 0,.24"), PINK)
    canvas.shadow(_mirror("0,.20 .06,.19 .05,.23 0,.25"), 0.45, blur=0.012, inside=nose)
    canvas.glow(_ellipse(-0.02, 0.152, 0.04, 0.012), 0.6, blur=0.012, inside=nose)


def _draw_cat_eye(canvas: "_Canvas", iris: Colour, flip: int) -> None:
    outline = _flip(".125,.005 .18,-.115 .28,-.17 .39,-.125 .425,-.05 .37,.04 .265,.078 .17,.055", flip)
    canvas.fill(_grow(outline, 1.14), BLACK)
    eye = canvas.fill(outline, iris)
    x = 0.275 * flip
    canvas.fill(_ellipse(x, -0.045, 0.075, 0.085), _mix(iris, (250, 240, 150), 0.55), blur=0.03, inside=eye)
    canvas.shadow(_shift(outline, 0, -0.105), 0.55, blur=0.03, inside=eye)  # of the upper lid
    canvas.fill(_flip(".275,-.18 .312,-.05 .275,.08 .238,-.05", flip), BLACK, inside=eye)  # the slit
    # Both eyes reflect the same window, so this is not mirrored.
    canvas.fill(_ellipse(x - 0.045, -0.085, 0.030, 0.034), WHITE)
    canvas.fill(_ellipse(x + 0.045, 0.000, 0.014, 0.016), WHITE, opacity=0.75)


def _draw_whiskers(canvas: "_Canvas", coat: Coat, flip: int) -> None:
    for x, y in ((0.11, 0.255), (0.15, 0.29), (0.19, 0.255)):
        canvas.fill(_ellipse(x * flip, y, 0.009, 0.009), coat.dark)
    for curve in (
        ".15,.25 .50,.13 .92,.10",
        ".17,.28 .52,.25 .97,.31",
        ".15,.31 .46,.37 .86,.52",
        ".26,-.22 .33,-.42 .47,-.60",  # above the eye
    ):
        whisker = _flip(curve, flip)
        canvas.stroke(_shift(whisker, 0.006, 0.010), 0.012, coat.dark, opacity=0.35)
        canvas.stroke(whisker, 0.013, WHITE)


def _draw_dog(canvas: "_Canvas", scene: Scene) -> None:
    coat = scene.coat
    _draw_dog_body(canvas, coat)
    _draw_dog_head(canvas, coat)
    for flip in SIDES:
        _draw_dog_ear(canvas, coat, flip)
    _draw_dog_muzzle(canvas, coat)
    for flip in SIDES:
        _draw_dog_eye(canvas, scene.iris, flip)
        brow = _mix(coat.base, coat.light, 0.6)
        canvas.tuft(_flip(".12,-.35 .26,-.31", flip), (0.9 * flip, -0.2), 60, 0.05, brow)


def _draw_dog_body(canvas: "_Canvas", coat: Coat) -> None:
    body = canvas.fill(_mirror("0,.40 .34,.44 .52,.66 .76,.92 .86,1.5"), coat.base)
    canvas.fill(_mirror("0,.50 .24,.62 .34,.90 .26,1.5"), coat.light, blur=0.05, inside=body)
    canvas.shadow(_ellipse(0.04, 0.62, 0.52, 0.22), 0.60, blur=0.10, inside=body)
    canvas.fur(body, 5200, 0.085, _away_from(0, -0.9))
    collar = canvas.fill(_mirror("0,.86 .28,.80 .60,.58 .66,.70 .30,.90 0,.96"), (190, 44, 52), inside=body)
    canvas.shadow(_mirror("0,.80 .28,.74 .52,.60 .54,.68 .30,.84 0,.89"), 0.4, blur=0.03, inside=collar)
    tag = canvas.fill(_ellipse(0, 1.0, 0.07, 0.07), (224, 178, 64))
    canvas.glow(_ellipse(-0.02, 0.98, 0.025, 0.025), 0.7, blur=0.015, inside=tag)


def _draw_dog_head(canvas: "_Canvas", coat: Coat) -> None:
    outline = _mirror("0,-.68 .20,-.65 .38,-.52 .47,-.30 .48,-.06 .43,.14 .37,.32 .35,.48 .24,.62 0,.66")
    head = canvas.fill(outline, coat.base)
    canvas.glow(_ellipse(-0.20, -0.40, 0.26, 0.20), 0.18, blur=0.14, inside=head)
    canvas.shadow(_ellipse(0.54, 0.0, 0.16, 0.60), 0.35, blur=0.10, inside=head)
    canvas.shadow(_ellipse(-0.56, 0.10, 0.16, 0.50), 0.25, blur=0.10, inside=head)
    patch = _mix(coat.base, coat.dark, 0.55)
    for flip in SIDES:
        canvas.fill(_ellipse(0.25 * flip, -0.14, 0.20, 0.22), patch, blur=0.07, inside=head)
    blaze = _mirror("0,-.66 .035,-.62 .05,-.36 .07,-.14 .14,.02 .22,.20 0,.30")
    canvas.fill(blaze, coat.light, blur=0.025, inside=head)
    canvas.fur(head, 8000, 0.06, _away_from(0, 0.10))


def _draw_dog_ear(canvas: "_Canvas", coat: Coat, flip: int) -> None:
    outline = ".24,-.62 .44,-.66 .62,-.54 .76,-.26 .84,.06 .82,.32 .70,.44 .57,.36 .50,.12 .45,-.12 .36,-.38"
    ear = canvas.fill(_flip(outline, flip), coat.dark)
    canvas.glow(_flip(".46,-.58 .62,-.48 .72,-.20 .62,-.20 .50,-.40", flip), 0.18, blur=0.07, inside=ear)
    inner_edge = _flip(".36,-.40 .46,-.12 .52,.14 .60,.40 .44,.30 .30,-.20", flip)
    canvas.shadow(inner_edge, 0.5, blur=0.05, inside=ear)
    canvas.fur(ear, 2600, 0.08, _hanging(flip))


def _draw_dog_muzzle(canvas: "_Canvas", coat: Coat) -> None:
    """Draw the lower jaw, over it the open mouth and the tongue, over these the lips, and the nose on top."""
    jaw = canvas.fill(_ellipse(0, 0.55, 0.20, 0.14), coat.light, blur=0.015)
    canvas.fur(jaw, 500, 0.05, _away_from(0, 0.1))
    canvas.fill(_mirror("0,.44 .20,.46 .16,.55 0,.60"), (92, 34, 36))
    tongue = canvas.fill(_mirror("0,.46 .10,.47 .125,.62 .11,.76 0,.82"), (236, 118, 128))
    canvas.shadow(_ellipse(0, 0.49, 0.18, 0.07), 0.5, blur=0.03, inside=tongue)
    canvas.stroke(_flip("0,.52 .005,.64 0,.74", 1), 0.022, (190, 76, 92))
    canvas.glow(_ellipse(-0.045, 0.68, 0.025, 0.07), 0.5, blur=0.025, inside=tongue)
    for flip in SIDES:
        outline = _flip("-.01,.12 .12,.10 .25,.20 .32,.36 .30,.49 .20,.535 .09,.50 -.01,.43", flip)
        lip = canvas.fill(outline, coat.light, blur=0.012)
        canvas.shadow(_flip(".06,.47 .20,.50 .32,.44 .30,.56 .10,.56", flip), 0.28, blur=0.04, inside=lip)
        canvas.fur(lip, 1500, 0.045, _hanging(flip))
    canvas.stroke(_flip("0,.26 0,.45", 1), 0.020, BLACK, taper=False)
    for flip in SIDES:
        canvas.stroke(_flip("0,.435 .09,.50 .20,.535 .29,.50 .33,.42", flip), 0.024, BLACK)
        for x, y in ((0.13, 0.36), (0.19, 0.40), (0.15, 0.43), (0.22, 0.34), (0.24, 0.43)):
            canvas.fill(_ellipse(x * flip, y, 0.009, 0.009), coat.dark)
    canvas.shadow(_ellipse(0.01, 0.25, 0.16, 0.08), 0.35, blur=0.03)
    nose = canvas.fill(_mirror("0,.055 .09,.05 .165,.10 .15,.18 .07,.245 0,.27"), BLACK)
    canvas.glow(_ellipse(-0.03, 0.095, 0.085, 0.025), 0.55, blur=0.02, inside=nose)
    for flip in SIDES:
        canvas.fill(_flip(".045,.175 .085,.155 .115,.175 .095,.20", flip), (8, 6, 6), blur=0.008)  # nostril


def _draw_dog_eye(canvas: "_Canvas", iris: Colour, flip: int) -> None:
    outline = _flip(".13,-.10 .16,-.185 .235,-.225 .31,-.19 .35,-.10 .30,-.035 .23,-.015 .165,-.04", flip)
    canvas.fill(_grow(outline, 1.16), BLACK)
    eye = canvas.fill(outline, (236, 228, 218))
    x, y = 0.235 * flip, -0.115
    canvas.fill(_ellipse(x, y, 0.092, 0.098), _mix(iris, BLACK, 0.35), inside=eye)
    canvas.fill(_ellipse(x, y + 0.02, 0.07, 0.065), _mix(iris, (230, 160, 80), 0.35), blur=0.025, inside=eye)
    canvas.fill(_ellipse(x, y, 0.052, 0.056), (14, 10, 10), inside=eye)
    canvas.shadow(_shift(outline, 0, -0.14), 0.6, blur=0.025, inside=eye)
    canvas.fill(_ellipse(x - 0.035, y - 0.035, 0.030, 0.032), WHITE)
    canvas.fill(_ellipse(x + 0.035, y + 0.040, 0.013, 0.014), WHITE, opacity=0.75)


# Curves, in face units -----------------------------------------------------------------------------------------------


def _points(text: str) -> Points:
    """Parse "x,y x,y …", as in an SVG polygon, into a float array (count, 2)."""
    return np.array([[float(number) for number in pair.split(",")] for pair in text.split()])


def _mirror(right_half: str) -> Points:
    """A closed outline, symmetric about x = 0, from its right half, listed from top to bottom."""
    right = _points(right_half)
    left = right[::-1] * (-1, 1)
    return np.concatenate([right, left[left[:, 0] != 0]])


def _flip(text: str, flip: int) -> Points:
    """The points (flip 1) or their mirror image (flip -1)."""
    return _points(text) * (flip, 1)


def _ellipse(x: float, y: float, radius_x: float, radius_y: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    return np.stack([x + radius_x * np.cos(angle), y + radius_y * np.sin(angle)], axis=1)


def _grow(points: Points, factor: float) -> Points:
    middle = points.mean(axis=0)
    result: Points = middle + (points - middle) * factor
    return result


def _shift(points: Points, x: float, y: float) -> Points:
    result: Points = points + np.array([x, y])
    return result


def _away_from(x: float, y: float) -> Flow:
    return lambda points: _shift(points, -x, -y)


def _hanging(flip: int) -> Flow:
    return lambda points: np.array([0.3 * flip, 0.9]) + 0.5 * points


def _smooth(points: Points, *, closed: bool = True, steps: int = 8) -> Points:
    """Catmull-Rom curve through all points (Catmull & Rom, 1974), `steps` points for each given one."""
    if closed:
        before, after, later = np.roll(points, 1, 0), np.roll(points, -1, 0), np.roll(points, -2, 0)
    else:
        padded = np.concatenate([points[:1], points, points[-1:], points[-1:]])
        before, after, later = padded[:-3], padded[2:-1], padded[3:]
        before, points, after, later = before[:-1], points[:-1], after[:-1], later[:-1]
    share = np.arange(steps)[:, None, None] / steps
    curve = points + 0.5 * share * (
        after
        - before
        + share * (2 * before - 5 * points + 4 * after - later + share * (3 * (points - after) + later - before))
    )
    return curve.transpose(1, 0, 2).reshape(-1, 2)


def _mix(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with `share` (0 to 1) of `other`."""
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(colour, other, strict=True))
    return red, green, blue


# Paint ---------------------------------------------------------------------------------------------------------------


class _Canvas:
    """A square uint8 RGB array and the operations that paint on it. Masks are uint8 arrays (size, size), 255 inside."""

    def __init__(self, size: int, scene: Scene, random: np.random.Generator) -> None:
        self.size = size
        self.random = random
        self.unit = scene.scale * size  # canvas pixels per face unit
        self.pixels: Pixels = np.zeros((size, size, 3), np.uint8)
        cosine, sine = np.cos(scene.tilt), np.sin(scene.tilt)
        self.rotation = np.array([[cosine, sine], [-sine, cosine]])
        self.origin = np.array(scene.centre) * size

    def backdrop(self, top: Colour, bottom: Colour) -> None:
        """Paint a soft vertical gradient with a few large blurred lights."""
        share = np.linspace(0, 1, self.size)[:, None, None]
        self.pixels[:] = np.rint((1 - share) * np.array(top) + share * np.array(bottom))
        for x, y, radius in self.random.random((7, 3)):
            light = _ellipse(2.6 * x - 1.3, 2.0 * y - 1.3, 0.12 + 0.2 * radius, 0.12 + 0.2 * radius)
            self.fill(light, _mix(top, WHITE, 0.5), blur=0.08, opacity=0.35)

    def to_canvas(self, points: Points) -> Points:
        result: Points = points @ self.rotation * self.unit + self.origin
        return result

    def fill(
        self, points: Points, colour: Colour, *, blur: float = 0.0, opacity: float = 1.0, inside: Pixels | None = None
    ) -> Pixels:
        """Paint a closed smooth shape, its edge blurred over `blur` face units, and return its mask."""
        mask = np.zeros((self.size, self.size), np.uint8)
        dense = self.to_canvas(_smooth(points))
        corners = np.rint(dense * 2**_SUBPIXEL_BITS).astype(np.int32)
        cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
        margin = 3 * blur * self.unit + 2
        (left, top), (right, bottom) = dense.min(axis=0) - margin, dense.max(axis=0) + margin
        box = (slice(max(0, int(top)), max(0, int(bottom) + 1)), slice(max(0, int(left)), max(0, int(right) + 1)))
        if mask[box].size == 0:
            return mask
        if blur:
            # Three box blurs are close to a Gaussian blur, and take the same time for any width.
            width = 2 * round(blur * self.unit) + 1
            for _ in range(3):
                mask[box] = cv2.blur(mask[box], (width, width), borderType=cv2.BORDER_REPLICATE)
        if inside is not None:
            mask[box] = cv2.multiply(mask[box], inside[box], scale=1 / 255)
        alpha = mask[box][..., None] * np.float32(opacity / 255)
        below = self.pixels[box]
        self.pixels[box] = np.rint(below + alpha * (np.array(colour, np.float32) - below))
        return mask

    def shadow(self, points: Points, strength: float, *, blur: float, inside: Pixels | None = None) -> None:
        self.fill(points, (40, 22, 26), blur=blur, opacity=strength, inside=inside)

    def glow(self, points: Points, strength: float, *, blur: float, inside: Pixels | None = None) -> None:
        self.fill(points, (255, 250, 236), blur=blur, opacity=strength, inside=inside)

    def stroke(
        self,
        points: Points,
        width: float,
        colour: Colour,
        *,
        taper: bool = True,
        opacity: float = 1.0,
        inside: Pixels | None = None,
    ) -> None:
        """Paint a curve, at most `width` face units wide; with `taper`, it gets thinner towards its end."""
        path = _smooth(points, closed=False)
        ahead = np.gradient(path, axis=0)
        normal = ahead[:, ::-1] * (1, -1) / np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
        share = np.linspace(0, 1, len(path))[:, None]
        half = width / 2 * (np.sqrt(np.clip(1 - share, 0, 1)) if taper else np.ones_like(share))
        outline = np.concatenate([path + half * normal, (path - half * normal)[::-1]])
        self.fill(outline, colour, opacity=opacity, inside=inside)

    def fur(self, mask: Pixels, count: int, length: float, flow: Flow) -> None:
        """Paint hairs with their roots in the mask, combed along `flow` (points → directions, of any length)."""
        rows, columns = np.nonzero(cv2.resize(mask, (128, 128), interpolation=cv2.INTER_AREA) > 127)
        if rows.size == 0:
            return
        pick, dx, dy, angle, grow, shade = self.random.random((6, count))
        chosen = (pick * rows.size).astype(int)
        roots = np.stack([columns[chosen] + dx, rows[chosen] + dy], axis=1) * (self.size / 128)
        rooted = mask[tuple(np.clip(roots.astype(int), 0, self.size - 1).T[::-1])] > 127  # others are on the backdrop
        face = (roots[rooted] - self.origin) / self.unit @ self.rotation.T
        self._hairs(roots[rooted], flow(face), (length * (0.5 + grow))[rooted], angle[rooted], shade[rooted])

    def tuft(self, line: Points, direction: tuple[float, float], count: int, length: float, colour: Colour) -> None:
        """Paint hairs of one colour with their roots on the line from `line[0]` to `line[1]`."""
        along, angle, grow, shade = self.random.random((4, count))
        roots = self.to_canvas(line[0] + along[:, None] * (line[1] - line[0]))
        self._hairs(roots, np.tile(direction, (count, 1)), length * (0.5 + grow), angle, shade, colour)

    def _hairs(
        self,
        roots: Points,
        direction: Points,
        length: Points,
        angle: Points,
        shade: Points,
        colour: Colour | None = None,
    ) -> None:
        heading = np.arctan2(direction[:, 1], direction[:, 0]) + (angle - 0.5)
        tips = (
            roots + np.stack([np.cos(heading), np.sin(heading)], axis=1) @ self.rotation * (length * self.unit)[:, None]
        )
        columns, rows = np.clip(roots.astype(int), 0, self.size - 1).T
        under = (
            self.pixels[rows, columns].astype(float)
            if colour is None
            else np.tile(np.array(colour, float), (len(roots), 1))
        )
        colours = np.clip(under * (0.80 + 0.42 * shade[:, None]), 0, 255)
        width = max(1, round(0.006 * self.unit))
        ends = np.rint(np.stack([roots, tips], axis=1) * 2**_SUBPIXEL_BITS).astype(int).tolist()
        for (root, tip), paint in zip(ends, colours.tolist(), strict=True):
            cv2.line(self.pixels, root, tip, paint, width, cv2.LINE_AA, _SUBPIXEL_BITS)
