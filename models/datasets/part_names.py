"""Which part of a dataset a folder's name stands for: `train`, `Test_Set`, `Validation set` and the like."""

import re
import unicodedata
from typing import NamedTuple

WORDS = {
    "train": r"train|trainings?",
    "validation": r"val|valid|validation|validate|validating|validierungs?|dev|devel|development",
    "test": r"test|testing",
}
"""Part → the words for it, in English and German."""

_THINGS = (
    r"set|sets|data|dataset|image|images|img|imgs|photo|photos|picture|pictures|pics|file|files|split|part|folder"
    r"|daten|datensatz|bilder|fotos"
)
"""Words that say no more than that there is something in it."""

_TOKENS = {part: re.compile(rf"(?:{words})(?:{_THINGS})*\d*") for part, words in WORDS.items()}
_NOTHING_SAID = re.compile(rf"(?:{_THINGS})*\d*")


class Named(NamedTuple):
    """What a folder's name says.

    Attributes:
        part: "train", "validation" or "test".
        rest: the name's other words: ("seg",) of `seg_train`, () of `Training set`.
    """

    part: str
    rest: tuple[str, ...] = ()


def named(name: str) -> Named | None:
    """Return which part a folder's name stands for, or None. Case, blanks and marks do not count.

    A name is not enough: a class may be called `train`. See `models.datasets.layout`.
    """
    text = unicodedata.normalize("NFKC", name)
    text = re.sub("(?<=[a-z])(?=[A-Z])", " ", text).casefold()  # petsTrain
    tokens = ["".join(letter for letter in token if letter.isalnum()) for token in re.split(r"[\s_\-.,()]+", text)]
    tokens = [token for token in tokens if token and not _NOTHING_SAID.fullmatch(token)]
    found = [(part, token) for token in tokens for part, pattern in _TOKENS.items() if pattern.fullmatch(token)]
    if len(found) != 1:
        return None
    part, own = found[0]
    return Named(part, tuple(token for token in tokens if token != own))
