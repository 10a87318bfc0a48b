"""What a picture shows beside its species: drawn at random without knowing whether a cat or a dog will stand there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from models.pictures.pet_drawing.canvas import Colour, mix

Pose = Literal["sit", "lie", "stand", "peek"]
Pattern = Literal["plain", "stripes", "patches", "mask"]
Style = Literal["room", "meadow", "wallpaper", "blur"]
Occluder = Literal["", "ball", "leaves", "bars", "grass"]

T = TypeVar("T")


@dataclass(frozen=True)
class Coat:
    """Fur of one animal.

    Attributes:
        base: colour of most of it.
        dark: colour of stripes and patches.
        light: colour of muzzle, chest and paws where they are light.
        pattern: what is dark.
        dark_ears: the ears are dark, too.
        light_chest: chest and paws are light.
        fluff: how far tufts stick out, in head radii.
    """

    base: Colour
    dark: Colour
    light: Colour
    pattern: Pattern
    dark_ears: bool
    light_chest: bool
    fluff: float


@dataclass(frozen=True)
class Scene:
    """Everything but the species. Lengths are shares of the side, angles are radians, positive clockwise.

    Attributes:
        coat: the fur.
        iris: colour of the eyes.
        nose: colour of the nose.
        collar: colour of the collar, if there is one.
        pose: what the body does; "peek" looks out of a box.
        radius: of the head.
        centre: of the head, (x, y).
        mirrored: left is right.
        body_tilt: rotation of the animal.
        head_tilt: rotation of the head against the body.
        turn: (yaw, pitch) of the head: where it looks.
        light: direction (x, y) that the light comes from, of length 1.
        light_strength: difference between the lit and the dark side, as a factor.
        style: of the background.
        ground: colours of the background, above and below.
        clutter: how many shapes lie about.
        occluder: what stands in front.
    """

    coat: Coat
    iris: Colour
    nose: Colour
    collar: Colour | None
    pose: Pose
    radius: float
    centre: tuple[float, float]
    mirrored: bool
    body_tilt: float
    head_tilt: float
    turn: tuple[float, float]
    light: tuple[float, float]
    light_strength: float
    style: Style
    ground: tuple[Colour, Colour]
    clutter: int
    occluder: Occluder


FURS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((228, 152, 80), (168, 88, 36), (253, 238, 214)),  # ginger
    ((150, 148, 152), (84, 82, 90), (238, 236, 234)),  # grey
    ((172, 118, 74), (100, 62, 38), (248, 234, 214)),  # brown
    ((226, 196, 150), (172, 126, 82), (253, 246, 232)),  # cream
    ((84, 74, 74), (46, 38, 40), (222, 212, 202)),  # black
    ((240, 234, 224), (186, 166, 146), (255, 252, 246)),  # white
    ((122, 84, 62), (70, 46, 36), (228, 206, 182)),  # chocolate
    ((196, 168, 128), (126, 98, 70), (246, 234, 214)),  # fawn
)
IRISES: tuple[Colour, ...] = ((124, 178, 76), (222, 170, 52), (96, 168, 196), (146, 92, 44), (110, 140, 70))
NOSES: tuple[Colour, ...] = ((222, 128, 126), (120, 70, 62), (46, 38, 42), (58, 46, 48))
COLLARS: tuple[Colour, ...] = ((206, 52, 56), (46, 110, 190), (60, 150, 92), (236, 178, 40), (150, 80, 170))
GROUNDS: tuple[Colour, ...] = (
    (170, 206, 214),
    (142, 176, 214),
    (204, 190, 154),
    (158, 196, 140),
    (216, 176, 178),
    (188, 178, 214),
    (236, 214, 160),
    (118, 150, 140),
    (150, 118, 104),
    (92, 104, 136),
    (216, 214, 206),
    (110, 142, 88),
)


def choose_scene(random: np.random.Generator) -> Scene:
    """Return a scene. It asks for no species: that is why nothing in it can tell one from the other."""
    coat = _choose_coat(random)
    radius = 0.14 * (0.34 / 0.14) ** random.random()
    # The face stays in the picture; ears and bodies may run out of it.
    reach = 0.5 - 0.95 * radius
    centre = (0.5 + reach * _signed(random), 0.52 + 0.92 * reach * _signed(random))
    angle = 2 * np.pi * random.random()
    pose: Pose = _pick(random, ("sit", "sit", "lie", "stand", "peek"))
    return Scene(
        coat=coat,
        iris=_pick(random, IRISES),
        nose=_pick(random, NOSES),
        collar=_pick(random, COLLARS) if random.random() < 0.4 else None,
        pose=pose,
        radius=radius,
        centre=centre,
        mirrored=random.random() < 0.5,
        body_tilt=0.17 * _signed(random),
        head_tilt=0.35 * _signed(random),
        turn=(0.55 * _signed(random), 0.22 * _signed(random)),
        light=(float(np.cos(angle)), float(np.sin(angle))),
        light_strength=0.25 + 0.35 * random.random(),
        style=_pick(random, ("room", "meadow", "wallpaper", "blur")),
        ground=_choose_ground(random, coat.base),
        clutter=int(14 * random.random() ** 1.5),
        occluder=_pick(random, ("", "", "ball", "leaves", "bars", "grass")),
    )


def _choose_coat(random: np.random.Generator) -> Coat:
    base, dark, light = _pick(random, FURS)
    tone = 0.82 + 0.3 * random.random()  # no two gingers are the same
    warmth = 10 * _signed(random)
    tint = np.array([warmth, 0, -warmth])

    def dyed(colour: Colour) -> Colour:
        red, green, blue = np.clip(np.array(colour) * tone + tint, 8, 255).tolist()
        return red, green, blue

    pattern: Pattern = _pick(random, ("plain", "plain", "stripes", "patches", "mask"))
    return Coat(
        base=dyed(base),
        dark=dyed(dark),
        light=mix(light, dyed(base), 0.5 * random.random()),
        pattern=pattern,
        dark_ears=random.random() < 0.5,
        light_chest=random.random() < 0.6,
        fluff=0.03 + 0.12 * random.random(),
    )


def _choose_ground(random: np.random.Generator, fur: Colour) -> tuple[Colour, Colour]:
    """Two colours, neither as bright as the fur: what a child cannot see, a network need not learn."""
    first, second = _pick(random, GROUNDS), _pick(random, GROUNDS)
    return _apart(first, fur), _apart(second, fur)


def _apart(ground: Colour, fur: Colour) -> Colour:
    difference = _brightness(ground) - _brightness(fur)
    if abs(difference) > 36:
        return ground
    return mix(ground, (20, 26, 40) if _brightness(fur) > 128 else (250, 248, 240), 0.38)


def _brightness(colour: Colour) -> float:
    return float(np.dot(colour, (0.299, 0.587, 0.114)))


def _signed(random: np.random.Generator) -> float:
    """Between −1 and 1."""
    return 2 * random.random() - 1


def _pick(random: np.random.Generator, choices: Sequence[T]) -> T:
    return choices[int(random.random() * len(choices))]
