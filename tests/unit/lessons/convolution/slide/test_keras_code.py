"""The Keras lines on the convolution page, run as they stand, give the map that the browser is sent, within 1e-5 of its
largest value; and what the browser is sent is whole, small and readable.
"""

import base64
import itertools
import json
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from components.lessons.convolution.slide import input_message, input_pixels, input_png, payload
from components.lessons.convolution.slide.keras_code import INPUT_FILE, keras_code, keras_words
from components.lessons.convolution.slide.scene import (
    DILATIONS,
    OWN_SIZES,
    SIDES,
    STRIDES,
    ConvolutionScene,
    write_weights,
)
from components.lessons.convolution.slide.texts import KERNEL_LABELS, reach_text, texts
from components.photo import CAPTIONS
from models.arithmetic import Padding, axis_geometry
from models.pictures.photo import Photo, grey
from models.pictures.samples import sample
from models.pretrained.filters import PRESETS, learned_filters
from tests.node import in_node

MEGABYTE = 1_000_000

_generator = np.random.default_rng(17)
WIDE = write_weights(_generator.normal(scale=3, size=(5, 5, 1)))
BY_CHANNEL = write_weights(_generator.normal(scale=3, size=(5, 5, 3)))
LARGE = write_weights(_generator.uniform(-1000, 1000, size=(7, 7, 3)))

SCENES = {
    "default": ConvolutionScene(),
    "preset with fractions": ConvolutionScene(kernel="box-blur", side=64),
    "learned": ConvolutionScene(kernel="learned-3", pixels="1"),
    "learned on grey": ConvolutionScene(kernel="learned-31", colour="grey", side=64),
    "own 5 x 5": ConvolutionScene(kernel="own", weights=WIDE, side=64),
    "own 5 x 5 by channel": ConvolutionScene(kernel="own", weights=BY_CHANNEL, side=64),
    "own by channel on grey": ConvolutionScene(kernel="own", weights=BY_CHANNEL, colour="grey", side=32),
    "own 7 x 7, large weights": ConvolutionScene(kernel="own", weights=LARGE, side=256, padding="same"),
    "grey": ConvolutionScene(colour="grey", kernel="emboss"),
    "pixels 0 to 1": ConvolutionScene(pixels="1", kernel="gaussian-blur", bias=0.125),
    "stride": ConvolutionScene(stride=3, side=64),
    "stride, same": ConvolutionScene(stride=4, padding="same", kernel="own", weights=BY_CHANNEL, side=64),
    "dilation": ConvolutionScene(dilation=3, kernel="own", weights=LARGE, side=32),
    "dilation, same": ConvolutionScene(dilation=2, padding="same", kernel="outline", side=64),
    "bias": ConvolutionScene(bias=-123.456),
    "large bias": ConvolutionScene(bias=1e6, kernel="identity", side=32),
    "relu": ConvolutionScene(relu=True),
    "everything": ConvolutionScene(
        side=64, pixels="1", kernel="learned-12", bias=0.5, relu=True, stride=2, padding="same", colour="rgb"
    ),
}
REFUSED = ConvolutionScene(stride=2, dilation=2, side=32)


@pytest.fixture(scope="module", autouse=True)
def quiet_tensorflow() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="module")
def photo() -> Photo:
    return sample("chelsea")


def decode(text: str, dtype: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype).reshape(shape)


COMPUTED = """
import { decodeArray, FAINTEST } from "./browser/numbers.js";
import { colourScale, convolve } from "./lessons/convolution/slide/feature_map.js";

const { message, pixels, relu, stride, dilation, unit } = told;
const output = (sum) => (relu ? Math.max(sum + message.bias, 0) : sum + message.bias);
const slide = { ...message, stride, dilation, unit };
const sums = convolve(decodeArray(pixels, Uint8Array), decodeArray(message.kernel, Float64Array), slide);
const faintest = FAINTEST * Math.max(message.brightest, 1e-12);
answer({ map: Array.from(sums, output), ...colourScale(sums, output, faintest) });
"""


