"""models/datasets/description.py: what was found is said before anything is trained."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import datasets
from models.datasets import Dataset, DatasetError, Part, Skipped, empty_part, folder
from models.datasets.description import check_trainable, describe


def part(*labels: int, side: int = 4) -> Part:
    return Part(np.zeros((len(labels), side, side, 3), np.uint8), np.array(labels), tuple(map(str, range(len(labels)))))


PETS = Dataset("pets", "Pets", ("cats", "dogs"), part(0, 0, 1), part(1), empty_part(4))


def test_parts_classes_and_numbers_are_said():
    assert describe(PETS) == (
        "Pets: 4 pictures in 2 classes.",
        "For training: 3 pictures (cats 2, dogs 1).",
        "For validation: 1 picture (cats 0, dogs 1).",
        "For the test: none.",
    )


def test_a_division_of_this_project_remarks_and_files_left_out_are_said():
    skipped = tuple(Skipped(f"cats/{number}.jpg", "This file is empty.") for number in range(1200))
    lines = describe(replace(PETS, divided=False, remarks=("One remark.",), skipped=skipped))
    assert "a hash of each picture decides" in lines[4]
    assert lines[5] == "One remark."
    assert lines[6].startswith(
        "1,200 files cannot be used and are left out: cats/0.jpg: This file is empty; cats/1.jpg"
    )
    assert lines[6].endswith("And 1,197 more.")
    assert describe(replace(PETS, skipped=skipped[:1]))[-1] == (
        "1 file cannot be used and is left out: cats/0.jpg: This file is empty."
    )


def test_of_many_classes_the_fewest_and_the_most_are_said():
    many = replace(PETS, classes=tuple(map(str, range(20))), train=part(*range(20), *range(5)))
    assert "For training: 25 pictures (1 to 2 of each class)." in describe(many)


def test_files_that_nobody_has_read_are_called_files(tmp_path: Path):
    for kind, colour in (("cats", "red"), ("dogs", "blue")):
        (tmp_path / kind).mkdir()
        for number in range(30):
            Image.new("RGB", (20, 20), colour).save(tmp_path / kind / f"{number}.png")
    (tmp_path / "cats" / "broken.png").write_bytes(b"")
    lines = describe(folder.listed(str(tmp_path)))
    assert lines[0] == f"{tmp_path.name}: 61 files in 2 classes."
    assert lines[-1] == "Whether every file is a photo turns out when they are read."
    opened = describe(datasets.load(f"folder:{tmp_path}", side=16))
    assert opened[0] == f"{tmp_path.name}: 60 pictures in 2 classes."
    assert opened[-1].startswith("1 file cannot be used and is left out: cats/broken.png: This file is empty")


def test_a_class_that_a_training_would_never_see_is_refused_by_its_name():
    check_trainable(PETS)
    three = replace(PETS, classes=("cats", "dogs", "rabbits"), validation=part(2))
    with pytest.raises(DatasetError, match=r"^Pets has no training pictures of rabbits: add some, or take the class"):
        check_trainable(three)
    few = replace(three, classes=("cats", "dogs", "fish", "rabbits"), divided=False)
    with pytest.raises(DatasetError, match=r"pictures of fish and rabbits: .* With so few, the division"):
        check_trainable(few)
    with pytest.raises(DatasetError, match="The train part of Pets has no pictures"):
        check_trainable(replace(PETS, train=empty_part(4)))
