"""/image-data: the dataset explorer, with a survey that is made in this process in place of the engine's."""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from components.lessons.image_data import dataset_explorer
from components.lessons.image_data.dataset_explorer import survey_job as surveying
from components.networks import choosers
from models.engine import EngineError
from models.engine.questions import SURVEY, Question
from models.survey import survey
from tests.app.visitor import Visitor

NEAR = "dataset-explorer-near:seen"


class Here:
    """Answers a survey in this process, and no question to a network."""

    def ask(self, question: Question[object], *arguments: object, **_: object) -> object:
        assert question is SURVEY
        try:
            return survey(*arguments)  # type: ignore[arg-type]
        except ValueError as error:
            raise EngineError(str(error)) from None


@pytest.fixture
def explorer(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A visitor who has scrolled to the explorer; surveys are answered, networks are not."""
    monkeypatch.setattr(surveying, "engine_or_word", lambda _: Here())
    monkeypatch.setattr(dataset_explorer, "judged", lambda *_, **__: None)
    surveying._kept.clear()
    visitor.app.session_state[NEAR] = True
    return visitor


@pytest.fixture
def teacher(explorer: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """The same visitor, who may open folders."""
    monkeypatch.setattr(choosers, "is_teacher", lambda: True)
    return explorer


def finished(visitor: Visitor) -> Visitor:
    """Run the page until the survey is finished."""
    end = time.monotonic() + 60
    while not any("pictures in" in message for message in visitor.messages):
        assert time.monotonic() < end, visitor.messages
        time.sleep(0.1)
        visitor.app.run()
    return visitor


def gallery(visitor: Visitor) -> dict:
    return visitor.data("picture_gallery")


def test_without_an_engine_it_says_what_is_missing(visitor):
    visitor.app.session_state[NEAR] = True
    visitor.open("image_data")
    assert any("Looking through a dataset needs the engine" in message for message in visitor.messages)


def test_digits_are_shown_by_class_and_a_picture_opens(explorer):
    finished(explorer.open("image_data", **{"set-data": "digits"}))
    strips = gallery(explorer)["strips"]
    assert [strip["title"].split(":")[0] for strip in strips] == [str(digit) for digit in range(10)]
    assert any("1,797 pictures in 10 classes" in message for message in explorer.messages)
    explorer.set_trigger("picture_gallery", "photo", 5)
    assert explorer.url["set-picture"] == "5"
    assert gallery(explorer)["current"] == 5
    assert "As the network receives it" in explorer.markup
    assert "Labelled “5”, in the train part." in explorer.markup
    explorer.open("pooling")
    explorer.app.query_params.clear()  # as Streamlit does when a menu entry is clicked
    explorer.open("image_data")
    assert "set-picture" not in explorer.url
    assert gallery(explorer)["current"] is None
    assert not explorer.app.exception


def test_another_order_is_another_title_and_stays_in_the_url(explorer):
    finished(explorer.open("image_data", **{"set-data": "digits"}))
    explorer.app.selectbox(key="dataset-explorer-order").set_value("dark").run()
    assert explorer.url["set-order"] == "dark"
    assert all("darkest first" in strip["title"] for strip in gallery(explorer)["strips"])
    shares = [float(caption.removesuffix("\u00a0%")) for caption in gallery(explorer)["strips"][0]["captions"]]
    assert shares == sorted(shares)


def test_a_folder_names_its_damaged_files_and_its_twins(teacher, tmp_path: Path):
    pixels = np.random.default_rng(1).integers(0, 256, (30, 50, 3)).astype(np.uint8)
    for kind, name in [("cats", "a.png"), ("dogs", "b.png"), ("dogs", "c.bmp")]:
        (tmp_path / kind).mkdir(exist_ok=True)
        Image.fromarray(pixels if name != "c.bmp" else pixels[::-1]).save(tmp_path / kind / name)
    (tmp_path / "dogs/broken *x*.jpg").write_bytes(b"")
    if sys.platform == "linux":  # names from an archive that was packed on Windows
        (tmp_path / "dogs/b.png").rename(tmp_path / os.fsdecode(b"dogs/b\xe9.png"))
        (tmp_path / os.fsdecode(b"dogs/broken \xe9.jpg")).write_bytes(b"")
    else:
        (tmp_path / "dogs/b.png").rename(tmp_path / "dogs/b\ufffd.png")
        (tmp_path / "dogs/broken \ufffd.jpg").write_bytes(b"")
    finished(teacher.open("image_data", **{"set-data": "folder", "set-folder": str(tmp_path)}))
    assert "cats/a.png and dogs/b\ufffd.png: the same bytes. Their labels differ: cats and dogs." in teacher.markup
    assert "dogs/broken *x*.jpg: This file is empty" in teacher.markup
    assert "dogs/broken \ufffd.jpg: This file is empty" in teacher.markup
    assert [strip["captions"] for strip in gallery(teacher)["strips"]] == [["a.png"], ["b\ufffd.png", "c.bmp"]]
    assert not teacher.app.exception


@pytest.mark.parametrize("folder", ["", "/nowhere/at/all", "/" + "a" * 300, "/" + "deep/" * 1000])
def test_a_folder_that_cannot_be_used_is_a_sentence(teacher, folder):
    teacher.open("image_data", **{"set-data": "folder", "set-folder": folder})
    wanted = "There is no folder" if folder else "Name a folder"
    end = time.monotonic() + 30
    while not any(wanted in message for message in teacher.messages):
        assert time.monotonic() < end, teacher.messages
        time.sleep(0.1)
        teacher.app.run()
    assert not teacher.app.exception
    assert not [node for node in teacher.app.get("bidi_component") if node.proto.component_name == "picture_gallery"]


def test_a_folder_is_for_the_teacher(explorer, tmp_path):
    explorer.open("image_data", **{"set-data": "folder", "set-folder": str(tmp_path)})
    assert "Only the teacher may open a folder on the server." in explorer.messages


def test_the_augmentation_keeps_its_sliders_in_the_url(visitor):
    visitor.open("image_data", **{"augment-rotation": "45", "augment-flip": "off"})
    scene = visitor.data("augmentation")["scene"]
    assert (scene["rotation"], scene["flip"], scene["zoom"]) == ("45", "off", "0.2")
    assert json.dumps(visitor.url) == json.dumps({"augment-rotation": "45", "augment-flip": "off"})


def test_photos_that_are_not_here_are_offered_to_the_teacher_alone(explorer):
    explorer.open("image_data", **{"set-data": "dogs-vs-cats"})
    assert any("The teacher can fetch them." in message for message in explorer.messages)
    assert not explorer.app.exception
