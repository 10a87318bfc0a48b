"""`digits`: 1,797 handwritten digits of 8 × 8 pixels, which scikit-learn brings along.

Each was a bitmap of 32 × 32 black or white pixels, and each number here counts the ink in one block of 4 × 4: 0 to 16.

Source: Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998 (the part
written by 13 people for the test); `sklearn.datasets.load_digits`.
"""

import cv2
import numpy as np

from models.datasets import Dataset, DatasetError, Info, Part, Request

SIDE = 8
MAXIMUM = 16
"""The largest value: a block of 4 × 4 pixels full of ink."""

EVERY = 7
"""Of seven consecutive digits of a class, one is for validation, one for the test, and five are for training."""

INFO = Info("digits", "Handwritten digits", side=SIDE, channels=1)


def load(request: Request) -> Dataset:
    """Return the digits in three fixed parts: 1,284 for training, 258 for validation, 255 for the test.

    They are divided within each class, in scikit-learn's order, so that every class and every writer is in every part.
    So a network has seen other digits by the writers of the test; it would read strangers a little worse.

    A picture's name is its number in scikit-learn's order. For more than 8 × 8 pixels, each pixel becomes a rectangle
    of its own value; for fewer, pixels are averaged.

    Raises:
        DatasetError: the side is less than one pixel.
    """
    if request.side < 1:
        raise DatasetError(f"A picture needs at least 1 pixel on each side, not {request.side}.")
    from sklearn.datasets import load_digits  # slow to import: no visitor's first page waits for it

    bundle = load_digits()
    labels = bundle.target.astype(np.int64)
    images = _resized(bundle.images.astype(np.uint8), request.side)
    turn = _place_within_class(labels) % EVERY

    def part(chosen: np.ndarray) -> Part:
        places = np.flatnonzero(chosen)
        pixels = images[places]
        pixels.flags.writeable = False
        return Part(pixels, labels[places], tuple(str(place) for place in places))

    return Dataset(
        name=INFO.name,
        title=INFO.title,
        classes=tuple(str(name) for name in bundle.target_names),
        train=part((turn != 2) & (turn != 5)),
        validation=part(turn == 2),
        test=part(turn == 5),
        maximum=MAXIMUM,
    )


def _place_within_class(labels: np.ndarray) -> np.ndarray:
    """For each label, the number of earlier labels of the same class."""
    places = np.empty_like(labels)
    for label in np.unique(labels):
        own = labels == label
        places[own] = np.arange(own.sum())
    return places


def _resized(images: np.ndarray, side: int) -> np.ndarray:
    if side != images.shape[1]:
        # No interpolation: every value stays one of the 17.
        interpolation = cv2.INTER_AREA if side < images.shape[1] else cv2.INTER_NEAREST_EXACT
        images = np.stack([cv2.resize(image, (side, side), interpolation=interpolation) for image in images])
    return images[..., np.newaxis]
