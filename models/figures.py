"""The figures of a classification as plain data, as `models.evaluation.figures` returns them and a card holds them."""

from typing import TypedDict

_HasClass = TypedDict("_HasClass", {"class": str})  # in this syntax, because `class` is a keyword


class ClassRow(_HasClass):
    """The figures of one class; "support" is the number of its pictures."""

    precision: float
    recall: float
    f1: float
    average_precision: float | None
    support: int


class Figures(TypedDict):
    """The figures of all classes together, and those of each class; see `models.evaluation.figures`."""

    accuracy: float
    confusion_matrix: list[list[int]]
    precision: float
    recall: float
    average_precision: float | None
    classes: list[str]
    n: int
    threshold: float | None
    per_class: list[ClassRow]


def percent(figure: float | None, digits: int = 1) -> str:
    """Return a share as text: "87.5 %", or "–" where it is 0 / 0 and has no value."""
    return "–" if figure is None else f"{100 * figure:.{digits}f} %"


def number_of(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun: "1 picture", "1,600 pictures"; `more` is a plural that is not made with an s."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"
