"""Photos for visitors without one."""

import importlib.util
import re

import pytest
from PIL import Image

from models.pictures.photo import PhotoError
from models.pictures.samples import DEFAULT, FOLDER, SAMPLES, sample
from tests.server import ROOT

PHOTOS = [sample_id for sample_id, one in SAMPLES.items() if one.credit]
DRAWN = [sample_id for sample_id, one in SAMPLES.items() if not one.credit]
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_real_cats_and_dogs_come_first_and_hard_cases_say_so():
    assert next(iter(SAMPLES)) == DEFAULT
    assert list(SAMPLES) == PHOTOS + DRAWN
    easy = [SAMPLES[sample_id].species for sample_id in PHOTOS if not SAMPLES[sample_id].hard]
    assert easy.count("cat") >= 2
    assert easy.count("dog") >= 2
    for one in SAMPLES.values():
        assert one.hard == ("a hard case" in one.label)
    assert SAMPLES["chelsea"].hard


@pytest.mark.parametrize("sample_id", PHOTOS)
def test_a_sample_photo_is_a_photo_with_its_label(sample_id):
    photo = sample(sample_id)
    assert photo.source == "sample"
    assert photo.name == SAMPLES[sample_id].label
    assert min(photo.pixels.shape[:2]) >= 300
    assert not photo.location_removed


def test_chelsea_is_the_cat_of_scikit_image():
    assert sample("chelsea").pixels.shape == (300, 451, 3)


@pytest.mark.parametrize("sample_id", DRAWN)
def test_the_drawn_samples_are_marked_as_drawn(sample_id):
    drawn = sample(sample_id)
    assert drawn.source == "drawn"
    assert "drawn by this app" in drawn.name
    assert drawn.pixels.shape == (512, 512, 3)
    assert drawn.original_size == (512, 512)


def test_no_two_samples_are_the_same_picture():
    assert len({sample(sample_id).digest for sample_id in SAMPLES}) == len(SAMPLES)


# What comes along, and whose it is ------------------------------------------------------------------------------------


def test_the_folder_holds_the_samples_and_nothing_else():
    assert {file.name for file in FOLDER.iterdir()} == {f"{one}.jpg" for one in PHOTOS if one != "chelsea"}


@pytest.mark.parametrize("sample_id", [one for one in PHOTOS if one != "chelsea"])
def test_a_photo_that_comes_along_is_small_and_without_metadata(sample_id):
    file = FOLDER / f"{sample_id}.jpg"
    assert file.stat().st_size < 60_000
    with Image.open(file) as image:
        assert max(image.size) <= 512
        assert not image.getexif()
        assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("sample_id", [one for one in PHOTOS if one != "chelsea"])
def test_notice_names_author_source_and_licence_of_each_photo(sample_id):
    entry = re.search(rf"^assets/samples/{sample_id}\.jpg\n(?:    .*\n)+", NOTICE, re.MULTILINE)
    assert entry is not None
    words = " ".join(entry[0].split())
    author, licence = SAMPLES[sample_id].credit.rsplit(", ", 1)
    assert author in words
    assert {"CC0": "CC0 1.0", "CC BY 2.0": "Attribution 2.0"}.get(licence, "public domain") in words
    assert re.search(r"https://(commons\.wikimedia\.org/wiki/File:|www\.pexels\.com/photo/)\S+", words)
    assert "Changed by this project" in words


def test_notice_names_no_photo_that_is_not_there():
    named = set(re.findall(r"^assets/samples/(\S+)", NOTICE, re.MULTILINE))
    assert named == {file.name for file in FOLDER.iterdir()}


def test_a_sample_is_made_once():
    assert sample("drawn-cat") is sample("drawn-cat")


def test_an_unknown_sample_is_a_key_error():
    with pytest.raises(KeyError):
        sample("unicorn")


def test_without_scikit_image_chelsea_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    sample.cache_clear()
    with pytest.raises(PhotoError, match="scikit-image"):
        sample("chelsea")
    assert sample(DEFAULT).source == "sample"