@cache
def shown_map(photo: Photo, scene: ConvolutionScene) -> tuple[np.ndarray, float, float]:
    """The map as the browser shows it (sums, then the bias, then ReLU), the number that gets the full colour, and the
    share of larger ones.
    """
    told: dict[str, Any] = {
        "message": payload(photo, scene),
        "pixels": input_message(photo, scene)["pixels"],
        "relu": scene.relu,
        "stride": scene.stride,
        "dilation": scene.dilation,
        "unit": 255 if scene.pixels == "1" else 1,
    }
    computed = in_node(COMPUTED, told)
    side = told["message"]["axis"]["output"]
    return np.array(computed["map"]).reshape(side, side), computed["scale"], computed["clipped"]


def run_lines(scene: ConvolutionScene, photo: Photo, folder: Path) -> dict[str, Any]:
    """Run the page's lines as a visitor would: in a folder with the picture that the page offers."""
    (folder / INPUT_FILE).write_bytes(input_png(photo, scene))
    names: dict[str, Any] = {}
    exec(compile(keras_code(scene), "lines.py", "exec"), names)
    return names


# The Keras lines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_the_lines_compute_the_map_that_the_page_shows(scene, photo, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = run_lines(scene, photo, tmp_path)
    message = payload(photo, scene)
    expected = names["feature_map"].numpy()
    shown, *_ = shown_map(photo, scene)
    assert shown.shape == expected.shape
    np.testing.assert_allclose(shown, expected, rtol=0, atol=1e-5 * float(np.abs(expected).max()))
    assert message["axis"] is not None
    side = message["axis"]["output"]
    assert capsys.readouterr().out == f"({side}, {side})\n"
    _size, parameters, multiplications, *_notes = message["facts"]
    assert parameters.endswith(f"= {names['layer'].count_params()}")
    assert multiplications.endswith(f"= {expected.size * names['kernel'].size:,}")


