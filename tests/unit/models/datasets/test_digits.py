"""models/datasets/digits.py: scikit-learn's digits, unchanged, divided once and for all."""

import hashlib

import numpy as np
import pytest
from sklearn.datasets import load_digits

from models import datasets
from models.datasets import DatasetError, digits

PARTS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def dataset() -> datasets.Dataset:
    return datasets.load("digits", side=8)


def test_every_digit_is_in_exactly_one_part_with_its_own_pixels_and_label(dataset):
    bundle = load_digits()
    seen = []
    for name in PARTS:
        part = dataset.part(name)
        places = [int(name) for name in part.names]
        np.testing.assert_array_equal(part.images[..., 0], bundle.images[places])
        np.testing.assert_array_equal(part.labels, bundle.target[places])
        assert [dataset.classes[label] for label in part.labels] == [str(digit) for digit in bundle.target[places]]
        seen += places
    assert sorted(seen) == list(range(1797))


def test_the_parts_are_what_the_interface_says(dataset):
    assert (dataset.name, dataset.maximum, dataset.drawn, dataset.channels) == ("digits", 16, False, 1)
    assert dataset.classes == tuple("0123456789")
    for name in PARTS:
        part = dataset.part(name)
        assert part.images.dtype == np.uint8
        assert part.labels.dtype == np.int64
        assert part.images.shape == (len(part), 8, 8, 1)
        assert part.images.max() == 16
        with pytest.raises(ValueError, match="read-only"):
            part.images[0] = 0


def test_the_parts_are_of_the_sizes_that_the_docstring_names(dataset):
    sizes = [len(dataset.part(name)) for name in PARTS]
    assert sizes == [1284, 258, 255]
    assert digits.load.__doc__ is not None
    assert all(f"{size:,} for" in digits.load.__doc__ for size in sizes)


def test_every_class_has_its_share_of_every_part(dataset):
    shares = np.stack([np.bincount(dataset.part(name).labels) / np.bincount(load_digits().target) for name in PARTS])
    expected = np.array([5, 1, 1])[:, np.newaxis] / 7
    np.testing.assert_allclose(shares, np.broadcast_to(expected, shares.shape), atol=0.01)


def test_the_division_is_the_same_as_ever(dataset):
    # Figures of networks that were trained with different divisions must not be compared.
    names = "\n".join(" ".join(dataset.part(name).names) for name in PARTS)
    assert hashlib.sha256(names.encode()).hexdigest()[:16] == "5eb1a961bc23d13c"


def test_larger_pictures_repeat_each_pixel(dataset):
    large = datasets.load("digits", side=24)
    np.testing.assert_array_equal(large.test.images, dataset.test.images.repeat(3, axis=1).repeat(3, axis=2))
    odd = datasets.load("digits", side=13)
    assert odd.test.images.shape == (255, 13, 13, 1)
    assert set(np.unique(odd.test.images)) <= set(range(17))


def test_smaller_pictures_average(dataset):
    small = datasets.load("digits", side=4).test.images[..., 0]
    blocks = dataset.test.images[..., 0].reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(small, blocks, atol=0.5)


@pytest.mark.parametrize("side", [0, -8])
def test_a_side_of_no_pixels_is_refused(side):
    with pytest.raises(DatasetError, match=f"at least 1 pixel on each side, not {side}"):
        datasets.load("digits", side=side)
