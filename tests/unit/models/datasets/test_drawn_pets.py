"""models/datasets/drawn_pets.py and pet_drawing: repeatable, balanced, and told apart by shape alone."""

import hashlib
import subprocess
import sys

import cv2
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from models import datasets
from models.datasets import DatasetError, drawn_pets
from models.pictures.pet_drawing import SPECIES, draw_pet
from models.pictures.pet_drawing.animals import draw_animal
from models.pictures.pet_drawing.canvas import Canvas
from models.pictures.pet_drawing.scene import choose_scene
from models.storage import ROOT

PARTS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def small() -> datasets.Dataset:
    return datasets.load("drawn-pets:train=41,validation=12,test=10,seed=3", side=32)


@pytest.fixture(scope="module")
def plenty() -> datasets.Dataset:
    """Many pictures of the smallest size: they are drawn fastest, and would show a clue to the species, too."""
    return datasets.load("drawn-pets:train=600,validation=0,test=400", side=32)


def mean_difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


# One picture ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("species", SPECIES)
@pytest.mark.parametrize("side", [32, 47, 64, 96, 128])
def test_a_picture_is_square_rgb_and_the_same_every_time(species, side):
    pixels = draw_pet(species, side=side, seed=5)
    assert pixels.dtype == np.uint8
    assert pixels.shape == (side, side, 3)
    np.testing.assert_array_equal(pixels, draw_pet(species, side=side, seed=5))


