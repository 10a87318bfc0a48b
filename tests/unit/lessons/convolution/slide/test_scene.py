"""convolution/slide/scene.py: every scene fits into a URL and comes back, and no URL can break the page."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from components.lessons.convolution.slide.scene import (
    DILATIONS,
    LEARNED_COUNT,
    MAX_SPEED,
    MAX_WEIGHT,
    OWN_SIZES,
    SIDES,
    STRIDES,
    ConvolutionScene,
    parse_weights,
    write_weights,
)
from models.arithmetic import convolve
from models.pretrained.filters import PRESETS, learned_filters

DEFAULT = ConvolutionScene()
KERNELS = (*PRESETS, "own", *(f"learned-{number}" for number in range(LEARNED_COUNT)))


def six_digits(number: float) -> float:
    """A number with as many digits as in a URL. Minus zero becomes zero."""
    return float(f"{number:.6g}") + 0.0


weights = st.floats(-MAX_WEIGHT, MAX_WEIGHT).map(six_digits)
own_kernels = st.one_of(
    [arrays.arrays(np.float64, (size, size, planes), elements=weights) for size in OWN_SIZES for planes in (1, 3)]
)
own_planes = arrays.arrays(np.float64, (5, 5), elements=weights)

scenes = st.builds(
    ConvolutionScene,
    side=st.sampled_from(SIDES),
    colour=st.sampled_from(["rgb", "grey"]),
    pixels=st.sampled_from(["255", "1"]),
    kernel=st.sampled_from(KERNELS),
    weights=own_kernels.map(write_weights),
    bias=st.floats(-1e6, 1e6).map(six_digits),
    relu=st.booleans(),
    stride=st.sampled_from(STRIDES),
    padding=st.sampled_from(["valid", "same"]),
    dilation=st.sampled_from(DILATIONS),
    position=st.integers(0, 10**6),
    speed=st.integers(0, MAX_SPEED),
)

# Text that is nearly right is more dangerous than noise.
near_misses = st.sampled_from(
    [
        *(*KERNELS, "learned-", "learned-32", "learned--1"),
        *map(str, (*SIDES, *STRIDES)),
        *("on", "off", "same", "", " ", "-", ".", "-0", "+.5", "5.", "1e5", "1e999", "-1e999", "1e-999", "nan", "inf"),
        *("٣", "²", "1_000", "0x10", "\0", "💩"),
        *("1,2,3", "1,1,1,1,1,1,1,1,1", "1,1,1,1,1,1,1,1,1;", ";".join([",".join("1" * 25)] * 3)),
        *(",".join([number] * 9) for number in ("1e308", "1e999", "nan", "-0", "1e-320")),
    ]
)
texts = st.one_of(st.text(), near_misses, st.text(alphabet="0123456789.,;eE+-", max_size=60))
urls = st.dictionaries(st.one_of(st.sampled_from(ConvolutionScene.names()), st.text(max_size=8)), texts)


@given(scenes)
def test_a_scene_comes_back_from_its_url_and_an_unused_own_kernel_stays_out_of_it(scene):
    expected = scene if scene.kernel == "own" else replace(scene, weights=DEFAULT.weights)
    assert ConvolutionScene.from_params(scene.to_params()) == expected
    assert ("weights" in scene.to_params()) == (scene.kernel == "own" and scene.weights != DEFAULT.weights)


@given(urls)
@example(dict.fromkeys(ConvolutionScene.names(), ""))
@example(dict.fromkeys(ConvolutionScene.names(), "💩"))
def test_whatever_the_url_says_the_scene_is_one_that_the_page_can_draw(url):
    scene = ConvolutionScene.from_params(url)
    assert scene.side in SIDES
    assert scene.colour in ("rgb", "grey")
    assert scene.pixels in ("255", "1")
    assert scene.kernel in KERNELS
    assert scene.stride in STRIDES
    assert scene.padding in ("valid", "same")
    assert scene.dilation in DILATIONS
    assert abs(scene.bias) <= 1e6
    assert 0 <= scene.position <= 10**6
    assert 0 <= scene.speed <= MAX_SPEED
    kernel = scene.kernel_array()
    assert kernel.dtype == np.float64
    assert kernel.shape[0] == kernel.shape[1]
    assert kernel.shape[0] in OWN_SIZES
    assert kernel.shape[2] == scene.channels
    assert np.isfinite(kernel).all()


NONSENSE = {
    "side": ["0", "33", "128.0", " 128x", "-64", "1024"],
    "colour": ["", "RGB", "gray", "cmyk"],
    "pixels": ["0", "1.0", "256"],
    "kernel": ["", "sobel", "learned-32", "learned--1", "learned-01", "learned-", "OWN", "own "],
    "weights": ["", "1", "1,2,3,4", ",,,,,,,,", "1;2", "a,b,c,d,e,f,g,h,i", ",".join(["1e999"] * 9)],
    "bias": ["", "x", "1e999", "nan", "inf", "0x10", "1_0", "1,5", "--1"],
    "relu": ["", "1", "true", "ON"],
    "stride": ["0", "5", "-1", "1.5", "two"],
    "padding": ["", "full", "SAME", "causal"],
    "dilation": ["0", "4", "-2", "1e0"],
    "position": ["", "x", "nan", "1e999"],
    "speed": ["", "fast", "inf"],
}


@pytest.mark.parametrize("name", ConvolutionScene.names())
def test_a_value_that_makes_no_sense_becomes_the_default(name):
    for value in NONSENSE[name]:
        url = {name: value, "kernel": "own"} if name == "weights" else {name: value}
        assert getattr(ConvolutionScene.from_params(url), name) == getattr(DEFAULT, name), value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("bias", "2e6", 1e6),
        ("bias", "-2e6", -1e6),
        ("bias", " 1.5 ", 1.5),
        ("bias", "0.123456789", 0.123457),
        ("bias", "-0", 0.0),
        ("position", "-5", 0),
        ("position", "12.9", 12),
        ("position", "1e9", 10**6),
        ("speed", "-3", 0),
        ("speed", "5000", MAX_SPEED),
        ("kernel", "learned-31", "learned-31"),
        ("weights", " 1, 2,3 ,4,5,6,7,8,+9.", "1,2,3,4,5,6,7,8,9"),
        ("weights", "1e3,-1e3,1001,-1001,1e300,0,0,0,0", "1000,-1000,1000,-1000,1000,0,0,0,0"),
    ],
)
def test_a_value_is_read_within_its_limits(name, text, value):
    assert getattr(ConvolutionScene.from_params({name: text}), name) == value


@given(own_kernels)
def test_an_own_kernel_comes_back_from_its_text(kernel):
    read = parse_weights(write_weights(kernel))
    assert read is not None
    np.testing.assert_array_equal(read, kernel)


def test_the_text_of_an_own_kernel_goes_row_by_row_and_plane_by_plane():
    kernel = np.stack([np.arange(9.0).reshape(3, 3) + 10 * plane for plane in range(3)], axis=-1)
    assert write_weights(kernel) == "0,1,2,3,4,5,6,7,8;10,11,12,13,14,15,16,17,18;20,21,22,23,24,25,26,27,28"
    assert write_weights(kernel[:, :, 0]) == "0,1,2,3,4,5,6,7,8"
    read = parse_weights("0,1,2,3,4,5,6,7,8")
    assert read is not None
    assert read.shape == (3, 3, 1)
    assert read[0, 2, 0] == 2


@pytest.mark.parametrize(
    "text",
    ["", ";", "1,2,3,4,5,6,7,8", "1,2,3,4;1,2,3,4;1,2,3,4", ";".join(["1,2,3,4,5,6,7,8,9"] * 2), ",".join("1" * 16),
     "1,2,3,4,5,6,7,8,9;1;1", ",".join(["inf"] * 9), "1,2,3,4,5,6,7,8,9,", "1 1,2,3,4,5,6,7,8,9"],
)  # fmt: skip
def test_a_text_that_is_no_kernel_is_none(text):
    assert parse_weights(text) is None


@given(st.text(alphabet="0123456789.,;eE+- \n٣", max_size=200))
def test_any_text_is_a_kernel_or_none(text):
    kernel = parse_weights(text)
    assert kernel is None or (np.abs(kernel) <= MAX_WEIGHT).all()


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_the_same_in_every_plane(preset):
    kernel = replace(DEFAULT, kernel=preset).kernel_array()
    assert kernel.shape == (3, 3, 3)
    for channel in range(3):
        np.testing.assert_array_equal(kernel[:, :, channel], PRESETS[preset])
    np.testing.assert_array_equal(
        replace(DEFAULT, kernel=preset, colour="grey").kernel_array()[:, :, 0], PRESETS[preset]
    )


def test_a_learned_kernel_keeps_its_three_planes_on_a_colour_picture():
    np.testing.assert_array_equal(replace(DEFAULT, kernel="learned-7").kernel_array(), learned_filters()[7])


def assert_grey_does_what_colour_did(scene: ConvolutionScene, grey: np.ndarray) -> None:
    in_colour = convolve(np.stack([grey] * 3, axis=-1), scene.kernel_array())
    in_grey = convolve(grey, replace(scene, colour="grey").kernel_array())
    largest = 255 * float(np.abs(scene.kernel_array()).sum())
    np.testing.assert_allclose(in_grey, in_colour, rtol=0, atol=1e-6 * largest)


@given(st.lists(own_planes, min_size=3, max_size=3).map(np.dstack), st.integers(0, 2**32 - 1))
def test_on_a_grey_picture_three_own_planes_do_what_they_did_to_red_green_and_blue(kernel, seed):
    grey = np.random.default_rng(seed).integers(0, 256, (8, 8))
    assert_grey_does_what_colour_did(replace(DEFAULT, kernel="own", weights=write_weights(kernel)), grey)


@pytest.mark.parametrize("number", range(LEARNED_COUNT))
def test_on_a_grey_picture_a_learned_filter_does_what_it_did_to_red_green_and_blue(number):
    grey = np.random.default_rng(number).integers(0, 256, (8, 8))
    assert_grey_does_what_colour_did(replace(DEFAULT, kernel=f"learned-{number}"), grey)
