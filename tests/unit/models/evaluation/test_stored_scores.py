"""models/evaluation/stored_scores.py: what was judged is read back as it was, or not at all."""

import dataclasses
import errno
import hashlib
import json
import os
import time

import numpy as np
import pytest

from models import kept_arrays
from models import progress as telling
from models.datasets import Dataset, DatasetError, Part
from models.evaluation.stored_scores import (
    IMAGENET_PETS,
    Judged,
    keep,
    known,
    loading_side,
    pictures_digest,
    pieces,
    progress_file,
    progress_of,
    progress_teller,
)
from models.networks.files import IMAGENET, JudgingError, network_file, weights_digest
from models.progress import in_words
from models.storage import cache_dir
from models.zoo.efficientnet_lite0 import imagenet_names

WEIGHTS = "ab" * 32


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))


def judgement(count: int = 7, **changes) -> Judged:
    random = np.random.default_rng(count)
    second = random.random(count).astype(np.float32)
    one = Judged(
        network="convnet",
        weights=WEIGHTS,
        dataset="folder:/home/me/pets",
        part="test",
        pictures="cd" * 32,
        side=96,
        resize="crop",
        classes=("cats", "dogs"),
        labels=random.integers(0, 2, count),
        probabilities=np.stack([1 - second, second], axis=1),
        names=tuple(f"cats/{number}.jpg" for number in range(count)),
        features=random.normal(size=(count, 5)).astype(np.float32),
        distances=random.random(count),
    )
    return dataclasses.replace(one, **changes)


def read(one: Judged) -> Judged | None:
    return known(one.weights, one.dataset, one.part, one.pictures)


def part(count: int, seed: int) -> Part:
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (count, 8, 8, 3)).astype(np.uint8)
    return Part(images, random.integers(0, 2, count), tuple(f"{seed}/{number}" for number in range(count)))


def dataset(train: int = 6, validation: int = 4, test: int | Part = 3, **changes) -> Dataset:
    parts = {
        "train": part(train, 1),
        "validation": part(validation, 2),
        "test": part(test, 3) if isinstance(test, int) else test,
    }
    return Dataset(**{"name": "pets", "title": "Pets", "classes": ("cat", "dog"), **parts, **changes})


# Stored and read ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 7, 300])
def test_what_was_kept_is_read_back_to_the_last_bit(count):
    one = judgement(count)
    keep(one)
    found = read(one)
    assert found is not None
    assert len(found) == count
    for field in dataclasses.fields(Judged):
        before, after = getattr(one, field.name), getattr(found, field.name)
        if isinstance(before, np.ndarray):
            assert after.dtype == before.dtype, field.name
            np.testing.assert_array_equal(after, before, err_msg=field.name)
        else:
            assert after == before, field.name


def test_features_stay_on_the_disk():
    keep(judgement())
    found = read(judgement())
    assert found is not None
    assert isinstance(found.features.base, np.memmap) or isinstance(found.features, np.memmap)
    assert not isinstance(found.probabilities, np.memmap)


def test_a_name_that_is_no_proper_text_comes_back():
    one = judgement(1, names=(os.fsdecode(b"cats/\xff.jpg"),), dataset=os.fsdecode(b"folder:/\xfe"))
    keep(one)
    found = read(one)
    assert found is not None
    assert found.names == one.names


