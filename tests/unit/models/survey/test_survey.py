"""What is said of a dataset's pictures: sizes, brightness, and which are there twice."""

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image

from models import datasets
from models.answers import Survey
from models.evaluation.stored_scores import pieces
from models.pictures.photo import PhotoError, decode, original_size
from models.storage import cache_dir
from models.survey import brightness, survey

SIDE = 24


def noise(seed: int, width: int = 60, height: int = 40) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six usable pictures, three of which are duplicates of two kinds, and two files that are no pictures."""
    for kind in ("cats", "dogs"):
        (tmp_path / kind).mkdir()
    noise(1).save(tmp_path / "cats/a.png")
    shutil.copy(tmp_path / "cats/a.png", tmp_path / "dogs/copy of a.png")
    noise(1).save(tmp_path / "cats/other file.bmp")
    noise(2, width=90, height=30).save(tmp_path / "cats/wide.jpg")
    sideways = Image.Exif()
    sideways[ExifTags.Base.Orientation] = 6
    noise(3).save(tmp_path / "dogs/sideways.jpg", exif=sideways)
    noise(4).save(tmp_path / "dogs/another.png")
    (tmp_path / "dogs/empty.jpg").write_bytes(b"")
    (tmp_path / "dogs/words.jpg").write_bytes(b"no picture")
    return tmp_path


def whole(name: str, part: str, side: int, **options: Any) -> Survey:
    """The finished survey."""
    found = survey(name, part, side, "squash", **options)
    assert found["finished"] is True
    return found


def looked(name: str, part: str = "all", **options: Any) -> tuple[Survey, list[str]]:
    """The finished survey, and the pictures' names in its order."""
    found = whole(name, part, SIDE, **options)
    parts = pieces(datasets.load(name, side=SIDE), part)
    return found, [picture for piece in parts for picture in piece.names]


def test_sizes_are_those_of_the_files_before_anything_was_resized_and_upright(folder):
    found, names = looked(f"folder:{folder}")
    sizes = dict(zip(names, found["sizes"].tolist(), strict=True))
    assert sizes == {
        "cats/a.png": [60, 40],
        "cats/other file.bmp": [60, 40],
        "cats/wide.jpg": [90, 30],
        "dogs/another.png": [60, 40],
        "dogs/copy of a.png": [60, 40],
        "dogs/sideways.jpg": [40, 60],
    }
    assert found["files"] is True


def test_the_same_bytes_and_the_same_pixels_are_told_apart(folder):
    found, names = looked(f"folder:{folder}")
    twins = {kind: {names[place] for place in places} for kind, places in found["twins"]}
    assert twins == {
        "bytes": {"cats/a.png", "dogs/copy of a.png"},
        "pixels": {"cats/a.png", "dogs/copy of a.png", "cats/other file.bmp"},
    }


def test_pictures_whose_squares_alone_are_the_same_are_no_twins(tmp_path):
    for place, (kind, width) in enumerate([("cats", 40), ("cats", 80), ("dogs", 60)]):
        (tmp_path / kind).mkdir(exist_ok=True)
        Image.new("RGB", (width, 40), (90, 120, 20)).save(tmp_path / kind / f"{place}.png")
    found, _ = looked(f"folder:{tmp_path}")
    assert found["twins"] == []


def test_digits_have_the_size_of_their_arrays_and_their_twins_are_found():
    found = whole("digits", "all", 8)
    images = datasets.load("digits", side=8).part("all").images
    assert found["sizes"].tolist() == [[8, 8]] * 1797
    assert found["files"] is False
    assert len(np.unique(images.reshape(1797, -1), axis=0)) == 1797  # there are no duplicates
    assert found["twins"] == []


@pytest.mark.parametrize(("channels", "maximum"), [(3, 255), (1, 16)])
def test_brightness_is_the_mean_of_kerass_grey_picture(library, channels, maximum):
    images = np.random.default_rng(5).integers(0, maximum + 1, (7, 20, 20, channels)).astype(np.uint8)
    grey = library.keras.ops.image.rgb_to_grayscale(images.astype(np.float32))
    expected = library.keras.ops.convert_to_numpy(grey).mean(axis=(1, 2, 3)) / maximum
    np.testing.assert_allclose(brightness(images, maximum), expected, rtol=0, atol=1e-5)


def test_brightness_is_in_the_pictures_order():
    found = whole("drawn-pets:train=4,validation=70,test=3", "all", 32)
    images = datasets.load("drawn-pets:train=4,validation=70,test=3", side=32).part("all").images
    np.testing.assert_array_equal(found["brightness"], brightness(images, 255))


def test_a_survey_is_done_in_turns_that_find_the_same(folder):
    name = f"folder:{folder}"
    turns = [survey(name, "all", SIDE, "squash", 0.0)]
    while not turns[-1]["finished"]:
        assert turns[-1]["done"] <= turns[-1]["total"]
        turns.append(survey(name, "all", SIDE, "squash", 0.0))
    assert len(turns) > 1
    last = turns[-1]
    assert last["finished"] is True
    again = whole(name, "all", SIDE)  # from the disk
    assert again["twins"] == last["twins"]
    np.testing.assert_array_equal(again["sizes"], last["sizes"])
    np.testing.assert_array_equal(again["brightness"], last["brightness"])


def test_a_file_that_becomes_another_is_looked_at_again(folder):
    before, _ = looked(f"folder:{folder}")
    noise(9, width=100).save(folder / "dogs/another.png")
    after, names = looked(f"folder:{folder}")
    assert after["sizes"][names.index("dogs/another.png")].tolist() == [100, 40]
    assert len(after["twins"]) == len(before["twins"])


@pytest.mark.parametrize("damage", [b"", b"{", b'{"twins": [["bytes", [99]]]}', b'{"twins": [[1]]}'])
def test_a_damaged_file_in_the_cache_is_no_answer(folder, damage):
    before, _ = looked(f"folder:{folder}")
    for file in cache_dir().glob("survey-*.json"):
        file.write_bytes(damage)
    after, _ = looked(f"folder:{folder}")
    assert after["twins"] == before["twins"]


def test_a_dataset_that_cannot_be_used_says_why(tmp_path):
    with pytest.raises(ValueError, match="There is no folder"):
        survey(f"folder:{tmp_path / 'nowhere'}", "all", SIDE, "squash")


def test_the_original_size_is_what_decoding_finds():
    for kind, orientation in [("JPEG", 1), ("JPEG", 6), ("JPEG", 3), ("PNG", 8), ("WEBP", 5), ("BMP", 1)]:
        exif, buffer = Image.Exif(), BytesIO()
        exif[ExifTags.Base.Orientation] = orientation
        noise(0, width=700).save(buffer, kind, **({} if kind == "BMP" else {"exif": exif}))
        assert original_size(buffer.getvalue()) == decode(buffer.getvalue()).original_size


@pytest.mark.parametrize("data", [b"", b"words", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0" + bytes(100)])
def test_what_is_no_picture_has_no_size(data):
    with pytest.raises(PhotoError):
        original_size(data)