def test_the_lines_read_the_very_weights_that_the_page_shows(photo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scene = ConvolutionScene(kernel="learned-5", side=32)
    names = run_lines(scene, photo, tmp_path)
    np.testing.assert_array_equal(names["kernel"].astype(np.float32), learned_filters()[5])


def test_a_scene_that_the_page_refuses_is_refused_by_keras_too(photo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="`strides > 1` not supported in conjunction with `dilation_rate > 1`"):
        run_lines(REFUSED, photo, tmp_path)


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_no_line_is_too_long_to_read_and_pixels_are_divided_only_where_the_page_divides_them(scene):
    lines = keras_code(scene).splitlines()
    assert max(map(len, lines)) <= 120
    assert all(line == line.rstrip() for line in lines)
    assert ("/ 255" in keras_code(scene)) == (scene.pixels == "1")


@pytest.mark.parametrize("scene", [SCENES["learned"], SCENES["grey"]], ids=["colour", "grey"])
def test_the_saved_picture_is_the_picture_on_the_page_pixel_for_pixel(scene, photo, tmp_path):
    path = tmp_path / INPUT_FILE
    path.write_bytes(input_png(photo, scene))
    with Image.open(path) as image:
        assert image.mode == ("RGB" if scene.channels == 3 else "L")
        pixels = np.asarray(image).reshape(scene.side, scene.side, scene.channels)
    np.testing.assert_array_equal(pixels, input_pixels(photo, scene))


# The message ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_the_arrays_that_the_browser_gets_have_the_shapes_that_it_is_told(scene, photo):
    message = payload(photo, scene)
    height, width, channels, size = (message[name] for name in ("height", "width", "channels", "size"))
    sent = input_message(photo, scene)
    assert sent["id"] == message["input"]
    pixels = decode(sent["pixels"], "u1", height, width, channels)
    np.testing.assert_array_equal(pixels, input_pixels(photo, scene))
    square = photo.square(scene.side)
    np.testing.assert_array_equal(pixels.squeeze(), square if scene.colour == "rgb" else grey(square))
    kernel = decode(message["kernel"], "<f8", size, size, channels)
    np.testing.assert_array_equal(kernel, scene.kernel_array())
    axis = message["axis"]
    assert axis is not None
    assert axis["before"] + axis["size"] + axis["after"] >= (axis["output"] - 1) * scene.stride + axis["reach"]
    assert "refusal" not in message


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_99_of_100_numbers_are_told_apart_by_their_colours_and_the_legend_knows_how_many_are_not(scene, photo):
    message = payload(photo, scene)
    outputs, scale, clipped = shown_map(photo, scene)
    dead = np.abs(scene.kernel_array()).max() < 1e-6
    assert scale == pytest.approx(0 if dead else np.percentile(np.abs(outputs), 99))
    assert clipped == (0 if dead else np.mean(np.abs(outputs) > scale))
    assert clipped <= 0.01 + 1 / outputs.size
    pixels = input_pixels(photo, scene).astype(float) / (255 if scene.pixels == "1" else 1)
    largest = np.abs(scene.kernel_array()).max(axis=(0, 1)) * pixels.max(axis=(0, 1))
    assert message["productScale"] >= largest.max()


def test_only_stride_together_with_dilation_is_refused_and_never_a_kernel_that_is_too_large(photo):
    paddings: tuple[Padding, ...] = ("valid", "same")
    for size, stride, padding, dilation in itertools.product(OWN_SIZES, STRIDES, paddings, DILATIONS):
        weights = ",".join(["1"] * size * size)
        scene = ConvolutionScene(
            side=min(SIDES), kernel="own", weights=weights, stride=stride, padding=padding, dilation=dilation
        )
        message = payload(photo, scene)
        assert ("refusal" in message) == (stride > 1 and dilation > 1), scene
        assert (message["axis"] is None) == ("refusal" in message), scene


def test_a_refusal_is_one_sentence_and_the_photo_and_the_filter_are_still_there(photo):
    message = payload(photo, REFUSED)
    assert message["refusal"] == (
        "Keras refuses stride 2 together with dilation 2: "
        "in Conv2D at least one of strides and dilation_rate must be 1."
    )
    assert (message["axis"], message["facts"]) == (None, [])
    np.testing.assert_array_equal(decode(input_message(photo, REFUSED)["pixels"], "u1", 32, 32, 3), photo.square(32))
    np.testing.assert_array_equal(decode(message["kernel"], "<f8", 3, 3, 3), REFUSED.kernel_array())


@pytest.mark.parametrize("scene", [*SCENES.values(), REFUSED], ids=[*SCENES.keys(), "refused"])
def test_the_message_is_json_without_nan_and_smaller_than_a_megabyte(scene, photo):
    for sent in (payload(photo, scene), input_message(photo, scene)):
        assert len(json.dumps(sent, allow_nan=False).encode()) < MEGABYTE


def test_a_black_picture_has_a_map_like_any_other():
    black = Photo(np.zeros((32, 32, 3), np.uint8), "black", "upload", (32, 32))
    message = payload(black, ConvolutionScene(side=32))
    json.dumps(message, allow_nan=False)
    outputs, scale, clipped = shown_map(black, ConvolutionScene(side=32))
    assert not outputs.any()
    assert (scale, clipped, message["productScale"]) == (0.0, 0.0, 0.0)


def test_where_almost_all_is_zero_the_largest_number_gets_the_full_colour():
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[9, 9] = 200
    outputs, scale, clipped = shown_map(Photo(pixels, "dot", "upload", (32, 32)), ConvolutionScene(side=32))
    assert np.percentile(np.abs(outputs), 99) == 0
    assert (scale, clipped) == (np.abs(outputs).max(), 0)


def test_a_clear_filter_has_a_map_like_any_other(photo):
    clear = ConvolutionScene(kernel="own", weights=",".join("0" * 9), side=32)
    message = payload(photo, clear)
    json.dumps(message, allow_nan=False)
    assert not shown_map(photo, clear)[0].any()


def test_place_and_speed_change_nothing_of_what_the_browser_is_told(photo):
    plain, moved = (payload(photo, ConvolutionScene(position=place, speed=place + 1)) for place in (0, 77))
    assert plain == moved


# Choices and texts ----------------------------------------------------------------------------------------------------


def test_every_choice_of_the_browser_is_one_that_a_scene_takes(photo):
    choices = payload(photo, ConvolutionScene())["choices"]
    for name in ("stride", "padding", "dilation", "side", "colour", "pixels"):
        for value, label in choices[name]:
            assert ConvolutionScene.from_params({name: value}).all_params()[name] == value
            assert label
    assert [int(value) for value, _ in choices["side"]] == list(SIDES)
    assert [int(value) for value, _ in choices["size"]] == list(OWN_SIZES)


def test_every_ready_made_filter_is_offered_with_its_weights(photo):
    message = payload(photo, ConvolutionScene())
    offered = {preset["id"]: preset["weights"] for preset in message["presets"]}
    assert offered.pop("own") is None
    assert list(offered) == list(PRESETS) == [name for name in KERNEL_LABELS if name != "own"]
    for name, weights in offered.items():
        np.testing.assert_array_equal(weights, PRESETS[name].ravel())
    learned = message["learned"]
    np.testing.assert_array_equal(decode(learned["weights"], "<f4", 32, 3, 3, 3), learned_filters())
    assert len(set(learned["labels"])) == 32


@pytest.mark.parametrize("source", CAPTIONS)
def test_the_picture_is_called_what_it_is(source):
    names = texts(Photo(np.zeros((32, 32, 3), np.uint8), "x", source, (32, 32)))
    assert names["photo"] == CAPTIONS[source]
    assert (names["photo"] == "Your photo") == (source in ("upload", "camera"))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"side": 128}, "Output side: ⌊(128 − 3) / 1⌋ + 1 = 126"),
        ({"side": 64, "stride": 4}, "Output side: ⌊(64 − 3) / 4⌋ + 1 = 16"),
        ({"side": 32, "dilation": 3}, "Output side: ⌊(32 − ((3 − 1) · 3 + 1)) / 1⌋ + 1 = 26"),
        ({"side": 32, "stride": 3, "padding": "same"}, "Output side: ⌈32 / 3⌉ = 11"),
    ],
)
def test_the_output_side_is_shown_with_its_formula(photo, settings, expected):
    assert payload(photo, ConvolutionScene(**settings))["facts"][0] == expected


