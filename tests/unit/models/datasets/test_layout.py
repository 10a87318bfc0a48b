"""models/datasets/layout.py: divisions, wrappers and classes are told from each other, or refused in a sentence."""

import os
import unicodedata
from pathlib import Path

import pytest

from models.datasets import Dataset, DatasetError, folder
from models.datasets.layout import HOW, layout
from models.datasets.part_names import Named, named

CATS_AND_DOGS = ("cats", "dogs")


def fill(root: Path, *folders: str, count: int = 2, ending: str = ".jpg") -> Path:
    """Make folders with empty files that are named like photos: nothing here decodes them."""
    for name in folders:
        (root / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            (root / name / f"{number}{ending}").touch()
    return root


def pets(root: Path, *parts: str, count: int = 2) -> Path:
    """Make folders with cats and dogs in each of them."""
    return fill(root, *(f"{part}/{kind}" for part in parts for kind in CATS_AND_DOGS), count=count)


def read(root: Path) -> Dataset:
    return folder.listed(str(root))


def refusal(root: Path) -> str:
    with pytest.raises(DatasetError) as caught:
        read(root)
    return str(caught.value).removeprefix(f"{root} ")


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "part"),
    [
        *(
            (name, "train")
            for name in ("train", "Training", "TRAIN", "training_set", "Train-Set", "train.data", "train1")
        ),
        *((name, "test") for name in ("test", "Testing", "test_set", "Test Set", "TESTSET", "test-images", "test1")),
        *((name, "validation") for name in ("val", "VALID", "Validation set", "validation_data", "dev", " val ")),
        *((name, "train") for name in ("Training images", "train (1)", "ｔｒａｉｎ")),
    ],
)
def test_a_parts_name_is_known_in_any_spelling(name, part):
    assert named(name) == Named(part)


@pytest.mark.parametrize(
    "name", ["cats", "trains", "trainer", "invalid", "device", "contest", "value", "data", "", "2024"]
)
def test_other_names_are_no_parts(name):
    assert named(name) is None


def test_other_words_of_a_name_are_told():
    assert named("seg_train") == Named("train", ("seg",))
    assert named("train station") == Named("train", ("station",))
    assert named("train test") is None


# Divisions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("train", "test"), ("train", "test")),
        (("training", "testing"), ("train", "test")),
        (("training_set", "test_set"), ("train", "test")),
        (("train", "Validation set"), ("train", "validation")),
        (("Train Set", "TEST.SET", "val-set"), ("train", "validation", "test")),
        (("train", "dev"), ("train", "validation")),
        (("train", "valid", "test"), ("train", "validation", "test")),
        (("seg_train", "seg_test"), ("train", "test")),
        (("petsTrain", "petsTest"), ("train", "test")),
        (("Trainingsdaten", "Validierungsdaten", "Testdaten"), ("train", "validation", "test")),
        (("Trainingsbilder", "Validierung"), ("train", "validation")),
        (("cats and dogs - training", "cats and dogs - test"), ("train", "test")),
    ],
)
def test_a_division_becomes_parts_and_never_classes(tmp_path, names, parts):
    pets(tmp_path, *names, count=40)
    assert set(layout(tmp_path).parts) == set(parts)
    found = read(tmp_path)
    assert found.classes == CATS_AND_DOGS
    assert found.divided
    sizes = [len(found.train), len(found.validation), len(found.test)]
    assert sum(sizes) == 80 * len(names)
    assert sizes[2] == (80 if "test" in parts else 0)
    if "validation" in parts:
        assert sizes[:2] == [80, 80]
    else:
        assert sizes[0] + sizes[1] == 80
        assert 2 <= sizes[1] <= 24
        assert any("There is no validation part" in remark for remark in found.remarks)


def test_validation_is_divided_off_by_the_lot_of_an_undivided_folder(tmp_path):
    pets(tmp_path / "plain", ".", count=60)
    pets(tmp_path / "parts", "train", "test", count=60)
    plain, parts = read(tmp_path / "plain"), read(tmp_path / "parts")
    assert {f"train/{name}" for name in plain.validation.names} == set(parts.validation.names)
    assert len(parts.validation)


