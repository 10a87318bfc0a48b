"""Feature maps as pictures: blue above zero, vermilion below, as everywhere in the course."""

from functools import cache

import numpy as np

from components.photo import first_layer_maps
from models.pictures.photo import Photo

FAINTEST = 1e-3
"""A map whose largest number is smaller than this is noise, and stays white."""

# The course's colours of positive and negative numbers; zero is white. See assets/theme.css.
POSITIVE, ZERO, NEGATIVE = (np.array(colour, float) for colour in ((0, 114, 178), (247, 247, 247), (213, 94, 0)))


def signed_colours(values: np.ndarray) -> np.ndarray:
    """Return uint8 (height, width, 3): blue for positive, vermilion for negative numbers, zero in the middle.

    Args:
        values: (height, width), any range; the largest absolute number gets the full colour.
    """
    share = values / max(float(np.abs(values).max()), FAINTEST)
    share = share[..., np.newaxis]
    colours = ZERO + np.where(share > 0, share * (POSITIVE - ZERO), -share * (NEGATIVE - ZERO))
    pixels: np.ndarray = np.rint(colours).astype(np.uint8)
    return pixels


def varied_maps(photo: Photo, side: int, count: int) -> list[np.ndarray]:
    """Return the maps of EfficientNet-Lite0's first layer that vary most on the photo, in the layer's order.

    Args:
        photo: the layer's input, as a square.
        side: of the square, in pixels; a map has half of it.
        count: how many of the 32.
    """
    maps = first_layer_maps(photo, side)
    varied = sorted(np.argsort(-maps.std(axis=(0, 1)))[:count])
    return [maps[..., number] for number in varied]


@cache
def sobel() -> np.ndarray:
    """Return the Sobel filter for edges from left to right, for three channels alike: (3, 3, 3)."""
    grey = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    return np.repeat(grey[..., np.newaxis], 3, axis=-1) / 3
