"""What is known about a draft's pictures before a run has opened them, and the pictures afterwards."""

from collections.abc import Sequence

from components.lessons.training.draft import Draft, side_of
from components.networks.open_datasets import opened
from models import datasets, zoo
from models.datasets import Dataset, DatasetError
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
