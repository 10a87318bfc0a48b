"""Photos for visitors without one: a real cat that pip installs, and a cat and a dog that this project draws."""

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from models.pictures import drawn_pets
from models.pictures.photo import Photo, PhotoError, decode

SAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "chelsea": "Chelsea, a real cat",
        "drawn-cat": "Cat, drawn by this app",
        "drawn-dog": "Dog, drawn by this app",
    }
)
"""id → name for the visitor, in the order in which the samples are offered."""


@cache
def sample(sample_id: str) -> Photo:
    """Return the sample photo with a key of `SAMPLES`. It is made once and then cached.

    Raises:
        KeyError: no such sample.
        PhotoError: scikit-image, whose wheel contains the photo of the cat, is not installed.
    """
    label = SAMPLES[sample_id]
    if sample_id == "chelsea":
        return decode(_chelsea().read_bytes(), name=label, source="sample")
    pixels = drawn_pets.draw("cat" if sample_id == "drawn-cat" else "dog", side=512)
    return Photo(pixels, label, "drawn", (pixels.shape[1], pixels.shape[0]))


def _chelsea() -> Path:
    """Return the file of the cat by Stéfan van der Walt (CC0), without importing scikit-image, which takes 0.4 s."""
    spec = importlib.util.find_spec("skimage")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / "data" / "chelsea.png" if folders else None
    if path is None or not path.is_file():
        raise PhotoError("This sample comes with scikit-image, which is not installed: please choose another photo.")
    return path