def test_the_parameters_and_multiplications_are_shown_with_their_formula(photo):
    _, parameters, multiplications = payload(photo, ConvolutionScene())["facts"]
    assert parameters == "Learnable parameters: 3 · 3 · 3 weights + 1 bias = 28"
    assert multiplications == "Multiplications: 126 · 126 · 27 = 428,652"
    _, parameters, multiplications = payload(photo, replace(ConvolutionScene(), colour="grey", side=32))["facts"]
    assert parameters == "Learnable parameters: 3 · 3 · 1 weights + 1 bias = 10"
    assert multiplications == "Multiplications: 30 · 30 · 9 = 8,100"


@pytest.mark.parametrize(
    ("size", "kernel", "settings", "expected"),
    [
        (128, 3, {}, ""),
        (128, 3, {"stride": 2}, "the last row and column are never read"),
        (128, 3, {"stride": 4}, "the last row and column are never read"),
        (64, 3, {"stride": 3}, "the last row and column are never read"),
        (32, 7, {"stride": 4}, "the last row and column are never read"),
        (64, 5, {"stride": 4}, "the last 3 rows and columns are never read"),
        (32, 3, {"padding": "same", "stride": 4}, "8 stops are enough for same padding"),
        (128, 3, {"padding": "same"}, "zeros of same padding, 1 above and left, 1 below and right"),
        (128, 3, {"padding": "same", "stride": 2}, "zeros of same padding, 0 above and left, 1 below and right"),
    ],
)
def test_unread_pixels_and_added_zeros_are_named(size, kernel, settings, expected):
    scene = ConvolutionScene(side=size, **settings)
    text = reach_text(scene, axis_geometry(size, kernel, **settings))
    assert expected in text
    assert bool(text) == bool(expected)


def test_lines_that_keras_refuses_are_announced_as_such():
    assert "very map" in keras_words(ConvolutionScene(stride=2))
    assert "Keras refuses" in keras_words(ConvolutionScene(stride=2, dilation=3))


def test_a_dead_filter_is_called_dead_and_its_map_stays_white():
    photo = sample("chelsea")
    dead = ConvolutionScene(kernel="learned-11")
    assert shown_map(photo, dead)[1] == 0
    assert any("dead" in fact for fact in payload(photo, dead)["facts"])
    alive = ConvolutionScene(kernel="learned-3")
    assert shown_map(photo, alive)[1] > 1
    assert not any("dead" in fact for fact in payload(photo, alive)["facts"])


def test_in_grey_the_page_says_that_three_planes_are_added_up():
    grey_facts = payload(sample("chelsea"), ConvolutionScene(kernel="learned-3", colour="grey"))["facts"]
    assert any("three planes are added up" in fact for fact in grey_facts)
