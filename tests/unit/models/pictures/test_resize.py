"""models/pictures/resize.py: photos become squares as Keras makes them inside a saved network."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.pictures.resize import RESIZES, resize

TOLERANCE = 1.5
"""Out of 255. Pillow rounds to integers after each of its two passes, Keras computes in floating point."""


def photo(height: int, width: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Blotches with sharp edges in noise, which show the effects of antialiasing, cropping and padding."""
    random = np.random.default_rng(seed)
    blotches = random.integers(0, 2, (-(-height // 5), -(-width // 5), channels)) * 180
    large = blotches.repeat(5, axis=0).repeat(5, axis=1)[:height, :width]
    return (large + random.integers(0, 76, large.shape)).astype(np.uint8)


def by_keras(library, pixels: np.ndarray, side: int, how: str) -> np.ndarray:
    result = library.keras.ops.image.resize(
        pixels[None].astype(np.float32),
        (side, side),
        interpolation="bilinear",
        antialias=True,
        crop_to_aspect_ratio=how == "crop",
        pad_to_aspect_ratio=how == "pad",
    )
    return library.keras.ops.convert_to_numpy(result)[0]


SIZES = [
    pytest.param(120, 200, 64, id="a wide one shrinks"),
    pytest.param(301, 173, 96, id="a tall one with odd sides shrinks"),
    pytest.param(100, 101, 33, id="one pixel wider than high"),
    pytest.param(101, 100, 33, id="one pixel higher than wide"),
    pytest.param(20, 31, 112, id="a small one grows"),
    pytest.param(17, 16, 64, id="a small one with an odd difference grows"),
    pytest.param(90, 40, 64, id="height shrinks, width grows"),
    pytest.param(500, 20, 28, id="a strip"),
    pytest.param(80, 80, 40, id="a square"),
]


@pytest.mark.parametrize("how", RESIZES)
@pytest.mark.parametrize(("height", "width", "side"), SIZES)
def test_the_result_is_that_of_keras(library, height, width, side, how):
    pixels = photo(height, width)
    result = resize(pixels, side, how)
    assert result.shape == (side, side, 3)
    assert result.dtype == np.uint8
    assert result.flags.c_contiguous
    np.testing.assert_allclose(result.astype(float), by_keras(library, pixels, side, how), rtol=0, atol=TOLERANCE)


@settings(max_examples=40)
@given(
    height=st.integers(16, 160),
    width=st.integers(16, 160),
    side=st.integers(8, 128),
    how=st.sampled_from(RESIZES),
    channels=st.sampled_from([1, 3]),
)
def test_the_result_is_that_of_keras_for_any_size(library, height, width, side, how, channels):
    pixels = photo(height, width, channels, seed=height * width)
    result = resize(pixels, side, how)
    assert result.shape == (side, side, channels)
    np.testing.assert_allclose(result.astype(float), by_keras(library, pixels, side, how), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("how", RESIZES)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_square_of_the_right_size_is_returned_unchanged(how, channels):
    pixels = photo(48, 48, channels)
    np.testing.assert_array_equal(resize(pixels, 48, how), pixels)


def test_a_crop_of_the_right_size_keeps_every_value():
    pixels = photo(48, 63)
    np.testing.assert_array_equal(resize(pixels, 48, "crop"), pixels[:, 7:55])


def test_a_padded_picture_keeps_every_value_and_is_black_around():
    pixels = photo(40, 48)
    square = resize(pixels, 48, "pad")
    np.testing.assert_array_equal(square[4:44], pixels)
    assert not square[:4].any()
    assert not square[44:].any()


def test_squash_shows_the_whole_picture_and_crop_its_middle():
    pixels = np.zeros((50, 150, 3), np.uint8)
    pixels[:, :50], pixels[:, 100:] = (255, 0, 0), (0, 0, 255)
    squashed, cropped = resize(pixels, 30, "squash"), resize(pixels, 30, "crop")
    assert tuple(squashed[15, 2]) == (255, 0, 0)
    assert tuple(squashed[15, 27]) == (0, 0, 255)
    assert not cropped.any()


@pytest.mark.parametrize("how", RESIZES)
def test_one_channel_is_one_of_three_equal_ones(how):
    grey = photo(70, 45, 1)
    colour = resize(grey.repeat(3, axis=2), 32, how)
    np.testing.assert_array_equal(resize(grey, 32, how), colour[..., :1])


def test_a_picture_that_may_not_be_written_is_resized_and_stays_as_it_is():
    pixels = photo(40, 60)
    before = pixels.copy()
    pixels.setflags(write=False)
    for how in RESIZES:
        resize(pixels, 24, how)
    np.testing.assert_array_equal(pixels, before)


@pytest.mark.parametrize("how", ["", "stretch", "Crop", None])
def test_an_unknown_way_is_refused_with_those_that_there_are(how):
    with pytest.raises(ValueError, match=r"^A picture can be resized by squash, crop, pad, not by "):
        resize(photo(20, 20), 8, how)
