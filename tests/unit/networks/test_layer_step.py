"""One step of a network: the numbers that the page computes with are Keras's, and add up to Keras's map."""

import base64
from functools import partial
from typing import Any

import numpy as np
import pytest

from components.lessons.convnet.network_map.links import way_params, ways_of
from components.lessons.convnet.network_map.scene import MapScene
from components.networks.layer_step import KINDS, step_of
from components.networks.layer_step.scene import StepScene
from models.answers import MapOrigin
from models.arithmetic import activation, convolve
from models.networks.files import JudgingError
from models.networks.network_map import map_origin
from models.pictures.samples import sample
from tests.unit.networks.direct_network import DirectNetwork

PHOTO = sample("chelsea").pixels


def step(network: str, layer: str, *, page: str, number: int = 3, made_from: int = -1) -> Any:
    scene = StepScene(network=network, layer=layer, map=number, input=made_from)
    return step_of(DirectNetwork(network), scene, KINDS[page])  # type: ignore[arg-type]


def read(text: str, *shape: int, dtype: str = "<f4") -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype).reshape(shape)


def pictures(message: Any) -> tuple[np.ndarray, np.ndarray]:
    side, output = message["side"], message["output"]
    return read(message["input"], side, side), read(message["map"], output, output)


@pytest.mark.parametrize(("network", "layer"), [("convnet", "block1_a_conv"), ("convnet", "stem_conv")])
def test_the_parts_of_all_maps_and_the_bias_add_up_to_keras_map(network, layer):
    first = step(network, layer, page="convolution")
    numbers = [int(number) for number, _ in first["choices"]["input"]][1:]
    origin = map_origin(PHOTO, network, layer, 3)
    settings = origin["settings"]
    slide = partial(convolve, stride=settings["stride"], padding=settings["padding"], dilation=settings["dilation"])
    total = np.zeros_like(pictures(first)[1], dtype=np.float64)
    for message in [first, *(step(network, layer, page="convolution", made_from=one) for one in numbers)]:
        before, after = pictures(message)
        kernel = read(message["kernel"], message["size"], message["size"])
        total += slide(before[..., None], kernel[..., None])
    np.testing.assert_allclose(total + origin["bias"], after, atol=1e-5 * max(np.abs(after).max(), 1))


def test_a_depthwise_filter_reads_one_map():
    message = step("efficientnet-lite0-pets", "block1_1_depthwise", page="convolution")
    assert message["kind"] == "depthwise"
    assert len(message["choices"]["input"]) == 1
    assert message["parts"] == ["from map 4", ""]


def test_an_activation_and_its_curve_are_keras():
    message = step("convnet", "block1_a_relu", page="activation")
    before, after = pictures(message)
    np.testing.assert_array_equal(activation("relu", before), after)
    curve = message["curve"]
    x = curve["start"] + curve["step"] * np.arange(curve["count"])
    np.testing.assert_allclose(read(curve["values"], curve["count"], dtype="<f8"), np.maximum(x, 0), atol=1e-12)


def test_a_curve_with_a_ceiling_keeps_it():
    curve = step("efficientnet-lite0-pets", "head_relu", page="activation")["curve"]
    assert read(curve["values"], curve["count"], dtype="<f8").max() <= 6


def test_pooling_takes_the_largest_of_each_window():
    message = step("convnet", "stem_pool", page="pooling")
    before, after = pictures(message)
    size, stride, zeros = (message[name] for name in ("size", "stride", "before"))
    for row, column in [(0, 0), (3, 5), (message["output"] - 1, message["output"] - 1)]:
        top, left = row * stride - zeros, column * stride - zeros
        window = before[max(top, 0) : top + size, max(left, 0) : left + size]
        assert window.max() == after[row, column]


def test_global_pooling_is_the_mean_of_a_whole_map():
    message = step("convnet", "features", page="pooling")
    before, after = pictures(message)
    assert message["size"] == message["side"]
    assert after.item() == pytest.approx(before.mean(dtype=np.float64), abs=1e-6)


def test_a_step_of_another_kind_is_refused_with_a_sentence():
    with pytest.raises(JudgingError, match="explains"):
        step("convnet", "stem_pool", page="convolution")


def made_by(kind: str) -> MapOrigin:
    return {
        "kind": kind,
        "inputs": [],
        "settings": {},
        "filter": None,
        "bias": 0.0,
        "weights": None,
        "norm": None,
        "partials": None,
        "contributions": [],
    }


def test_a_way_leads_to_the_number_that_was_pointed_at():
    scene = MapScene(network="run:a b", which="last", layer="stem_conv", map=5)
    assert ways_of(made_by("convolution"))[0]["page"] == "convolution"
    assert ways_of(made_by("sum")) == []
    params = way_params(scene, {"page": "convolution", "place": 77})
    url = {name.removeprefix("step-"): text for name, text in params.items()}
    assert StepScene.from_params(url) == StepScene("run:a b", "last", "stem_conv", 5, -1, 77)


@pytest.mark.parametrize("params", [{}, {"network": "x"}, {"network": "<b>", "layer": "a"}, {"layer": "a"}])
def test_a_link_that_names_no_layer_shows_no_step(params):
    assert StepScene.from_params(params) == StepScene()
