"""A first look at what a network's first layer makes of the photo: all its feature maps on one sheet."""

import base64
from io import BytesIO

import numpy as np
import streamlit as st
from PIL import Image

from components.photo import remembered
from models.arithmetic import convolve
from models.pictures.photo import Photo
from models.pretrained.filters import learned_filters

SIDE = 98
MAP_SIDE = SIDE - 2  # a 3 × 3 filter without padding loses one pixel at each edge
PER_ROW = 8
GAP = 6
FAINTEST = 1e-3  # of pixels from 0 to 1
# The course's colours of positive and negative numbers; zero is white. See assets/theme.css.
POSITIVE, ZERO, NEGATIVE = (np.array(colour, float) for colour in ((0, 114, 178), (247, 247, 247), (213, 94, 0)))


def first_look(photo: Photo) -> None:
    """Draw the maps of EfficientNet-Lite0's 32 first filters on the photo, computed now."""
    count = len(learned_filters())
    url = remembered(photo, "first look", lambda: sheet_url(photo))
    st.html(
        '<figure class="first-look">'
        f'<img alt="{count} feature maps of the picture" src="{url}">'
        f"<figcaption>The outputs of {count} learned filters of a real network (EfficientNet-Lite0, first layer, raw "
        "weights), computed just now. Each map is centred on its mean: blue is above it, orange below.</figcaption>"
        "</figure>"
    )


def signed_colours(values: np.ndarray) -> np.ndarray:
    """Return uint8 (height, width, 3): blue for positive, orange for negative numbers, zero in the middle."""
    # Some learned filters died in training: their output is rounding noise and is left white.
    share = values / max(float(np.abs(values).max()), FAINTEST)
    share = share[..., np.newaxis]
    colours = ZERO + np.where(share > 0, share * (POSITIVE - ZERO), -share * (NEGATIVE - ZERO))
    pixels: np.ndarray = np.rint(colours).astype(np.uint8)
    return pixels


def feature_maps(photo: Photo) -> list[np.ndarray]:
    """Return the 32 maps, each centred on its mean, as the normalisation behind it in the network does."""
    pixels = photo.square(SIDE) / 255
    maps = [convolve(pixels, kernel) for kernel in learned_filters()]
    return [feature_map - feature_map.mean() for feature_map in maps]


def sheet_url(photo: Photo, *, first: int | None = None, per_row: int = PER_ROW) -> str:
    """Return the maps on one picture, as a data URL.

    Args:
        photo: the filters' input.
        first: how many of the 32 maps; None for all.
        per_row: how many stand side by side.
    """
    maps = [signed_colours(feature_map) for feature_map in feature_maps(photo)[:first]]
    rows = -(-len(maps) // per_row)
    sheet = np.full((rows * (MAP_SIDE + GAP) - GAP, per_row * (MAP_SIDE + GAP) - GAP, 4), 0, np.uint8)
    for number, picture in enumerate(maps):
        row, column = divmod(number, per_row)
        top, left = row * (MAP_SIDE + GAP), column * (MAP_SIDE + GAP)
        sheet[top : top + MAP_SIDE, left : left + MAP_SIDE, :3] = picture
        sheet[top : top + MAP_SIDE, left : left + MAP_SIDE, 3] = 255  # opaque; the gaps stay transparent
    buffer = BytesIO()
    Image.fromarray(sheet).save(buffer, "WEBP", quality=80)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"
