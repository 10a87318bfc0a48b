"""`drawn-pets`: cats and dogs that the project draws itself, as many as are asked for.

They are drawings and are called so everywhere: what a network learns from them it does not know of photos.
"""

import numpy as np

from models.datasets import PARTS, Dataset, DatasetError, Info, Part, Request
from models.pet_drawing import MAX_SIDE, MIN_SIDE, SPECIES, draw_pet

INFO = Info("drawn-pets", "Drawn pets", side=64, drawn=True)

DEFAULTS = {"train": 4000, "validation": 800, "test": 800, "seed": 0}
"""How many pictures each part has, and the seed of them all."""

MAX_PICTURES = 100_000
"""Most pictures in one part: 1.2 GB at 64 pixels."""

MAX_SEED = 2**31 - 1

REPORT_EVERY = 50
"""Pictures between two reports of progress."""


def load(request: Request) -> Dataset:
    """Draw the dataset, about 250 pictures of 64 pixels a second.

    Its argument sets sizes and seed, "train=2000,seed=7"; what it leaves out is as in `DEFAULTS`. Cats and dogs take
    turns. A picture's name is the seed that `models.pet_drawing.draw_pet` draws it from. It depends on the part, the
    picture's place in it and the dataset's seed, and not on how many there are: a larger dataset begins with the
    smaller one.

    Raises:
        DatasetError: an option or the side makes no sense; the text says which.
    """
    options = _options(request.argument)
    if not MIN_SIDE <= request.side <= MAX_SIDE:
        raise DatasetError(f"Drawn pets have {MIN_SIDE} to {MAX_SIDE} pixels on each side, not {request.side}.")
    total, done = sum(options[name] for name in PARTS), 0
    parts: dict[str, Part] = {}
    for number, name in enumerate(PARTS):
        # No two parts, and no two datasets, share a picture: none comes near 2³² of them.
        first = (len(PARTS) * options["seed"] + number) << 32
        size = options[name]
        images = np.empty((size, request.side, request.side, 3), np.uint8)
        # One thread: two gained less than a tenth, since Python holds its lock through most of the drawing.
        for place in range(size):
            images[place] = draw_pet(SPECIES[place % 2], side=request.side, seed=first + place)
            done += 1
            if request.progress is not None and (done % REPORT_EVERY == 0 or done == total):
                request.progress("drawing cats and dogs", done, total)
        images.flags.writeable = False
        labels = np.arange(size, dtype=np.int64) % 2
        parts[name] = Part(images, labels, tuple(str(first + place) for place in range(size)))
    return Dataset(
        name=f"{INFO.name}:{request.argument}" if request.argument else INFO.name,
        title=INFO.title,
        classes=SPECIES,
        train=parts["train"],
        validation=parts["validation"],
        test=parts["test"],
        drawn=True,
    )


def _options(argument: str) -> dict[str, int]:
    """The numbers in "train=2000,seed=7", and those of `DEFAULTS` for the rest. Raises DatasetError."""
    options = dict(DEFAULTS)
    for setting in filter(None, argument.split(",")):
        name, _, text = (piece.strip() for piece in setting.partition("="))
        if name not in DEFAULTS:
            known = ", ".join(DEFAULTS)
            raise DatasetError(f'Drawn pets have no option "{name}": choose from {known}, as in train=2000.')
        low, high = {"seed": (0, MAX_SEED), "train": (1, MAX_PICTURES)}.get(name, (0, MAX_PICTURES))
        # Not a digit more than the largest number has: Python refuses to read thousands of them.
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(high)) and low <= int(text) <= high):
            raise DatasetError(f'The option {name} of drawn pets is a whole number from {low} to {high}, not "{text}".')
        options[name] = int(text)
    return options
