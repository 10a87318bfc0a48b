"""What is known about a draft's pictures before a run has opened them, and the pictures afterwards."""

from collections.abc import Sequence
from functools import lru_cache

from components.lessons.training.draft import Draft, side_of
from components.networks.open_datasets import opened
from components.shell.visitor import is_teacher
from models import datasets, zoo
from models.datasets import Dataset, DatasetError, folder
from models.datasets.description import check_trainable, describe
from models.datasets.drawn_pets import DEFAULTS
from models.runs.config import RunConfig
from models.runs.run_directory import RunError, all_runs


def facts(draft: Draft, own: Sequence[tuple[str, object]]) -> tuple[int | None, int | None, tuple[str, ...]]:
    """Return a draft's numbers of training and of validation pictures, and its classes; None and () where unknown.

    Args:
        draft: the choices.
        own: the visitor's own pictures, with their classes.
    """
    if draft.data == "photos":
        classes = tuple(sorted({kind for kind, _ in own}))
        held_back = sum(len([1 for kind, _ in own if kind == name]) // 5 for name in classes)
        return (len(own) - held_back or None), held_back, classes
    if draft.data == "drawn-pets":
        return draft.count, DEFAULTS["validation"], ("cat", "dog")
    if draft.data == "folder" and is_teacher():
        try:
            lying = found_in(draft)
        except DatasetError:
            return None, None, ()
        return len(lying.train) or None, len(lying.validation), lying.classes
    if draft.data == "digits":
        found = opened("digits", 8, "squash")
        if found is not None:
            return len(found.train), len(found.validation), found.classes
    for run in all_runs():  # an earlier run has opened them
        try:
            if run.config().dataset == draft.dataset and run.data():
                data = run.data()
                return int(data["train"]), int(data["validation"]), tuple(data["classes"])
        except (RunError, KeyError):
            continue
    return None, None, ("cat", "dog") if draft.data == "dogs-vs-cats" else ()


def found_words(draft: Draft) -> tuple[str, ...]:
    """Return sentences on what lies in a draft's folder: parts, classes, numbers, what is left out and why.

    Raises:
        DatasetError: no training can begin on it; the text says why.
    """
    found = found_in(draft)
    check_trainable(found)
    return describe(found)


def found_in(draft: Draft) -> Dataset:
    """Return a draft's folder: its pictures if they are prepared, else its files, which nobody has read yet.

    Raises:
        DatasetError: it cannot be used; the text says why.
    """
    ready = pictures_of_draft(draft)
    return ready if ready is not None else _listed(draft.folder, datasets.state(draft.dataset))


@lru_cache(maxsize=8)
def _listed(path: str, _state: str) -> Dataset:
    return folder.listed(path)


def pictures_of(config: RunConfig) -> Dataset | None:
    """Return the pictures of a run if they have been prepared before, else None. Own photos are never opened here."""
    if config.dataset == "photos":
        return None
    return opened(config.dataset, config.resolved_side, zoo.info(config.network).resize)


def pictures_of_draft(draft: Draft) -> Dataset | None:
    """Return the pictures of a draft if they have been prepared before, else None."""
    if draft.data == "photos":
        return None
    about = zoo.info(draft.network)
    try:
        side = side_of(draft) or datasets.info(draft.dataset).side or about.side
    except DatasetError:
        return None
    return opened(draft.dataset, side, about.resize)
