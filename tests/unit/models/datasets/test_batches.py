"""models/datasets/batches.py: order and changes depend on seed, epoch and place alone."""

from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.datasets import Part, empty_part
from models.datasets.batches import (
    AUGMENTATION_FIELDS,
    Augmentation,
    augmented,
    order,
    steps_per_epoch,
    training_batches,
)

EVERYTHING = Augmentation(flip=True, rotation=20, zoom=0.2, shift=0.1, contrast=0.3, brightness=0.2)
SETTINGS: dict[str, Any] = {name: True if name == "flip" else 0.3 for name in AUGMENTATION_FIELDS}
SINGLE = [pytest.param(Augmentation(**{name: value}), id=name) for name, value in SETTINGS.items()]
HALF = np.full(7, 0.5)
FLIP, ROTATION, ZOOM, ACROSS, DOWN, CONTRAST, BRIGHTNESS = range(7)


def part(count: int, *, side: int = 8, channels: int = 3, maximum: int = 255) -> Part:
    """Pictures of noise. The first value of each is also its label."""
    images = np.random.default_rng(1).integers(0, maximum + 1, (count, side, side, channels), np.uint8)
    images[:, 0, 0, 0] = np.arange(count)
    return Part(images, np.arange(count, dtype=np.int64), tuple(map(str, range(count))))


def photo(side: int = 21, channels: int = 3) -> np.ndarray:
    """A smooth picture without any symmetry."""
    rows, columns = np.mgrid[0:side, 0:side] / (side - 1)
    planes = [200 * columns, 100 * rows + 50, 255 * (columns * rows), 120 * np.sin(3 * columns + rows) ** 2]
    return np.stack(planes[:channels], axis=-1).astype(np.uint8)


def chances(**changes: float) -> np.ndarray:
    """Random numbers that change nothing, except for the given ones."""
    values = HALF.copy()
    for name, value in changes.items():
        values[globals()[name.upper()]] = value
    return values


def batches(pictures: Part, count: int, **options) -> list[tuple[np.ndarray, np.ndarray]]:
    return list(islice(training_batches(pictures, **options), count))


def assert_equal(actual, expected) -> None:
    assert len(actual) == len(expected)
    for (images, labels), (wanted_images, wanted_labels) in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(images, wanted_images)
        np.testing.assert_array_equal(labels, wanted_labels)


# Order ---------------------------------------------------------------------------------------------------------------


@given(count=st.integers(0, 300), seed=st.integers(0, 2**31 - 1), epoch=st.integers(0, 10_000))
def test_an_order_has_every_number_once_and_is_the_same_for_the_same_epoch(count, seed, epoch):
    numbers = order(count, seed=seed, epoch=epoch)
    assert numbers.dtype == np.int64
    np.testing.assert_array_equal(np.sort(numbers), np.arange(count))
    np.testing.assert_array_equal(numbers, order(count, seed=seed, epoch=epoch))


def test_every_seed_and_every_epoch_has_its_own_order():
    orders = {tuple(order(20, seed=seed, epoch=epoch)) for seed in range(10) for epoch in range(10)}
    assert len(orders) == 100


def test_an_order_is_the_same_as_ever():
    # A run that an earlier version has begun goes on with the very same pictures.
    assert order(10, seed=7, epoch=3).tolist() == [3, 5, 4, 7, 8, 0, 9, 2, 1, 6]


def test_what_was_drawn_before_does_not_matter():
    np.random.default_rng(0).random(100)
    before = order(50, seed=1, epoch=2)
    order(50, seed=9, epoch=9)
    np.testing.assert_array_equal(order(50, seed=1, epoch=2), before)


@pytest.mark.parametrize(("count", "batch_size", "steps"), [(1, 1, 1), (10, 5, 2), (11, 5, 3), (3, 32, 1), (0, 4, 0)])
def test_the_last_batch_may_be_smaller(count, batch_size, steps):
    assert steps_per_epoch(count, batch_size) == steps


# Batches -------------------------------------------------------------------------------------------------------------


@given(count=st.integers(1, 40), batch_size=st.integers(1, 50), seed=st.integers(0, 99))
def test_an_epoch_has_every_picture_once_with_its_own_label(count, batch_size, seed):
    pictures = part(count)
    steps = steps_per_epoch(count, batch_size)
    for epoch in range(2):
        found = batches(pictures, steps, batch_size=batch_size, seed=seed, epoch=epoch)
        sizes = [len(labels) for _, labels in found]
        assert sum(sizes) == count
        assert sizes[:-1] == [batch_size] * (steps - 1)
        labels = np.concatenate([labels for _, labels in found])
        np.testing.assert_array_equal(labels, order(count, seed=seed, epoch=epoch))
        np.testing.assert_array_equal(np.concatenate([images for images, _ in found]), pictures.images[labels])


