"""The place at which a picture varies most, compared with every window's variance by NumPy."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from models.pictures.most_varied import most_varied_place
from models.pictures.samples import SAMPLES, sample


@pytest.mark.parametrize("shape", [(20, 31, 3), (9, 9, 3), (40, 12, 3), (15, 15, 1)])
def test_no_window_varies_more(shape):
    pixels = np.random.default_rng(shape[0]).integers(0, 256, shape).astype(np.uint8)
    variances = sliding_window_view(pixels.astype(float), (9, 9), axis=(0, 1)).var(axis=(3, 4)).mean(axis=2)
    row, column = most_varied_place(pixels, 9)
    assert variances[row - 4, column - 4] == pytest.approx(variances.max())


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 200, 3), (5, 300, 3), (512, 2, 3)])
def test_a_picture_that_is_smaller_than_the_window_has_a_place_too(shape):
    row, column = most_varied_place(np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8), 9)
    assert 0 <= row < shape[0]
    assert 0 <= column < shape[1]


def test_a_picture_of_one_colour_has_a_place_too():
    assert most_varied_place(np.full((30, 40, 3), 7, np.uint8), 9) == (4, 4)


@pytest.mark.parametrize("name", SAMPLES)
def test_on_every_sample_the_numbers_there_reach_over_half_of_the_range(name):
    pixels = sample(name).pixels
    row, column = most_varied_place(pixels, 9)
    window = pixels[row - 4 : row + 5, column - 4 : column + 5]
    assert np.ptp(window.mean(axis=2)) > 128
