"""Two networks side by side: the maps of the second are its own, of the same numbers; what does not fit is refused."""

import base64
from typing import Any

import numpy as np
import pytest

from components.lessons.convnet.network_map.detail import layer_detail
from components.lessons.convnet.network_map.scene import MapScene
from components.lessons.convnet.network_map.second_network import Beside, beside_choices, beside_of, second_of
from components.lessons.convnet.network_map.sheet import sheet_of
from components.networks.answers import Asked
from models.engine.questions import Answer, Question
from models.networks import network_map
from models.networks.files import JudgingError
from models.pictures.samples import sample

PHOTO = sample("chelsea")
SCENE = MapScene(beside="drawn-pets", layer="stem_conv")


class DirectEngine:
    """An engine that answers without workers."""

    def ask(self, question: Question[Answer], *arguments: Any) -> Answer:
        answered: Answer = getattr(network_map, question.name)(*arguments)
        return answered


@pytest.fixture
def first() -> Asked:
    return Asked(DirectEngine(), PHOTO, "convnet", "best")  # type: ignore[arg-type]


@pytest.fixture
def second(first) -> Beside:
    asked = second_of(PHOTO, SCENE)
    assert asked is not None
    return beside_of(DirectEngine(), asked, first.answer())  # type: ignore[arg-type]


def test_the_overview_holds_the_maps_of_both_of_the_same_numbers(first, second):
    sheet = sheet_of(first.answer(), SCENE, first.small, rows=8, subject="both", beside=second)
    column = next(one for one in sheet["columns"] if one["layer"] == "block2_relu")
    other = column["beside"]
    sent = np.frombuffer(base64.b64decode(other["thumbs"]), np.uint8).reshape(-1, other["height"], other["width"])
    own = network_map.small_maps(PHOTO.pixels, "drawn-pets", {"block2_relu": column["shown"]})["block2_relu"]
    np.testing.assert_array_equal(sent, own)
    assert sheet["beside"] is not None
    assert sheet["beside"]["title"] == second.title
    said = network_map.network_map(PHOTO.pixels, "drawn-pets")
    assert max(float(p) for _, p, _ in sheet["beside"]["top"]) == pytest.approx(max(said["probabilities"]), abs=1e-6)
    assert all(str(name).startswith(str(kind)) and kind for name, _, kind in sheet["beside"]["top"])


def test_an_open_layer_has_the_filters_of_both(first, second):
    detail = layer_detail(first.answer(), SCENE, first.maps, first.kernels, subject="both", beside=second)
    theirs = network_map.layer_filters(PHOTO.pixels, "drawn-pets", "stem_conv", detail["channels"])
    assert theirs is not None
    other = detail["beside"]
    assert other is not None
    assert other["kernels"] is not None
    sent = np.frombuffer(base64.b64decode(other["kernels"]), "<f4")
    np.testing.assert_array_equal(sent, theirs.transpose(3, 2, 0, 1).ravel())
    assert detail["kernels"] != other["kernels"]


def test_a_network_with_other_layers_is_refused_with_a_sentence(first):
    asked = second_of(PHOTO, MapScene(beside="efficientnet-lite0-pets"))
    assert asked is not None
    with pytest.raises(JudgingError, match="has other layers"):
        beside_of(DirectEngine(), asked, first.answer())  # type: ignore[arg-type]


def test_nothing_stands_beside_unless_it_is_asked_for():
    assert second_of(PHOTO, MapScene()) is None
    assert beside_choices(["convnet"])[0] == ["", "nothing"]


@pytest.mark.parametrize("text", ["<b>", "run:", "run:a/b", "run:..", "a@b@c"])
def test_a_link_to_what_cannot_be_a_network_shows_none(text):
    assert MapScene.from_params({"beside": text}).beside == ""
