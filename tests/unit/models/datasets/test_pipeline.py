"""models/datasets/pipeline.py: the same batches, as `model.fit` takes them."""

from itertools import islice

import numpy as np
import pytest

from models.datasets import Part, empty_part
from models.datasets.batches import Augmentation, training_batches
from models.datasets.pipeline import evaluation_pipeline, training_pipeline

EVERYTHING = Augmentation(flip=True, rotation=20, zoom=0.2, shift=0.1, contrast=0.3, brightness=0.2)


def part(count: int, *, classes: int = 2, channels: int = 3) -> Part:
    images = np.random.default_rng(0).integers(0, 256, (count, 8, 8, channels), np.uint8)
    return Part(images, np.arange(count, dtype=np.int64) % classes, tuple(map(str, range(count))))


def arrays(dataset, count: int | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
    taken = dataset if count is None else dataset.take(count)
    return [(images.numpy(), targets.numpy()) for images, targets in taken]


def assert_equal(actual, expected) -> None:
    assert len(actual) == len(expected)
    for (images, targets), (wanted_images, wanted_targets) in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(images, wanted_images)
        np.testing.assert_array_equal(targets, wanted_targets)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("classes", "shape"), [(2, (None, 1)), (3, (None, 3)), (10, (None, 10))])
def test_shapes_and_types_are_those_that_a_network_takes(library, classes, shape, channels):
    pictures = part(11, classes=classes, channels=channels)
    for dataset in (
        training_pipeline(pictures, classes, batch_size=4, seed=0),
        evaluation_pipeline(pictures, classes, batch_size=4),
    ):
        images, targets = dataset.element_spec
        assert tuple(images.shape) == (None, 8, 8, channels)
        assert tuple(targets.shape) == shape
        assert images.dtype == targets.dtype == library.tf.float32
        for batch, labels in arrays(dataset, 2):
            assert batch.dtype == labels.dtype == np.float32


def test_two_classes_are_0_and_1_and_more_are_one_hot(library):
    ((_, binary),) = arrays(evaluation_pipeline(part(4), 2, batch_size=4))
    assert binary.tolist() == [[0.0], [1.0], [0.0], [1.0]]
    ((_, one_hot),) = arrays(evaluation_pipeline(part(4, classes=3), 3, batch_size=4))
    assert one_hot.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize("augmentation", [None, EVERYTHING])
@pytest.mark.parametrize(("epoch", "step"), [(0, 0), (2, 1)])
def test_training_batches_come_out_as_they_are(library, augmentation, epoch, step):
    options = {"batch_size": 4, "seed": 5, "epoch": epoch, "step": step, "augmentation": augmentation}
    expected = [
        (images.astype(np.float32), labels[:, None].astype(np.float32))
        for images, labels in islice(training_batches(part(11), **options), 7)
    ]
    dataset = training_pipeline(part(11), 2, **options)
    assert_equal(arrays(dataset, 7), expected)
    assert_equal(arrays(dataset, 7), expected)  # the same every time it is read
    assert dataset.cardinality() != library.tf.data.INFINITE_CARDINALITY  # Keras would refuse to count its steps


def test_the_white_of_the_dataset_reaches_the_augmentation(library):
    dark = Part(part(8).images // 16, part(8).labels, part(8).names)
    bright = Augmentation(brightness=0.9, contrast=0.9)
    dataset = training_pipeline(dark, 2, batch_size=8, seed=0, augmentation=bright, maximum=15)
    assert max(images.max() for images, _ in arrays(dataset, 3)) == 15


def test_evaluation_has_every_picture_once_and_in_its_own_order(library):
    pictures = part(11)
    dataset = evaluation_pipeline(pictures, 2, batch_size=4)
    found = arrays(dataset)
    assert [len(images) for images, _ in found] == [4, 4, 3]
    np.testing.assert_array_equal(np.concatenate([images for images, _ in found]), pictures.images)
    np.testing.assert_array_equal(np.concatenate([labels for _, labels in found])[:, 0], pictures.labels)
    assert_equal(arrays(dataset), found)
    assert int(dataset.cardinality()) == 3


def test_evaluation_of_nothing_is_nothing(library):
    dataset = evaluation_pipeline(empty_part(8), 2, batch_size=4)
    assert arrays(dataset) == []
    assert int(dataset.cardinality()) == 0


def test_several_devices_do_not_divide_the_source_among_them(library):
    for dataset in (training_pipeline(part(4), 2, batch_size=2, seed=0), evaluation_pipeline(part(4), 2, batch_size=2)):
        policy = dataset.options().experimental_distribute.auto_shard_policy
        assert policy == library.tf.data.experimental.AutoShardPolicy.OFF