def test_a_folder_around_everything_is_looked_into(tmp_path):
    pets(tmp_path / "plain", ".", count=30)
    pets(tmp_path / "wrapped", "PetImages", count=30)
    plain, wrapped = read(tmp_path / "plain"), read(tmp_path / "wrapped")
    assert wrapped.classes == CATS_AND_DOGS
    assert wrapped.test.names == tuple(f"PetImages/{name}" for name in plain.test.names)  # the same lot
    assert "The photos lie in its folder PetImages." in wrapped.remarks
    assert all(folder.file_of(str(tmp_path / "wrapped"), name).is_file() for name in wrapped.train.names)


@pytest.mark.parametrize(
    "places",
    [
        ("training_set/training_set", "test_set/test_set"),
        ("archive/training_set/training_set", "archive/test_set/test_set"),
        ("a/b/c/train", "a/b/c/test"),
        ("dev/train", "dev/test"),  # a wrapper may be called anything
        ("train/images", "test/images"),
    ],
)
def test_folders_around_parts_are_looked_into(tmp_path, places):
    pets(tmp_path, *places)
    (tmp_path / "__MACOSX" / "train" / "cats").mkdir(parents=True)
    (tmp_path / "__MACOSX" / "train" / "cats" / "._0.jpg").touch()
    found = read(tmp_path)
    assert found.classes == CATS_AND_DOGS
    assert (len(found.train) + len(found.validation), len(found.test)) == (4, 4)


def test_a_class_of_the_test_alone_with_folders_of_its_own_is_no_wrapper(tmp_path):
    pets(tmp_path, "train")
    fill(tmp_path, "test/cats/2023", "test/cats/2024")
    found = read(tmp_path)
    assert (found.classes, len(found.test)) == (CATS_AND_DOGS, 4)
    assert "The test part has no pictures of dogs." in found.remarks


def test_a_training_folder_alone_is_a_wrapper(tmp_path):
    pets(tmp_path, "train", count=40)
    (tmp_path / "test").mkdir()
    found = read(tmp_path)
    assert (found.classes, found.divided) == (CATS_AND_DOGS, False)
    assert len(found.test)
    assert "test holds no files and is left out." in found.remarks


# Classes that are called like parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "classes",
    [
        ("bus", "train", "truck"),
        ("Train", "car"),
        ("test", "control"),
        ("valid", "invalid"),
        ("dev board", "test rig"),  # other words, so no division
        ("train station", "bus station"),
    ],
)
def test_a_class_may_be_called_like_a_part(tmp_path, classes):
    found = read(fill(tmp_path, *classes))
    assert found.classes == tuple(sorted(classes))
    assert not found.divided


@pytest.mark.parametrize(
    "places",
    [
        ("train/2023", "bus/2023", "truck/2023"),
        ("train/steam", "train/electric", "bus/city", "bus/coach"),
        ("train/2023", "bus"),
    ],
)
def test_such_a_class_may_have_folders_of_its_own(tmp_path, places):
    found = read(fill(tmp_path, *places))
    assert found.classes == tuple(sorted({place.partition("/")[0] for place in places}))


def test_a_class_with_photos_beside_its_folders_is_one(tmp_path):
    fill(tmp_path, "train", "train/steam", "train/electric", "bus")
    assert read(tmp_path).classes == ("bus", "train")


# Refused, with what was found ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (("train",), "holds the folder train with 2 files, but no folder for a class"),
        (
            ("train", "test"),
            "holds the parts train and test, but the folder train holds 2 files but no folder for a class",
        ),
        (("train/cats", "train/dogs", "val"), "but the folder val holds 2 files but no folder for a class"),
        (("test/cats", "test/dogs"), "holds a folder for the test (test), but none for training"),
        (
            ("validation/cats", "validation/dogs"),
            "a folder for the validation (validation), but none for training",
        ),
        (("val/cats", "test/cats"), "holds the folders val and test, but none for training"),
        (
            ("train/cats", "train/dogs", "val/cats", "validation/cats"),
            "holds 2 folders that would be the validation part (val and validation)",
        ),
        (("train/cats", "Training/cats"), "holds 2 folders that would be the train part (Training and train)"),
        (
            ("train/cats", "train/dogs", "test/cats", "rabbits"),
            "holds the parts train and test, and beside them rabbits with photos",
        ),
        (
            ("train/cats", "train/dogs", "rabbits"),
            "holds the folder train with folders for cats and dogs, and beside it rabbits with photos",
        ),
        (
            ("cats", "dogs", "test/cats", "test/dogs"),
            "holds the folder test with folders for cats and dogs, and beside it cats and dogs with photos",
        ),
        (
            ("train/cats", "train/dogs", "hold out/cats", "hold out/dogs"),
            "but the name of hold out beside it, with such folders, too, says no part",
        ),
        (("cats/train", "cats/test", "dogs/train", "dogs/test"), "holds the parts test and train inside of cats"),
        (("train", "test", "bus"), "holds the parts train and test, and beside them bus with photos"),
    ],
)
def test_what_fits_no_rule_is_said_with_what_was_found_and_how_it_should_lie(tmp_path, places, said):
    text = refusal(fill(tmp_path, *places))
    assert said in text
    assert text.endswith(HOW)


