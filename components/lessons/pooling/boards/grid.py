"""The grid of numbers on the pooling boards: read from a URL, a spreadsheet or Python, and written back."""

import csv
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np

from models.figures import number_of

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

Reading = Literal["decimal", "thousands"]
"""What a comma (or a point) before exactly three digits means, where a visitor was asked."""

_SPECIAL_SPACES = "\u00a0\u2007\u2009\u202f"
"""No-break and thin spaces: they stand between thousands, and between cells copied from a web page."""

_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"))
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_BEFORE = re.compile(r"\A(<tf\.[^\n]{0,200}numpy=\s*)?([A-Za-z_]\w*\s*=(?!=)\s*)?([A-Za-z_][\w.]*\s*(?=\())?(?=[\[({])")
"""What stands before a list or an array in a program, or where TensorFlow prints one: `x = np.array(`."""

_ABOUT = re.compile(r",\s*(dtype|device|shape|requires_grad)=(\([\d, ]*\)|[\w.\"'<>|:]+)")
_SCALAR = re.compile(r"\bnp\.\w+\(([^()\n]{1,40})\)")
"""NumPy's numbers in a list: np.float64(1.5)."""

_THREE = {mark: re.compile(rf"[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}", re.ASCII) for mark in ",."}
"""One mark, and three digits behind it: 1,234."""
_GROUPS = {mark: re.compile(rf"[1-9]\d{{0,2}}({re.escape(mark)}\d{{3}})+", re.ASCII) for mark in ",."}


class GridError(ValueError):
    """A text that is not a grid. `str()` is one sentence for the visitor: why not, and what to do."""


class UnclearGridError(GridError):
    """A text with two meanings.

    Attributes:
        readings: for each, its name for `parse_grid` and its words for the visitor.
    """

    def __init__(self, sentence: str, readings: dict[Reading, str]) -> None:
        super().__init__(sentence)
        self.readings = readings


def parse_grid(text: str, reading: Reading | None = None) -> np.ndarray:
    """Read a grid: one row a line (or between semicolons), numbers separated by tabs, commas, semicolons or spaces.

    Rows copied from a spreadsheet, lists of lists from Python, and what NumPy and TensorFlow print are read, too. A
    comma is decimal, stands between thousands or separates numbers, as the rest of the text shows. Numbers are rounded
    to one decimal.

    Args:
        text: what a visitor pasted, or the text in a URL.
        reading: what is meant where the text does not show it.

    Returns:
        float64 array (rows, columns), 2 to 8 of each.

    Raises:
        UnclearGridError: the text has two meanings, and no reading was chosen.
        GridError: something in it is not a number, rows differ in length, or there are too few or too many.
    """
    return _rounded(_read(text, reading)[0])


def rounding(text: str, reading: Reading | None = None) -> str:
    """Say in a sentence that a grid's numbers were rounded, with the first of them; "" if they were not.

    Raises:
        GridError: as in `parse_grid`.
    """
    exact, words = _read(text, reading)
    rounded = _rounded(exact)
    changed = np.argwhere(rounded != exact)
    if not len(changed):
        return ""
    row, column = changed[0]
    return f"Numbers are rounded to one decimal: {words[row][column]} became {rounded[row, column]:.6g}."


def _rounded(exact: np.ndarray) -> np.ndarray:
    # Python rounds the number as it is written; NumPy multiplies first, and 0.05 becomes 0. Minus zero becomes zero.
    return np.array([[round(number, DECIMALS) + 0.0 for number in row] for row in exact.tolist()])


