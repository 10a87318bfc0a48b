"""The pictures of a part in the order of an epoch, changed a little if so wished. NumPy and OpenCV only.

Order and changes depend on (seed, epoch) and on the place in the epoch alone, never on what ran before: a training that
is cut anywhere goes on from there with the very same pictures.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields

import cv2
import numpy as np

from models.datasets import Part


@dataclass(frozen=True)
class Augmentation:
    """How far each training picture may be changed at random.

    Attributes:
        flip: pictures may be mirrored left to right.
        rotation: largest rotation in degrees, either way.
        zoom: largest change of size, as a share: 0.2 is from 0.8 to 1.2 times.
        shift: largest shift, as a share of the side.
        contrast: largest change of contrast, as a share.
        brightness: largest change of brightness, as a share of white.
    """

    flip: bool = False
    rotation: float = 0.0
    zoom: float = 0.0
    shift: float = 0.0
    contrast: float = 0.0
    brightness: float = 0.0

    def __post_init__(self) -> None:
        limits = {"rotation": 180.0, "zoom": 0.9, "shift": 0.5, "contrast": 0.9, "brightness": 0.9}
        for name, limit in limits.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= limit:
                raise ValueError(f"{name} must be a number from 0 to {limit:g}, not {value!r}")
        if not isinstance(self.flip, bool):
            raise ValueError(f"flip must be true or false, not {self.flip!r}")  # noqa: TRY004 - as its neighbours

    @property
    def changes(self) -> bool:
        """Whether any picture is changed at all."""
        return any(asdict(self).values())


AUGMENTATION_FIELDS = tuple(field.name for field in fields(Augmentation))


def order(count: int, *, seed: int, epoch: int) -> np.ndarray:
    """Return the numbers 0 … count−1 shuffled: int64 (count,), the same for the same seed and epoch."""
    return np.random.default_rng([seed, epoch]).permutation(count)


def steps_per_epoch(count: int, batch_size: int) -> int:
    """Return the number of batches in an epoch. The last one may be smaller."""
    return -(-count // batch_size)


def training_batches(
    part: Part,
    *,
    batch_size: int,
    seed: int,
    epoch: int = 0,
    step: int = 0,
    augmentation: Augmentation | None = None,
    maximum: int = 255,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield batches without end, beginning with any batch of any epoch.

    Args:
        part: the pictures.
        batch_size: pictures in a batch; the last batch of an epoch may be smaller.
        seed: decides the order and the changes.
        epoch: the epoch to begin in, from 0.
        step: the batch of that epoch to begin with, from 0.
        augmentation: how pictures are changed; None: not at all.
        maximum: the value of a white pixel.

    Yields:
        (images uint8 (batch, side, side, channels), labels int64 (batch,)).

    Raises:
        ValueError: no pictures, or a batch size below 1.
    """
    if not len(part) or batch_size < 1:
        raise ValueError(f"no batches of {batch_size} out of {len(part)} pictures")
    while True:
        shuffled = order(len(part), seed=seed, epoch=epoch)
        for begin in range(step * batch_size, len(shuffled), batch_size):
            numbers = shuffled[begin : begin + batch_size]
            # To read a mapped file in order is faster; the batch is the same.
            images = part.images[np.sort(numbers)][np.argsort(np.argsort(numbers))]
            if augmentation is not None and augmentation.changes:
                random = np.random.default_rng([seed, epoch, begin, 1]).random((len(numbers), 7))
                changed = zip(images, random, strict=True)
                images = np.stack([augmented(*pair, augmentation, maximum) for pair in changed])
            yield images, part.labels[numbers]
        epoch, step = epoch + 1, 0


def augmented(image: np.ndarray, random: np.ndarray, augmentation: Augmentation, maximum: int = 255) -> np.ndarray:
    """Return a picture that is flipped, rotated, zoomed, shifted, and changed in contrast and brightness.

    Args:
        image: uint8 (side, side, channels).
        random: 7 numbers from 0 to 1: flip, rotation, zoom, shift across, shift down, contrast, brightness. 0.5 means
            no change (and no flip).
        augmentation: the largest changes. Beyond its edges, the picture is continued as its mirror image.
        maximum: the value of a white pixel. Pixels are clipped to it, and `brightness` is a share of it.

    Returns:
        uint8 (side, side, channels).
    """
    flip = augmentation.flip and random[0] < 0.5
    turn, zoom, across, down, contrast, brightness = random[1:] * 2 - 1
    height, width = image.shape[:2]
    centre = ((width - 1) / 2, (height - 1) / 2)
    degrees, scale = turn * augmentation.rotation, 1 + zoom * augmentation.zoom
    matrix: np.ndarray = np.asarray(cv2.getRotationMatrix2D(centre, degrees, scale), np.float64)
    matrix[0, 2] += augmentation.shift * across * width
    matrix[1, 2] += augmentation.shift * down * height
    if flip:
        matrix = np.vstack([matrix, [0, 0, 1]]) @ np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]], float)
        matrix = matrix[:2]
    if augmentation.rotation or augmentation.zoom or augmentation.shift:
        moved = cv2.warpAffine(
            image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
        image = moved.reshape(image.shape)
    elif flip:
        image = image[:, ::-1]
    if augmentation.contrast or augmentation.brightness:
        mean = float(image.mean())
        factor = 1 + contrast * augmentation.contrast
        offset = mean * (1 - factor) + maximum * brightness * augmentation.brightness
        table = np.clip(np.arange(256) * factor + offset + 0.5, 0, maximum).astype(np.uint8)
        image = table[image]
    return np.ascontiguousarray(image)
