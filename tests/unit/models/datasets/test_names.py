"""models/datasets/__init__.py: datasets are found by their names, and hand out their pictures in parts."""

import hashlib
import json
import subprocess
import sys
import time
import unicodedata
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from models import datasets, weights
from models.datasets import PIXELS, Dataset, DatasetError, Info, Part, empty_part, joined, pixels_digest
from models.storage import ROOT


def part(*numbers: int, classes: int = 2) -> Part:
    """Pictures of 4 × 4 pixels, each filled with its own number."""
    images = np.array(numbers, np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)
    return Part(images, np.array(numbers, np.int64) % classes, tuple(f"{number}.png" for number in numbers))


def one_pixel_off(whole: Part) -> Part:
    images = whole.images.copy()
    images[-1, 2, 3, 1] ^= 1
    return replace(whole, images=images)


def dataset(**changes) -> Dataset:
    five = Dataset("fives", "Five pets", ("cats", "dogs"), part(1, 2, 3), part(4), empty_part(4))
    return replace(five, **changes)


# The registry --------------------------------------------------------------------------------------------------------


def test_every_module_with_a_dataset_is_found_and_no_tool_is():
    with_info = {
        path.stem.replace("_", "-")
        for path in (ROOT / "models" / "datasets").glob("*.py")
        if "\nINFO = " in path.read_text(encoding="utf-8")
    }
    assert {"folder", "digits", "drawn-pets"} <= with_info
    assert set(datasets.names()) == with_info
    assert list(datasets.names()) == sorted(datasets.names())


def test_every_dataset_is_known_by_its_files_name_before_it_is_opened():
    for name in datasets.names():
        about = datasets.info(name)
        assert isinstance(about, Info)
        assert about.name == name
        assert about.title
        assert about.channels in (1, 3)
        assert about.side is None or about.side >= 8


def test_what_stands_behind_the_colon_does_not_matter_for_what_is_known():
    assert datasets.info("folder:/some where/else:here") == datasets.info("folder")


def test_names_and_titles_cost_no_tensorflow():
    code = (
        "import sys; from models import datasets; [datasets.info(name) for name in datasets.names()];"
        "print(sorted({'tensorflow', 'keras', 'streamlit'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


@pytest.mark.parametrize("name", ["", "cats", "batches", "drawn_pets", "Digits", "../folder", "folder.py"])
def test_an_unknown_name_is_refused_with_all_that_there_are(name):
    with pytest.raises(DatasetError) as caught:
        datasets.load(name, side=32)
    assert str(caught.value) == f'There is no dataset "{name}": choose from {", ".join(datasets.names())}.'


@pytest.mark.parametrize("name", ["folder", "folder:"])
def test_a_folder_without_a_path_is_refused(name):
    with pytest.raises(DatasetError, match=r"^The dataset folder needs PATH behind a colon: folder:PATH\.$"):
        datasets.load(name, side=32)


def test_the_request_reaches_the_dataset(monkeypatch):
    asked: list[datasets.Request] = []
    monkeypatch.setattr("models.datasets.folder.load", asked.append)

    def progress(*_: object) -> None:
        pass

    datasets.load("folder:C:/pets", side=48, resize="crop", progress=progress)
    assert asked == [datasets.Request(side=48, argument="C:/pets", resize="crop", progress=progress)]


# Parts ---------------------------------------------------------------------------------------------------------------


def test_a_part_has_as_many_pictures_as_labels_and_names():
    whole = part(1, 2)
    assert len(whole) == 2
    with pytest.raises(ValueError, match="2 images, 1 labels and 2 names"):
        replace(whole, labels=whole.labels[:1])
    with pytest.raises(ValueError, match="2 images, 2 labels and 1 names"):
        replace(whole, names=whole.names[:1])


def test_parts_are_found_by_their_names():
    pets = dataset()
    assert pets.part("train") is pets.train
    assert pets.part("validation") is pets.validation
    assert pets.channels == 3


def test_all_parts_are_one_with_labels_and_names_beside_their_pictures():
    whole = dataset(test=part(7, 6)).part("all")
    assert whole.images[:, 0, 0, 0].tolist() == [1, 2, 3, 4, 7, 6]
    assert whole.labels.tolist() == [1, 0, 1, 0, 1, 0]
    assert whole.names == ("1.png", "2.png", "3.png", "4.png", "7.png", "6.png")
    assert (whole.images.dtype, whole.labels.dtype) == (np.dtype(np.uint8), np.dtype(np.int64))


def test_a_single_part_is_joined_without_a_copy():
    only = part(1, 2)
    assert joined([only]) is only
    assert dataset(train=only, validation=empty_part(4)).part("all") is only


def test_an_empty_part_is_refused_in_a_sentence():
    with pytest.raises(DatasetError, match=r"^The test part of Five pets has no pictures\.$"):
        dataset().part("test")


@pytest.mark.parametrize("name", ["training", "", "classes", "__class__"])
def test_an_unknown_part_is_refused_in_a_sentence(name):
    with pytest.raises(DatasetError, match=r"^A dataset has the parts train, validation, test and all, but no "):
        dataset().part(name)


def test_an_empty_part_has_the_shape_of_its_pictures():
    grey = empty_part(28, 1)
    assert grey.images.shape == (0, 28, 28, 1)
    assert (grey.images.dtype, grey.labels.dtype) == (np.dtype(np.uint8), np.dtype(np.int64))
    assert grey.names == ()
    assert dataset(train=grey).channels == 1


# The fingerprint -----------------------------------------------------------------------------------------------------


def test_the_same_pictures_have_the_same_fingerprint():
    assert dataset().fingerprint() == dataset().fingerprint()
    assert len(dataset().fingerprint()) == 32


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"classes": ("cats", "wolves")}, id="another class"),
        pytest.param({"maximum": 16}, id="another white"),
        pytest.param({"train": part(1, 2, 5)}, id="another picture"),
        pytest.param({"train": part(1, 2)}, id="one less"),
        pytest.param({"train": part(3, 2, 1)}, id="another order"),
        pytest.param({"train": replace(part(1, 2, 3), labels=np.array([0, 0, 1]))}, id="another label"),
        pytest.param({"validation": part(6)}, id="another picture for validation"),
        pytest.param({"train": part(1, 2, 3, 4), "validation": empty_part(4)}, id="another division"),
        pytest.param({"train": one_pixel_off(part(1, 2, 3))}, id="another pixel"),
        pytest.param({"validation": one_pixel_off(part(4))}, id="another pixel for validation"),
    ],
)
def test_other_pictures_have_another_fingerprint(changes):
    assert dataset(**changes).fingerprint() != dataset().fingerprint()


