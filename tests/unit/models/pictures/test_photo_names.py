"""A file's name is shown as it is spelt, and nothing invisible in it can fake another one."""

import pytest

from models.pictures.photo_names import NAME_LENGTH, shown_name

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
KEPT = [
    f"{FAMILY} family.jpg",
    "\u06af\u0631\u0628\u0647\u200c\u06cc \u0645\u0646.jpg",  # Persian: my cat
    "\u0915\u094d\u200d\u0937.jpg",  # Hindi: a half letter
    "\u0d05\u0d35\u0d28\u0d4d\u200d.jpg",  # Malayalam: a final letter
    "\u09b0\u200d\u09cd\u09af\u09be\u09ac.jpg",  # Bengali: a joiner before the sign that takes the vowel away
    "\u0dc1\u0dca\u200d\u0dbb\u0dd3.jpg",  # Sinhala: Sri
    "\U0001f9d1\U0001f3fd\u200d\U0001f680.jpg",  # an astronaut with a skin tone
    "\U0001f3f3\ufe0f\u200d\U0001f308.jpg",  # a flag of two pictures
    "\U0001f408\u200d\u2b1b.jpg",  # a black cat
    "\U0001f642\u200d\u2194\ufe0f.jpg",  # a head that shakes
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f.jpg",  # Scotland
    "Ka\u0308fer.jpg",
]


@pytest.mark.parametrize("name", KEPT)
def test_joiners_that_are_spelling_stay(name):
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ca\u200dt.jpg", "cat.jpg"),
        ("\u200c\u200dcat\u200d.jpg", "cat.jpg"),
        ("\u732b\u200d\u732b.jpg", "\u732b\u732b.jpg"),
        (f"\u200d{FAMILY}\u200d.jpg", f"{FAMILY}.jpg"),
        ("\u06cc\u200c\u200c\u200c\u0645.jpg", "\u06cc\u200c\u0645.jpg"),
        ("\U0001f408\u200dcat.jpg", "\U0001f408cat.jpg"),
        ("Kat\u00adze.jpg", "Katze.jpg"),
        ("c\u200ba\u2060t\ufeff.jpg", "cat.jpg"),
        ("cat\u3164\u2800.jpg", "cat.jpg"),
        ("cat\u202egpj.exe", "cat gpj.exe"),
        ("\u2067cat\u2069.jpg", "cat .jpg"),
        ("cat\u200e.jpg", "cat .jpg"),
        ("cat\U000e0067\U000e007f.jpg", "cat .jpg"),
        ("\u202e\u200d", "photo"),
    ],
)
def test_what_is_invisible_and_no_spelling_goes(name, shown):
    assert shown_name(name) == shown


@pytest.mark.parametrize("letters", [FAMILY, "\U0001f9d1\U0001f3fd\u200d\U0001f680", "a\u0308", "\u0915\u094d\u200d"])
@pytest.mark.parametrize("before", range(8))
def test_a_long_name_is_cut_between_letters(letters, before):
    shown = shown_name("x" * before + letters * 40 + ".jpg")
    assert len(shown) <= NAME_LENGTH
    kept = shown.removeprefix("x" * before).removesuffix("….jpg")
    assert kept == letters * (len(kept) // len(letters))
    assert len(kept) > NAME_LENGTH / 2