def test_another_process_draws_the_same_bytes():
    code = """
import hashlib
from models.pictures.pet_drawing import draw_pet
from models.storage import ROOT
pictures = [draw_pet(species, side=64, seed=seed) for species in ("cat", "dog") for seed in range(12)]
print(hashlib.sha256(b"".join(picture.tobytes() for picture in pictures)).hexdigest())
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    here = b"".join(draw_pet(species, side=64, seed=seed).tobytes() for species in SPECIES for seed in range(12))
    assert run.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_every_seed_is_another_picture():
    pictures = [draw_pet("dog", side=32, seed=seed) for seed in range(40)]
    differences = [mean_difference(one, other) for place, one in enumerate(pictures) for other in pictures[place + 1 :]]
    assert min(differences) > 8


def test_another_side_shows_the_same_scene():
    for seed in range(12):
        species = SPECIES[seed % 2]
        large, middle, other = (draw_pet(species, side=side, seed=s) for side, s in ((128, seed), (64, seed), (64, 99)))
        shrunk = cv2.resize(large, (64, 64), interpolation=cv2.INTER_AREA)
        assert mean_difference(shrunk, middle) < 0.35 * mean_difference(shrunk, other)
        assert np.corrcoef(shrunk.ravel(), middle.ravel())[0, 1] > 0.9


def test_the_cat_and_the_dog_of_one_seed_share_their_scene():
    shared = []
    for seed in range(30):
        cat, dog = (draw_pet(species, side=64, seed=seed) for species in SPECIES)
        shared.append((cat == dog).all(axis=2).mean())
        assert not np.array_equal(cat, dog)
    assert np.median(shared) > 0.4  # around the animal, they are equal to the last bit of noise
    assert max(shared) < 0.98  # every animal is visible


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"species": "horse", "side": 64, "seed": 0}, "must be 'cat' or 'dog', not 'horse'"),
        ({"species": "cat", "side": 31, "seed": 0}, "side must be 32 to 128 pixels, not 31"),
        ({"species": "cat", "side": 129, "seed": 0}, "side must be 32 to 128 pixels, not 129"),
        ({"species": "cat", "side": 64, "seed": -1}, "seed must be at least 0, not -1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        draw_pet(**arguments)


# The dataset ----------------------------------------------------------------------------------------------------------


def test_the_parts_are_what_was_asked_for(small):
    assert [len(small.part(name)) for name in PARTS] == [41, 12, 10]
    assert (small.name, small.title) == ("drawn-pets:train=41,validation=12,test=10,seed=3", "Drawn pets")
    assert (small.classes, small.maximum, small.channels, small.drawn) == (("cat", "dog"), 255, 3, True)
    for name in PARTS:
        part = small.part(name)
        assert part.images.dtype == np.uint8
        assert part.images.shape == (len(part), 32, 32, 3)
        assert part.labels.dtype == np.int64
        with pytest.raises(ValueError, match="read-only"):
            part.images[0] = 0


def test_it_is_known_to_be_drawn_before_it_is_opened():
    info = datasets.info("drawn-pets")
    assert (info.name, info.side, info.channels, info.drawn, info.argument) == ("drawn-pets", 64, 3, True, "")
    assert "drawn" in info.title.lower()
    assert "drawn-pets" in datasets.names()


def test_half_of_each_part_are_cats(small):
    for name in PARTS:
        cats, dogs = np.bincount(small.part(name).labels, minlength=2)
        assert 0 <= cats - dogs <= 1


def test_no_picture_is_in_two_parts(small):
    names = [name for part in PARTS for name in small.part(part).names]
    assert len(set(names)) == len(names)
    pictures = {image.tobytes() for part in PARTS for image in small.part(part).images}
    assert len(pictures) == len(names)


def test_a_pictures_name_is_the_seed_that_draws_it(small):
    for name in PARTS:
        part = small.part(name)
        for place in (0, 3, len(part) - 1):
            again = draw_pet(small.classes[part.labels[place]], side=32, seed=int(part.names[place]))
            np.testing.assert_array_equal(part.images[place], again)


def test_a_larger_dataset_begins_with_the_smaller(small):
    larger = datasets.load("drawn-pets:train=50,validation=20,test=11,seed=3", side=32)
    for name in PARTS:
        count = len(small.part(name))
        np.testing.assert_array_equal(larger.part(name).images[:count], small.part(name).images)
        assert larger.part(name).names[:count] == small.part(name).names


def test_a_larger_dataset_draws_only_what_is_new(monkeypatch):
    drawn: list[int] = []

    def counted(species, *, side, seed):
        drawn.append(seed)
        return draw_pet(species, side=side, seed=seed)

    monkeypatch.setattr(drawn_pets, "draw_pet", counted)
    smaller = datasets.load("drawn-pets:train=6,validation=4,test=0,seed=77", side=32)
    assert len(drawn) == 10
    drawn.clear()
    larger = datasets.load("drawn-pets:train=8,validation=4,test=2,seed=77", side=32)
    assert sorted(map(str, drawn)) == sorted([*larger.train.names[6:], *larger.test.names])
    np.testing.assert_array_equal(larger.train.images[:6], smaller.train.images)
    np.testing.assert_array_equal(larger.validation.images, smaller.validation.images)


def test_another_seed_shares_no_picture(small):
    other = datasets.load("drawn-pets:train=41,validation=12,test=10,seed=4", side=32)
    seen = {image.tobytes() for name in PARTS for image in small.part(name).images}
    assert not any(image.tobytes() in seen for name in PARTS for image in other.part(name).images)


def test_progress_is_told_up_to_the_end():
    told: list[tuple[str, int, int]] = []
    datasets.load("drawn-pets:train=301,validation=1,test=3", side=32, progress=lambda *news: told.append(news))
    assert told == [("drawing cats and dogs", done, 305) for done in (0, 64, 128, 192, 256, 305)]


def test_options_that_are_left_out_have_their_defaults(monkeypatch):
    monkeypatch.setattr(drawn_pets, "DEFAULTS", {"train": 4, "validation": 3, "test": 2, "seed": 0})
    dataset = datasets.load("drawn-pets", side=32)
    assert dataset.name == "drawn-pets"
    assert [len(dataset.part(name)) for name in PARTS] == [4, 3, 2]
    seeded = datasets.load("drawn-pets: seed = 0 , train=5", side=32)
    assert [len(seeded.part(name)) for name in PARTS] == [5, 3, 2]
    np.testing.assert_array_equal(seeded.train.images[:4], dataset.train.images)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("horses=3", 'no option "horses": choose from train, validation, test, seed'),
        ("3", 'no option "3": choose'),
        ("train=", 'option train of drawn pets is a whole number from 1 to 100000, not ""'),
        ("train=0", 'option train of drawn pets is a whole number from 1 to 100000, not "0"'),
        ("train=-1", 'train .* not "-1"'),
        ("train=4.5", 'train .* not "4.5"'),
        ("train=²", 'train .* not "²"'),
        ("validation=100001", "validation .* from 0 to 100000"),
        ("test=" + "9" * 5000, "test .* from 0 to 100000"),
        ("seed=-1", "seed .* from 0 to 2147483647"),
        ("train=4,seed=x", 'seed .* not "x"'),
    ],
)
def test_options_that_make_no_sense_are_refused_by_name(argument, message):
    with pytest.raises(DatasetError, match=message):
        datasets.load(f"drawn-pets:{argument}", side=64)


@pytest.mark.parametrize("side", [0, 31, 129, 4096])
def test_sides_that_are_not_drawn_are_refused(side):
    with pytest.raises(DatasetError, match=f"have 32 to 128 pixels on each side, not {side}"):
        datasets.load("drawn-pets", side=side)


# Nothing but shape tells the species apart ----------------------------------------------------------------------------


def thumbnails(images: np.ndarray) -> np.ndarray:
    small = [cv2.resize(image, (8, 8), interpolation=cv2.INTER_AREA).ravel() for image in images]
    return np.stack(small) / 255.0


def histograms(images: np.ndarray) -> np.ndarray:
    """Shares of 12 levels of red, of green and of blue: colours without places."""
    found = [[np.histogram(image[..., channel], 12, (0, 256))[0] for channel in range(3)] for image in images]
    return np.array(found).reshape(len(images), -1) / images[0, ..., 0].size


def accuracy(features, dataset: datasets.Dataset, dyed: np.ndarray | int = 0) -> float:
    """Accuracy of a linear classifier on features of the pictures; `dyed` is added to every dog's colours."""
    parts = []
    for part in (dataset.train, dataset.test):
        images = part.images + part.labels[:, np.newaxis, np.newaxis, np.newaxis] * np.asarray(dyed)
        parts.append(features(np.clip(images, 0, 255).astype(np.uint8)))
    classifier = LogisticRegression(max_iter=3000).fit(parts[0], dataset.train.labels)
    return float(classifier.score(parts[1], dataset.test.labels))


