"""dense/notations and dense/parameters.py: numbers are Keras's, every part is found in every notation."""

import re
from itertools import pairwise

import numpy as np
import pytest
from skimage.data import chelsea

from components.lessons.dense.notations import payload
from components.lessons.dense.notations.example import B, W, X, outputs, sums
from components.lessons.dense.notations.markup import cards, picture, write
from components.lessons.dense.notations.scene import PARTS, NotationScene
from components.lessons.dense.notations.texts import CARDS
from components.lessons.dense.parameters import VGG16, comparisons, counts_of
from models.networks import inference
from models.networks.dense_layer import dense_layer


def test_the_example_is_what_a_dense_layer_of_keras_gives():
    import keras

    layer = keras.layers.Dense(2, activation="sigmoid")
    layer.build((None, 3))
    layer.set_weights([W, B])
    np.testing.assert_allclose(outputs(), np.asarray(layer(X[np.newaxis]))[0], atol=1e-6)
    np.testing.assert_allclose(sums(), W.T @ X + B, atol=1e-12)
    assert layer.count_params() == 8


@pytest.mark.parametrize("numbers", [outputs(), sums(), B, X])
def test_every_number_of_the_example_is_written_so_that_it_is_exact_or_rounded_to_three_digits(numbers):
    shown = [float(write(number, 3).replace("\u2212", "-")) for number in numbers]
    np.testing.assert_allclose(shown, numbers, atol=5e-4)


@pytest.mark.parametrize("card", CARDS)
def test_every_part_lights_up_in_every_notation(card):
    inner = re.search(rf'data-card="{card}">(.*?)</li>', cards(), re.DOTALL)
    assert inner is not None
    marked = {part for parts in re.findall(r'data-parts="([^"]+)"', inner[1]) for part in parts.split()}
    assert marked == set(PARTS)


def test_every_part_lights_up_in_the_picture_and_has_a_name_and_words():
    marked = {part for parts in re.findall(r'data-parts="([^"]+)"', picture()) for part in parts.split()}
    assert marked == set(PARTS)
    for told in (None, dense_layer(chelsea(), "convnet")):
        message = payload(told)
        assert [part for part, _ in message["parts"]] == list(PARTS)
        assert set(message["words"]) == set(PARTS)
    assert "192 · 1 = 192" in message["words"]["w"]


def test_a_part_is_one_of_them_or_none():
    assert NotationScene.from_params({"part": "w"}) == NotationScene("w")
    assert NotationScene.from_params({"part": "q"}) == NotationScene()


# Parameters -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", ["convnet", "efficientnet-lite0"])
def test_parameters_are_counted_as_keras_counts_them(network):
    import keras

    told = dense_layer(chelsea(), network)
    model = inference.warm(network).network.model
    *body, pooled, flat = counts_of(told)
    shown = re.findall(r'data-parameters="(\d+)"', comparisons(network, told))
    assert [str(count.parameters) for count in counts_of(told)] == shown[: len(body) + 2]
    assert str(VGG16["dense layers"]) in shown
    assert sum(count.parameters for count in body) + pooled.parameters == model.count_params()
    assert pooled.parameters == model.layers[-1].count_params()
    for units, count in ((told["units"], flat), (1000, counts_of(told, 1000)[-1])):
        flattened = keras.Sequential([keras.Input(told["maps_shape"]), keras.layers.Flatten()])
        dense = keras.layers.Dense(units)
        dense.build(flattened.output_shape)
        assert count.parameters == dense.count_params()


def test_vgg16_is_counted_by_hand():
    channels = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
    convolutions = sum(9 * a * b + b for a, b in pairwise(channels))
    dense = [7 * 7 * 512, 4096, 4096, 1000]
    counted = {
        "convolution layers": convolutions,
        "dense layers": sum(a * b + b for a, b in pairwise(dense)),
    }
    assert counted == VGG16
