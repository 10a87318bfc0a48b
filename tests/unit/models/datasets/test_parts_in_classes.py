"""models/datasets/layout.py: folders that are named for parts inside of classes would all be learned from."""

from pathlib import Path

import pytest

from models.datasets import DatasetError, folder
from models.datasets.layout import HOW


def fill(root: Path, *folders: str) -> Path:
    for name in folders:
        (root / name).mkdir(parents=True, exist_ok=True)
        for number in range(2):
            (root / name / f"{number}.jpg").touch()
    return root


def of_both(*inner: str) -> tuple[str, ...]:
    return tuple(f"{kind}/{one.format(kind)}".rstrip("/") for kind in ("cats", "dogs") for one in inner)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        # Two or more folders for parts in one class, whatever else is there.
        (of_both("{0}_train", "{0}_test"), "the parts cats_test and cats_train inside of cats"),
        (of_both("", "train", "test"), "the parts test and train inside of cats"),
        (of_both("train", "test", "2024"), "the parts test and train inside of cats"),
        (of_both("train_{0}", "validation"), "the parts train_cats and validation inside of cats"),
        (("cats/cat train", "cats/cat test", "dogs"), "the parts cat test and cat train inside of cats"),
        (("Golden Retriever/golden_train", "Golden Retriever/test", "dogs"), "inside of Golden Retriever"),
        (
            of_both("photos/Training set", "photos/Test set"),
            "the parts Test set and Training set inside of cats/photos",
        ),
        (of_both("2023/train", "2023/val", "2024"), "the parts train and val inside of cats/2023"),
        (of_both("train1", "train2", "test1"), "the parts test1, train1 and train2 inside of cats"),
        (of_both("seg_train", "seg_test"), "the parts seg_test and seg_train inside of cats"),
        # The same inside of the classes of parts.
        (
            ("train/cats/train", "train/cats/test", "train/dogs/train", "train/dogs/test", "test/cats", "test/dogs"),
            "the parts test and train inside of train/cats",
        ),
        (
            ("train/cats", "train/dogs", "test/cats", "test/dogs/val", "test/dogs/dogs_test"),
            "the parts dogs_test and val inside of test/dogs",
        ),
        # One folder for a part in every class.
        (("a/train/cats", "a/train/dogs", "b/train/cats", "b/train/dogs"), "the part train inside of a and b"),
        (("a/train/cats", "a/train/dogs", "b/test/cats", "b/test/dogs"), "the parts test and train inside of a and b"),
        (of_both("{0}_train"), "the parts cats_train and dogs_train inside of cats and dogs"),
        (of_both("data/train"), "the part train inside of cats and dogs"),
        (of_both("", "val"), "the part val inside of cats and dogs"),
        (
            ("train/cats/val", "train/dogs/val", "test/cats", "test/dogs"),
            "the part val inside of cats and dogs",
        ),
    ],
)
def test_a_division_inside_of_classes_is_refused(tmp_path, places, said):
    with pytest.raises(DatasetError) as caught:
        folder.listed(str(fill(tmp_path, *places)))
    assert str(caught.value).startswith(f"{tmp_path} holds the part")
    assert said in str(caught.value)
    assert str(caught.value).endswith(HOW)


@pytest.mark.parametrize(
    ("places", "remark"),
    [
        (("cats/tabby", "cats/train", "dogs"), "cats/train is named like a part"),
        (("toys/train", "toys/bus", "real/train", "real/bus"), "real/train and toys/train are named like parts"),
        (("cats/train", "dogs"), "cats/train is named like a part"),
        (("train/cats/val", "train/dogs", "test/cats", "test/dogs"), "cats/val is named like a part"),
    ],
)
def test_a_folder_that_may_be_anything_is_said(tmp_path, places, remark):
    remarks = folder.listed(str(fill(tmp_path, *places))).remarks
    assert f"{remark}: all photos below a class's folder are taken for that class." in remarks


@pytest.mark.parametrize(
    "places",
    [
        ("train/steam", "train/electric", "bus/city", "bus/coach"),
        ("buildings/train station", "buildings/test rig", "roads"),
        ("cats/contest", "cats/trainer", "dogs/contest", "dogs/trainer"),
        ("cats/2023", "cats/2024", "dogs/2023"),
        ("train/cats/train", "train/dogs/train", "test/cats/test", "test/dogs/test"),  # they say the same
    ],
)
def test_other_folders_of_a_class_are_not_said(tmp_path, places):
    remarks = folder.listed(str(fill(tmp_path, *places))).remarks
    assert not [line for line in remarks if "like a part" in line or "like parts" in line]


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (
            ("train/cats", "train/dogs", "test_A/cats", "test_A/dogs", "test_B/cats", "test_B/dogs"),
            "holds the folder train with folders for cats and dogs, but the names of test_A and test_B beside it, with "
            "such folders, too, say no part.",
        ),
        (
            ("train1/cats", "train1/dogs", "train2/cats", "train2/dogs", "hold out/cats", "hold out/dogs"),
            "holds the folders train1 and train2 with folders for cats and dogs, but the name of hold out beside them, "
            "with such folders, too, says no part.",
        ),
        (
            ("train1/cats", "train1/dogs", "train2/cats", "train2/dogs", "rabbits"),
            "holds the folders train1 and train2 with folders for cats and dogs, and beside them rabbits with photos.",
        ),
    ],
)
def test_refusals_have_the_right_number(tmp_path, places, said):
    with pytest.raises(DatasetError) as caught:
        folder.listed(str(fill(tmp_path, *places)))
    assert f"{said} {HOW}" in str(caught.value)
