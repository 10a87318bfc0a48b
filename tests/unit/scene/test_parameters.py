"""components/scene/parameters.py: what each kind of parameter makes of a text."""

from dataclasses import dataclass

import pytest

from components.scene import Scene, choice, flag, number, text, tidied, whole


@dataclass(frozen=True)
class Every(Scene):
    """One parameter of each kind."""

    share: float = number(0.5, 0, 100)
    tenth: float = number(0.5, -1, 1, decimals=1)
    exact: float = number(0.5, 0, 1, exact=True)
    count: int = whole(3, 1, 9, name="number")
    side: int = choice(4, (2, 4, 8))
    shown: bool = flag(True)
    word: str = text("a", "[a-c]+")
    path: str = tidied("/", lambda given: given.strip()[:3] or None)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("share", "7", 7.0),
        ("share", " 7.5 ", 7.5),
        ("share", "5.", 5.0),
        ("share", "+.5", 0.5),
        ("share", "1e1", 10.0),
        ("share", "-3", 0.0),
        ("share", "1e300", 100.0),
        ("share", "0.123456789", 0.123457),
        ("tenth", "0.449", 0.4),
        ("tenth", "-0.04", 0.0),
        ("exact", "0.1234567890123", 0.1234567890123),
        ("exact", "7", 1.0),
        ("number", "7.9", 7),
        ("number", "0", 1),
        ("number", "1e9", 9),
        ("side", "8", 8),
        ("shown", "off", False),
        ("word", "abc", "abc"),
        ("path", " /home", "/ho"),
    ],
)
def test_a_text_is_read_and_moved_into_the_limits(name, given, value):
    read = Every.from_params({name: given})
    field = "count" if name == "number" else name
    assert getattr(read, field) == value
    assert type(getattr(read, field)) is type(value)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "share",
            ["", " ", "-", ".", "x", "1,5", "1_0", "0x10", "²", "--1", "nan", "inf", "1e999", "-1e999"],
        ),
        ("exact", ["", "nan", "1e999"]),
        ("number", ["", "x", "nan", "1e999", "²"]),
        ("side", ["", "3", "4.0", " 4", "four"]),
        ("shown", ["", "ON", "true", "1"]),
        ("word", ["", "d", "ad", "A", "a\n"]),
        ("path", ["", "  "]),
    ],
)
def test_a_text_that_makes_no_sense_is_the_default(name, texts):
    for given in texts:
        assert Every.from_params({name: given}) == Every(), given


def test_minus_zero_is_zero():
    assert Every.from_params({"share": "-0"}).all_params()["share"] == "0"


def test_a_parameter_may_be_called_otherwise_than_its_field():
    assert Every.names() == ("share", "tenth", "exact", "number", "side", "shown", "word", "path")
    assert Every(count=5).to_params() == {"number": "5"}
    assert Every.from_params({"count": "5"}) == Every()


def test_texts_have_as_many_digits_as_are_asked_for():
    texts = Every(share=1 / 3, exact=1 / 3, shown=False).to_params()
    assert texts == {"share": "0.333333", "exact": repr(1 / 3), "shown": "off"}


def test_a_changed_scene_stays_within_its_limits():
    assert Every().changed(count=77, share=-4.0, shown=False) == Every(count=9, share=0.0, shown=False)
