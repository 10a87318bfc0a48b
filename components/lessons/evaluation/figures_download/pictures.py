"""The confusion matrix and the curves as SVG pictures: text, without a browser, on white paper."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from components.charts import STYLES
from models.evaluation.multiclass import EQUAL_F1, ClassCurves, equal_f1_line

RIGHT, WRONG, PAPER, INK, GREY = (0, 114, 178), (213, 94, 0), (255, 255, 255), "#16181D", "#7F7F7F"
"""The light theme's colours: a picture outside the page cannot look them up."""

MOST_NAMED = 40
"""Largest number of classes whose names and numbers fit."""

DASHES = {
    "solid": "",
    "dash": "10 6",
    "dot": "3 5",
    "dashdot": "10 5 3 5",
    "longdash": "18 6",
    "longdashdot": "18 6 3 6",
}
MOST_CURVES = len(STYLES)
SIZE = 420
"""Width and height of a curve's axes."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Curve(NamedTuple):
    """Curves of one class.

    Attributes:
        name: name of the class.
        curves: its points and areas.
    """

    name: str
    curves: ClassCurves


def matrix_svg(matrix: np.ndarray, classes: Sequence[str], title: str) -> str:
    """Return a confusion matrix as an SVG picture.

    Args:
        matrix: counts (classes, classes); rows are true classes, columns answers.
        classes: their names. Beyond 40 classes neither names nor numbers are written.
        title: stands above it.
    """
    size = len(classes)
    named = size <= MOST_NAMED
    side = max(96 - 8 * size, 34) if named else 10
    width = max([side, *(_width(f"{count:,}") + 10 for count in matrix.ravel())]) if named else side
    names = [_short(str(name)) for name in classes]
    longest = max(map(_width, names)) if named else 0
    upright = named and longest > width - 6
    left = 20 + longest + 36
    top = 78 + (longest + 12 if upright else 24 if named else 0)
    right, bottom = left + width * size, top + side * size
    totals = matrix.sum(axis=1)
    parts = [_text(20, 30, title, bold=True)]
    parts.append(_text((left + right) / 2, 60, "the network says", anchor="middle"))
    parts.append(_text(28, (top + bottom) / 2, "it is", anchor="middle", turn=-90))
    for row, name in enumerate(names if named else []):
        parts.append(_text(left - 8, top + side * (row + 0.5) + 5, name, anchor="end"))
        x = left + width * (row + 0.5)
        parts.append(_text(x + 5, top - 8, name, turn=-90) if upright else _text(x, top - 8, name, anchor="middle"))
    for row in range(size):
        for column in range(size):
            count = int(matrix[row, column])
            if not count and not named:
                continue  # a hundred classes have ten thousand cells, nearly all of them empty
            share = count / totals[row] if totals[row] else 0.0
            full = RIGHT if row == column else WRONG
            strength = 0.08 + 0.77 * share**0.5 if share else 0.0
            ground = [round(start + (end - start) * strength) for start, end in zip(PAPER, full, strict=True)]
            x, y = left + width * column, top + side * row
            edge = (
                f'stroke="{INK}" stroke-width="2"' if row == column and named else f'stroke="{GREY}" stroke-width="0.5"'
            )
            parts.append(
                f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{side:g}" fill="rgb({_listed(ground)})" {edge}/>'
            )
            if named:
                middle = (x + width / 2, y + side / 2 + 5)
                ink = "#000" if _luminance(ground) > 0.179 else "#fff"
                parts.append(_text(*middle, f"{count:,}", anchor="middle", bold=row == column, ink=ink))
    parts.append(
        f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}" fill="none" '
        f'stroke="{INK}"/>'
    )
    note = "Blue, on the diagonal: right. Orange: mistaken. The stronger, the larger the cell’s share of its row."
    parts.append(_text(20, bottom + 30, note))
    return _picture(max(right, 20 + _width(note), 20 + 1.1 * _width(title)) + 20, bottom + 46, title, parts)


def curves_svg(lines: Sequence[Curve], title: str) -> str:
    """Return precision-recall and ROC curves side by side as an SVG picture.

    Args:
        lines: the classes; those without a value have no curve. With more than 8, those with the lowest average
            precision are drawn, and the picture says so.
        title: stands above them.
    """
    drawn = [line for line in lines if line.curves.average_precision is not None]
    drawn.sort(key=lambda line: line.curves.average_precision or 0.0)
    left_out = len(lines) - len(drawn[:MOST_CURVES])
    chosen = {line.name for line in drawn[:MOST_CURVES]}
    shown = [line for line in lines if line.name in chosen]
    parts = [_text(20, 30, title, bold=True)]
    first, second, top = 80, 80 + SIZE + 150, 56
    parts += _axes(first, top, "recall", "precision")
    parts += _axes(second, top, "false positive rate", "true positive rate")
    for f1 in EQUAL_F1:
        parts.append(_line(first, top, *equal_f1_line(f1), GREY, "2 4", 1))
        parts.append(_text(first + SIZE + 6, top + SIZE * (1 - f1 / (2 - f1)) + 5, f"F1 {f1:g}"))
    parts.append(_line(second, top, np.array([0, 1]), np.array([0, 1]), GREY, "2 4", 1))
    below = top + SIZE + 84
    for place, (name, curves) in enumerate(shown):
        colour, dash = STYLES[(place + 1) % MOST_CURVES]
        across, up = _stairs(curves.recall, curves.precision)
        parts.append(_line(first, top, across, up, colour, DASHES[dash], 2.5))
        areas = f"average precision {curves.average_precision:.3f}"
        if curves.auc is not None:
            rates = curves.false_positive_rate, curves.true_positive_rate
            parts.append(_line(second, top, *rates, colour, DASHES[dash], 2.5))
            areas += f", area under ROC {curves.auc:.3f}"
        y = below + 24 * place
        stroke = f'stroke="{colour}" stroke-width="2.5" stroke-dasharray="{DASHES[dash]}"'
        parts.append(f'<path d="M{first} {y - 5}h44" fill="none" {stroke}/>')
        parts.append(_text(first + 54, y, f"{_short(name)}: {areas}"))
    if left_out:
        y = below + 24 * len(shown)
        parts.append(
            _text(first, y, f"Not drawn: {left_out} of {len(lines)} classes, which are better or have no photo.")
        )
    height = below + 24 * (len(shown) + bool(left_out))
    return _picture(second + SIZE + 30, height, title, parts)


# Pieces ---------------------------------------------------------------------------------------------------------------


def _picture(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label={quoteattr(_legal(title))} '
        f"font-family=\"'Source Sans 3', 'Source Sans Pro', Arial, sans-serif\" font-size=\"16\">\n"
        f'<rect width="100%" height="100%" fill="rgb({_listed(PAPER)})"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False, turn: int = 0, ink: str = INK
) -> str:
    weight = ' font-weight="700"' if bold else ""
    turned = f' transform="rotate({turn} {x:g} {y:g})"' if turn else ""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{ink}"{weight}{turned}>{escape(_legal(text))}</text>'
    )


def _axes(left: float, top: float, across: str, up: str) -> list[str]:
    bottom = top + SIZE
    parts = [f'<rect x="{left}" y="{top}" width="{SIZE}" height="{SIZE}" fill="none" stroke="{GREY}"/>']
    for step in range(6):
        share = step / 5
        parts.append(_text(left + SIZE * share, bottom + 24, f"{share:g}", anchor="middle"))
        parts.append(_text(left - 10, bottom - SIZE * share + 5, f"{share:g}", anchor="end"))
    parts.append(_text(left + SIZE / 2, bottom + 50, across, anchor="middle"))
    parts.append(_text(left - 46, top + SIZE / 2, up, anchor="middle", turn=-90))
    return parts


def _stairs(recall: np.ndarray, precision: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps under which the area is the average precision: along to the next recall, then up or down."""
    across = np.repeat(recall, 2)[1:]
    up = np.repeat(precision, 2)[:-1]
    return across, up


def _line(left: float, top: float, across: np.ndarray, up: np.ndarray, colour: str, dash: str, width: float) -> str:
    """Return a line in axes from 0 to 1; points on the same tenth of a pixel are written once."""
    points = np.round(np.stack([left + SIZE * across, top + SIZE * (1 - up)], axis=1), 1)
    fresh = np.ones(len(points), bool)
    fresh[1:] = (points[1:] != points[:-1]).any(axis=1)
    written = " ".join(f"{x:g},{y:g}" for x, y in points[fresh].tolist())
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{written}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>'


def _legal(text: str) -> str:
    """Replace the characters that XML cannot represent, not even by their numbers."""
    return _NO_XML.sub("\ufffd", text)


def _short(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:27]}…"


def _width(text: str) -> float:
    """Return the approximate width of a text at 16 px: nothing measures text here."""
    return 8.6 * len(text)


def _listed(colour: Sequence[int]) -> str:
    return ",".join(map(str, colour))


def _luminance(colour: Sequence[int]) -> float:
    """Return the relative luminance as WCAG defines it, approximated with an exponent of 2.2."""
    return sum(part * math.pow(value / 255, 2.2) for part, value in zip((0.2126, 0.7152, 0.0722), colour, strict=True))
