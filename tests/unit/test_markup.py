"""Markup, scripts and messages of all canvas components fit together: what a script asks for is there."""

import itertools
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from components.browser import encode_message
from components.lessons.activation import curve as activation_curve
from components.lessons.activation import feature_map as activation_map
from components.lessons.activation import linear_collapse, toy_training, vanishing
from components.lessons.activation.curve.scene import CurveScene
from components.lessons.activation.feature_map.scene import SIDE as MAP_SIDE
from components.lessons.activation.feature_map.scene import MapScene
from components.lessons.activation.linear_collapse.scene import CollapseScene
from components.lessons.activation.toy_training.scene import ToyScene
from components.lessons.activation.vanishing.scene import VanishingScene
from components.lessons.callbacks import hook_timeline, stopping_chart
from components.lessons.callbacks.hook_timeline.scene import HookScene
from components.lessons.callbacks.stopping_chart.scene import StoppingScene
from components.lessons.convolution import slide as convolution
from components.lessons.convolution.slide.scene import ConvolutionScene
from components.lessons.deep_learning import neuron
from components.lessons.deep_learning.neuron.scene import NeuronScene
from components.lessons.image_data import augmentation, network_input, pixel_inspector
from components.lessons.image_data.network_input.scene import InputScene
from components.lessons.keras import three_programs
from components.lessons.keras.three_programs.scene import ProgramsScene
from components.lessons.loss import curve as loss_curve
from components.lessons.loss import softmax as softmax_board
from components.lessons.loss.curve.scene import LossScene
from components.lessons.loss.softmax.scene import SoftmaxScene
from components.lessons.optimizers import race as optimizer_race
from components.lessons.optimizers.race.scene import RaceScene
from components.lessons.pooling import boards as pooling
from components.lessons.pooling import global_pooling
from components.lessons.pooling import picture as pooling_picture
from components.lessons.pooling.boards.scene import PoolingScene
from components.lessons.pooling.global_pooling.scene import GlobalPoolingScene
from components.lessons.pooling.picture.scene import PictureScene
from components.lessons.training import epoch_batches
from components.lessons.training.epoch_batches.scene import EpochScene
from components.networks import layer_step
from components.networks.layer_step.scene import StepScene
from components.player import PLAYER, TRANSPORT_MARK, TRANSPORT_TEXTS, register
from models.pictures.samples import sample
from models.pretrained.first_layer import first_layer
from tests.unit.direct_network import DirectNetwork

FOLDER = Path(__file__).resolve().parents[2] / "components"


def _first_maps(side: int) -> Any:
    return first_layer(sample("chelsea").square(side))


def _step() -> dict:
    scene = StepScene(network="convnet", layer="block1_a_conv", map=3)
    step = layer_step.step_of(DirectNetwork("convnet"), scene, ("convolution",))  # type: ignore[arg-type]
    return {"heading": "A step", "refusal": "", **step}


PAYLOADS: dict[str, Callable[[], dict]] = {
    "activation_curve": lambda: activation_curve.payload(CurveScene()),
    "activation_map": lambda: activation_map.payload(_first_maps(2 * MAP_SIDE), MapScene()),
    "augmentation": lambda: augmentation.payload(sample("chelsea")),
    "convolution": lambda: convolution.payload(sample("chelsea"), ConvolutionScene()),
    "epoch_batches": lambda: epoch_batches.payload(
        epoch_batches.Epochs(None, ("cat", "dog"), batch_size=32, epochs=5, seed=0), EpochScene()
    ),
    "global_pooling": lambda: global_pooling.payload(_first_maps(GlobalPoolingScene().side), GlobalPoolingScene()),
    "hook_timeline": lambda: hook_timeline.payload(HookScene()),
    "layer_step": _step,
    "linear_collapse": lambda: linear_collapse.payload(CollapseScene()),
    "network_input": lambda: network_input.payload(sample("chelsea"), InputScene()),
    "neuron": lambda: neuron.payload(NeuronScene()),
    "optimizer_race": lambda: optimizer_race.payload(RaceScene()),
    "loss_curve": lambda: loss_curve.payload(LossScene()),
    "pixel_inspector": lambda: pixel_inspector.payload(sample("chelsea")),
    "pooling": lambda: pooling.payload(PoolingScene()),
    "pooling_picture": lambda: pooling_picture.payload(sample("chelsea"), PictureScene()),
    "softmax_board": lambda: softmax_board.payload(SoftmaxScene()),
    "stopping_chart": lambda: stopping_chart.payload(
        next(iter(stopping_chart.shipped_curves().values())), StoppingScene()
    ),
    "three_programs": lambda: three_programs.payload(ProgramsScene(), None),
    "toy_training": lambda: toy_training.payload(ToyScene()),
    "vanishing": lambda: vanishing.payload(VanishingScene()),
}
"""Every canvas component, with what its browser side is sent at first."""

