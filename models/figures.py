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
