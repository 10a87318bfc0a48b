"""A scene's parameters: each is declared once, with its limits, and is one short text that fits a URL."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
"""A decimal number as a visitor or a URL writes it."""

DECLARED = "parameter"
"""In the metadata of a scene's field: its `Parameter`."""

T = TypeVar("T")


def write(value: object) -> str:
    """Return a value as text: "on" and "off", numbers with six significant digits, anything else as it is."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Parameter:
    """How a parameter is written as text and read back.

    Attributes:
        read: returns the value within its limits, or None for an invalid text.
        write: returns the text.
        name: the parameter's name in the URL and in the browser, if that is not the field's name.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str] = write
    name: str = ""


def number(default: float, low: float, high: float, *, decimals: int | None = None, exact: bool = False) -> float:
    """Declare a number that is clipped to [low, high]; it has six significant digits.

    Args:
        default: what it is at first.
        low, high: its limits.
        decimals: number of decimals that it is rounded to.
        exact: whether it keeps all its digits.
    """

    def read(text: str) -> float | None:
        found = _number(text)
        if found is None:
            return None
        found = min(max(found, float(low)), float(high))
        if not exact:
            found = float(f"{found:.6g}")
        if decimals is not None:
            found = round(found, decimals)
        return found + 0.0  # minus zero becomes zero

    return _declare(default, Parameter(read, repr if exact else write))


def whole(default: int, low: int, high: int, *, name: str = "") -> int:
    """Declare a whole number that is truncated and clipped to [low, high].

    Args:
        default: what it is at first.
        low, high: its limits.
        name: see `Parameter`.
    """

    def read(text: str) -> int | None:
        found = _number(text)
        return None if found is None else int(min(max(found, low), high))

    return _declare(default, Parameter(read, name=name))


def choice(default: T, choices: Iterable[T]) -> T:
    """Declare one of `choices`; any other text is invalid."""
    by_text = {str(one): one for one in choices}
    return _declare(default, Parameter(by_text.get))


def flag(default: bool) -> bool:
    """Declare a parameter that is "on" or "off"."""
    return _declare(default, Parameter({"on": True, "off": False}.get))


def text(default: str, pattern: str) -> str:
    """Declare a text that matches the regular expression `pattern` as a whole."""
    allowed = re.compile(pattern)
    return tidied(default, lambda given: given if allowed.fullmatch(given) else None)


def tidied(default: str, tidy: Callable[[str], str | None]) -> str:
    """Declare a text; `tidy` returns it as it is to be written, or None for an invalid one."""
    return _declare(default, Parameter(tidy))


def _number(given: str) -> float | None:
    stripped = given.strip()
    if not NUMBER.fullmatch(stripped):
        return None
    found = float(stripped)
    return found if math.isfinite(found) else None


def _declare(default: T, parameter: Parameter) -> T:
    return field(default=default, metadata={DECLARED: parameter})
