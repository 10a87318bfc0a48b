"""The sizes of photos that do not come along: measured, and shown."""

import json

import numpy as np
from PIL import Image

from components.lessons.image_data.photo_shapes import words
from models.survey.photo_sizes import PhotoSizes, every_photo, measured, shipped_sizes, to_json


def test_upright_sizes_are_counted_by_class(tmp_path):
    (tmp_path / "cats").mkdir()
    (tmp_path / "dogs").mkdir()
    lying = Image.new("RGB", (30, 20))
    exif = lying.getexif()
    exif[0x0112] = 6  # turn it by 90 degrees to see it upright
    lying.save(tmp_path / "cats" / "a.jpg", exif=exif)
    Image.new("RGB", (20, 30)).save(tmp_path / "cats" / "b.jpg")
    Image.new("RGB", (40, 40)).save(tmp_path / "dogs" / "c.png")
    (tmp_path / "dogs" / "notes.txt").write_text("no photo", encoding="utf-8")
    assert measured([tmp_path]) == {"cats": [(20, 30, 2)], "dogs": [(40, 40, 1)]}
    assert measured([tmp_path, tmp_path])["cats"] == [(20, 30, 4)]


def test_every_photo_has_its_size_and_class():
    sizes, labels, classes = every_photo({"data": "", "sizes": {"cats": [(2, 3, 2)], "dogs": [(4, 5, 1)]}})
    assert (sizes.tolist(), labels.tolist(), classes) == ([[2, 3], [2, 3], [4, 5]], [0, 0, 1], ("cats", "dogs"))


def test_the_file_is_json_with_one_class_a_line():
    sizes: PhotoSizes = {"data": "two", "sizes": {"cats": [(2, 3, 2)], "dogs": [(4, 5, 1)]}}
    text = to_json(sizes)
    assert json.loads(text)["sizes"] == {"cats": [[2, 3, 2]], "dogs": [[4, 5, 1]]}
    assert len(text.splitlines()) == 7


def test_what_is_said_is_what_was_measured():
    sizes, labels, classes = every_photo(shipped_sizes())
    assert classes == ("cats", "dogs")
    assert f"{len(sizes):,} of the 25,000" in words()
    assert f"{100 * np.mean(sizes[:, 0] > sizes[:, 1]):.1f}\u00a0% are wider than high" in words()
    assert f"{(sizes.max(axis=1) < 200).sum()} photos had less than 200 pixels on their longest side" in words()
    assert abs(int((labels == 0).sum()) - int((labels == 1).sum())) == 0
