"""What was found in a dataset, in sentences: said before a training by the command line and by the pages."""

import numpy as np

from models.datasets import PARTS, Dataset, DatasetError
from models.figures import number_of

PURPOSES = {"train": "training", "validation": "validation", "test": "the test"}

MOST_CLASSES = 12
"""With more classes than this, only the fewest and the most pictures of a class are said."""

MOST_FILES = 3
"""Most files that cannot be used whose names and reasons are said."""


def describe(dataset: Dataset) -> tuple[str, ...]:
    """Return sentences on a dataset's parts, classes and numbers of pictures, and on what was left out and why.

    Args:
        dataset: it may have been listed only, with pictures without pixels (`models.datasets.folder.listed`): then
            its files are counted, and nobody has looked yet whether they are photos.
    """
    what = "picture" if dataset.train.images.size or not _total(dataset) else "file"
    count = len(dataset.classes)
    lines = [f"{dataset.title}: {number_of(_total(dataset), what)} in {count} {'class' if count == 1 else 'classes'}."]
    for name in PARTS:
        part = getattr(dataset, name)
        if len(part):
            numbers = np.bincount(part.labels, minlength=count)
            lines.append(
                f"For {PURPOSES[name]}: {number_of(len(part), what)} ({_of_classes(dataset.classes, numbers)})."
            )
        else:
            lines.append(f"For {PURPOSES[name]}: none.")
    if not dataset.divided:
        lines.append("It comes without a division into parts: a hash of each picture decides which one it is in.")
    lines += dataset.remarks
    if dataset.skipped:
        lines.append(_skipped(dataset))
    if what == "file":
        lines.append("Whether every file is a photo turns out when they are read.")
    return tuple(lines)


def check_trainable(dataset: Dataset) -> None:
    """Refuse a dataset with a class that a training would never see.

    Raises:
        DatasetError: there are no pictures for training, or none of some class; the text names it.
    """
    numbers = np.bincount(dataset.part("train").labels, minlength=len(dataset.classes))
    missing = [name for name, number in zip(dataset.classes, numbers, strict=True) if not number]
    if missing:
        names = f"{', '.join(missing[:-1])} and {missing[-1]}" if len(missing) > 1 else missing[0]
        why = "" if dataset.divided else " With so few, the division has put them into other parts."
        raise DatasetError(
            f"{dataset.title} has no training pictures of {names}: add some, or take the class away.{why}"
        )


def _total(dataset: Dataset) -> int:
    return sum(len(getattr(dataset, name)) for name in PARTS)


def _of_classes(classes: tuple[str, ...], numbers: np.ndarray) -> str:
    if len(classes) > MOST_CLASSES:
        return f"{numbers.min():,} to {numbers.max():,} of each class"
    return ", ".join(f"{name} {number:,}" for name, number in zip(classes, numbers, strict=True))


def _skipped(dataset: Dataset) -> str:
    first = "; ".join(f"{one.name}: {one.reason.removesuffix('.')}" for one in dataset.skipped[:MOST_FILES])
    more = len(dataset.skipped) - MOST_FILES
    verb = "cannot be used and is left out" if len(dataset.skipped) == 1 else "cannot be used and are left out"
    return f"{number_of(len(dataset.skipped), 'file')} {verb}: {first}." + (f" And {more:,} more." if more > 0 else "")
