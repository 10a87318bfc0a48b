"""The figures of a classification as plain data, as `models.evaluation.figures` returns them and a card holds them."""

from collections.abc import Sequence
from typing import TypedDict

_HasClass = TypedDict("_HasClass", {"class": str})  # in this syntax, because `class` is a keyword


class ClassRow(_HasClass):
    """The figures of one class; "support" is the number of its pictures. None: it is 0 / 0, which has no value."""

    precision: float | None
    recall: float | None
    f1: float | None
    average_precision: float | None
    support: int


class Defined(TypedDict):
    """Of how many classes a figure has a value: over these classes, the average is made."""

    precision: int
    recall: int
    average_precision: int


class Figures(TypedDict):
    """The figures of all classes together, and those of each class; see `models.evaluation.figures`."""

    accuracy: float
    confusion_matrix: list[list[int]]
    precision: float | None
    recall: float | None
    average_precision: float | None
    averaged_over: Defined | None
    classes: list[str]
    n: int
    threshold: float | None
    per_class: list[ClassRow]


def written(figure: float | None, digits: int = 4) -> str:
    """Return a figure as text: "0.8750", or "–" where it is 0 / 0 and has no value."""
    return "–" if figure is None else f"{figure:.{digits}f}"


def percent(figure: float | None, digits: int = 1) -> str:
    """Return a share as text, with a no-break blank: "87.5 %", or "–" where it is 0 / 0 and has no value."""
    # Keras's shares are float32: 746 of 800 is 0.93250000477 there, and 0.9325 wherever the page counts itself.
    return "–" if figure is None else f"{100 * round(figure, 7):.{digits}f}\u00a0%"


def probability(p: float) -> str:
    """Return "97.5 %" for 0.975; only what is certain is "100.0 %", and only what is impossible is "0.0 %"."""
    if 0 < p < 0.0005:
        return "<0.1\u00a0%"
    return ">99.9\u00a0%" if 0.9995 <= p < 1 else percent(p)


def whole_percent(share: float) -> str:
    """Return "64 %" for 0.64; what is not nothing is not "0 %", and what is not all is not "100 %"."""
    if 0 < share < 0.005:
        return "<1\u00a0%"
    return ">99\u00a0%" if 0.995 <= share < 1 else f"{100 * share:.0f}\u00a0%"


def listed(names: Sequence[str], most: int | None = None) -> str:
    """Return "a, b and c"; beyond `most` names "a, b and 12 more"."""
    if most is not None and len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def number_of(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun: "1 picture", "1,600 pictures"; `more` is a plural that is not made with an s."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"