@pytest.mark.parametrize(
    "asked",
    [
        {"weights": WEIGHTS[:16] + "0" * 48},
        {"dataset": "folder:/home/me/others"},
        {"part": "validation"},
        {"pictures": "ef" * 32},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_another_question_has_no_answer(asked):
    keep(judgement())
    assert read(judgement(**asked)) is None


def test_without_a_digest_the_last_judgement_counts_and_tells_its_pictures():
    keep(judgement())
    keep(judgement(4, pictures="ef" * 32))
    found = known(WEIGHTS, "folder:/home/me/pets", "test")
    assert found is not None
    assert (len(found), found.pictures, found.side, found.resize) == (4, "ef" * 32, 96, "crop")


def _cut(array, listed):
    array.write_bytes(array.read_bytes()[:-4])


def _other_bit(array, listed):
    data = bytearray(array.read_bytes())
    data[128] ^= 1  # the first number after NumPy's header
    array.write_bytes(data)


def _other_label(array, listed):
    content = json.loads(listed.read_text())
    content["labels"][0] = 1 - content["labels"][0]
    listed.write_text(json.dumps(content))


def _half_a_list(array, listed):
    listed.write_text(listed.read_text()[:100])


def _no_object(array, listed):
    listed.write_text("[1, 2]")


def _gone(array, listed):
    array.unlink()


def _other_array(array, listed):
    np.save(array, np.zeros(49, np.float64))


@pytest.mark.parametrize("damage", [_cut, _other_bit, _other_label, _half_a_list, _no_object, _gone, _other_array])
def test_damaged_files_are_as_if_never_judged_and_can_be_written_again(damage):
    keep(judgement())
    (listed,) = cache_dir().glob("scores-*.json")
    (array,) = cache_dir().glob("scores-*.npy")
    damage(array, listed)
    assert read(judgement()) is None
    keep(judgement())
    assert read(judgement()) is not None


def test_no_space_is_one_sentence_and_leaves_no_half_files(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    keep(judgement())
    monkeypatch.setattr(kept_arrays, "write_whole", full)
    with pytest.raises(JudgingError, match=r"could not be kept in .* need 0 MB: the disk is full\."):
        keep(judgement(9))
    found = read(judgement())
    assert found is not None
    assert len(found) == len(judgement())  # those of before are still there


def test_scores_share_the_limit_of_prepared_pictures(monkeypatch):
    keep(judgement(part="train"))
    os.utime(next(cache_dir().glob("*-train.json")), (1, 1))
    monkeypatch.setattr(kept_arrays, "CACHE_BYTES", 0)
    keep(judgement())
    assert read(judgement(part="train")) is None
    assert read(judgement()) is not None


def test_looking_at_scores_keeps_them_from_being_forgotten():
    keep(judgement())
    (listed,) = cache_dir().glob("scores-*.json")
    os.utime(listed, (1, 1))
    read(judgement())
    assert listed.stat().st_mtime > time.time() - 60


# Networks and pictures ------------------------------------------------------------------------------------------------


def test_a_runs_best_and_last_network(tmp_path):
    run = tmp_path / "first"
    run.mkdir()
    with pytest.raises(JudgingError, match="The run first has no best network yet: it gets one after its first epoch"):
        network_file(str(run))
    (run / "last.keras").touch()
    assert network_file(str(run)) == network_file(str(run), "last") == run / "last.keras"
    (run / "best.keras").touch()
    assert network_file(str(run)) == run / "best.keras"
    (run / "last.keras").unlink()
    with pytest.raises(JudgingError, match="The run first has no last network yet: it gets one at its end"):
        network_file(str(run), "last")


@pytest.mark.parametrize("network", ["convnet", "digits", "efficientnet-lite0-pets", IMAGENET])
def test_networks_of_the_course_have_a_file(network):
    assert network_file(network).stat().st_size > 10**6


@pytest.mark.parametrize("network", ["", "nothing", "/nowhere/a.keras"])
def test_no_such_network_is_said(network):
    with pytest.raises(JudgingError, match="There is no network"):
        network_file(network)


def test_a_files_digest_is_its_sha256_and_is_computed_again_when_the_file_changes(tmp_path, monkeypatch):
    file = tmp_path / "a.keras"
    file.write_bytes(b"one")
    os.utime(file, ns=(10**9, 10**9))
    first = hashlib.sha256(b"one").hexdigest()
    assert weights_digest(file) == first
    file.write_bytes(b"two")
    os.utime(file, ns=(10**9, 10**9))
    second = hashlib.sha256(b"two").hexdigest()
    assert weights_digest(file) == second  # exchanged at the same size and time
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert weights_digest(file) == second  # unchanged: not read again
    file.unlink()
    with pytest.raises(JudgingError, match="cannot be read"):
        weights_digest(file)


def test_imagenets_pets_are_cats_and_dogs():
    names = imagenet_names()
    cats, dogs = ([names[place] for place in places] for places in IMAGENET_PETS.values())
    assert all("cat" in name.lower() for name in cats)
    assert len(dogs) == 118
    assert (dogs[0], dogs[-1]) == ("Chihuahua", "Mexican hairless")
    assert not any(word in names[place].lower() for place in (150, 269) for word in ("dog", "hound", "terrier"))


def test_a_part_without_pictures_says_which_ones_have_some():
    with pytest.raises(DatasetError, match=r"Pets has no pictures in its test part: choose its train part instead\."):
        pieces(dataset(validation=0, test=0), "test")
    with pytest.raises(DatasetError, match='train, validation, test and all, but no "tests"'):
        pieces(dataset(), "tests")
    with pytest.raises(DatasetError, match=r"Pets has no pictures in its all part\.$"):
        pieces(dataset(0, 0, 0), "all")


def test_all_is_every_part_that_has_pictures_in_order():
    found = dataset(validation=0)
    assert [one is other for one, other in zip(pieces(found, "all"), (found.train, found.test), strict=True)] == [1, 1]
    assert pieces(found, "test") == [found.test]


def test_the_digest_of_pictures_sees_every_pixel_label_name_and_class():
    digest = pictures_digest(dataset(), "test")
    assert digest == pictures_digest(dataset(train=5), "test")
    test = part(3, 3)
    pixels = test.images.copy()
    pixels[2, 7, 7, 2] ^= 1
    others = [
        dataset(test=Part(pixels, test.labels, test.names)),
        dataset(test=Part(test.images, 1 - test.labels, test.names)),
        dataset(test=Part(test.images, test.labels, ("a", "b", "c"))),
        dataset(test=2),
        dataset(classes=("dog", "cat")),
        dataset(maximum=16),
    ]
    digests = {digest, *(pictures_digest(one, "test") for one in others), pictures_digest(dataset(), "all")}
    assert len(digests) == len(others) + 2


def test_the_digest_is_computed_once_for_each_dataset_object():
    one = dataset()
    digest = pictures_digest(one, "test")
    one.test.images[0, 0, 0, 0] ^= 1
    assert pictures_digest(one, "test") == digest


@pytest.mark.parametrize(
    ("name", "side", "loaded"),
    [("drawn-pets", 224, 128), ("drawn-pets:test=10", 8, 32), ("drawn-pets", 96, 96), ("folder:/a", 224, 224)],
)
def test_drawn_pets_are_loaded_within_the_sizes_that_they_are_drawn_at(name, side, loaded):
    assert loading_side(name, side) == loaded


# Progress -------------------------------------------------------------------------------------------------------------


def test_progress_is_told_twice_a_second_at_most_and_at_the_end(monkeypatch):
    monkeypatch.setattr(telling, "EVERY_SECONDS", 1000.0)
    tell = progress_teller(WEIGHTS, "digits", "test")
    assert progress_of(WEIGHTS, "digits", "test") is None
    tell("scoring", 64, 1600)
    tell("scoring", 128, 1600)
    assert progress_of(WEIGHTS, "digits", "test") == ("scoring", 64, 1600)
    tell("scoring", 1600, 1600)
    found = progress_of(WEIGHTS, "digits", "test")
    assert found is not None
    assert in_words(found) == "scoring: 1,600 of 1,600"
    assert progress_of(WEIGHTS, "digits", "train") is None


@pytest.mark.parametrize("text", ["", "{}", '"a"', '{"doing": "scoring", "done": 1, "total": 2, "time": 1}'])
def test_words_that_are_old_or_broken_say_nothing(text):
    file = progress_file(WEIGHTS, "digits", "test")
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert progress_of(WEIGHTS, "digits", "test") is None


def test_a_full_disk_only_leaves_progress_untold(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(telling, "write_text", full)
    progress_teller(WEIGHTS, "digits", "test")("scoring", 1, 1)
    assert progress_of(WEIGHTS, "digits", "test") is None