def test_names_that_are_no_unicode_have_a_fingerprint_too():
    odd = replace(part(1), names=("H\udcfcndin.jpg",))
    assert dataset(train=odd).fingerprint() != dataset(train=part(1)).fingerprint()


def test_pictures_of_the_test_are_no_part_of_what_a_training_looks_at():
    assert dataset(test=part(5)).fingerprint() == dataset(test=one_pixel_off(part(5))).fingerprint()
    assert dataset(test=part(5)).digest("test") != dataset(test=one_pixel_off(part(5))).digest("test")


def test_known_digests_and_those_of_the_pictures_are_the_same():
    known = replace(part(1, 2, 3), digests=tuple(pixels_digest(image) for image in part(1, 2, 3).images))
    assert dataset(train=known).fingerprint() == dataset().fingerprint()
    assert joined([known, known]).digests == known.pixels() * 2
    assert joined([known, part(4)]).digests is None
    assert joined([known, part(4)]).pixels() == known.pixels() + part(4).pixels()


def test_composed_and_decomposed_names_are_the_same_picture():
    one, other = (replace(part(1), names=(unicodedata.normalize(form, "Kätzchen.jpg"),)) for form in ("NFC", "NFD"))
    assert one.names != other.names
    assert dataset(train=one).fingerprint() == dataset(train=other).fingerprint()


def without_pixels(found: Dataset) -> str:
    """The fingerprint as earlier versions wrote it into data.json."""
    text = repr((found.classes, found.maximum)).encode()
    for one in (found.train, found.validation):
        text += "\n".join(one.names).encode() + one.labels.tobytes() + repr(one.images.shape).encode()
    return hashlib.sha256(text).hexdigest()[:32]


def test_a_fingerprint_of_an_earlier_version_is_compared_as_it_was_then():
    earlier = without_pixels(dataset())
    assert dataset().fits(earlier)
    assert dataset(train=one_pixel_off(part(1, 2, 3))).fits(earlier)  # it does not know the pixels
    assert not dataset(train=part(1, 2, 5)).fits(earlier)
    assert not dataset(classes=("cats", "wolves")).fits(earlier)
    assert dataset().fits(dataset().fingerprint())
    assert not dataset(train=one_pixel_off(part(1, 2, 3))).fits(dataset().fingerprint())
    assert not dataset().fits(None)


@pytest.mark.parametrize("name", weights.names())
def test_the_runs_that_come_along_can_be_read_and_compared(name):
    with zipfile.ZipFile(weights.history(name)) as file:
        data = json.loads(file.read("data.json"))
    assert not data["fingerprint"].startswith(PIXELS)
    assert not dataset().fits(data["fingerprint"])
    if name == "digits":
        assert datasets.load("digits", side=8).fits(data["fingerprint"])


# The state of a dataset's files --------------------------------------------------------------------------------------


def test_a_dataset_without_files_has_no_state():
    assert [datasets.state(name) for name in ("digits", "drawn-pets:train=4", "nothing", "")] == [""] * 4


def test_many_files_are_not_looked_at_all_the_time(monkeypatch):
    looks = []

    def slow(argument: str) -> str:
        looks.append(argument)
        time.sleep(0.01)
        return f"state {len(looks)}"

    monkeypatch.setattr("models.datasets.folder.state", slow)
    monkeypatch.setattr(datasets, "_SPARING", 10**6)
    name = "folder:a folder that is looked at in this test only"
    assert datasets.state(name) == datasets.state(name) == "state 1"
    monkeypatch.setattr(datasets, "_states", {})
    assert datasets.state(name) == "state 2"
