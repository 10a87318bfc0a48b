"""Every map, filter and origin of a network map is Keras's; receptive fields hold what the gradient reaches."""

import re
from typing import Any, Literal

import numpy as np
import pytest
from skimage.data import chelsea

from components.lessons.convnet.network_map.detail import facts
from components.lessons.convnet.network_map.sheet import sees
from components.lessons.convnet.network_map.texts import KERAS_LINES
from models.answers import NetworkMap
from models.arithmetic import convolve, global_average_pool, pool
from models.networks import inference
from models.networks.network_map import block_of, layer_filters, layer_maps, map_origin, network_map, small_maps
from models.networks.network_map.receptive import Field, through_window
from models.storage import ROOT

PHOTO = chelsea()
NETWORKS = ("convnet", "efficientnet-lite0")


@pytest.fixture(scope="module", params=NETWORKS)
def network(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def answer(network: str) -> NetworkMap:
    return network_map(PHOTO, network)


def maps(network: str, layer: str, channels: list[int]) -> np.ndarray:
    return layer_maps(PHOTO, network, layer, channels)


def test_the_answer_is_that_of_predict(network, answer):
    expected = inference.predict(PHOTO, network)
    assert answer["probabilities"] == pytest.approx(expected["probabilities"], abs=1e-5)
    assert answer["square"].shape == (answer["side"], answer["side"], 3)


def test_every_layer_is_keras_own(network, answer):
    """Each layer's maps are compared with a keras.Model that ends there."""
    import keras

    model = inference.warm(network).network.model
    square = answer["square"][np.newaxis].astype(np.float32)
    layers = [layer["name"] for layer in answer["layers"] if layer["inputs"]]
    assert {layer.name for layer in model.layers} & set(layers) == set(layers)
    for name in layers[:: max(len(layers) // 8, 1)]:
        until = keras.Model(model.inputs[0], model.get_layer(name).output)
        expected = np.asarray(until(square, training=False))[0]
        found = maps(network, name, list(range(expected.shape[-1])))
        np.testing.assert_allclose(found.reshape(expected.shape), expected, atol=1e-4, rtol=1e-4, err_msg=name)


def test_small_maps_are_averages_within_their_range(network, answer):
    for layer in (answer["layers"][0], answer["layers"][5], answer["layers"][-2]):
        channels = [0, layer["shape"][-1] - 1]
        steps = small_maps(PHOTO, network, {layer["name"]: channels}, "best")[layer["name"]]
        full = maps(network, layer["name"], channels)
        assert steps.dtype == np.uint8
        assert max(steps.shape[1:]) <= 32
        for place, channel in enumerate(channels):
            low, high = layer["low"][channel], layer["high"][channel]
            assert low == full[..., place].min()
            assert high == full[..., place].max()
            mean = (low + steps[place].astype(float) / 255 * (high - low)).mean()
            assert mean == pytest.approx(full[..., place].mean(), abs=float(0.02 * max(high - low, 1e-6)))
            assert layer["strength"][channel] == pytest.approx(np.abs(full[..., place]).mean(), rel=1e-5)


def recomputed(network: str, origin: Any, layer: Any) -> np.ndarray:
    """Return a map, computed from the answer of `map_origin` with this project's own arithmetic."""
    settings, kind = origin["settings"], origin["kind"]
    parts = origin["contributions"]
    taken = [maps(network, part["layer"], [part["channel"]])[..., 0] for part in parts]
    if kind in ("convolution", "depthwise"):
        order = [part["channel"] for part in parts]
        stacked = np.stack(taken, axis=-1)
        kernel = origin["filter"][..., order] if kind == "convolution" else origin["filter"]
        slide = {key: settings[key] for key in ("stride", "padding", "dilation")}
        return convolve(stacked, kernel, **slide) + origin["bias"]
    if kind == "normalisation":
        norm = origin["norm"]
        scale = norm["gamma"] / np.sqrt(norm["variance"] + norm["epsilon"])
        return (taken[0] - norm["mean"]) * scale + norm["beta"]
    if kind == "activation":
        return np.clip(taken[0], 0, settings.get("max_value", np.inf))
    if kind == "pooling":
        mode: Literal["max", "average"] = "max" if settings["pool"] == "maximum" else "average"
        size, stride = settings["size"], settings["stride"]
        return pool(taken[0], size=size, stride=stride, padding=settings["padding"], mode=mode)
    if kind == "global pooling":
        return np.atleast_2d(global_average_pool(taken[0][..., np.newaxis]))
    if kind == "sum":
        return taken[0] + taken[1]
    if kind == "scale":
        return taken[0] * settings["scale"] + settings["offset"]
    raise AssertionError(f"{layer['name']} is {kind}")


def test_a_map_is_what_its_origin_says(network, answer):
    """One layer of each kind is recomputed. Dense follows below."""
    seen = set()
    for layer in answer["layers"][1:-1]:
        origin = map_origin(PHOTO, network, layer["name"], layer["shape"][-1] // 2)
        if origin["kind"] in seen or origin["kind"] == "other":
            continue
        seen.add(origin["kind"])
        expected = maps(network, layer["name"], [layer["shape"][-1] // 2])[..., 0]
        scale = max(np.abs(expected).max(), 1e-3)
        found = recomputed(network, origin, layer)
        if origin["partials"] is not None and len(origin["contributions"]) <= len(origin["partials"]):
            total = origin["partials"].sum(axis=0) + origin["bias"]
            np.testing.assert_allclose(total / scale, expected / scale, atol=1e-4, err_msg=layer["name"])
        np.testing.assert_allclose(found / scale, expected / scale, atol=1e-4, err_msg=layer["name"])
    assert {"convolution", "normalisation", "activation", "global pooling", "sum", "scale"} <= seen


def test_the_answers_terms_add_up_to_its_logit(network, answer):
    last = answer["layers"][-1]
    origin = map_origin(PHOTO, network, last["name"], 0)
    assert origin["kind"] == "dense"
    assert origin["weights"] is not None
    taken = maps(network, origin["inputs"][0], list(range(len(origin["weights"]))))[0, 0]
    logit = float(taken @ origin["weights"] + origin["bias"])
    if origin["settings"]["activation"] == "sigmoid":
        assert 1 / (1 + np.exp(-logit)) == pytest.approx(answer["probabilities"][1], abs=1e-5)
    strengths = [part["strength"] for part in origin["contributions"]]
    assert strengths == sorted(strengths, reverse=True)


def test_filters_are_those_of_the_layer(network, answer):
    model = inference.warm(network).network.model
    name = next(layer["name"] for layer in answer["layers"] if layer["class"] == "Conv2D")
    found = layer_filters(PHOTO, network, name, [3, 1])
    np.testing.assert_array_equal(found, np.asarray(model.get_layer(name).kernel)[..., [3, 1]])
    assert layer_filters(PHOTO, network, answer["layers"][0]["name"], [0]) is None


@pytest.mark.parametrize("name", ["stem_pool", "block2_a_conv", "block4_relu"])
def test_only_pixels_of_the_receptive_field_have_a_gradient(name):
    import keras
    import tensorflow as tf

    found = {layer["name"]: layer for layer in network_map(PHOTO, "convnet")["layers"]}
    field, side = found[name]["field"], found["photo" if "photo" in found else next(iter(found))]["shape"][0]
    assert field is not None
    model = inference.warm("convnet").network.model
    until = keras.Model(model.inputs[0], model.get_layer(name).output)
    noise = tf.constant(np.random.default_rng(3).uniform(0, 255, (1, side, side, 3)).astype(np.float32))
    for row, column in [(0, 0), (3, 4), (found[name]["shape"][0] - 1, 1)]:
        with tf.GradientTape() as tape:
            tape.watch(noise)
            number = tf.reduce_sum(until(noise, training=False)[0, row, column])
        gradient = np.abs(np.asarray(tape.gradient(number, noise))[0]).sum(axis=-1)
        rows, columns = np.nonzero(gradient)
        for reached, place in ((rows, row), (columns, column)):
            begin = field["start"] + place * field["step"]
            assert reached.min() >= max(begin, 0)
            assert reached.max() < min(begin + field["size"], side)
            # It is no larger than necessary: one or two numbers at an edge may be 0 after a ReLU.
            assert reached.max() - reached.min() + 1 >= 0.7 * (min(begin + field["size"], side) - max(begin, 0))


def test_a_window_of_even_size_looks_further_to_the_right():
    # For a window of 3 and stride 2, Keras pads 8 numbers with one zero at the end.
    assert through_window(Field(1, 1, 0), 8, size=3, stride=2, dilation=1, padding="same") == Field(3, 2, 0)
    assert through_window(Field(1, 1, 0), 8, size=3, stride=1, dilation=2, padding="same") == Field(5, 1, -2)
    assert through_window(Field(3, 2, -1), 4, size=3, stride=2, dilation=1, padding="valid") == Field(7, 4, -1)


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("block2_1_expand_bn", "block2"),
        ("block1_around_pool", "block1"),
        ("stem_conv", "stem"),
        ("features", "features"),
        ("conv2d_7", "conv2d_7"),
    ],
)
def test_a_block_is_what_a_name_begins_with(name, block):
    assert block_of(name) == block


def test_layers_and_maps_that_are_not_there_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match='no layer "nothing"'):
        layer_maps(PHOTO, "convnet", "nothing", [0])
    with pytest.raises(ValueError, match="has 32 maps: there is none with index 32"):
        map_origin(PHOTO, "convnet", "stem_conv", 32)
    with pytest.raises(ValueError, match="none with index -1"):
        layer_filters(PHOTO, "convnet", "stem_conv", [-1])


def path_to_source(answer: NetworkMap, name: str) -> tuple[str, list[str]]:
    """The layer that activates or pools before `name`, and the convolutions on the way from it, last one first."""
    layers = {layer["name"]: layer for layer in answer["layers"]}
    convolutions = []
    while layers[name]["class"] not in ("ReLU", "MaxPooling2D"):
        if "Conv2D" in layers[name]["class"]:
            convolutions.append(name)
        [name] = layers[name]["inputs"]
    return name, convolutions


def test_a_skip_connection_adds_x_itself_or_a_1_by_1_convolution_of_it_where_the_shapes_differ():
    """As /convnet tells it: y = f(x) + x, or f(x) + a 1 × 1 convolution of x."""
    answer = network_map(PHOTO, "convnet")
    shapes = {layer["name"]: layer["shape"] for layer in answer["layers"]}
    adapted = []
    for layer in answer["layers"]:
        if layer["class"] != "Add":
            continue
        inside, skip = layer["inputs"]
        _, convolutions = path_to_source(answer, inside)
        assert convolutions
        source, convolutions = path_to_source(answer, skip)
        adapted.append(bool(convolutions))
        assert (shapes[source] != shapes[layer["name"]]) == bool(convolutions)
        for name in convolutions:
            filters = layer_filters(PHOTO, "convnet", name, [0])
            assert filters is not None
            assert filters.shape[:2] == (1, 1)
        origin = map_origin(PHOTO, "convnet", layer["name"], 0)
        assert "a skip connection, y = f(x) + x" in facts(layer, origin)[0]
    assert adapted == [True, True, False, True]


def test_no_layer_is_said_to_see_more_than_the_photo(answer):
    whole = 0
    for layer in answer["layers"]:
        words = sees(layer, answer["side"])
        assert all(int(number) <= answer["side"] for number in re.findall(r"\d+", re.sub(r"\(.*\)", "", words)))
        whole += "whole photo" in words
    assert whole > 1


def test_the_pages_keras_lines_print_all_maps(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    exec(KERAS_LINES, {})
    told = capsys.readouterr().out
    assert "stem_conv" in told
    assert "maps (1, 56, 56, 32)" in told or "maps (56, 56, 32)" in told
