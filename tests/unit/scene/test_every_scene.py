"""Every scene fits into a URL and comes back, and no URL can break a page."""

import json
import math
import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.scene import Playing, Scene

ROOT = Path(__file__).resolve().parents[3]
CLASS = re.compile(r"^class (\w+)\((?:Scene|Playing)\):", re.MULTILINE)


def scene_classes() -> list[str]:
    """The scenes of all components, as "module:class"."""
    return [
        f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}:{name}"
        for folder in ("lessons", "networks")
        for path in sorted((ROOT / "components" / folder).rglob("*.py"))
        for name in CLASS.findall(path.read_text(encoding="utf-8"))
    ]


each = pytest.mark.parametrize("where", scene_classes())


def kind_of(where: str) -> type[Scene]:
    module, name = where.split(":")
    kind: type[Scene] = getattr(import_module(module), name)
    return kind


# Text that is nearly right is more dangerous than noise.
NEAR_MISSES = [
    *("", " ", "-", ".", "-0", "+.5", "5.", "0", "1", "2", "3", "7", "31", "-1", "2.9", "8.0", "1e5", "1e9"),
    *("0.123456789", "1e999", "-1e999", "1e-999", "nan", "inf", "٣", "²", "1_000", "0x10", "1,5", "--1", "\0", "💩"),
    *("<b>", "on", "off", "ON", "true", "all", "none", "None", "own", "run:a b", "run:", "convnet", "stop", "same"),
    *("softmax", "ReLU", "learned-31", "learned-32", "learned-01", "beale", "digits", "photos", "folder", "map"),
    *("1,2;3", "1,2;3,4", "1 2\n3 4", "1,1,1,1,1,1,1,1,1", ";".join([",".join("1" * 25)] * 3), ",".join(["1e308"] * 9)),
    *("3_17_3", "17~-1_3~0.25", "1~x_y~2_3", "1~inf_2~1e999", "0" * 64, "g" * 64, "a" * 2000),
]


def urls(kind: type[Scene]) -> st.SearchStrategy[dict[str, str]]:
    """Parameters of a scene with any texts: noise, near misses, and texts that the scene itself has written."""
    own = sorted(set(kind().all_params().values()))
    texts = st.one_of(st.sampled_from(NEAR_MISSES), st.sampled_from(own), st.text(), st.text("0123456789.,;eE+-_~"))
    names = st.one_of(st.sampled_from(kind.names()), st.text(max_size=8))
    return st.dictionaries(names, texts)


@each
def test_a_plain_scene_has_a_plain_url(where):
    kind = kind_of(where)
    assert kind.from_params({}) == kind()
    assert kind().to_params() == {}


@each
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_a_url_says_the_scene_is_whole_and_comes_back(where, data):
    kind = kind_of(where)
    scene = kind.from_params(data.draw(urls(kind)))
    for field in fields(kind):
        value, default = getattr(scene, field.name), getattr(kind, field.name)
        assert type(value) is type(default), field.name
        if isinstance(value, float):
            assert math.isfinite(value)
            assert math.copysign(1, value) == 1 or value != 0, "minus zero is zero"
    texts = scene.all_params()
    assert tuple(texts) == kind.names()
    assert json.loads(json.dumps(texts)) == texts
    assert kind.from_params(texts) == scene
    # A URL leaves out defaults, and parameters without a meaning for the other ones.
    short = scene.to_params()
    assert short.items() <= texts.items()
    again = kind.from_params(short)
    assert again.to_params() == short
    assert again.reset(scene.unused()) == scene.reset(scene.unused())
    assert not {name for name in scene.unused() if name in short}


@each
def test_a_value_that_makes_no_sense_becomes_the_default(where):
    kind = kind_of(where)
    free = {name for name in ("folder", "run", "compare") if name in kind.names()}  # any text may be a name
    nonsense = dict.fromkeys(set(kind.names()) - free, "<b>")
    assert kind.from_params(nonsense) == kind()


@each
def test_what_a_scene_resets_are_fields_of_its_own(where):
    kind = kind_of(where)
    names = {field.name for field in fields(kind)}
    assert {*kind.resets, *kind.fleeting} <= names
    assert not kind.leader or kind.leader in names
    assert issubclass(kind, Playing) == ({"position", "speed"} <= names)


@each
def test_the_browser_is_told_every_parameter_once(where):
    kind = kind_of(where)
    message = kind().message(kind())
    told = {*message["scene"], *(message.keys() - {"scene"})}
    assert told == set(kind.names())
    assert len(message["scene"]) + len(message) - 1 == len(kind.names())


@example(1)
@given(st.integers(0, 10**6))
def test_a_new_subject_resets_the_place_of_what_plays(position):
    kind = kind_of("components.lessons.convolution.slide.scene:ConvolutionScene")
    scene = kind.from_params({"position": str(position), "side": "64"})
    assert scene.reset(kind.resets).to_params() == {"side": "64"}
