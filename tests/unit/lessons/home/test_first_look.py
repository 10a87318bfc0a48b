"""The home page's sheet of feature maps."""

import numpy as np
import pytest

from components.lessons.home.first_look import MAP_SIDE, SIDE, feature_maps, signed_colours
from models.arithmetic import convolve
from models.pictures.samples import sample
from models.pretrained.filters import learned_filters


def test_zero_is_white_and_the_strongest_numbers_have_the_full_colours():
    colours = signed_colours(np.array([[-2.0, 0.0], [1.0, 2.0]]))
    assert colours[0, 1].tolist() == [247, 247, 247]
    assert colours[0, 0].tolist() == [213, 94, 0]
    assert colours[1, 1].tolist() == [0, 114, 178]
    # Half as strong is half way from white.
    assert colours[1, 0].tolist() == pytest.approx([(247 + 0) / 2, (247 + 114) / 2, (247 + 178) / 2], abs=1)


def test_a_map_of_zeros_is_all_white():
    assert (signed_colours(np.zeros((3, 4))) == 247).all()


def test_there_is_one_centred_map_for_each_learned_filter():
    photo = sample("drawn-cat")
    maps = feature_maps(photo)
    assert len(maps) == len(learned_filters()) == 32
    raw = convolve(photo.square(SIDE) / 255, learned_filters()[5])
    assert raw.shape == (MAP_SIDE, MAP_SIDE)
    assert maps[5] == pytest.approx(raw - raw.mean(), abs=1e-5)
    assert all(abs(feature_map.mean()) < 1e-4 for feature_map in maps)
