"""/training, step 1: what lies in a folder is said before anything is trained on it."""

import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from models import datasets
from models.datasets import contents, folder
from models.datasets.description import describe
from tests.app.visitor import Visitor


@pytest.fixture(autouse=True)
def teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every visitor open folders."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setattr(datasets, "_SPARING", 0)  # on a busy machine, the files would be looked at less often
    for place in ("lessons.training.data_facts", "networks.choosers"):
        monkeypatch.setattr(f"components.{place}.is_teacher", lambda: True)


def fill(root: Path, *folders: str) -> Path:
    for name in folders:
        (root / name).mkdir(parents=True)
        for number in range(3):
            Image.new("RGB", (20, 20), "red").save(root / name / f"{number}.png")
    return root


def opened(root: Path) -> Visitor:
    visitor = Visitor().open("training", data="folder", folder=str(root), step="1")
    assert not visitor.app.exception
    return visitor


def test_parts_classes_and_numbers_are_said_as_the_command_line_says_them(tmp_path):
    root = fill(tmp_path / "pets", "Train/cats", "Train/dogs", "Validation set/Cats", "Validation set/dogs")
    visitor = opened(root)
    for line in describe(folder.listed(str(root))):
        assert f"<li>{line}</li>" in visitor.markup
    assert "Cats of the validation part is taken for cats of the training part." in visitor.markup
    assert "For training: 6 files (cats 3, dogs 3)." in visitor.markup
    Image.new("RGB", (20, 20), "red").save(root / "Train" / "cats" / "more.png")
    visitor.app.run()
    assert "For training: 7 files (cats 4, dogs 3)." in visitor.markup
    assert visitor.data("training_stepper")["steps"][0]["choice"] == "7 photos of a folder on the server"


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        (("train/cats", "train/dogs", "validation/rabbits"), "rabbits (in validation) has no pictures for training"),
        (("test/cats", "test/dogs"), "none for training"),
        (("cats",), "holds one class only"),
    ],
)
def test_what_cannot_be_trained_on_is_said_with_its_names(tmp_path, folders, said):
    visitor = opened(fill(tmp_path / "pets", *folders))
    assert any(said in message.replace("\\", "") for message in visitor.messages)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_text_are_shown(tmp_path):
    root = fill(tmp_path / "pets", "cats", "dogs")
    for old, new in (("dogs", b"h\xfcndchen"), ("cats/0.png", b"caf\xe9.jpg"), ("cats/1.png", b"cats/\xe9\x1b[1m.png")):
        (root / old).rename(root / os.fsdecode(new))
    visitor = opened(root)
    assert "<li>pets: 5 files in 2 classes.</li>" in visitor.markup
    assert "h\ufffdndchen 3" in visitor.markup
    assert "1 photo lies in no class and is left out: caf\ufffd.jpg." in visitor.markup


@pytest.mark.parametrize("name", ["a" * 300, "deep/" * 1000 + "end", "null\0byte"])
def test_a_path_that_cannot_be_one_is_a_sentence(tmp_path, name):
    visitor = opened(tmp_path / name)
    assert any("There is no folder" in message for message in visitor.messages)


def test_a_folder_that_is_far_too_large_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "MOST_ENTRIES", 7)
    visitor = opened(fill(tmp_path / "pets", "cats", "dogs"))
    assert any("holds more than 7 files and folders" in message for message in visitor.messages)
