"""Bars of probabilities: cats and dogs have their colours, other classes the accent."""

import re

import pytest

from components.photo.figures import probability_bars


@pytest.mark.parametrize(
    ("classes", "kinds"),
    [
        (("cats", "dogs"), ["cat", "dog"]),
        (("Dog", "CAT"), ["dog", "cat"]),
        (("3", "8"), ["", ""]),
        (("tabby", "dog"), ["", "dog"]),
        (("category", "hot dog"), ["", ""]),
    ],
)
def test_only_cats_and_dogs_have_their_colours(classes, kinds):
    drawn = probability_bars([(name, 0.5) for name in classes])
    assert re.findall(r'<li class="(\w*)">', drawn) == kinds
    assert drawn.count("50.0\u00a0%") == 2
