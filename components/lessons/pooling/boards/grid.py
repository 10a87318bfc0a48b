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

_CLOSING = {"[": "]", "(": ")", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_LINE_ENDS = r"[\n\r\u0085\u2028\u2029]+"
_SPECIAL_SPACES = "\u00a0\u2007\u2009\u202f"
"""No-break and thin spaces: they stand between thousands, and between cells copied from a web page."""
_BLANKS = " \x0b\x0c\x1c\x1d\x1e\x1f" + _SPECIAL_SPACES
"""What may stand at a line's edge without being a cell: everything blank but tabs."""

_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"))
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_BEFORE = re.compile(r"\A(<tf\.[^\n]{0,200}numpy=\s*)?([A-Za-z_]\w*\s*=(?!=)\s*)?([A-Za-z_][\w.]*\s*(?=\())?(?=[\[({])")
"""What stands before a list or an array in a program, or where TensorFlow prints one: `x = np.array(`."""

_ABOUT = re.compile(r",\s*(dtype|device|shape|requires_grad)=(\([\d, ]*\)|[\w.\"'<>|:]+)")
_SCALAR = re.compile(r"\bnp\.\w+\(([^()\n]{1,40})\)")
"""NumPy's numbers in a list: np.float64(1.5)."""

_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?: \d{3})+(?:\.\d+)?(?![\d.])", re.ASCII)
_THOUSANDS_ROW = re.compile(rf"(?:{(_SMALL := _THOUSANDS.pattern.replace('{0,2}', '?', 1))})(?: +{_SMALL})+", re.ASCII)
"""1 234, and a row of them: of small numbers before three digits, since 100 200 300 400 are four numbers."""

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
    comma is decimal, stands between thousands or separates numbers, as the rest of the text shows. Rows and columns at
    the edges that are empty all along are left out; no other place may be empty. Numbers are rounded to one decimal.

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
    in_brackets = bool(re.search(r"[\[\](){}]", text))
    if in_brackets:
        text = _SCALAR.sub(r"\1", _ABOUT.sub(" ", _BEFORE.sub("", text.strip(), count=1)))
        _refuse_unclear_brackets(text)
        lines = _rows_in_brackets(text)
    else:
        lines = re.split(_LINE_ENDS, text)
    lines = _without_decoration([line.strip(_BLANKS) for line in lines])
    rows = _grid_of(_words(lines, reading, in_brackets))
    _check_shape(rows)
    if not in_brackets:
        _refuse_list_numbers(rows)
    marks = _marks([word for row in rows for word in row], reading)
    return np.array([[_read_number(word, marks) for word in row] for row in rows]), rows


def _without_decoration(lines: list[str]) -> list[str]:
    """Take off what surrounds rows without being an empty cell: blank lines, indentation, and what ends rows."""
    lines = [line for line in lines if line]
    if len(lines) == 1 and ";" in lines[0]:
        return [line.strip() for line in lines[0].split(";")]  # a row without a number is an empty one
    if not any(";" in line.rstrip("; \t") for line in lines):
        lines = [line.rstrip("; \t") if ";" in line else line for line in lines]
    full = [line for line in lines if line.strip()]
    if not any("\t" in line.strip() for line in full):
        # Tabs only at edges: indentation of all rows, or of rows whose numbers blanks separate. Others are empty cells.
        indented = [line.startswith("\t") for line in full]
        if all(indented) or not any(indented) or all(" " in line.strip() for line in full):
            lines = [line.strip() for line in full]
    return lines


def _grid_of(rows: list[list[str]]) -> list[list[str]]:
    """Take off rows and columns at the edges in which every place is empty. Nothing moves against anything else.

    Raises:
        GridError: a place between numbers is empty, or all are.
    """
    filled = [bool(any(row)) for row in rows]
    if not any(filled):
        raise GridError("There is nothing in it: write one row of numbers per line, such as 1 3 5 1.")
    rows = rows[filled.index(True) : len(rows) - filled[::-1].index(True)]
    places = [[place for place, word in enumerate(row) if word] for row in rows]
    first = min(min(found, default=len(row)) for found, row in zip(places, rows, strict=True))
    last = max(max(found, default=-1) for found in places)
    rows = [row[first : last + 1] for row in rows]
    if not all(all(row) for row in rows):
        raise GridError("A place in it is empty: every cell needs a number.")
    return rows


