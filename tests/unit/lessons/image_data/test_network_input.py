"""The way from a photo to a network's input, compared with Keras's layers, and the page's lines run as they stand."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from components.lessons.image_data.network_input import payload
from components.lessons.image_data.network_input.keras_code import keras_code
from components.lessons.image_data.network_input.scene import InputScene
from components.lessons.image_data.network_input.texts import cut_line
from models.pictures.network_input import SCALES, network_input
from models.pictures.photo import Photo
from models.pictures.resize import RESIZES
from models.pictures.samples import sample

ONE_LEVEL = 1.5 / 127.5
"""Pillow rounds to integers in both of its passes, Keras computes in floating point: see test_resize."""


def photo(height: int, width: int) -> Photo:
    pixels = np.random.default_rng(3).integers(0, 256, (height, width, 3)).astype(np.uint8)
    return Photo(pixels, "noise", "upload", (width, height))


@pytest.mark.parametrize("to", SCALES)
def test_the_rescaled_numbers_are_those_of_keras(library, to):
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    factor, offset = SCALES[to]
    layer = library.keras.layers.Rescaling(factor, offset=offset)
    expected = library.keras.ops.convert_to_numpy(layer(pixels))
    stages = network_input(pixels, side=16, how="crop", to=to)
    assert stages.rescaled.dtype == np.float32
    np.testing.assert_allclose(stages.rescaled, expected, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(stages.batch, stages.rescaled[None])
    low = {"unit": 0, "signed": -1}[to]
    assert (stages.rescaled.min(), stages.rescaled.max()) == pytest.approx((low, 1), abs=1e-6)


@pytest.mark.parametrize("how", RESIZES)
@pytest.mark.parametrize("size", [(40, 61), (61, 40), (50, 50), (41, 61)])
def test_the_line_of_the_cut_makes_the_array_that_is_shown(how, size):
    shown = photo(*size)
    stages = network_input(shown.pixels, side=32, how=how, to="unit")
    found: dict[str, Any] = {"np": np, "pixels": shown.pixels}
    exec(cut_line(shown.pixels.shape, InputScene(how=how)), found)
    np.testing.assert_array_equal(found["square"], stages.cut)


@pytest.mark.parametrize("how", RESIZES)
@pytest.mark.parametrize("to", SCALES)
def test_the_keras_lines_make_the_batch(library, how, to, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown, scene = sample("chelsea"), InputScene(side=112, how=how, range=to)
    Image.fromarray(shown.pixels).save("photo.jpg", "PNG")
    found: dict[str, Any] = {}
    exec(keras_code(scene), found)
    batch = library.keras.ops.convert_to_numpy(found["batch"])
    stages = network_input(shown.pixels, side=112, how=how, to=to)
    assert batch.shape == stages.batch.shape == (1, 112, 112, 3)
    np.testing.assert_allclose(batch, stages.batch, rtol=0, atol=ONE_LEVEL)


def test_every_card_says_what_its_array_is():
    shown = photo(40, 60)
    steps = payload(shown, InputScene(side=32))["steps"]
    assert [step["shape"] for step in steps] == [
        "(40, 60, 3)",
        "(40, 40, 3)",
        "(32, 32, 3)",
        "(32, 32, 3)",
        "(1, 32, 32, 3)",
    ]
    assert [step["dtype"] for step in steps] == ["uint8"] * 3 + ["float32"] * 2
    assert steps[0]["centre"].split() == [str(number) for number in shown.pixels[20, 30]]
    batch = network_input(shown.pixels, side=32, how="crop", to="signed").batch
    numbers = " ".join(f"{number:.2f}" for number in batch[0, 16, 16])
    assert " ".join(steps[4]["centre"].split()).replace("−", "-") == numbers
    assert steps[4]["span"].replace("−", "-") == f"{batch.min():.3f} … {batch.max():.3f}"


def test_the_frame_of_the_cut_lies_where_it_was_cut():
    assert payload(photo(40, 60), InputScene(how="crop"))["frame"] == pytest.approx([10 / 60, 0, 40 / 60, 1])
    assert payload(photo(60, 40), InputScene(how="pad"))["frame"] == pytest.approx([-10 / 40, 0, 60 / 40, 1])


def test_a_link_that_makes_no_sense_opens_the_default():
    assert InputScene.from_params({"side": "7", "how": "melt", "range": "", "position": "x"}) == InputScene()
    assert InputScene.from_params({"position": "99", "speed": "100"}).position == 4
