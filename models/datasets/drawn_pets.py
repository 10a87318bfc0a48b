"""`drawn-pets`: cats and dogs that the project draws itself, as many as are asked for.

They are drawings and are called so everywhere: what a network learns from them it does not know of photos.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np

from models.datasets import PARTS, Dataset, DatasetError, Info, Part, Request
from models.datasets.prepared import latest_file, prepare
from models.pictures import pet_drawing
from models.pictures.pet_drawing import MAX_SIDE, MIN_SIDE, SPECIES, draw_pet

INFO = Info("drawn-pets", "Drawn pets", side=64, drawn=True)

DEFAULTS = {"train": 4000, "validation": 800, "test": 800, "seed": 0}
"""The number of pictures in each part, and the seed of the dataset."""

MAX_PICTURES = 100_000
"""Most pictures in one part: 1.2 GB at 64 pixels."""

MAX_SEED = 2**31 - 1


def load(request: Request) -> Dataset:
    """Draw the dataset, at about 250 pictures of 64 pixels a second, or read what of it has been drawn before.

    The argument sets sizes and seed, "train=2000,seed=7"; the rest is as in `DEFAULTS`. Cats and dogs take turns. A
    picture's name is the seed from which `pet_drawing.draw_pet` draws it. It depends on the part, the picture's place
    in it and the dataset's seed, but not on the number of pictures: a larger dataset begins with the smaller one.

    Raises:
        DatasetError: an option or the side is invalid; the text says which.
    """
    options = _options(request.argument)
    if not MIN_SIDE <= request.side <= MAX_SIDE:
        raise DatasetError(f"Drawn pets have {MIN_SIDE} to {MAX_SIDE} pixels on each side, not {request.side}.")
    # No two parts or datasets share a picture, as none has anywhere near 2³² of them.
    firsts = {name: (len(PARTS) * options["seed"] + number) << 32 for number, name in enumerate(PARTS)}
    seeds = [firsts[name] + place for name in PARTS for place in range(options[name])]
    marks = [str(seed) for seed in seeds]
    species = [place % 2 for name in PARTS for place in range(options[name])]
    ready = prepare(
        f"drawn-pets {_program_digest()} {options}",
        lambda number: draw_pet(SPECIES[species[number]], side=request.side, seed=seeds[number]),
        marks,
        shape=(request.side, request.side, 3),
        doing="drawing cats and dogs",
        progress=request.progress,
        marks=marks,
        # Datasets of other sizes share most of their pictures: a larger one begins with the smaller one.
        latest=latest_file("drawn-pets", _program_digest(), str(request.side)),
    )
    parts: dict[str, Part] = {}
    begin = 0
    for name in PARTS:
        place = slice(begin, begin := begin + options[name])
        labels = np.array(species[place], np.int64)
        parts[name] = Part(ready.images[place], labels, tuple(str(seed) for seed in seeds[place]))
    return Dataset(
        name=f"{INFO.name}:{request.argument}" if request.argument else INFO.name,
        title=INFO.title,
        classes=SPECIES,
        train=parts["train"],
        validation=parts["validation"],
        test=parts["test"],
        drawn=True,
    )


def sizes(argument: str) -> list[int]:
    """Return how many pictures each part of a dataset with these options has, without drawing any.

    Raises:
        DatasetError: an option is invalid; the text says which.
    """
    options = _options(argument)
    return [options[name] for name in PARTS]


def picture(argument: str, place: int, side: int) -> np.ndarray:
    """Return one picture of a dataset with these options, drawn now: uint8 (side, side, 3).

    Args:
        argument: as in the dataset's name.
        place: its index among the pictures of all parts, in the order in which they are prepared.
        side: width and height in pixels.

    Raises:
        DatasetError: an option is invalid.
        IndexError: there is no such picture.
    """
    options = _options(argument)
    for number, name in enumerate(PARTS):
        if 0 <= place < options[name]:
            seed = ((len(PARTS) * options["seed"] + number) << 32) + place
            return draw_pet(SPECIES[place % 2], side=side, seed=seed)
        place -= options[name]
    raise IndexError("There is no such picture.")


@cache
def _program_digest() -> str:
    """A digest of the drawing program, so that pictures of an earlier version are not taken for the present ones."""
    digest = hashlib.sha256()
    for file in sorted(Path(pet_drawing.__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _options(argument: str) -> dict[str, int]:
    """The numbers in "train=2000,seed=7", and `DEFAULTS` for the rest. Raises DatasetError."""
    options = dict(DEFAULTS)
    for setting in filter(None, argument.split(",")):
        name, _, text = (piece.strip() for piece in setting.partition("="))
        if name not in DEFAULTS:
            known = ", ".join(DEFAULTS)
            raise DatasetError(f'Drawn pets have no option "{name}": choose from {known}, as in train=2000.')
        low, high = {"seed": (0, MAX_SEED), "train": (1, MAX_PICTURES)}.get(name, (0, MAX_PICTURES))
        # No more digits than the largest number has: Python refuses to read thousands of them.
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(high)) and low <= int(text) <= high):
            raise DatasetError(f'The option {name} of drawn pets is a whole number from {low} to {high}, not "{text}".')
        options[name] = int(text)
    return options
