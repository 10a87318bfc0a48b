"""Photos for visitors without one."""

import importlib.util

import pytest

from models.pictures.photo import PhotoError
from models.pictures.samples import SAMPLES, sample


def test_the_samples_are_offered_in_order_with_labels():
    assert list(SAMPLES) == ["chelsea", "drawn-cat", "drawn-dog"]
    assert list(SAMPLES.values()) == [
        "Chelsea, a real cat",
        "Cat, drawn by this app",
        "Dog, drawn by this app",
    ]


def test_chelsea_is_the_real_cat_of_scikit_image():
    chelsea = sample("chelsea")
    assert chelsea.source == "sample"
    assert chelsea.pixels.shape == (300, 451, 3)
    assert chelsea.name == SAMPLES["chelsea"]


@pytest.mark.parametrize("species", ["cat", "dog"])
def test_the_drawn_samples_are_marked_as_drawn(species):
    drawn = sample(f"drawn-{species}")
    assert drawn.source == "drawn"
    assert drawn.pixels.shape == (512, 512, 3)
    assert drawn.original_size == (512, 512)


def test_a_sample_is_made_once():
    assert sample("drawn-cat") is sample("drawn-cat")


def test_an_unknown_sample_is_a_key_error():
    with pytest.raises(KeyError):
        sample("unicorn")


def test_without_scikit_image_the_real_cat_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    sample.cache_clear()
    with pytest.raises(PhotoError, match="scikit-image"):
        sample("chelsea")
