"""A file's name as a visitor may see it: no folder, nothing invisible that could fake a name, no broken spelling."""

import re
import unicodedata
from pathlib import Path

NAME_LENGTH = 60
"""Longest name, in characters, as the visitor sees it."""

_JOINERS = "\u200c\u200d"
_SHAPED = (
    "\u0600-\u109f\u1700-\u1a1f\u1a80-\u1c7f\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
"""Arabic, Syriac, the Indic scripts and their neighbours: there, a joiner decides how letters are shaped."""

_SPELT = re.compile(f"(?<=[{_SHAPED}])[{_JOINERS}]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f")
"""The flag of a region, such as Scotland: a black flag, then the region's letters as invisible tags."""

_PICTURE = r"[\u2190-\u2bff\u3030\u303d\u00a9\u00ae\U0001f000-\U0001faff]"
_FAMILY = re.compile(f"{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*\u200d(?={_PICTURE})")
"""A picture that is joined to the next one, such as a family's members (Unicode Technical Standard 51, 1.4.9)."""

_REMOVED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u115f\u1160\u3164\uffa0\u2800")
"""Invisible characters of no width, joiners where they join nothing, and letters that look like nothing."""

_SPACED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories that become a space: control; format, such as an override of the reading direction, which can fake a name;
lone surrogates; line and paragraph breaks."""


def shown_name(name: str) -> str:
    """Return a name without folder, control characters and surplus spaces. Of a long one, both ends are kept.

    Joiners stay where they are spelling: between pictures that are one picture together, and in scripts whose letters
    they shape, such as Persian and Hindi.
    """
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = {place for found in _SPELT.finditer(name) for place in range(*found.span())}
    kept |= {found.end() - 1 for found in _FAMILY.finditer(name)}
    kept |= {place for found in _FLAG.finditer(name) for place in range(*found.span())}
    name = "".join(char if place in kept else _visible(char) for place, char in enumerate(name))
    name = " ".join(name.split()) or "photo"
    if len(name) <= NAME_LENGTH:
        return name
    ending = Path(name).suffix[-10:]
    return name[: _boundary(name, NAME_LENGTH - 1 - len(ending))] + "…" + ending


def _visible(char: str) -> str:
    if char in _REMOVED:
        return ""
    return " " if unicodedata.category(char) in _SPACED else char


def _boundary(name: str, end: int) -> int:
    """The last place up to `end` where a name can be cut without taking a letter or a picture apart."""
    while end and (
        name[end] in _JOINERS
        or (name[end - 1] == "\u200d" and name[end] > "\u2190")  # the next picture of a family
        or unicodedata.combining(name[end])
        or name[end] == "\ufe0f"
        or "\U0001f3fb" <= name[end] <= "\U0001f3ff"
        or "\U000e0020" <= name[end] <= "\U000e007f"
    ):
        end -= 1
    return end
