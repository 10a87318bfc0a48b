"""Small pictures of cats and dogs, drawn by the thousand: what a network can learn from without anybody's photos.

A picture is chosen in two steps that know nothing of each other. The scene (coat, pose, place, size, light, background,
what stands in front) does not know the species; the animal does, and adds the shape of its parts. The cat and the dog
of one seed therefore share everything but their shape, and only shape can tell them apart.
"""

import cv2
import numpy as np

from models.pictures.pet_drawing.animals import Species, draw_animal
from models.pictures.pet_drawing.canvas import Canvas, Pixels
from models.pictures.pet_drawing.scene import choose_scene
from models.pictures.pet_drawing.surroundings import draw_background, draw_occluder

SPECIES: tuple[Species, Species] = ("cat", "dog")
MIN_SIDE, MAX_SIDE = 32, 128

SUPERSAMPLING = 2
"""Canvas pixels per picture pixel and side."""


def draw_pet(species: Species, *, side: int, seed: int) -> Pixels:
    """Draw a cat or a dog somewhere in a scene.

    The same arguments give the same picture, another side the same scene in another size, and the other species the
    same scene with the other animal.

    Args:
        species: "cat" or "dog".
        side: width and height in pixels, `MIN_SIDE` to `MAX_SIDE`.
        seed: at least 0.

    Returns:
        A new uint8 array (side, side, 3), RGB.

    Raises:
        ValueError: unknown species, a side that is too small or too large, or a negative seed.
    """
    if species not in SPECIES:
        raise ValueError(f"species must be 'cat' or 'dog', not {species!r}")
    if not MIN_SIDE <= side <= MAX_SIDE:
        raise ValueError(f"side must be {MIN_SIDE} to {MAX_SIDE} pixels, not {side}")
    if seed < 0:
        raise ValueError(f"seed must be at least 0, not {seed}")
    # Only .random() is drawn from: should NumPy change a distribution, the uniform one is the least likely.
    of_scene = np.random.default_rng([seed, 0])
    of_animal = np.random.default_rng([seed, 1 + SPECIES.index(species)])
    scene = choose_scene(of_scene)
    canvas = Canvas(side * SUPERSAMPLING, of_animal)
    draw_background(canvas, scene, of_scene)
    draw_animal(species, canvas, scene)
    draw_occluder(canvas, scene, of_scene)
    pixels = cv2.resize(canvas.pixels, (side, side), interpolation=cv2.INTER_AREA)
    return _photographed(pixels.astype(np.float32), of_scene)


def _photographed(pixels: np.ndarray, random: np.random.Generator) -> Pixels:
    """Light from one side, exposure, contrast, a colour cast, and the sensor's noise."""
    side = pixels.shape[0]
    corners = (0.86 + 0.28 * random.random((2, 2))).astype(np.float32)
    exposure, contrast, noise = random.random(3)
    cast = 0.94 + 0.12 * random.random(3)
    lit = pixels * cv2.resize(corners, (side, side), interpolation=cv2.INTER_LINEAR)[..., np.newaxis]
    lit = (lit - 128) * np.float32(0.8 + 0.35 * contrast) + np.float32(128 + 24 * (exposure - 0.5))
    lit *= cast.astype(np.float32)
    grain = random.random((2, side, side, 1), np.float32).sum(axis=0) - 1
    lit += np.float32(12 * noise) * grain
    result: np.ndarray = np.clip(lit + np.float32(0.5), 0, 255).astype(np.uint8)
    return result
