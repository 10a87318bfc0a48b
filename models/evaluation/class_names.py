"""Which class of a dataset is which class of a network: `Cat` is `cats`, and the order does not matter."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from models.datasets.spelling import composed, plain, shown

Pet = Literal["cat", "dog"]


class UnknownClassError(ValueError):
    """A class of a dataset that a network does not know. `str()` is a sentence for the visitor."""


def matched(dataset: Sequence[str], network: Sequence[str]) -> np.ndarray:
    """Return the index of each of a dataset's classes among a network's classes.

    The same name wins. If there is none, case, blanks and marks do not count (`models.datasets.spelling.plain`, as
    between the parts of a folder); if no name matches then, singular and plural do not either. So a network may know
    both `Cat` and `cat`, and each finds its own. Several of a dataset's classes may match one of the network's, such as
    folders named `cat` and `Cat` (see `joined`).

    Args:
        dataset: names of its classes; a label is an index into them.
        network: names of its classes, in the order of its answers.

    Returns:
        int64 (classes of the dataset,): `matched(…)[labels]` are the labels in the network's order.

    Raises:
        UnknownClassError: a class that the network does not know, or that matches two of its classes.
    """
    return np.array([_place(name, network) for name in dataset], np.int64)


def joined(dataset: Sequence[str], network: Sequence[str]) -> list[str]:
    """Return a sentence for each of a network's classes that several of a dataset's classes match.

    Args:
        dataset, network: as for `matched`, which raises no error for them.
    """
    places = matched(dataset, network).tolist()
    several = {place: [name for name, own in zip(dataset, places, strict=True) if own == place] for place in places}
    return [
        f"{', '.join(names[:-1])} and {names[-1]} are taken together: the network knows one class, {network[place]}."
        for place, names in sorted(several.items())
        if len(names) > 1
    ]


def pet(name: str) -> Pet | None:
    """Return "cat" or "dog" for the name of such a class in any spelling (`Cats`), or None for another class."""
    own = plain(name)
    return next((kind for kind in get_args(Pet) if own == kind or kind in _singulars(own)), None)


def _place(name: str, network: Sequence[str]) -> int:
    ways = (
        lambda other: other == name,
        lambda other: composed(shown(other)) == composed(shown(name)),
        lambda other: plain(other) == plain(name) != "",
        lambda other: plain(name) in _singulars(plain(other)) or plain(other) in _singulars(plain(name)),
    )
    found: list[int] = []
    for fits in ways:
        found = found or [place for place, other in enumerate(network) if fits(other)]
    if not found:
        listed = ", ".join(network[:10]) + (" …" if len(network) > 10 else "")
        raise UnknownClassError(
            f'The network does not know the class "{shown(name)}", only {shown(listed)}: '
            "rename the class, or leave it out of the dataset."
        )
    if len(found) > 1:
        choice = " or ".join(f'"{shown(network[place])}"' for place in found)
        raise UnknownClassError(
            f'The class "{shown(name)}" could be the network\'s {choice}: rename it to one of them.'
        )
    return found[0]


def _singulars(name: str) -> set[str]:
    """The words of which an English word may be the plural: `glass` is no plural, `glasses` is. A letter is no word."""
    found = set()
    if name.endswith("s") and not name.endswith("ss"):
        found.add(name[:-1])
        if name.endswith("es"):
            found.add(name[:-2])
        if name.endswith("ies"):
            found.add(name[:-3] + "y")
    return {word for word in found if len(word) > 1 and word[-1].isalpha()}
