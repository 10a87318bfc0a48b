"""What a run may be called: one rule for the command line, the import, the pages and their links.

A new run's name makes a folder on every system, can be typed and read aloud, and has no twin that some disks would take
for the same. Runs of earlier versions may have other names: they can still be opened, whatever folder they lie in.
"""

import re
import unicodedata
from pathlib import Path

from models.disk import entries, is_there

MOST_LETTERS = 100
MOST_BYTES = 200
"""A folder's name has at most 255 bytes on most disks, and a run's zip file and its copies append to it."""

SIGNS = " ._-+=(),#&'~"
"""What a name may have beside letters and digits."""

_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
"""Files that Windows keeps for devices, whatever stands after a dot."""

_OURS = frozenset({"cache", "datasets", "engine", "more-photos"})
"""Folders of the project's own beside the runs."""

_HARMLESS = 255
"""Longest name of a folder that can be there."""


def tidy(name: str) -> str:
    """Return a name as it is kept: without blanks around it, each letter with its marks in one character (NFC)."""
    return unicodedata.normalize("NFC", name).strip()


def problem_of(name: str) -> str:
    """Return why a new run cannot have a name, as a sentence that says what it may have, or "" if it can."""
    if not name:
        return "A run needs a name."
    strange = next((letter for letter in name if not _is_allowed(letter)), "")
    if strange:
        shown = f"“{strange}”" if strange.isprintable() and not strange.isspace() else f"U+{ord(strange):04X}"
        return f"A run's name has letters, digits, blanks and {' '.join(SIGNS.strip())}, but no {shown}."
    if not _is_letter_or_digit(name[0]):
        return f"A run's name begins with a letter or a digit, not with “{name[0]}”."
    if name[-1] in " .":
        return f"A run's name ends with no blank and no dot: Windows would take “{name}” for “{name.rstrip(' .')}”."
    if len(name) > MOST_LETTERS or len(name.encode()) > MOST_BYTES:
        return f"A run's name has at most {MOST_LETTERS} letters: “{name[:20]}…” is too long."
    if _DEVICES.fullmatch(name.partition(".")[0].rstrip()):
        return f"Windows keeps the name “{name}” for itself: choose another name."
    if name.casefold() in _OURS:
        return f"The course keeps the name “{name}” for a folder of its own: choose another name."
    return ""


def can_be_there(name: str) -> bool:
    """Return whether a folder of runs may hold a run of this name, by whatever version and way it came there.

    No such name leads out of the folder, and each is a text: on some disks a name is any bytes, which no page can show.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        return False
    return 0 < len(name) <= _HARMLESS and name not in (".", "..") and not set(name) & {"/", "\\", "\0"}


def run_folder(name: str, folder: Path) -> Path | None:
    """Return the folder of the run with this name, or None if there is none.

    The name as it stands wins; else one that differs only in how its letters are put together: a Mac tells "ü" as "u"
    and two dots.
    """
    if not can_be_there(name):
        return None
    if is_run(folder / name):
        return folder / name
    wanted = unicodedata.normalize("NFC", name)
    if wanted.isascii():
        return None
    for path in entries(folder):
        if unicodedata.normalize("NFC", path.name) == wanted and is_run(path):
            return path
    return None


def twin_of(name: str, folder: Path) -> str | None:
    """Return what is in a folder under this name, or under one that some disks take for the same; None if nothing."""
    if is_there(folder / name):
        return name
    wanted = _folded(name)
    return next((path.name for path in entries(folder) if _folded(path.name) == wanted), None)


def free_name(wish: str, folder: Path) -> str:
    """Return the wished-for name if it is free, else wish-2, wish-3 and so on; a name that cannot be is changed."""
    base = _possible(wish)
    name, number = base, 1
    while twin_of(name, folder) is not None:
        number += 1
        name = _shortened(base, f"-{number}")
    return name


def name_from_file(file_name: str) -> str:
    """Return a run's name made from the name of its zip file: "my run.run (1).zip" → "my run (1)"."""
    return _possible(re.sub(r"(\.run)?( ?\([0-9]+\))?\.zip$", r"\2", tidy(file_name), flags=re.IGNORECASE))


def as_file_name(name: str) -> str:
    """Return a run's name for a file to download: one that was made by an earlier version may be none that can be."""
    return _possible(name)


def is_run(path: Path) -> bool:
    """Return whether a folder holds a run."""
    try:
        return (path / "config.json").is_file()
    except OSError:  # a name that is too long for this disk
        return False


def _possible(wish: str) -> str:
    """Return a name that a run can have and that is as near to a wish as that allows."""
    name = "".join(letter if _is_allowed(letter) else "-" for letter in tidy(wish))
    while name and not _is_letter_or_digit(name[0]):
        name = name[1:]
    name = _shortened(name)
    return (f"run {name}".rstrip() if problem_of(name) else name)[:MOST_LETTERS]


def _shortened(name: str, end: str = "") -> str:
    """Return a name with another end, cut so that it is not too long."""
    name = name[: MOST_LETTERS - len(end)]
    while len(f"{name}{end}".encode()) > MOST_BYTES:
        name = name[:-1]
    return f"{name.rstrip(' .')}{end}"


def _is_allowed(letter: str) -> bool:
    return letter in SIGNS or unicodedata.category(letter)[0] in "LNM"


def _is_letter_or_digit(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LN"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