@pytest.mark.parametrize("features", [thumbnails, histograms])
def test_neither_coarse_pictures_nor_colours_give_the_species_away(plenty, features):
    assert accuracy(features, plenty) < 0.66


@pytest.mark.parametrize("features", [thumbnails, histograms])
def test_the_classifiers_would_notice_a_species_of_another_colour(plenty, features):
    assert accuracy(features, plenty, np.array([40, 0, -40])) > 0.75


def test_cats_and_dogs_are_equally_bright_and_colourful(plenty):
    images, labels = plenty.train.images.astype(float), plenty.train.labels
    for figure in (
        *images.mean(axis=(1, 2)).T,
        images.mean(axis=3).std(axis=(1, 2)),
        images.std(axis=3).mean(axis=(1, 2)),
    ):
        cats, dogs = figure[labels == 0], figure[labels == 1]
        error = np.sqrt(cats.var() / len(cats) + dogs.var() / len(dogs))
        assert abs(cats.mean() - dogs.mean()) < 3 * error


def test_cats_and_dogs_are_equally_large_and_in_the_same_places():
    areas, centres = [], []
    for species in SPECIES:
        for seed in range(150):
            scene = choose_scene(np.random.default_rng([seed, 0]))
            canvas = Canvas(64, np.random.default_rng(seed))
            canvas.pixels[:] = (0, 255, 0)  # no animal is green
            draw_animal(species, canvas, scene)
            rows, columns = np.nonzero((canvas.pixels != (0, 255, 0)).any(axis=2))
            areas.append(rows.size / 64**2)
            centres.append((columns.mean() / 64, rows.mean() / 64))
    cat_area, dog_area = np.array(areas).reshape(2, -1).mean(axis=1)
    assert abs(cat_area / dog_area - 1) < 0.1
    cat_centre, dog_centre = np.array(centres).reshape(2, -1, 2).mean(axis=1)
    np.testing.assert_allclose(cat_centre, dog_centre, atol=0.03)
