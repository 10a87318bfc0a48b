"""What max and average pooling make of a whole picture: what is lost, and what a small shift or noise changes."""

from dataclasses import dataclass

import numpy as np

from models.arithmetic import PoolingMode, enlarge, pool

MODES: tuple[PoolingMode, ...] = ("max", "average")


@dataclass(frozen=True)
class PoolingStudy:
    """What pooling does to a picture. All distances are |one − other|, averaged over the channels.

    Attributes:
        picture: the picture, (side, side, channels), as it was given.
        pooled: by mode, float32 (side / size, side / size, channels).
        lost: by mode, distance between the picture and the pooled one at its old size, float32 (side, side).
        moved: by mode, distance between the pooled pictures before and after a shift by one pixel, float32
            (side / size, side / size).
        pixel_moved: the same for the pixels themselves, averaged over all.
        disturbed: mean distance from the clean picture, by "pixel" and by mode; empty if there is no clean picture.
    """

    picture: np.ndarray
    pooled: dict[PoolingMode, np.ndarray]
    lost: dict[PoolingMode, np.ndarray]
    moved: dict[PoolingMode, np.ndarray]
    pixel_moved: float
    disturbed: dict[str, float]


def study_pooling(wide: np.ndarray, *, size: int, clean: np.ndarray | None = None) -> PoolingStudy:
    """Pool a picture by maximum and by mean, and measure the effects.

    Args:
        wide: array (side, side + 1, channels): the picture, and one more column for the shift.
        size: of the window, and its stride; the side has to be a multiple of it.
        clean: the picture (side, side, channels) before noise was added, if there is noise.

    Returns:
        See `PoolingStudy`.

    Raises:
        ValueError: the array is not one column wider than it is high, or windows would leave pixels out.
    """
    side = wide.shape[0]
    if wide.shape[1] != side + 1:
        raise ValueError(f"The picture needs one column more than rows, but its shape is {wide.shape}.")
    if side % size:
        raise ValueError(f"Windows of {size} would leave out the last {side % size} of {side} pixels.")
    picture, moved_picture = wide[:, :side], wide[:, 1:]
    pooled = {mode: pool(picture, size=size, mode=mode) for mode in MODES}
    disturbed = {}
    if clean is not None:
        disturbed["pixel"] = float(_distance(picture, clean).mean())
        for mode in MODES:
            disturbed[mode] = float(_distance(pool(clean, size=size, mode=mode), pooled[mode]).mean())
    return PoolingStudy(
        picture=picture,
        pooled=pooled,
        lost={mode: _distance(enlarge(pooled[mode], size), picture) for mode in MODES},
        moved={mode: _distance(pool(moved_picture, size=size, mode=mode), pooled[mode]) for mode in MODES},
        pixel_moved=float(_distance(moved_picture, picture).mean()),
        disturbed=disturbed,
    )


def _distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    result: np.ndarray = np.abs(one.astype(np.float32) - other.astype(np.float32)).mean(axis=2)
    return result
