"""models/arithmetic/pooling.py: the numbers are those of Keras's pooling layers."""

import itertools
from typing import Any

import numpy as np
import pytest

from models.arithmetic import PoolingMode, global_average_pool, pool

MAX_GRID = np.array([[1, 3, 5, 1], [76, 32, 12, 6], [26, 7, 8, 26], [16, 17, 68, 32]])
AVERAGE_GRID = np.array([[1, 3, 5, 1], [76, 32, 12, 6], [26, 37, 68, 26], [16, 37, 8, 32]])

TABLE = [
    (shape, size, stride, padding)
    for shape, size, stride, padding in itertools.product(
        ((4, 4, 1), (7, 9, 3), (8, 5, 2), (13, 12, 4)), (1, 2, 3, 4, 5), (None, 1, 2, 3), ("valid", "same")
    )
    if padding == "same" or size <= min(shape[:2])
]


def test_the_table_is_large():
    assert len(TABLE) >= 100


@pytest.mark.parametrize(("shape", "size", "stride", "padding"), TABLE)
def test_pooling_is_that_of_keras(library, shape, size, stride, padding):
    image = np.random.default_rng([*shape, size]).normal(scale=50, size=shape).astype(np.float32)
    layers = library.keras.layers
    kinds: list[tuple[PoolingMode, Any]] = [("max", layers.MaxPooling2D), ("average", layers.AveragePooling2D)]
    for mode, layer in kinds:
        expected = np.asarray(layer(size, strides=stride, padding=padding)(image[np.newaxis]))[0]
        ours = pool(image, size=size, stride=stride, padding=padding, mode=mode)
        assert ours.shape == expected.shape
        assert ours.dtype == np.float32
        if mode == "max":
            np.testing.assert_array_equal(ours, expected)
        else:
            np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-6 * np.abs(image).max())


def test_the_course_grids_give_the_course_answers():
    assert pool(MAX_GRID, size=2).tolist() == [[76, 12], [26, 68]]
    assert pool(AVERAGE_GRID, size=2, mode="average").tolist() == [[28, 6], [29, 33.5]]


def test_a_map_without_channels_keeps_its_two_dimensions():
    assert pool(MAX_GRID, size=3, stride=1).shape == (2, 2)
    assert pool(MAX_GRID[..., np.newaxis], size=3, stride=1).shape == (2, 2, 1)


def test_what_hangs_over_the_edge_counts_neither_for_the_maximum_nor_for_the_mean():
    negative = -np.ones((3, 3))
    assert (pool(negative, size=2, padding="same") == -1).all()
    assert (pool(negative, size=2, padding="same", mode="average") == -1).all()


def test_the_maximum_of_minus_infinity_is_minus_infinity():
    assert pool(np.full((2, 2), -np.inf), size=2).tolist() == [[-np.inf]]


@pytest.mark.parametrize(
    ("shape", "settings", "message"),
    [
        ((3,), {"size": 2}, "2 or 3 dimensions"),
        ((3, 3), {"size": 4}, "No window fits"),
        ((3, 3), {"size": 0}, "kernel size is 0"),
        ((3, 3), {"size": 2, "stride": 0}, "stride is 0"),
        ((3, 3), {"size": 2, "mode": "median"}, "'median'"),
        ((3, 3), {"size": 2, "padding": "full"}, "'full'"),
    ],
)
def test_the_impossible_is_refused_with_the_reason(shape, settings, message):
    with pytest.raises(ValueError, match=message):
        pool(np.zeros(shape), **settings)


def test_global_average_pooling_is_that_of_keras(library):
    image = np.random.default_rng(3).normal(size=(7, 5, 12)).astype(np.float32)
    expected = np.asarray(library.keras.layers.GlobalAveragePooling2D()(image[np.newaxis]))[0]
    np.testing.assert_allclose(global_average_pool(image), expected, rtol=1e-6, atol=1e-6)
    with pytest.raises(ValueError, match="height, width, channels"):
        global_average_pool(image[0])