def test_a_test_without_classes_is_left_out_and_said(tmp_path):
    pets(tmp_path, "train", count=40)
    fill(tmp_path, "test1", count=3)
    found = read(tmp_path)
    assert (found.classes, len(found.test)) == (CATS_AND_DOGS, 0)
    assert (
        "There is no test part: the folder test1 holds 3 files but no folder for a class, so nobody knows what they "
        "show."
    ) in found.remarks


def test_parts_that_are_one_folder_are_refused(tmp_path):
    pets(tmp_path, "train")
    (tmp_path / "validation").symlink_to(tmp_path / "train", target_is_directory=True)
    assert "two of them are one and the same folder (a link)" in refusal(tmp_path)


def test_classes_that_all_hold_the_same_folders_are_said(tmp_path):
    pets(tmp_path, "fold a", "fold b")
    found = read(tmp_path)
    assert found.classes == ("fold a", "fold b")
    assert any("Each of the classes fold a and fold b holds folders cats and dogs" in line for line in found.remarks)


# Classes that differ between parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["Cats", "CATS", "ca ts", "_cats_", "c-a-t-s"])
def test_a_class_in_another_spelling_is_matched_and_said(tmp_path, other):
    pets(tmp_path, "train")
    fill(tmp_path, f"validation/{other}", "validation/dogs")
    found = read(tmp_path)
    assert found.classes == CATS_AND_DOGS
    assert found.validation.labels.tolist().count(0) == 2
    assert f"{other} of the validation part is taken for cats of the training part." in found.remarks


@pytest.mark.parametrize(
    ("train", "validation", "names"),
    [
        (("cats", "dogs"), ("cats", "dogs", "rabbits"), ["rabbits (in validation)"]),
        (("cats", "dogs"), ("cat", "dog"), ["cat (in validation)", "dog (in validation)"]),
        (("cats", "dogs"), ("cats", "Cats", "dogs"), ["Cats (in validation)"]),
        (("cats", "dogs"), ("CATS", "Cats", "dogs"), ["CATS (in validation)", "Cats (in validation)"]),
        (("cat", "Cat", "dogs"), ("CAT", "dogs"), ["CAT (in validation)"]),
    ],
)
def test_a_class_without_training_pictures_is_refused_by_its_name(tmp_path, train, validation, names):
    fill(tmp_path, *(f"train/{kind}" for kind in train), *(f"validation/{kind}" for kind in validation))
    text = refusal(tmp_path)
    assert text.startswith("; ".join(names) + (" has" if len(names) == 1 else " have"))
    assert "no pictures for training" in text


def test_names_that_differ_in_case_only_stay_two_classes_and_match_exactly(tmp_path):
    fill(tmp_path, "train/cat", "train/Cat", "validation/Cat", "validation/cat")
    found = read(tmp_path)
    assert found.classes == ("Cat", "cat")
    assert sorted(found.validation.labels.tolist()) == [0, 0, 1, 1]
    assert not [line for line in found.remarks if "taken for" in line]


def test_a_class_that_a_part_lacks_is_remarked(tmp_path):
    fill(tmp_path, "train/cats", "train/dogs", "train/rabbits", "validation/cats", "test/dogs", "test/rabbits")
    found = read(tmp_path)
    assert "The validation part has no pictures of dogs and rabbits." in found.remarks
    assert "The test part has no pictures of cats." in found.remarks


def test_a_class_that_the_lot_leaves_out_of_a_part_is_remarked(tmp_path):
    pets(tmp_path, ".", count=40)
    fill(tmp_path, "rabbits", count=1)
    found = read(tmp_path)
    part = next(name for name in ("train", "validation", "test") if 2 in getattr(found, name).labels)
    lacking = {"validation", "test"} - {part}
    assert found.remarks == tuple(
        f"The {name} part has no pictures of rabbits." for name in ("validation", "test") if name in lacking
    )


