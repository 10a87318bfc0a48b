"""Markup, modules and messages of all components fit together: what one side asks for, the other one has."""

import json
import re
from collections import defaultdict
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.browser import encode_message
from components.networks.layer_step import step_of
from components.networks.layer_step.scene import StepScene
from components.player import PLAYER, TRANSPORT_MARK, TRANSPORT_TEXTS
from components.shell.course import COURSE
from tests.app.visitor import Visitor
from tests.unit.browser.registered import registered
from tests.unit.browser.test_modules import graph, reached, sources
from tests.unit.networks.direct_network import DirectNetwork

# These are drawn only after an engine has answered, or after a visitor has done something. Here the answers are made
# up.
LATER = """
import numpy as np
from components.lessons.evaluation.class_matrix import class_matrix
from components.lessons.evaluation.compared_networks import compared_networks
from components.lessons.evaluation.figures_download import figures_download
from components.lessons.evaluation.threshold_board import threshold_board
from components.photo.own_photos import own_photos
from components.photo.picture_gallery import Strip, picture_gallery
from models.evaluation.stored_scores import Judged

random = np.random.default_rng(1)
labels = random.integers(0, 2, 500)
photos = {"thumbnail": lambda place: "", "subject": "made up"}

def judged(network):
    dogs = random.random(500).astype(np.float32)
    return Judged(
        network=network, weights="ab" * 32, dataset="folder:/photos", part="test", pictures="cd" * 32, side=64,
        resize="crop", classes=("cat", "dog"), labels=labels, probabilities=np.stack([1 - dogs, dogs], axis=1),
        names=tuple(f"{place}.jpg" for place in range(500)), features=np.zeros((500, 1), np.float32),
        distances=np.ones(1),
    )

one, other = judged("one"), judged("other")
threshold_board(labels, one.probabilities[:, 1], one.classes, **photos)
class_matrix(labels, one.probabilities, one.classes, **photos)
compared_networks(one, other, titles=("one", "other"), **photos)
figures_download(one, 0.5)
strip = Strip("Brightest", np.arange(9, dtype=np.int32), ["a photo"] * 9)
marks = {"marks": {3: "unsure"}, "open_picture": None, "on_press": lambda place: None}
picture_gallery([strip], **marks, **photos, count=500, rows=1, key="gallery")
own_photos()
"""


def sent(app: AppTest) -> list[tuple[str, bytes]]:
    """Return the name and the message of every component on the page."""
    assert not app.exception
    return [
        (node.proto.component_name, node.proto.bytes or node.proto.json.encode()) for node in app.get("bidi_component")
    ]


@cache
def messages() -> dict[str, list[bytes]]:
    """Return the messages of each component on the first visit of all pages, and later."""
    found: dict[str, list[bytes]] = defaultdict(list)
    drawn = [message for part in COURSE for message in sent(Visitor().open(part.file.stem).app)]
    later = AppTest.from_string(LATER, default_timeout=60).run()
    next(button for button in later.button if button.label.startswith("Add ")).click().run()
    step = step_of(DirectNetwork("convnet"), StepScene("convnet", layer="block1_a_conv", map=3), ("convolution",))  # type: ignore[arg-type]
    for name, message in [*drawn, *sent(later), ("layer_step", encode_message({"refusal": "", **step}))]:
        found[name].append(message)
    return found


@cache
def first_message(name: str) -> dict[str, Any]:
    """Return a component's first message, as the browser reads it."""
    return json.loads(messages()[name][0] or b"{}")


every_component = pytest.mark.parametrize("name", sorted(registered()))
on_a_stage = pytest.mark.parametrize("name", sorted(name for name, one in registered().items() if "stage" in one.html))


class Elements(HTMLParser):
    """Collects all elements, those at the top level, and those that are not closed."""

    EMPTY = frozenset({"input", "br", "img", "hr"})

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.roots: list[str] = []
        self.open: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if not self.open:
            self.roots.append(tag)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes something else"


@cache
def elements(name: str) -> Elements:
    return Elements(registered()[name].html)


def values_of(attribute: str, name: str) -> list[str]:
    return [attributes[attribute] for _, attributes in elements(name).found if attribute in attributes]


# Messages -------------------------------------------------------------------------------------------------------------


def test_every_component_is_looked_at_here():
    assert set(messages()) == set(registered())
    assert len(registered()) > 40


@every_component
def test_a_message_is_small_and_every_browser_can_read_it(name):
    def refuse(number: str) -> None:
        raise AssertionError(f"{number} is no JSON")

    for message in messages()[name]:
        assert len(message) < 1_000_000
        assert isinstance(json.loads(message or b"{}", parse_constant=refuse), dict)


@on_a_stage
def test_the_transport_has_all_of_its_words(name):
    player = first_message(name)["texts"]["player"]
    assert set(player) == set(TRANSPORT_TEXTS)
    assert all(player.values())
    assert "{speed}" in player["rate"]
    assert "{position}" in player["count"] or "{value}" in player["count"]


# Markup ---------------------------------------------------------------------------------------------------------------


@every_component
def test_the_markup_is_one_element_and_closes_what_it_opens(name):
    assert len(elements(name).roots) == 1
    assert elements(name).open == []