every_component = pytest.mark.parametrize("name", PAYLOADS)
message = cache(lambda name: PAYLOADS[name]())


@cache
def shipped(name: str) -> dict[str, str]:
    """The markup and the script that `register` hands to Streamlit."""
    taken: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st.components.v2, "component", lambda _name, **files: taken.update(files))
        register(name, FOLDER / name)
    return taken


class Elements(HTMLParser):
    """Collects the attributes of all elements."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@cache
def elements(name: str) -> list[tuple[str, dict[str, str]]]:
    return Elements(shipped(name)["html"]).found


def values_of(attribute: str, name: str) -> list[str]:
    return [attributes[attribute] for _, attributes in elements(name) if attribute in attributes]


def own_script(name: str) -> str:
    """The component's own scripts and those of the player that work on its parts, without comments."""
    paths = [*sorted((FOLDER / name).glob("*.js")), PLAYER / "controls.js", PLAYER / "stage.js"]
    script = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", script, flags=re.DOTALL)


def loop_values(variable: str, script: str, position: int) -> list[str]:
    """The texts that a variable takes in the last loop over literals before `position` in the same method."""
    lists = dict(re.findall(r"^const ([A-Z]+) = \[(.*)\];$", script, re.MULTILINE))
    method = re.split(r"^  (?:get )?\w+\(.*\) \{$", script[:position], flags=re.MULTILINE)[-1]
    loops = re.findall(rf"for \(const \[?{variable}\b[^=]*? of (\[.*?\]|[A-Z]+)\) ", method, re.DOTALL)
    if not loops:
        return []
    literal = re.sub(r"\b[A-Z]+\b", lambda found: lists.get(found[0], ""), loops[-1])
    return re.findall(r'\["([^"]*)"' if literal.startswith("[[") else r'"([^"]*)"', literal)


def asked_for(thing: str, script: str) -> set[str]:
    """The names that a script reads from an object, as patterns.

    It reads `thing.name`, `thing["name"]`, `thing[condition ? "one" : "other"]`, and with
    `const { name, "other-name": variable } = thing`. In ``thing[name]`` and ``thing[`${name}-more`]``, `name` is all
    that it is in a loop over literals; without such a loop, a part of a template is anything.
    """
    thing = rf"(?<!player\.)\b{thing}\b"
    patterns = {re.escape(name) for name in re.findall(rf"{thing}\.(\w+)", script)}
    for access in re.finditer(rf'{thing}\[((?:"[^"]*"|`[^`]*`|[^\]"`])*)\]', script):
        inside = access[1]
        patterns |= {re.escape(name) for name in re.findall(r'"([^"]*)"', inside)}
        if inside.isidentifier():
            patterns |= set(map(re.escape, loop_values(inside, script, access.start())))
        for template in re.findall(r"`([^`]*)`", inside):
            fixed, variables = re.split(r"\$\{[^}]*\}", template), re.findall(r"\$\{([^}]*)\}", template)
            values = [
                list(map(re.escape, loop_values(variable, script, access.start()))) or [".+"] for variable in variables
            ]
            for chosen in itertools.product(*values):
                patterns.add("".join(itertools.chain(*zip(map(re.escape, fixed), [*chosen, ""], strict=True))))
    for names in re.findall(rf"\{{([^{{}}]*)\}} = (?:this\.|data\.|this\.data\.)?{thing}(?![.\[])", script):
        patterns |= {re.escape(part.partition(":")[0].strip(' "')) for part in names.split(",") if part.strip()}
    return patterns


def missing(patterns: set[str], names: Any) -> set[str]:
    return {pattern for pattern in patterns if not any(re.fullmatch(pattern, name) for name in names)}


def test_every_canvas_component_is_looked_at_here():
    folders = {path.parent.name for path in FOLDER.glob("*/*.html") if any(path.parent.glob("*.js"))}
    assert folders - {"player", "shell", "training"} == set(PAYLOADS)