def test_composed_and_decomposed_letters_are_one_name(tmp_path):
    composed, decomposed = (unicodedata.normalize(form, "Kätzchen") for form in ("NFC", "NFD"))
    fill(tmp_path, f"train/{composed}", "train/dogs", f"validation/{decomposed}", "validation/dogs")
    found = read(tmp_path)
    assert found.classes == (composed, "dogs")  # sorted by letters: K comes before d
    assert not [line for line in found.remarks if "taken for" in line]
    both = fill(tmp_path / "both", composed, count=20)
    fill(both, "dogs", count=20)
    fill(tmp_path / "other", decomposed, "dogs", count=20)
    parts = [
        {unicodedata.normalize("NFC", name) for name in read(tmp_path / one).test.names} for one in ("both", "other")
    ]
    assert parts[0] == parts[1]  # the lot is the same on a Mac


# What does not count -------------------------------------------------------------------------------------------------


def test_what_systems_leave_behind_is_neither_class_nor_photo(tmp_path):
    pets(tmp_path, ".")
    fill(tmp_path, "__MACOSX/cats", ".ipynb_checkpoints", "cats/.ipynb_checkpoints", ".git/train", "__pycache__")
    fill(tmp_path, "cats/__MACOSX", "$RECYCLE.BIN", "@eaDir")
    for name in ("Thumbs.db", "desktop.ini", "DESKTOP.INI", ".DS_Store", "cats/Thumbs.db", "cats/desktop.ini"):
        (tmp_path / name).touch()
    found = read(tmp_path)
    assert found.classes == CATS_AND_DOGS
    assert len(found.part("all")) == 4
    assert not [line for line in found.remarks if "left out" in line]


def test_photos_in_no_class_and_empty_folders_are_said(tmp_path):
    pets(tmp_path, "train", "test")
    (tmp_path / "a.jpg").touch()
    (tmp_path / "train" / "b.PNG").touch()
    (tmp_path / "train" / "labels.csv").touch()
    (tmp_path / "train" / "birds").mkdir()
    (tmp_path / "train" / "fish" / ".hidden").mkdir(parents=True)
    fill(tmp_path, "raw/wolves", count=3)
    remarks = read(tmp_path).remarks
    assert "1 photo lies in no class and is left out: a.jpg." in remarks
    assert "1 photo lies in no class and is left out: train/b.PNG." in remarks
    assert "train/birds and train/fish hold no files and are left out." in remarks
    assert "raw beside the parts train and test: left out (3 files)." in remarks


def test_links_that_lead_back_end(tmp_path):
    pets(tmp_path, "train", "test")
    (tmp_path / "train" / "cats" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "train" / "more").symlink_to(tmp_path / "train", target_is_directory=True)
    found = read(tmp_path)
    assert len(found.part("all")) == 8  # nothing twice
    assert found.classes == CATS_AND_DOGS


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to this user")
def test_a_folder_that_may_not_be_read_is_said(tmp_path):
    pets(tmp_path, ".")
    fill(tmp_path, "birds")
    (tmp_path / "birds").chmod(0)
    try:
        assert "birds holds nothing that may be read and is left out." in read(tmp_path).remarks
    finally:
        (tmp_path / "birds").chmod(0o700)


def test_a_relative_path_gives_the_same_names(tmp_path, monkeypatch):
    pets(tmp_path, "train", "test")
    monkeypatch.chdir(tmp_path)
    assert read(Path()).test.names == read(tmp_path).test.names


# The state -----------------------------------------------------------------------------------------------------------


def test_the_state_changes_with_every_file(tmp_path):
    pets(tmp_path, ".")
    file = tmp_path / "cats" / "0.jpg"
    states = [folder.state(str(tmp_path))]
    assert folder.state(str(tmp_path)) == states[0]
    file.write_bytes(b"one")
    states.append(folder.state(str(tmp_path)))
    before = file.stat()
    file.write_bytes(b"two")  # as long
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # and as old
    states.append(folder.state(str(tmp_path)))
    file.rename(tmp_path / "cats" / "new.jpg")
    states.append(folder.state(str(tmp_path)))
    (tmp_path / "cats" / "new.jpg").unlink()
    states.append(folder.state(str(tmp_path)))
    if os.name == "nt":
        del states[2]
    assert len(set(states)) == len(states)
    assert folder.state(str(tmp_path / "nowhere")) == ""
