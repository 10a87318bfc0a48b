"""`mnist`: 70,000 handwritten digits of 28 × 28 pixels, fetched by Keras (11 MB) when they are first asked for.

Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", 1998 (CC BY-SA 3.0), as
`keras.datasets.mnist` serves it. Keras checks the file's SHA-256 and keeps it in KERAS_HOME.
"""

import numpy as np

from models.datasets import Dataset, DatasetError, Info, Part, Request
from models.pictures.resize import resize

SIDE = 28
VALIDATION = 10_000
"""Number of digits at the end of MNIST's training part that are kept for validation: as many as the test has."""

INFO = Info("mnist", "MNIST: 70,000 handwritten digits", side=SIDE, channels=1)


def load(request: Request) -> Dataset:
    """Return MNIST in three parts: 50,000 digits for training, 10,000 for validation, and its own 10,000 for the test.

    The digits are bright on black, 0 to 255. A picture's name is its number in MNIST's own part: "train/59999". Keras
    downloads the file once; after that, no connection is needed.

    Raises:
        DatasetError: the file is not here and cannot be downloaded, or the side is less than one pixel.
    """
    if request.side < 1:
        raise DatasetError(f"A picture needs at least 1 pixel on each side, not {request.side}.")
    if request.progress:  # a page that has no time to wait leaves here
        request.progress("fetching MNIST, unless it is here", 0, 1)
    import keras  # only in processes that train, never in the web process

    try:
        (images, labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when the address cannot be reached
        raise DatasetError(
            f"MNIST is not on this machine and could not be fetched ({error}): connect to the internet and try again, "
            'or take the dataset "digits", which needs no network.'
        ) from error
    if request.progress:
        request.progress("fetching MNIST, unless it is here", 1, 1)
    cut = len(images) - VALIDATION
    return Dataset(
        name=INFO.name,
        title=INFO.title,
        classes=tuple("0123456789"),
        train=_part("train", images, labels, range(cut), request.side),
        validation=_part("train", images, labels, range(cut, len(images)), request.side),
        test=_part("test", test_images, test_labels, range(len(test_images)), request.side),
    )


def _part(name: str, images: np.ndarray, labels: np.ndarray, places: range, side: int) -> Part:
    pixels = images[places.start : places.stop, :, :, np.newaxis]
    if side != SIDE:
        pixels = np.stack([resize(image, side) for image in pixels])
    pixels.flags.writeable = False
    return Part(
        pixels,
        labels[places.start : places.stop].astype(np.int64),
        tuple(f"{name}/{place}" for place in places),
    )
