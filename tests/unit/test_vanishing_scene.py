"""components/vanishing: every scene fits into a URL, and the browser is told what the model computes."""

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.browser import encode_message
from components.lessons.activation.vanishing import ARRAYS, payload
from components.lessons.activation.vanishing.scene import DEEPEST, MAX_SPEED, SEEDS, VanishingScene
from components.lessons.activation.vanishing.texts import SERIES, TEXTS
from models.arithmetic.gradient_flow import gradient_flows

FOLDER = Path(__file__).resolve().parents[2] / "components" / "vanishing"
SCRIPT = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.js")))
DEFAULT = VanishingScene()

scenes = st.builds(
    VanishingScene,
    depth=st.integers(1, DEEPEST),
    seed=st.integers(0, SEEDS - 1),
    position=st.integers(0, DEEPEST - 1),
    speed=st.integers(1, MAX_SPEED),
)
near_misses = st.sampled_from(["", " ", "-1", "0", "31", "1e9", "1e999", "nan", "2.9", "ten", "٣", "💩", "\0"])
urls = st.dictionaries(st.sampled_from(VanishingScene.names()), st.one_of(st.text(), near_misses))


@given(scenes)
def test_a_scene_comes_back_from_its_url(scene):
    assert VanishingScene.from_params(scene.all_params()) == scene
    assert VanishingScene.from_params(scene.to_params()) == scene


def test_the_default_scene_has_a_plain_url():
    assert VanishingScene.from_params({}) == DEFAULT
    assert DEFAULT.to_params() == {}


@given(urls)
def test_whatever_the_url_says_the_scene_is_one_that_the_browser_can_draw(url):
    scene = VanishingScene.from_params(url)
    assert 1 <= scene.depth <= DEEPEST
    assert 0 <= scene.seed < SEEDS
    assert 0 <= scene.position < DEEPEST
    assert 1 <= scene.speed <= MAX_SPEED
    assert VanishingScene.from_params(scene.all_params()) == scene


@pytest.mark.parametrize("depth", [1, 4, 10, 30])
def test_at_first_the_gradient_has_arrived_at_any_depth(depth):
    scene = VanishingScene.from_params({"depth": str(depth)})
    assert scene.position >= depth - 1
    assert "position" not in scene.to_params()


def sent(message: dict, name: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(message[name]), "<f4").reshape(len(SERIES), DEEPEST, DEEPEST)


@pytest.mark.parametrize("depth", [1, 2, 10, 30])
@pytest.mark.parametrize("number", range(len(SERIES)))
def test_every_depth_is_sent_as_the_model_computes_it(number, depth):
    message = payload(VanishingScene(seed=4))
    flow = gradient_flows(SERIES[number]["name"], deepest=depth, seed=4)[-1]
    for name, attribute in ARRAYS.items():
        row = sent(message, name)[number, depth - 1]
        np.testing.assert_allclose(row[:depth], getattr(flow, attribute), rtol=1e-6)
        assert not row[depth:].any()


def test_what_is_sent_depends_on_the_weights_only():
    assert payload(DEFAULT) == payload(VanishingScene(depth=30, position=3, speed=9))
    assert payload(DEFAULT)["shares"] != payload(VanishingScene(seed=1))["shares"]


def test_the_message_is_small_and_no_share_is_lost_in_float32():
    message = payload(DEFAULT)
    assert len(encode_message(message)) < 200_000
    assert sent(message, "shares")[:, DEEPEST - 1].min() > 1e-30


@pytest.mark.slow
def test_what_the_note_says_of_the_weights_holds_for_every_draw():
    assert "between 0.1 and 4 in all 100 draws" in TEXTS["note"]
    for seed in range(SEEDS):
        for series in SERIES:
            flows = gradient_flows(series["name"], deepest=DEEPEST, seed=seed)
            products = np.concatenate([flow.weight_products for flow in flows])
            assert 0.1 < products.min() <= products.max() < 4
            # The cards have no words for a first layer that gets more than the last one.
            assert all(flow.shares[0] <= 1 for flow in flows)


class Attributes(HTMLParser):
    """Collects the values of one attribute of the component's markup."""

    def __init__(self, attribute: str) -> None:
        super().__init__()
        self.attribute = attribute
        self.found: set[str] = set()
        self.feed((FOLDER / "vanishing.html").read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == self.attribute and value}


def asked_for(thing: str) -> set[str]:
    return {first or second for first, second in re.findall(rf'\b{thing}(?:\.(\w+)|\["([^"]+)"\])', SCRIPT)}


def test_every_word_that_is_asked_for_exists_and_every_word_is_asked_for():
    wanted = asked_for("texts") | Attributes("data-text").found
    assert wanted == set(TEXTS)


def test_every_part_that_the_scripts_touch_is_in_the_markup():
    parts = asked_for("this.parts")
    assert {"flow", "cards", "reached"} <= parts
    assert parts <= Attributes("data-part").found


def test_every_series_has_a_look_of_its_own():
    looks = re.findall(r'^  (\w+): \{ colour: "(\w+)", dash: (\[.*?\]), shape: "(\w+)" \}', SCRIPT, re.MULTILINE)
    assert [look[0] for look in looks] == [series["name"] for series in SERIES]
    for column in zip(*looks, strict=True):
        assert len(set(column)) == len(SERIES)
