"""The grid of numbers on the pooling boards: read from a URL, a spreadsheet or Python, and written back."""

import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

MIN_SIDE, MAX_SIDE = 2, 8
LIMIT = 999.0
DECIMALS = 1

COURSE_GRIDS: Mapping[str, str] = MappingProxyType(
    {
        "max": "1,3,5,1;76,32,12,6;26,7,8,26;16,17,68,32",
        "average": "1,3,5,1;76,32,12,6;26,37,68,26;16,37,8,32",
    }
)
"""The course's two 4 × 4 grids: on the first it takes maxima, on the second averages."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")


class GridError(ValueError):
    """A text that is not a grid. `str()` is one sentence for the visitor: why not, and what to do."""


def parse_grid(text: str) -> np.ndarray:
    """Read a grid: one row a line (or between semicolons), numbers separated by tabs, commas, semicolons or spaces.

    Rows copied from a spreadsheet and lists of lists from Python are read, too. Numbers are rounded to one decimal.

    Returns:
        float64 array (rows, columns), 2 to 8 of each.

    Raises:
        GridError: something in it is not a number, rows differ in length, or there are too few or too many.
    """
    text = re.sub(r"\b(np\.)?array\b|,\s*dtype=[\w.\"']+", " ", text)
    lines = [re.sub(r"[()\[\]{}]", " ", line).strip() for line in re.split(r"[\n\r]+|\]\s*,\s*\[", text.strip())]
    lines = [line.strip(" ,;") for line in lines if line.strip(" ,;")]
    if not lines:
        raise GridError("There is nothing in it: write one row of numbers a line, such as 1 3 5 1.")
    if len(lines) == 1 and ";" in lines[0]:
        lines = [line.strip(" ,") for line in lines[0].split(";") if line.strip(" ,")]
    rows = [_read_row(line) for line in lines]
    if not MIN_SIDE <= len(rows) <= MAX_SIDE:
        raise GridError(f"It has {_count(len(rows), 'row')}, but a grid here has {MIN_SIDE} to {MAX_SIDE}.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise GridError(
                f"Line {number} has {_count(len(row), 'number')} and line 1 has {len(rows[0])}: "
                "all rows of a grid are equally long."
            )
    if not MIN_SIDE <= len(rows[0]) <= MAX_SIDE:
        raise GridError(f"Its rows have {_count(len(rows[0]), 'number')}, but here they have {MIN_SIDE} to {MAX_SIDE}.")
    return np.array(rows)


def write_grid(grid: np.ndarray) -> str:
    """Return the grid as the short text that stands in a URL: "1,3;76,32"."""
    return ";".join(",".join(f"{number:.6g}" for number in row) for row in grid)


def _read_row(line: str) -> list[float]:
    # "1,5" is one number in some countries and two in Python: a comma separates unless tabs or semicolons do.
    if re.search(r"[\t;]", line):
        words = [word.strip().replace(",", ".") for word in re.split(r"[\t;]", line)]
    else:
        words = re.split(r"\s*,\s*|\s+", line)
    return [_read_number(word) for word in words]


def _read_number(word: str) -> float:
    word = word.replace("\N{MINUS SIGN}", "-")
    shown = word if len(word) <= 20 else f"{word[:20]}…"
    if not _NUMBER.fullmatch(word):
        raise GridError(f"“{shown}” is no number." if word else "A place in it is empty: every cell needs a number.")
    number = round(float(word), DECIMALS) + 0.0  # minus zero becomes zero
    if not abs(number) <= LIMIT:
        raise GridError(f"{shown} is too large: numbers go from −{LIMIT:.0f} to {LIMIT:.0f} here.")
    return number


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
