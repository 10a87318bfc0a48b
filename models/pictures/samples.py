"""Photos for visitors without one: real cats and dogs under free licences, and two pets that this project draws."""

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from models.pictures import drawn_pets
from models.pictures.photo import Photo, PhotoError, decode

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "samples"
"""The photos that come along. NOTICE names the author, the source and the licence of each."""


class Sample(NamedTuple):
    """What is known of a sample.

    Attributes:
        label: its name for the visitor.
        species: what it shows.
        credit: who took the photo, and its licence; "" for a drawing.
        hard: the course's network `convnet` is unsure of it or wrong; of all others it is sure and right.
    """

    label: str
    species: Literal["cat", "dog"]
    credit: str = ""
    hard: bool = False


SAMPLES: Mapping[str, Sample] = MappingProxyType(
    {
        "kitten": Sample("Kitten with yarn", "cat", "Loliloli, public domain"),
        "shepherd": Sample("German shepherd", "dog", "Hans Kemperman, public domain"),
        "ginger-kitten": Sample("Ginger kitten", "cat", "GalgenTX, CC BY 2.0"),
        "retriever": Sample("Golden retriever", "dog", "Snapwire, CC0"),
        "chelsea": Sample("Chelsea, a hard case", "cat", "Stéfan van der Walt, CC0", hard=True),
        "cat-on-its-back": Sample("Cat on its back, a hard case", "cat", "Skitterphoto, CC0", hard=True),
        "drawn-cat": Sample("Cat, drawn by this app", "cat"),
        "drawn-dog": Sample("Dog, drawn by this app", "dog"),
    }
)
"""By id, in the order in which the samples are offered."""

DEFAULT = "kitten"
"""The photo of all pages before a visitor has chosen one."""


@cache
def sample(sample_id: str) -> Photo:
    """Return the sample with a key of `SAMPLES`. It is made once and then cached.

    Raises:
        KeyError: no such sample.
        PhotoError: scikit-image, whose wheel contains Chelsea's photo, is not installed.
    """
    label, species, credit, _ = SAMPLES[sample_id]
    if not credit:
        pixels = drawn_pets.draw(species, side=512)
        return Photo(pixels, label, "drawn", (pixels.shape[1], pixels.shape[0]))
    file = _chelsea() if sample_id == "chelsea" else FOLDER / f"{sample_id}.jpg"
    return decode(file.read_bytes(), name=label, source="sample")


def _chelsea() -> Path:
    """Return the file of the cat by Stéfan van der Walt (CC0), without importing scikit-image, which takes 0.4 s."""
    spec = importlib.util.find_spec("skimage")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / "data" / "chelsea.png" if folders else None
    if path is None or not path.is_file():
        raise PhotoError("This sample comes with scikit-image, which is not installed: please choose another photo.")
    return path