def _rows_in_brackets(text: str) -> list[str]:
    """Divide a text at its brackets: the innermost ones are around rows, or a single pair is around all lines."""
    before, after = _missing_brackets(text)
    inside: list[tuple[int, str]] = []  # of brackets without others in them: the bracket around each, and its text
    outside, opened = "", 0
    path, texts, leaf = [0], [""], [False]
    for part in re.findall(r"[\[({]|[\])}]|[^\[\](){}]+", before + text + after):
        if part in _CLOSING:
            opened += 1
            leaf[-1] = False
            path.append(opened)
            texts.append("")
            leaf.append(True)
        elif part in _OPENING:
            path.pop()
            words = texts.pop()
            if leaf.pop():
                inside.append((path[-1], words))
            else:
                outside += words
        else:
            texts[-1] += part
    strange = re.sub(r"[\s,;>]+", " ", outside + texts[0]).strip()
    if strange and (before or after):
        raise GridError(f"A “{(before or after)[0]}” in it is missing: brackets go around whole rows.")
    if strange:
        raise GridError(f"“{_short(strange)}” stands outside the brackets: leave it out.")
    if len(inside) == 1:
        return [line.strip() for line in re.split(_LINE_ENDS, inside[0][1])]
    divided = any(len([line for line in re.split(_LINE_ENDS, words) if line.strip()]) > 1 for _, words in inside)
    if len({around for around, _ in inside}) > 1 or (divided and inside[0][0] == 0):
        raise GridError("It has several grids in brackets: paste one of them.")
    # NumPy divides long rows. Brackets without numbers are a row of an empty cell.
    return [re.sub(_LINE_ENDS, " ", words).strip() or "," for _, words in inside]


def _missing_brackets(text: str) -> tuple[str, str]:
    """Return the brackets that were cut off before and behind a piece of a list.

    Raises:
        GridError: a bracket is closed by one of another kind.
    """
    before, behind = [], []
    for bracket in re.findall(r"[\[\](){}]", text):
        if bracket in _CLOSING:
            behind.append(_CLOSING[bracket])
        elif not behind:
            before.append(_OPENING[bracket])
        elif behind.pop() != bracket:
            raise GridError(f"A “{_OPENING[bracket]}” in it is missing: brackets go around whole rows.")
    return "".join(reversed(before)), "".join(reversed(behind))


def _refuse_unclear_brackets(text: str) -> None:
    """Refuse (1,50) in a cell, which spreadsheets show for −1.50: elsewhere brackets are around whole rows."""
    for line in re.split(r"[\n\r]+", text):
        around, inside = re.sub(r"\([^()]*\)", "", line), re.search(r"\([^()\d]*[\d][^()]*\)", line)
        if inside and (re.search(r"\d", around) or re.search(r"\)[\s;]+\(", line)):
            raise GridError(
                f"“{_short(inside[0])}” can be a negative number, as in a spreadsheet: write it with a minus sign."
            )


def _refuse_list_numbers(rows: list[list[str]]) -> None:
    """Refuse 1. and 2. before rows: numbers of a list are no cells, and only they end in a point."""
    pointed = [[word.endswith(".") for word in row] for row in rows]
    counted = all(row[0] == f"{number}." for number, row in enumerate(rows, start=1))
    if counted and not any(any(row[1:]) for row in pointed):
        raise GridError("“1.” seems to be the number of a line: leave those numbers out, or their points.")


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


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
    lines = _thousands_joined([line.strip() for line in lines], reading, in_brackets)
    separator = _separator(lines, reading, in_brackets)
    if "*" not in separator:
        lines = [line.rstrip(", ") for line in lines]  # commas are decimal, but for the ones that end rows
    return [re.split(separator, line) for line in lines]


def _thousands_joined(lines: list[str], reading: Reading | None, in_brackets: bool) -> list[str]:
    """Where blanks can stand between thousands, as in 1 234: refuse what is no two numbers, or ask."""
    zero = re.search(r"(?<![\d.,])[1-9]\d{0,2}( \d{3}){0,2} 0\d\d(?!\d)", "\n".join(lines))
    if zero:
        raise GridError(f"“{_short(zero[0])}” seems to be one number: write it without blanks.")
    rows = [_THOUSANDS.findall(line) if _THOUSANDS_ROW.fullmatch(line) else [] for line in lines]
    if lines and all("," in line for line in lines):
        rows = [re.split(r"\s*,\s*", line) for line in lines]
        if not all(_NUMBER.fullmatch(word) or _THOUSANDS.fullmatch(word) for row in rows for word in row):
            return lines
    first = next((word for row in rows for word in row if " " in word), "")
    if in_brackets or not first or not all(rows) or reading == "decimal":
        return lines
    if reading is None:
        raise UnclearGridError(
            f"“{first}” can be one number or several.",
            {
                "decimal": f"Several: {' and '.join(first.split(' '))}",
                "thousands": f"One: {first.replace(' ', '')}",
            },
        )
    return [" ".join(word.replace(" ", "") for word in row) for row in rows]


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
    shown = _short(word)
    plain = _plain(word, marks)
    if not _NUMBER.fullmatch(plain):
        raise GridError(f"“{shown}” is no number.")
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
