"""Figures by class: precision, recall and F1 with their averages, and the curves of one class against all others."""

import html
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from components.lessons.evaluation.score_charts import precision_recall_figure, roc_figure
from components.photo.uploads import plain
from components.scene import Scene, change, choice, open_scene, whole
from components.shell.in_view import in_view
from components.shell.projector import text_size
from models.evaluation.multiclass import (
    ClassFigures,
    Report,
    confusion,
    counted,
    curves_of_class,
    predicted_classes,
    report,
)
from models.figures import number_of, written

PREFIX = "classes-"
SORTS = {"class": "their order", "precision": "precision", "recall": "recall", "f1": "F1", "support": "pictures"}
AVERAGES = {
    "macro": "mean in which each class counts the same",
    "micro": "all pictures counted together: the accuracy",
    "weighted": "mean in which a class counts by its pictures",
}
MOST_CLASSES = 100

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class ClassesScene(Scene):
    """What a visitor can set on the figures by class.

    Attributes:
        sort: what the classes are sorted by, one of `SORTS`.
        of: the class whose curves are shown, from 0.
    """

    sort: str = choice("class", tuple(SORTS))
    of: int = whole(0, 0, MOST_CLASSES - 1)


def judged_tables(
    labels: np.ndarray,
    probabilities: np.ndarray,
    classes: Sequence[str],
    *,
    subject: str,
    aside: frozenset[int] = frozenset(),
    key: str = "judged-tables",
) -> None:
    """Draw the table of all classes and, once a visitor comes near, the curves of one class below it.

    Args:
        labels: true classes, int (n,).
        probabilities: (n, classes).
        classes: their names.
        subject: a digest of what is judged.
        aside: indices of photos that do not count.
        key: distinguishes these figures from others on the same page.
    """
    scene = open_scene(key, ClassesScene, subject=subject, prefix=PREFIX).scene
    kept = counted(len(labels), aside)
    labels, probabilities = labels[kept], probabilities[kept]
    figures = report(confusion(labels, predicted_classes(probabilities), len(classes)))
    sort = _chosen(
        st.segmented_control, "Sort the classes by", list(SORTS), "sort", scene.sort, key, format_func=SORTS.__getitem__
    )
    st.html(f"<style>{_STYLE}</style>{table(figures, classes, sort=sort)}")
    of = min(scene.of, len(classes) - 1)
    numbers = list(range(len(classes)))
    of = _chosen(st.selectbox, "Curves of the class", numbers, "of", of, key, format_func=lambda k: str(classes[k]))
    _charts(labels, probabilities, str(classes[of]), of, key)


def _chosen(
    widget: Callable[..., Any],
    label: str,
    options: list[Any],
    name: str,
    now: Any,
    key: str,
    **more: Any,
) -> Any:
    """Draw a widget that shows and changes one setting of the scene."""
    named = f"{key}-{name}"
    # The scene decides: a link may have changed it. Pressing the chosen segment again keeps it chosen.
    if st.session_state.get(named) != now:
        st.session_state[named] = now

    def take() -> None:
        value = st.session_state[named]
        if value is not None:
            change(key, **{name: value})

    widget(label, options, key=named, on_change=take, **more)
    return now


# The table ------------------------------------------------------------------------------------------------------------


def in_sorted_order(figures: Report, sort: str) -> list[int]:
    """Return the classes' indices: weakest first and without a value last, fewest photos first, or as they are."""
    numbers = list(range(len(figures.classes)))
    if sort == "class":
        return numbers

    def weakest(number: int) -> tuple[bool, float]:
        value = getattr(figures.classes[number], sort)
        return value is None, value or 0.0

    return sorted(numbers, key=weakest)


def table(figures: Report, classes: Sequence[str], *, sort: str = "class") -> str:
    """Return the table of a report as HTML.

    Args:
        figures: the report.
        classes: names of the classes.
        sort: one of `SORTS`.
    """
    heads = "".join(
        f'<th scope="col"{"" if name == "class" else " class=number"}>{html.escape(text)}</th>'
        for name, text in (("class", "Class"), *list(SORTS.items())[1:])
    )
    rows = "".join(
        f'<tr><th scope="row">{html.escape(str(classes[number]))}</th>{_cells(figures.classes[number])}</tr>'
        for number in in_sorted_order(figures, sort)
    )
    feet = "".join(
        f'<tr><th scope="row">{name}<small>{words}</small></th>{_cells(getattr(figures, name))}</tr>'
        for name, words in AVERAGES.items()
    )
    return (
        '<section class="lesson by-class"><div class="box" tabindex="0" role="region" aria-label="Figures by class">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody><tfoot>{feet}</tfoot></table></div>"
        f"{''.join(f'<p>{html.escape(line)}</p>' for line in _words(figures, classes))}</section>"
    )


def _cells(one: ClassFigures) -> str:
    def cell(value: float | None) -> str:
        return f'<td class="figure" style="--share: {100 * (value or 0):.1f}%">{written(value, 3)}</td>'

    return f'{cell(one.precision)}{cell(one.recall)}{cell(one.f1)}<td class="number">{one.support:,}</td>'


def _words(figures: Report, classes: Sequence[str]) -> list[str]:
    lines = [
        "Precision: of all pictures that are called so, the share that is of this class. Recall: of all pictures of "
        "this class, the share that is called so. F1 is high only if both are."
    ]
    never = [str(name) for name, one in zip(classes, figures.classes, strict=True) if not one.answered]
    empty = [str(name) for name, one in zip(classes, figures.classes, strict=True) if not one.support]
    if never:
        lines.append(f"The network never predicts {_listed(never)}: that precision, –, is 0 / 0 and has no value.")
    if empty:
        lines.append(f"There is no picture of {_listed(empty)}: that recall, –, is 0 / 0 and has no value.")
    over, count = figures.defined, len(figures.classes)
    if set(astuple(over)) != {count}:
        lines.append(
            f"The means leave out what has no value: of {number_of(count, 'class', 'classes')}, precision is the mean "
            f"of {over.precision}, recall of {over.recall}, F1 of {over.f1}."
        )
    return lines


def _listed(names: Sequence[str], most: int = 5) -> str:
    if len(names) > most:
        return f"{', '.join(names[:most])} and {number_of(len(names) - most, 'more class', 'more classes')}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


# The curves -----------------------------------------------------------------------------------------------------------


@st.fragment
def _charts(labels: np.ndarray, probabilities: np.ndarray, name: str, label: int, key: str) -> None:
    if not in_view(f"{key}-charts"):
        return
    curves = curves_of_class(labels, probabilities, label) if len(labels) else None
    if curves is None or curves.average_precision is None:
        st.info(f"There is no picture of {plain(name)}, so it has no curves. Choose another class.")
        return
    config = {"displaylogo": False, "displayModeBar": False}
    left, right = st.columns(2)
    with left:
        st.plotly_chart(
            precision_recall_figure(curves, name, text_size=text_size()),
            key=f"{key}-precision-recall",
            config=config,
            alt=f"Precision against recall of {name}. Average precision {curves.average_precision:.3f}.",
        )
    with right:
        if curves.auc is None:
            st.info(f"All pictures are of {plain(name)}: there can be no false alarm, so there is no ROC curve.")
            return
        st.plotly_chart(
            roc_figure(curves, name, text_size=text_size()),
            key=f"{key}-roc",
            config=config,
            alt=f"True positive rate against false positive rate of {name}. Area {curves.auc:.3f}.",
        )
