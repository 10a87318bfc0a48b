"""The means are Keras's, the two heads have the parameters that Keras counts, and what the
browser is sent is whole, small and readable.
"""

import base64
import importlib.util
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.lessons.pooling.global_pooling import LARGEST_NUMBER, LARGEST_SHOWN, payload
from components.lessons.pooling.global_pooling.head import LAST_MAPS, comparison, maps_shape
from components.lessons.pooling.global_pooling.scene import CLASSES, MAPS, SIDES, GlobalPoolingScene
from models.arithmetic.parameters import flatten_parameters, pooling_parameters
from models.pictures.samples import sample
from models.pretrained.filters import WEIGHTS_FILE, WEIGHTS_PACKAGE
from models.pretrained.first_layer import first_layer, relu6
from models.pretrained.torch_file import read_tensors

HEADS = list(itertools.product(MAPS, SIDES, CLASSES))


def message(**settings) -> Any:
    scene = GlobalPoolingScene(**settings)
    return payload(first_layer(sample("chelsea").square(scene.side)), scene)


def decode(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype)


# The maps and their means ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", SIDES)
def test_the_means_are_those_of_keras(side, library):
    maps = relu6(first_layer(sample("chelsea").square(side)))
    expected = library.keras.layers.GlobalAveragePooling2D()(maps[np.newaxis]).numpy()[0]
    means = decode(message(side=side)["means"], "<f4")
    assert means.shape == (32,)
    np.testing.assert_allclose(means, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("side", "shown_side"), [(64, 32), (128, 64), (224, 56)])
def test_the_maps_that_are_shown_are_the_real_ones_in_256_steps(side, shown_side):
    sent = message(side=side)
    assert sent["shownSide"] == shown_side <= LARGEST_SHOWN
    shown = decode(sent["maps"], "u1").reshape(32, shown_side, shown_side) * (LARGEST_NUMBER / 255)
    maps = relu6(first_layer(sample("chelsea").square(side))).transpose(2, 0, 1)
    block = side // 2 // shown_side
    averaged = maps.reshape(32, shown_side, block, shown_side, block).mean(axis=(2, 4))
    np.testing.assert_allclose(shown, averaged, rtol=0, atol=LARGEST_NUMBER / 255 / 2 + 1e-4)


def test_no_bar_is_taller_than_its_place():
    for side in SIDES:
        sent = message(side=side)
        assert decode(sent["means"], "<f4").max() <= sent["tallest"] <= LARGEST_NUMBER


def test_a_black_picture_has_means_too():
    sent = payload(first_layer(np.zeros((64, 64, 3), np.uint8)), GlobalPoolingScene(side=64))
    assert sent["tallest"] >= 1
    assert json.dumps(sent, allow_nan=False)


def test_a_map_without_any_number_above_0_has_a_mean_of_exactly_0():
    """From this mean, the browser knows when to say so in words."""
    means = decode(message(side=224)["means"], "<f4")
    maps = relu6(first_layer(sample("chelsea").square(224)))
    np.testing.assert_array_equal(means == 0, (maps == 0).all(axis=(0, 1)))
    assert (means == 0).any()


@pytest.mark.parametrize(
    ("side", "count"), [(64, "32 × 32 = 1,024"), (128, "64 × 64 = 4,096"), (224, "112 × 112 = 12,544")]
)
def test_the_numbers_of_a_map_are_counted(side, count):
    assert message(side=side)["count"] == count


# The parameters of the two heads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("maps", "side", "classes"), HEADS)
def test_the_parameters_are_those_that_keras_counts(maps, side, classes, library):
    shape = maps_shape(maps, side)
    layers = library.keras.layers

    def counted(first_of_head) -> int:
        dense = layers.Dense(classes, kernel_initializer="zeros", dtype="float16")
        return library.keras.Sequential([library.keras.Input(tuple(shape)), first_of_head, dense]).count_params()

    told = comparison(GlobalPoolingScene(maps=maps, side=side, classes=classes))
    assert told["pooling"]["parameters"] == counted(layers.GlobalAveragePooling2D())
    if told["flatten"]["parameters"] < 25e6:  # Keras allocates the parameters that it counts
        assert told["flatten"]["parameters"] == counted(layers.Flatten())
    assert told["flatten"]["parameters"] == shape.height * shape.width * shape.channels * classes + classes


@pytest.mark.parametrize(("maps", "side", "classes"), HEADS)
def test_the_formulas_give_the_parameters(maps, side, classes):
    for head in ("flatten", "pooling"):
        told = comparison(GlobalPoolingScene(maps=maps, side=side, classes=classes))[head]
        assert eval(told["formula"].replace("·", "*").replace(",", "")) == told["parameters"]


@pytest.mark.parametrize("side", SIDES)
def test_the_first_maps_have_the_shape_of_those_that_are_shown(side):
    assert first_layer(np.zeros((side, side, 3), np.uint8)).shape == maps_shape("first", side)


@pytest.mark.parametrize(("side", "last"), [(64, 2), (128, 4), (224, 7)])
def test_the_last_maps_are_a_32nd_of_the_photo(side, last):
    assert maps_shape("last", side) == (last, last, 1280)


def test_there_are_as_many_last_maps_as_the_network_file_has():
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    head = read_tensors(Path(spec.origin).parent / WEIGHTS_FILE, ["_conv_head.weight"])["_conv_head.weight"]
    assert head.shape[0] == LAST_MAPS


def test_another_side_changes_flatten_and_never_pooling():
    for maps, classes in itertools.product(MAPS, CLASSES):
        told = [comparison(GlobalPoolingScene(maps=maps, classes=classes, side=side)) for side in SIDES]
        assert len({heads["flatten"]["parameters"] for heads in told}) == len(SIDES)
        assert len({heads["pooling"]["parameters"] for heads in told}) == 1
        assert max(heads["flatten"]["share"] for heads in told) == 1


def test_both_bars_are_drawn_to_one_scale():
    told = comparison(GlobalPoolingScene(maps="last", side=128, classes=10))
    flatten, pooling = told["flatten"], told["pooling"]
    assert flatten["parameters"] / pooling["parameters"] == pytest.approx(flatten["share"] / pooling["share"])
    assert flatten["share"] == flatten_parameters(maps_shape("last", 128), 10) / flatten_parameters(
        maps_shape("last", 224), 10
    )
    assert not told["thin"]
    assert comparison(GlobalPoolingScene())["thin"]


def test_how_many_times_is_what_the_numbers_say():
    shape = maps_shape("first", 224)
    assert flatten_parameters(shape, 2) / pooling_parameters(shape, 2) == pytest.approx(12163.9, abs=0.05)
    assert comparison(GlobalPoolingScene())["times"] == "12,164"


# The message ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", SIDES)
def test_the_message_is_small_json_without_nan(side):
    assert len(json.dumps(message(side=side), allow_nan=False).encode()) < 200_000


def test_position_and_speed_do_not_change_the_message():
    assert message() == message(position=9, speed=30)


def test_every_choice_is_one_that_a_scene_takes():
    for name, options in message()["choices"].items():
        for value, label in options:
            assert GlobalPoolingScene.from_params({name: value}).all_params()[name] == value
            assert label