@pytest.mark.parametrize("augmentation", [None, Augmentation(), Augmentation(flip=True), EVERYTHING])
@given(
    count=st.integers(1, 23),
    batch_size=st.integers(1, 9),
    seed=st.integers(0, 99),
    epoch=st.integers(0, 3),
    step=st.integers(0, 30),
)
def test_beginning_anywhere_is_going_on_from_the_beginning(augmentation, count, batch_size, seed, epoch, step):
    pictures = part(count)
    steps = steps_per_epoch(count, batch_size)
    step %= steps
    options = {"batch_size": batch_size, "seed": seed, "augmentation": augmentation}
    place = epoch * steps + step
    whole = batches(pictures, place + 2 * steps + 1, **options)  # beyond the ends of two epochs
    rest = batches(pictures, 2 * steps + 1, epoch=epoch, step=step, **options)
    assert_equal(rest, whole[place:])


def test_a_step_at_the_epochs_end_is_the_next_epochs_beginning():
    options = {"batch_size": 4, "seed": 3, "augmentation": EVERYTHING}
    assert_equal(batches(part(10), 4, step=3, **options), batches(part(10), 4, epoch=1, **options))


def test_the_pictures_stay_as_they_are_and_may_be_mapped_from_the_disk(tmp_path):
    pictures = part(10)
    np.save(tmp_path / "images.npy", pictures.images)
    mapped = Part(np.load(tmp_path / "images.npy", mmap_mode="r"), pictures.labels, pictures.names)
    options = {"batch_size": 4, "seed": 3, "augmentation": EVERYTHING}
    assert_equal(batches(mapped, 7, **options), batches(pictures, 7, **options))
    np.testing.assert_array_equal(mapped.images, part(10).images)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("augmentation", [None, EVERYTHING, *SINGLE])
def test_batches_have_the_types_and_shapes_that_they_should(augmentation, channels):
    found = batches(part(7, channels=channels), 2, batch_size=4, seed=0, augmentation=augmentation)
    assert [images.shape for images, _ in found] == [(4, 8, 8, channels), (3, 8, 8, channels)]
    for images, labels in found:
        assert images.dtype == np.uint8
        assert labels.dtype == np.int64


def test_every_picture_is_changed_in_its_own_way_in_every_epoch():
    same = Part(np.repeat(photo()[None], 12, axis=0), np.zeros(12, np.int64), tuple("abcdefghijkl"))
    found = batches(same, 6, batch_size=4, seed=0, augmentation=EVERYTHING)
    different = {image.tobytes() for images, _ in found for image in images}
    assert len(different) == 24


def test_labels_stay_with_their_pictures_when_those_are_changed():
    bright = np.zeros((30, 9, 9, 3), np.uint8)
    bright[15:] = 200
    pictures = Part(bright, (np.arange(30) >= 15).astype(np.int64), tuple(map(str, range(30))))
    for images, labels in batches(pictures, 8, batch_size=8, seed=5, augmentation=EVERYTHING):
        np.testing.assert_array_equal(images.mean(axis=(1, 2, 3)) > 100, labels == 1)


@pytest.mark.parametrize(("pictures", "batch_size"), [(empty_part(8), 4), (part(3), 0)])
def test_no_pictures_are_an_error_and_no_endless_loop(pictures, batch_size):
    with pytest.raises(ValueError, match=r"^no batches of \d out of \d pictures$"):
        next(training_batches(pictures, batch_size=batch_size, seed=0))


# Changes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("augmentation", [EVERYTHING, *SINGLE])
def test_numbers_in_the_middle_change_nothing(augmentation, channels):
    np.testing.assert_array_equal(augmented(photo(channels=channels), HALF, augmentation), photo(channels=channels))


def test_augmentation_that_is_off_changes_nothing_whatever_the_numbers():
    assert not Augmentation().changes
    for random in np.random.default_rng(0).random((20, 7)):
        np.testing.assert_array_equal(augmented(photo(), random, Augmentation()), photo())


