"""How names of files and classes are spelt: as they are shown, and which of them may mean the same."""

import re
import unicodedata
from functools import lru_cache

UNREADABLE = "\ufffd"
"""Stands where a name has no text."""

_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""Bytes that are no UTF-8 (Python has a lone surrogate for each), control characters and ends of lines."""

_JOINERS = "\u200c\u200d"


def shown(name: str) -> str:
    """Return a name as text that can be shown, stored and sent: what is no text in it becomes U+FFFD.

    A name on a disk is a row of bytes: an archive that was packed on Windows brings names in that system's encoding,
    and a name may hold control characters, which would end a line or change the colours of a terminal.
    """
    return _NO_TEXT.sub(UNREADABLE, name)


def is_shown_as_it_is(name: str) -> bool:
    """Return whether a name has nothing in it that cannot be shown."""
    return _NO_TEXT.search(name) is None


def composed(name: str) -> str:
    """Return a name with composed letters: macOS gives "é" as "e" and an accent, other systems as one letter."""
    return unicodedata.normalize("NFC", name)


def seen(name: str) -> str:
    """Return a name without signs that nobody sees, such as a soft hyphen, and with composed letters."""
    return composed("".join(letter for letter in name if not _is_unseen(letter)))


@lru_cache(4096)
def plain(name: str) -> str:
    """Return a name without what does not count when names of classes are compared generously.

    That is case, blanks, dashes, underscores, full stops, commas, apostrophes, and signs that nobody sees:
    `St. Bernard` is `st_bernard`. Between digits they count, or 1.5 would be 15; so does a minus before a number.
    "" for a name that has nothing else.
    """
    text = composed(seen(name).casefold())
    text = re.sub(r"(?<=\d)[.,](?=\d)", "\0", text)
    text = re.sub(r"^\s*[-\u2010-\u2015](?=\d)", "\1", text)
    text = "".join(" " if _is_mark(letter) else letter for letter in text)
    text = re.sub(r"(?<!\d) | (?!\d)", "", re.sub(" +", " ", text))
    return text.replace("\0", ".").replace("\1", "-")


def _is_unseen(letter: str) -> bool:
    """Whether a letter has no shape, such as a soft hyphen. Joiners are spelling."""
    if letter in "\ufe0e\ufe0f":  # they choose between a sign and its coloured picture
        return True
    return unicodedata.category(letter) == "Cf" and letter not in _JOINERS


def _is_mark(letter: str) -> bool:
    return letter.isspace() or letter in ".,'\u2018\u2019" or unicodedata.category(letter) in ("Pd", "Pc")
