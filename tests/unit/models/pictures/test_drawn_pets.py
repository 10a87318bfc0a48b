"""models/pictures/drawn_pets.py: the pictures are repeatable, and a cat is no dog."""

import random
from functools import cache

import cv2
import numpy as np
import pytest

from models.pictures import drawn_pets
from models.pictures.drawn_pets import COATS, draw

SPECIES: tuple[drawn_pets.Species, ...] = ("cat", "dog")


def patch(picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """Mean colour of a small square around a place, given in shares of the side."""
    side = len(picture)
    row, column, reach = round(y * side), round(x * side), max(1, side // 100)
    return picture[row - reach : row + reach + 1, column - reach : column + reach + 1].mean(axis=(0, 1))


@cache
def small(species: drawn_pets.Species, seed: int) -> np.ndarray:
    """A small picture, drawn once for all tests."""
    return draw(species, side=32, seed=seed)


@cache
def average(species: drawn_pets.Species, seeds: range) -> np.ndarray:
    """The mean of many pictures, 16 by 16, in grey."""
    thumbnails = [small(species, seed).mean(axis=2) for seed in seeds]
    return cv2.resize(np.mean(thumbnails, axis=0), (16, 16), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("species", SPECIES)
@pytest.mark.parametrize("side", [16, 33, 96, 256])
def test_a_picture_has_the_side_that_was_asked_for(species, side):
    picture = draw(species, side=side)
    assert picture.shape == (side, side, 3)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous
    picture[:] = 0  # the array is new and belongs to the caller


@pytest.mark.parametrize("species", SPECIES)
def test_the_same_seed_draws_the_same_picture(species):
    first = draw(species, side=64, seed=7)
    random.seed(1)
    np.random.random()
    assert np.array_equal(draw(species, side=64, seed=7), first)


@pytest.mark.parametrize("species", SPECIES)
def test_other_seeds_draw_other_pictures(species):
    assert len({small(species, seed).tobytes() for seed in range(20)}) == 20


@pytest.mark.parametrize("species", SPECIES)
def test_a_larger_picture_shows_the_same_animal(species):
    large = cv2.resize(draw(species, side=256, seed=3), (64, 64), interpolation=cv2.INTER_AREA).astype(float)
    assert np.abs(large - draw(species, side=64, seed=3)).mean() < 8


def test_the_cat_has_pointed_ears_and_slit_pupils_in_green_eyes():
    cat = draw("cat")
    backdrop = patch(cat, 0.5, 0.1)
    for x in (0.31, 0.69):
        assert np.abs(patch(cat, x, 0.11) - backdrop).max() > 40  # an ear beside the gap between the ears
    slit, iris = patch(cat, 0.374, 0.46), patch(cat, 0.34, 0.48)
    assert slit.max() < 80
    assert iris[1] > iris[0] + 20 > 20


def test_the_dog_has_hanging_ears_a_big_black_nose_and_a_pink_tongue():
    dog = draw("dog")
    backdrop = patch(dog, 0.05, 0.3)
    for x in (0.18, 0.83):
        assert np.abs(patch(dog, x, 0.6) - backdrop).max() > 40
    assert patch(dog, 0.5, 0.57).max() < 80
    red, green, blue = patch(dog, 0.48, 0.81)
    assert red > green + 60
    assert red > blue + 40


def test_cats_and_dogs_differ_by_more_than_chance():
    between = np.abs(average("cat", range(10)) - average("dog", range(10))).mean()
    for species in SPECIES:
        by_chance = np.abs(average(species, range(10)) - average(species, range(10, 20))).mean()
        assert between > 2 * by_chance


@pytest.mark.parametrize("species", SPECIES)
def test_every_coat_is_worn_by_both_so_that_colour_tells_nothing(species):
    worn = {drawn_pets._choose_scene(species, seed, np.random.default_rng(0)).coat for seed in range(len(COATS))}
    assert worn == set(COATS)


@pytest.mark.parametrize("species", ["Cat", "horse", ""])
def test_an_unknown_species_is_a_mistake(species):
    with pytest.raises(ValueError, match="'cat' or 'dog'"):
        draw(species)


@pytest.mark.parametrize("side", [15, 0, -1])
def test_a_picture_too_small_for_a_face_is_a_mistake(side):
    with pytest.raises(ValueError, match="at least 16 pixels"):
        draw("cat", side=side)


def test_a_negative_seed_is_a_mistake():
    with pytest.raises(ValueError, match="seed must be at least 0"):
        draw("cat", seed=-1)