@pytest.mark.parametrize("others", [{}, {"rotation": 10.0}, {"contrast": 0.3, "brightness": 0.1}])
@pytest.mark.parametrize("side", [20, 21])
def test_a_flip_mirrors_left_and_right(others, side):
    result = augmented(photo(side), chances(flip=0.2), Augmentation(flip=True, **others))
    np.testing.assert_array_equal(result, photo(side)[:, ::-1])
    assert result.flags.c_contiguous


def test_half_of_all_pictures_are_flipped():
    pictures = Part(np.repeat(photo()[None], 400, axis=0), np.zeros(400, np.int64), tuple(map(str, range(400))))
    ((images, _),) = batches(pictures, 1, batch_size=400, seed=0, augmentation=Augmentation(flip=True))
    flipped = (images == photo()[:, ::-1]).all(axis=(1, 2, 3))
    assert (flipped | (images == photo()).all(axis=(1, 2, 3))).all()
    assert flipped.mean() == pytest.approx(0.5, abs=0.1)


def test_the_largest_turn_is_that_of_the_setting():
    quarter = augmented(photo(), chances(rotation=1.0), Augmentation(rotation=90))
    np.testing.assert_allclose(quarter.astype(int), np.rot90(photo()).astype(int), atol=1)
    back = augmented(photo(), chances(rotation=0.0), Augmentation(rotation=90))
    np.testing.assert_allclose(back.astype(int), np.rot90(photo(), -1).astype(int), atol=1)


def test_the_largest_shift_is_that_of_the_setting():
    moved = augmented(photo(20), chances(across=1.0, down=0.0), Augmentation(shift=0.25))
    np.testing.assert_array_equal(moved[:15, 5:], photo(20)[5:, :15])
    # Beyond the edge, the picture continues as its mirror image.
    np.testing.assert_array_equal(moved[:15, :5], photo(20)[5:, 5:0:-1])


def test_the_largest_zoom_is_that_of_the_setting():
    spot = np.zeros((41, 41, 1), np.uint8)
    spot[20, 30] = 255
    larger = augmented(spot, chances(zoom=1.0), Augmentation(zoom=0.5))
    smaller = augmented(spot, chances(zoom=0.0), Augmentation(zoom=0.5))
    assert list(np.unravel_index(larger.argmax(), larger.shape)[:2]) == [20, 35]
    middle = smaller[11:30, 11:30]  # the rest is mirrored
    assert list(np.unravel_index(middle.argmax(), middle.shape)[:2]) == [9, 14]


def test_contrast_is_about_the_mean_and_brightness_a_share_of_white():
    image = np.array([[[60], [100]], [[100], [140]]], np.uint8)  # mean 100
    more = augmented(image, chances(contrast=1.0), Augmentation(contrast=0.5))
    assert more.ravel().tolist() == [40, 100, 100, 160]
    less = augmented(image, chances(contrast=0.0), Augmentation(contrast=0.5))
    assert less.ravel().tolist() == [80, 100, 100, 120]
    brighter = augmented(image, chances(brightness=1.0), Augmentation(brightness=0.2))
    assert brighter.ravel().tolist() == [111, 151, 151, 191]
    darker = augmented(image, chances(brightness=0.0), Augmentation(brightness=0.8))
    assert darker.ravel().tolist() == [0, 0, 0, 0]


def test_brightness_is_a_share_of_the_white_that_the_dataset_has():
    digit = np.array([[[0], [8]], [[8], [16]]], np.uint8)
    brighter = augmented(digit, chances(brightness=1.0), Augmentation(brightness=0.25), 16)
    assert brighter.ravel().tolist() == [4, 12, 12, 16]
    pictures = part(8, channels=1, maximum=16)
    for images, _ in batches(pictures, 3, batch_size=4, seed=0, augmentation=EVERYTHING, maximum=16):
        assert images.max() <= 16


# Settings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in AUGMENTATION_FIELDS if name != "flip"])
@pytest.mark.parametrize("value", [-0.1, 181, float("nan"), float("inf"), True, "0.1", None])
def test_a_change_that_cannot_be_is_refused_with_its_name(name, value):
    with pytest.raises(ValueError, match=rf"^{name} must be a number from 0 to [\d.]+, not "):
        Augmentation(**{name: value})


@pytest.mark.parametrize("value", [1, 0.5, "yes", None])
def test_a_flip_is_wanted_or_not(value):
    with pytest.raises(ValueError, match=r"^flip must be true or false, not "):
        Augmentation(flip=value)


@pytest.mark.parametrize("augmentation", [EVERYTHING, *SINGLE])
def test_a_setting_that_changes_pictures_says_so(augmentation):
    assert augmentation.changes