def test_what_a_script_asks_for_is_found_however_it_is_written():
    script = """
const MODES = ["max", "mean"];
  first(name) {
    this.parts.one; parts["two-a"]; this.player.parts.position; this.parts[name]; parts[`${mode}-three`];
    this.parts[yes ? "four" : "five"]; const { six, "seven-b": seven } = this.parts;
    for (const mode of ["a", ...MODES]) parts[`${mode}-eight`];
    for (const [name, number] of [["nine", 9], ["ten", 10]]) parts[name].value = number;
  }
  second(name) {
    parts[name];
    for (const mode of MODES) parts[`${name}-${mode}`];
  }
    """
    expected = {"one", r"two\-a", r".+\-three", "four", "five", "six", r"seven\-b", r"a\-eight", r"max\-eight"}
    expected |= {r"mean\-eight", "nine", "ten", r".+\-max", r".+\-mean"}
    assert asked_for("parts", script) == expected
    assert missing({"one", r".+\-three", r"two\-a"}, ["max-three", "two-a"]) == {"one"}


# Words ----------------------------------------------------------------------------------------------------------------


@every_component
def test_every_word_that_the_markup_or_the_script_asks_for_exists(name):
    texts = message(name)["texts"]
    script = own_script(name)
    wanted = asked_for("texts", script)
    assert "player" in wanted
    # texts[element.dataset.text]: the markup names the word in its attribute data-text.
    attributes = {f"data-{attribute}" for attribute in re.findall(r"texts\[\w+\.dataset\.(\w+)\]", script)}
    assert "data-text" in attributes
    wanted |= {re.escape(value) for attribute in attributes for value in values_of(attribute, name)}
    assert missing(wanted, [word for word, text in texts.items() if text]) == set()
    assert {word for word in texts if not any(re.fullmatch(pattern, word) for pattern in wanted)} == set()


@every_component
def test_the_transport_has_all_of_its_words(name):
    player = message(name)["texts"]["player"]
    assert set(player) == set(TRANSPORT_TEXTS)
    assert all(player.values())
    assert "{speed}" in player["rate"]
    assert "{position}" in player["count"] or "{value}" in player["count"]


def test_the_transport_asks_for_the_words_that_it_gets():
    script = (PLAYER / "player.js").read_text(encoding="utf-8")
    assert asked_for("this.texts", script) == set(TRANSPORT_TEXTS)


@every_component
def test_the_message_can_be_sent(name):
    assert 100 < len(encode_message(message(name))) < 1_000_000


# Parts and choices ----------------------------------------------------------------------------------------------------


@every_component
def test_every_part_that_the_scripts_touch_is_in_the_markup(name):
    wanted = asked_for("parts", own_script(name))
    assert "controls" in wanted
    parts = values_of("data-part", name)
    assert missing(wanted, parts) == set()
    assert {part for part in parts if not any(re.fullmatch(pattern, part) for pattern in wanted)} == set()


@every_component
def test_every_part_is_in_the_markup_once(name):
    for attribute in ("data-part", "data-player", "data-options", "data-testid"):
        values = values_of(attribute, name)
        assert sorted(values) == sorted(set(values)), attribute
        assert all(values), attribute


@every_component
def test_every_choice_has_its_place_in_the_markup_and_every_place_its_choices(name):
    choices = message(name)["choices"]
    assert sorted(values_of("data-options", name)) == sorted(choices)
    for options in choices.values():
        values = [value for value, _ in options]
        assert len(set(values)) == len(values) > 1
        assert all(isinstance(value, str) and label for value, label in options)


@every_component
def test_a_drop_down_list_is_called_as_its_choices(name):
    for tag, attributes in elements(name):
        if tag == "select":
            assert attributes["name"] == attributes["data-options"]


# The frame ------------------------------------------------------------------------------------------------------------


@every_component
def test_the_markup_says_where_the_transport_goes(name):
    assert (FOLDER / name / f"{name}.html").read_text(encoding="utf-8").count(TRANSPORT_MARK) == 1
    assert TRANSPORT_MARK not in shipped(name)["html"]
    assert values_of("class", name).count("transport") == 1


def region_labels(name: str) -> list[str]:
    regions = [attributes for tag, attributes in elements(name) if tag == "section"]
    return [region.get("aria-label", "").strip() for region in regions if "stage" in region.get("class", "").split()]


@every_component
def test_a_component_is_one_region_with_a_name(name):
    [label] = region_labels(name)
    assert label


def test_no_two_components_have_the_same_name_for_a_screen_reader():
    labels = [label.casefold() for name in PAYLOADS for label in region_labels(name)]
    assert sorted(labels) == sorted(set(labels))


@every_component
def test_the_scripts_make_one_module_that_a_browser_can_read(name, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed.")
    module = tmp_path / f"{name}.mjs"
    module.write_text(shipped(name)["js"], encoding="utf-8")
    checked = subprocess.run([node, "--check", module], capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stderr
    assert len(re.findall(r"^export default ", shipped(name)["js"], re.MULTILINE)) == 1