def _read(text: str, reading: Reading | None) -> tuple[np.ndarray, list[list[str]]]:
    """Return the numbers as they were written, and their words."""
    text = _INVISIBLE.sub("", text).translate(_MINUS)
    text = _SCALAR.sub(r"\1", _ABOUT.sub(" ", _BEFORE.sub("", text.strip(), count=1)))
    _refuse_unclear_brackets(text)
    in_brackets = any(bracket in text for bracket in "[({")
    pieces = re.split(r"[\n\r\u0085\u2028\u2029]+|\]\s*,\s*\[|\)\s*,\s*\(|\}\s*,\s*\{", text.strip().rstrip(">"))
    lines = [re.sub(r"[()\[\]{}]", " ", line).strip() for line in pieces]
    lines = [line.strip(" ,;") for line in lines if line.strip(" ,;")]
    if not lines:
        raise GridError("There is nothing in it: write one row of numbers per line, such as 1 3 5 1.")
    if len(lines) == 1 and ";" in lines[0]:
        lines = [line.strip(" ,") for line in lines[0].split(";") if line.strip(" ,")]
    rows = _words(lines, reading, in_brackets)
    _check_shape(rows)
    marks = _marks([word for row in rows for word in row], reading)
    return np.array([[_read_number(word, marks) for word in row] for row in rows]), rows


def _refuse_unclear_brackets(text: str) -> None:
    """Refuse (1,50) in a cell, which spreadsheets show for −1.50: elsewhere brackets are around whole rows."""
    for line in re.split(r"[\n\r]+", text):
        around, inside = re.sub(r"\([^()]*\)", "", line), re.search(r"\([^()\d]*[\d][^()]*\)", line)
        if inside and (re.search(r"\d", around) or re.search(r"\)[\s;]+\(", line)):
            shown = inside[0] if len(inside[0]) <= 20 else f"{inside[0][:20]}…"
            raise GridError(f"“{shown}” can be a negative number, as in a spreadsheet: write it with a minus sign.")


def _check_shape(rows: list[list[str]]) -> None:
    if not MIN_SIDE <= len(rows) <= MAX_SIDE:
        raise GridError(f"It has {number_of(len(rows), 'row')}, but a grid here has {MIN_SIDE} to {MAX_SIDE}.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise GridError(
                f"Line {number} has {number_of(len(row), 'number')} and line 1 has {len(rows[0])}: "
                "all rows of a grid are equally long."
            )
    if not MIN_SIDE <= len(rows[0]) <= MAX_SIDE:
        raise GridError(
            f"Its rows have {number_of(len(rows[0]), 'number')}, but here they have {MIN_SIDE} to {MAX_SIDE}."
        )


# What separates the numbers -------------------------------------------------------------------------------------------


def _words(lines: list[str], reading: Reading | None, in_brackets: bool) -> list[list[str]]:
    """Divide lines into words, each of which should be a number."""
    if any('"' in line for line in lines):  # cells in quotes, as programs write tables with decimal commas
        outside = "".join(re.sub('"[^"]*"', "", line) for line in lines)
        delimiter = next((mark for mark in "\t;" if mark in outside), ",")
        try:
            lines = ["\t".join(cells) for cells in csv.reader(lines, delimiter=delimiter, skipinitialspace=True)]
        except csv.Error as error:
            raise GridError("Its quotes do not close: leave them out.") from error
    cells = any(re.search(r"[\t;]", line) for line in lines)
    spaces = f"{_SPECIAL_SPACES}'’" + (" " if cells else "")
    if cells or any(" " in line or "," in line for line in lines):
        lines = [re.sub(rf"(?<=\d)[{spaces}](?=\d{{3}}(?!\d))", "", line) for line in lines]
    lines = [re.sub(f"[{_SPECIAL_SPACES}]", " ", line) for line in lines]
    if cells:
        return [[word.strip() for word in re.split(r"[\t;]", line)] for line in lines]
    separator = _separator(lines, reading, in_brackets)
    return [re.split(separator, line) for line in lines]


def _separator(lines: list[str], reading: Reading | None, in_brackets: bool) -> str:
    """Where no tab and no semicolon separates the numbers: commas, spaces, or commas with spaces do."""
    text = "\n".join(lines)
    tight = re.search(r"(?<!\d)\d+,\d+", text)  # looked for at the beginning of a number only: in linear time
    loose = re.search(r",[ ]|[ ],", text)
    zero = re.search(r"(?<!\d)\d{1,3},0\d+", text)
    if zero and reading is None and (not loose or in_brackets) and not re.search(r"\d[ ]+[\d+-]", text):
        raise GridError(f"“{zero[0]}” seems to be one number: put a space or a tab between numbers.")
    if not tight or (in_brackets and loose) or not re.search(r"\S[ ]", text):
        return r"\s*,\s*|\s+"
    if not loose:
        return r"\s+"  # 1,5 2,5: a comma inside a number
    if reading is None:
        number = tight[0].replace(",", ".")
        raise UnclearGridError(
            f"“{tight[0]}” can be one number or two: commas stand with and without a space.",
            {"decimal": f"One: {number}", "thousands": f"Two: {tight[0].replace(',', ' and ')}"},
        )
    return r",\s+|\s+,?" if reading == "decimal" else r"\s*,\s*|\s+"