@every_component
def test_every_part_is_in_the_markup_once(name):
    for attribute in ("data-part", "data-player", "data-options", "data-testid", "id"):
        values = values_of(attribute, name)
        assert sorted(values) == sorted(set(values)), attribute
        assert all(values), attribute


@on_a_stage
def test_a_stage_is_one_region_with_a_name_and_holds_one_transport(name):
    [(tag, region)] = [one for one in elements(name).found if "stage" in one[1].get("class", "").split()]
    assert tag == "section"
    assert region["aria-label"].strip()
    assert values_of("class", name).count("transport") == 1
    assert TRANSPORT_MARK not in registered()[name].html


def test_no_two_components_have_the_same_name_for_a_screen_reader():
    labels = [
        label.casefold()
        for name in registered()
        for tag, one in elements(name).found
        if tag == "section"
        for label in [one.get("aria-label", "")]
        if label
    ]
    assert len(labels) > 20
    assert sorted(labels) == sorted(set(labels))


@every_component
def test_every_choice_has_its_place_in_the_markup_and_every_place_its_choices(name):
    choices = first_message(name).get("choices", {})
    if "data-options" in registered()[name].html:
        assert sorted(values_of("data-options", name)) == sorted(choices)
    for options in choices.values():
        values = [value for value, _ in options]
        assert len(set(values)) == len(values) > 1
        assert all(isinstance(value, str) and label for value, label in options)


@every_component
def test_a_drop_down_list_is_called_as_its_choices(name):
    for tag, attributes in elements(name).found:
        if tag == "select" and "data-options" in attributes:
            assert attributes["name"] == attributes["data-options"]


# Words and parts ------------------------------------------------------------------------------------------------------


@cache
def own_modules(name: str) -> str:
    """Return the modules of the component's own folder."""
    entry = registered()[name].entry
    folder = entry.rsplit("/", 1)[0] + "/"
    return "\n".join(sources()[path] for path in sorted(reached(graph(), {entry})) if path.startswith(folder))


def read_from(thing: str, source: str) -> set[str]:
    """Return the names that modules read from an object as `thing.name` and `thing["name"]`."""
    return {one or other for one, other in re.findall(rf'(?<!player\.)\b{thing}(?:\.(\w+)|\["([^"]+)"\])', source)}


def named_in(source: str) -> re.Pattern[str]:
    """Return a pattern of all names in a source: identifiers, texts, and templates of both.

    `${side}-three` in a template matches any name that ends with -three; `${side}-${number}` joins two other names.
    """
    names = {re.escape(name) for name in re.findall(r"[\w-]+", source)}
    made = set()
    for template in re.findall(r"`([^`\n]*\$\{[^`\n]*)`", source):
        fixed = re.split(r"\$\{[^}]*\}", template)
        if any(fixed):
            any_name = r"[\w-]+" if len("".join(fixed)) > 1 else f"(?:{'|'.join(sorted(names))})"
            made.add(any_name.join(map(re.escape, fixed)))
    return re.compile("|".join(sorted(names | made)))


def words_of(message: dict[str, Any]) -> dict[str, str]:
    """Return a message's words by their names, including those of its parts, such as a strip of photos."""
    texts = message.get("texts", {})
    parts = [words for words in texts.values() if isinstance(words, dict)]
    return {name: word for words in [*parts, texts] for name, word in words.items()}


@every_component
def test_every_word_that_is_asked_for_is_sent_and_every_one_that_is_sent_is_asked_for(name):
    texts = first_message(name).get("texts")
    if texts is None:
        assert read_from("texts", own_modules(name)) == set()
        return
    assert all(words_of({"texts": texts}).values())
    asked = read_from("texts", own_modules(name)) | set(values_of("data-text", name))
    assert asked - set(words_of({"texts": texts})) == set()
    everywhere = "\n".join(
        [registered()[name].html, *(sources()[path] for path in reached(graph(), {registered()[name].entry}))]
    )
    assert {word for word in texts if not named_in(everywhere).fullmatch(word)} == set()


@every_component
def test_every_part_that_is_touched_is_in_the_markup_and_every_part_is_touched(name):
    parts = values_of("data-part", name)
    if not parts:
        return
    assert read_from("parts", own_modules(name)) - set(parts) == set()
    stage = [sources()[f"player/{path}.js"] for path in ("stage", "player")] + [sources()["browser/controls.js"]]
    named = named_in("\n".join([own_modules(name), *stage]))
    assert {part for part in parts if not named.fullmatch(part)} == set()


def test_the_transport_asks_for_the_words_that_it_gets():
    assert read_from("texts", (PLAYER / "player.js").read_text("utf-8")) == set(TRANSPORT_TEXTS)


def test_what_is_missing_and_what_is_left_over_is_noticed():
    source = 'write(texts.one, this.texts["two-b"]); for (const side of ["left"]) parts[`${side}-three`];'
    assert read_from("texts", source) == {"one", "two-b"}
    for name, there in {
        "one": True,
        "two-b": True,
        "left-three": True,
        "left": True,
        "three": False,
        "b": False,
    }.items():
        assert bool(named_in(source).fullmatch(name)) is there, name
    with pytest.raises(AssertionError, match="closes something else"):
        Elements("<p><b></p></b>")
    assert Elements("<p></p><p><br>").open == ["p"]
