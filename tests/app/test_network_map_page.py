"""/convnet without a browser: what is sent before the network has answered, and when it never will."""

import base64
import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from components import engine
from components.engine import STARTING, thinking
from components.lessons.convnet import network_map
from models.pictures.resize import resize
from models.pictures.samples import DEFAULT, sample
from tests.app.visitor import Visitor


@pytest.fixture(autouse=True)
def afterwards():
    yield
    engine._say("off")


def carried(visitor: Visitor) -> dict[str, Any]:
    """Return the hidden messages by their id."""
    sent = [node.proto for node in visitor.app.get("bidi_component") if node.proto.component_name == "carrier"]
    messages = [json.loads(one.bytes or one.json) for one in sent]
    return {message["id"]: message for message in messages if message["id"]}


def test_photo_and_outline_are_in_the_first_message_while_the_engine_starts(visitor):
    engine._say(STARTING)
    visitor.open("convnet")
    assert not visitor.app.exception
    message = visitor.data("network_map")
    assert message["waiting"] == {"words": thinking.WAKES, "late": False, "problem": False}
    assert message["rows"] == 8
    photo = carried(visitor)[message["photo"]]
    assert photo["url"].startswith("data:image/jpeg;base64,")
    assert message["sheet"] not in carried(visitor)
    # The page goes on below: nothing on it waits for the network.
    assert "How many weights does it have?" in str([one.label for one in visitor.app.radio])


def test_projected_there_are_fewer_and_larger_maps_unless_a_number_is_chosen(visitor):
    engine._say(STARTING)
    assert visitor.open("convnet", view="projector").data("network_map")["rows"] == 6
    assert visitor.follow(view="projector", count="12").data("network_map")["rows"] == 12


def test_an_engine_that_is_off_is_said_at_once(visitor):
    message = visitor.open("convnet").data("network_map")
    assert message["waiting"] == {"words": thinking.OFF, "late": False, "problem": True}


def test_after_a_minute_the_board_offers_to_ask_again(visitor, monkeypatch):
    engine._say(STARTING)
    visitor.open("convnet")
    monkeypatch.setattr(thinking, "PATIENCE_SECONDS", -1.0)
    visitor.app.run()
    late = visitor.data("network_map")["waiting"]
    assert (late["words"], late["late"]) == (thinking.LATE, True)
    monkeypatch.setattr(thinking, "PATIENCE_SECONDS", 60.0)
    visitor.set_trigger("network_map", "again", 1)
    assert visitor.data("network_map")["waiting"]["late"] is False


def test_the_photo_is_cut_and_coloured_as_the_network_takes_it():
    photo = sample(DEFAULT)
    seen: Any = {"resize": "squash", "square": np.zeros((8, 8, 1), np.uint8)}
    grey = opened(network_map._picture(photo, seen)["url"])
    assert grey.shape == (256, 256)
    brightness = resize(photo.pixels, 256, "squash") @ [0.299, 0.587, 0.114]
    assert np.abs(grey - brightness).mean() < 5
    colours = opened(network_map._picture(photo, None)["url"])
    assert np.abs(colours.astype(int) - resize(photo.pixels, 256, "crop")).mean() < 5


def opened(url: str) -> np.ndarray:
    """Return the pixels of a data URL's picture."""
    return np.asarray(Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))))