# What a comma or a point in a number means ----------------------------------------------------------------------------


def _marks(words: list[str], reading: Reading | None) -> dict[str, Reading]:
    """Decide for comma and point what one before exactly three digits means: 1,234 or 1.234."""
    numbers = [(word, re.split("[eE]", word.strip("+-"))[0]) for word in words]
    told = {mark: {_meaning(digits, mark) for _, digits in numbers} - {None} for mark in ",."}
    decided: dict[str, Reading] = {}
    for mark, other in (",.", ".,"):
        unclear = next((word for word, digits in numbers if _THREE[mark].fullmatch(digits)), "")
        meanings = told[mark] | ({"thousands"} if "decimal" in told[other] else set())
        if not unclear or len(meanings) == 1:
            decided[mark] = "thousands" if meanings == {"thousands"} else "decimal"
        elif reading is not None:
            decided[mark] = reading
        elif mark == "." and not meanings:
            decided[mark] = "decimal"  # as this page writes numbers
        else:
            small, large = unclear.replace(mark, "."), unclear.replace(mark, "")
            raise UnclearGridError(
                f"“{unclear}” can be {small} or {large}.",
                {"decimal": f"Decimal: {small}", "thousands": f"Thousands: {large}"},
            )
    return decided


def _meaning(digits: str, mark: str) -> Reading | None:
    """What a mark means in a number by itself; None if it is not there, or can mean both."""
    other = {",": ".", ".": ","}[mark]
    if mark not in digits or _THREE[mark].fullmatch(digits):
        return None
    if other in digits:
        return "decimal" if digits.rfind(mark) > digits.rfind(other) else "thousands"
    return "thousands" if digits.count(mark) > 1 else "decimal"


def _read_number(word: str, marks: dict[str, Reading]) -> float:
    shown = word if len(word) <= 20 else f"{word[:20]}…"
    plain = _plain(word, marks)
    if not _NUMBER.fullmatch(plain):
        raise GridError(f"“{shown}” is no number." if word else "A place in it is empty: every cell needs a number.")
    number = float(plain)
    if not abs(round(number, DECIMALS)) <= LIMIT:
        read = shown if plain == word else f"{shown}, which is {number:.6g},"
        raise GridError(f"{read} is too large: numbers go from −{LIMIT:.0f} to {LIMIT:.0f} here.")
    return number


def _plain(word: str, marks: dict[str, Reading]) -> str:
    """A word as Python writes numbers: no marks between thousands, and a decimal point."""
    sign = word[:1] if word[:1] in "+-" else ""
    digits, *exponent = re.split("(?=[eE])", word[len(sign) :], maxsplit=1)
    decimal = max(digits.rfind(","), digits.rfind("."))
    if decimal >= 0:
        mark, other = digits[decimal], {",": ".", ".": ","}[digits[decimal]]
        if other in digits and _GROUPS[other].fullmatch(digits[:decimal]):
            digits = digits[:decimal].replace(other, "") + "." + digits[decimal + 1 :]
        elif _GROUPS[mark].fullmatch(digits) and (digits.count(mark) > 1 or marks[mark] == "thousands"):
            digits = digits.replace(mark, "")
        elif digits.count(mark) == 1 and other not in digits:
            digits = digits.replace(",", ".")
    return sign + digits + "".join(exponent)


def write_grid(grid: np.ndarray) -> str:
    """Return the grid as the short text that stands in a URL: "1,3;76,32"."""
    return ";".join(",".join(f"{number:.6g}" for number in row) for row in grid)
