"""Own photos in their grid, and a new picture for a trained network, without a browser."""

import json
import os
import time
from concurrent.futures import Executor, Future

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest
from streamlit.testing.v1 import AppTest

from components.lessons.training import try_a_photo
from components.lessons.training.try_a_photo import percents
from components.photo import opening
from models.datasets.photos import SIDE, pack, unpack
from models.engine import EngineError
from models.pictures.opening import PhotoOpener
from models.pictures.photo import decode
from models.pictures.samples import DEFAULT, sample
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from tests.app.visitor import Visitor

GRID = """
import streamlit as st
from components.photo.own_photos import own_photos
st.session_state["got"] = own_photos()
"""

TRY = """
import streamlit as st
from components.photo.own_photos import own_photos
from components.lessons.training.try_a_photo import try_a_photo
from models.engine import EngineError
from models.storage import runs_dir
from models.runs.run_directory import RunDirectory
class Engine:
    def predict(self, pixels, network):
        st.session_state.setdefault("asked", []).append((pixels.shape, network))
        if st.session_state.get("broken"):
            raise EngineError("its weights are damaged.")
        cat = float(pixels.mean()) / 255
        return {"classes": ["cat", "dog"], "probabilities": [cat, 1 - cat]}
own_photos()
try_a_photo(RunDirectory(runs_dir() / "first"), Engine())
"""


class Page(Visitor):
    """A visitor of a page made by one of the scripts above."""

    def __init__(self, script: str) -> None:
        self.app = AppTest.from_string(script, default_timeout=60).run()
        self.came = True

    def drop(self, place: int, *files: tuple[str, bytes]) -> "Page":
        """Drop files on a class's card."""
        self.app.file_uploader[place].set_value([(name, data, "image/jpeg") for name, data in files]).run()
        assert not self.app.exception
        return self

    @property
    def got(self) -> list:
        return self.app.session_state["got"]

    @property
    def said(self) -> str:
        return " ".join([*self.messages, self.markup])


@pytest.fixture
def page() -> Page:
    return Page(GRID)


@pytest.fixture
def pets(picture):
    return lambda *seeds: [(f"pet {seed}.jpg", picture(seed=seed)) for seed in seeds]


def test_there_are_two_classes_at_first_and_both_miss_pictures(page):
    assert [field.value for field in page.app.text_input] == ["cat", "dog"]
    assert "Still missing: 2 more pictures of cat and 2 more pictures of dog." in page.said
    assert page.got == []


def test_several_pictures_are_dropped_at_once_and_come_out_small_and_in_order(page, pets, picture):
    large = ("large.png", picture(seed=9, kind="PNG", width=900))
    page.drop(0, *pets(1, 2)).drop(1, large, *pets(4))
    assert [(kind, photo.name) for kind, photo in page.got] == [
        ("cat", "pet 1.jpg"),
        ("cat", "pet 2.jpg"),
        ("dog", "large.png"),
        ("dog", "pet 4.jpg"),
    ]
    assert max(page.got[2][1].pixels.shape) == SIDE
    assert "Ready: 2 of cat and 2 of dog; all of them to train on." in page.said
    assert not any(uploader.value for uploader in page.app.file_uploader)


def test_what_is_packed_is_what_would_be_packed_of_the_pictures_as_they_came(page, picture):
    files = [(f"{width}.png", picture(seed=width, kind="PNG", width=width)) for width in (120, 500, 700, 1400)]
    page.drop(0, *files[:2]).drop(1, *files[2:])
    whole = [("cat" if place < 2 else "dog", decode(data)) for place, (_, data) in enumerate(files)]
    packed, expected = (unpack(pack(pictures), side=96, how="squash") for pictures in (page.got, whole))
    assert packed.fingerprint() == expected.fingerprint()
    assert np.array_equal(packed.train.images, expected.train.images)


def test_one_in_five_is_said_to_be_kept_for_validation_and_is(page, pets):
    page.drop(0, *pets(*range(6))).drop(1, *pets(*range(10, 13)))
    assert "Ready: 6 of cat and 3 of dog; 8 to train on, 1 for validation." in page.said
    dataset = unpack(pack(page.got), side=32, how="squash")
    assert (len(dataset.train), len(dataset.validation)) == (8, 1)


def test_a_bad_file_is_a_sentence_and_the_others_stay(page, pets):
    page.drop(0, *pets(1), ("no*tes*.jpg", b"text"), *pets(2))
    [error] = page.app.error
    assert error.value.startswith(r"no\*tes\*.jpg: This file is not a picture: please choose a photo")
    assert "<strong>2</strong> pictures" in page.markup
    page.drop(0, *pets(3))
    assert not page.app.error


def test_pictures_that_wait_come_one_after_the_other_and_the_page_says_how_many_are_missing(page, pets, monkeypatch):
    opener = PhotoOpener(at_once=1)
    opener.submit(b"text", visitor=("", "warm")).wait(60)
    [number] = opener.processes()
    psutil.Process(number).suspend()
    try:
        monkeypatch.setattr(opening, "OPENER", opener)
        monkeypatch.setattr(opening, "PATIENCE", 0.0)
        busy = opener.submit(pets(9)[0][1], visitor=("", "somebody"))
        page.drop(0, *pets(1), ("notes.jpg", b"text"), *pets(2, 3))
        assert "4 of your photos are still to be opened. 1 photo is opened before the next of them." in page.said
        page.drop(1, *pets(4))
        page.click("own-photos-1-mine")
        assert "<strong>0</strong> pictures" in page.markup
        psutil.Process(number).resume()
        assert busy.wait(60)
        for _ in range(600):
            page.app.run()
            if len(page.got) == 5:
                break
            time.sleep(0.05)
    finally:
        opener.close()
    assert [photo.name for kind, photo in page.got if kind == "cat"] == ["pet 1.jpg", "pet 2.jpg", "pet 3.jpg"]
    assert "pet 4.jpg" in [photo.name for kind, photo in page.got if kind == "dog"]
    assert page.app.error[0].value.startswith("notes.jpg: This file is not a picture")
    assert "still to be opened" not in page.said


def test_a_class_that_is_emptied_or_removed_gets_no_pictures_any_more(page, pets, monkeypatch):
    opener = PhotoOpener(at_once=1)
    opener.submit(b"text", visitor=("", "warm")).wait(60)
    [number] = opener.processes()
    page.drop(0, *pets(1, 2)).drop(1, *pets(3, 4))
    psutil.Process(number).suspend()
    try:
        monkeypatch.setattr(opening, "OPENER", opener)
        monkeypatch.setattr(opening, "PATIENCE", 0.0)
        page.drop(0, *pets(5, 6))
        page.click("own-photos-0-empty")
        assert "still to be opened" not in page.said
        psutil.Process(number).resume()
        opener.submit(pets(7)[0][1], visitor=("", "somebody")).wait(60)
        page.app.run()
    finally:
        opener.close()
    assert "Still missing: 2 more pictures of cat." in page.said


def test_a_picture_is_taken_once_only(page, pets):
    page.drop(0, *pets(1, 1))
    assert page.app.error[0].value == "pet 1.jpg: this very picture is in cat already."
    page.drop(1, *pets(1))
    assert page.app.error[-1].value == "pet 1.jpg: this very picture is in cat already."
    assert "<strong>1</strong> picture<" in page.markup
    assert "<strong>0</strong> pictures" in page.markup


def test_where_no_class_is_a_pet_the_pages_photo_is_not_offered(page):
    assert [one.label for one in page.app.button if "photo" in one.label] == [
        "Add the page's photo as cat",
        "Add the page's photo as dog",
    ]
    digits = Page(GRID.replace("own_photos()", "own_photos(takes_page_photo=False)"))
    assert [one.label for one in digits.app.button if "photo" in one.label] == []


def test_the_pages_photo_is_added_with_one_press(page, pets):
    page.drop(0, *pets(1)).drop(1, *pets(2, 3))
    page.click("own-photos-0-mine")
    assert [photo.name for kind, photo in page.got if kind == "cat"] == ["pet 1.jpg", sample(DEFAULT).name]
    page.app.session_state["photo"] = decode(pets(7)[0][1], name="Bello.jpg")
    page.app.run()
    assert page.app.button(key="own-photos-1-mine").label == "Add my photo as dog"
    page.click("own-photos-1-mine")
    assert page.got[-1][1].name == "Bello.jpg"


def test_names_can_be_changed_and_must_differ(page, pets):
    page.drop(0, *pets(1, 2)).drop(1, *pets(3, 4))
    page.app.text_input[0].set_value("  my   Bello ").run()
    assert [kind for kind, _ in page.got] == ["my Bello", "my Bello", "dog", "dog"]
    for name, said in (
        ("my Bello", "Two classes are called my Bello"),
        ("MY bello", "The names of two classes, my Bello and MY bello, differ only in capital letters"),
        (
            "my\u200b Bello",
            "The names of two classes, my Bello and my\u200b Bello, differ only in signs that nobody sees",
        ),
    ):
        page.app.text_input[1].set_value(name).run()
        assert page.got == []
        assert f"{said}: give one of them another name." in page.said
    page.app.text_input[1].set_value(" ").run()
    assert "Class 2 needs a name." in page.said


def test_classes_come_and_go_between_two_and_five(page, pets):
    page.drop(0, *pets(1, 2)).drop(1, *pets(3, 4))
    assert not any(button.label.startswith("Remove the class") for button in page.app.button)
    for _ in range(3):
        page.click("own-photos-add")
    assert [field.value for field in page.app.text_input] == ["cat", "dog", "class 3", "class 4", "class 5"]
    assert "own-photos-add" not in [button.key for button in page.app.button]
    assert page.got == []
    page.click("own-photos-1-drop").click("own-photos-3-drop")
    assert [field.value for field in page.app.text_input] == ["cat", "class 3", "class 5"]
    assert "2 more pictures of class 3 and 2 more pictures of class 5" in page.said


def test_pictures_are_taken_away_one_by_one_or_all_at_once(page, pets):
    page.drop(0, *pets(1, 2, 3)).drop(1, *pets(4, 5))
    components = [node.proto for node in page.app.get("bidi_component")]
    sent = json.loads(components[0].bytes)
    assert [picture["label"] for picture in sent["pictures"]] == [
        f"Remove pet {seed}.jpg, picture {seed} of cat" for seed in (1, 2, 3)
    ]
    assert all(picture["picture"].startswith("data:image/jpeg;base64,") for picture in sent["pictures"])
    page.component = lambda name: components[0]
    page.set_trigger("own_photos", "remove", sent["pictures"][1]["id"])
    assert [photo.name for kind, photo in page.got if kind == "cat"] == ["pet 1.jpg", "pet 3.jpg"]
    page.click("own-photos-0-empty")
    assert "Still missing: 2 more pictures of cat." in page.said


# A new picture --------------------------------------------------------------------------------------------------------


class AtOnce(Executor):
    """Answers before the page goes on: AppTest asks for no second look."""

    def submit(self, work, /, *given, **named) -> Future:
        answer: Future = Future()
        try:
            answer.set_result(work(*given, **named))
        except EngineError as error:
            answer.set_exception(error)
        return answer


@pytest.fixture
def tried(tmp_path, monkeypatch) -> Page:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    monkeypatch.setattr(try_a_photo, "_threads", AtOnce())
    run = RunDirectory.create(tmp_path / "first", RunConfig(dataset="photos", network="convnet"))
    run.best_model.write_bytes(b"network")
    return Page(TRY)


def answer(page: Page) -> str:
    assert not page.app.exception
    [found] = [
        element.value for element in page.app.html if "try-photo" in element.value and "<figure" in element.value
    ]
    return found


def shown(photo) -> str:
    return f"{round(photo.pixels.mean() / 255 * 100, 1):.1f}\u00a0%"


def test_the_pages_photo_comes_first_and_its_network_is_named(tried):
    photo = sample(DEFAULT)
    found = answer(tried)
    assert f'data-digest="{photo.digest}"' in found
    assert shown(photo) in found
    assert "convnet, run first" in found
    assert "this network has never seen this picture" in found
    assert tried.app.session_state["asked"][0][1].endswith("/first")


def test_a_new_picture_is_asked_for_once_and_never_has_the_old_answer(tried, picture):
    bello = decode(picture(seed=3))
    tried.app.file_uploader[2].upload("Bello.jpg", picture(seed=3)).run()
    found = answer(tried)
    assert f'data-digest="{bello.digest}"' in found
    assert shown(bello) in found
    assert shown(sample(DEFAULT)) not in found
    tried.app.run()
    assert len(tried.app.session_state["asked"]) == 2
    tried.click("try-first-back")
    assert f'data-digest="{sample(DEFAULT).digest}"' in answer(tried)


def test_no_answer_is_a_sentence_and_no_old_bars(tried, picture):
    tried.app.session_state["broken"] = True
    tried.app.file_uploader[2].upload("Bello.jpg", picture(seed=3)).run()
    assert "%" not in answer(tried)
    assert [warning.value for warning in tried.app.warning] == [
        "The network could not classify it: its weights are damaged."
    ]


def test_a_bad_file_leaves_the_picture_before_it(tried):
    before = answer(tried)
    tried.app.file_uploader[2].upload("notes.jpg", b"text").run()
    assert tried.app.error[0].value.startswith("notes.jpg: This file is not a picture")
    assert answer(tried) == before


def test_a_picture_from_the_visitors_own_classes_is_no_new_one(tried):
    tried.click("own-photos-0-mine")
    assert "This very picture was among the training pictures" in answer(tried)


def test_a_network_that_has_learned_more_is_asked_again(tried, tmp_path):
    os.utime(tmp_path / "first" / "best.keras", ns=(1, 1))
    tried.app.run()
    assert len(tried.app.session_state["asked"]) == 2


def test_percentages_add_up_to_a_hundred():
    assert percents([1 / 3] * 3) == [334, 333, 333]
    assert percents([0.9996, 0.0004]) == [1000, 0]
    random = np.random.default_rng(0)
    for _ in range(200):
        probabilities = random.dirichlet(np.full(10, 0.3))
        found = percents(list(probabilities))
        assert sum(found) == 1000
        assert np.abs(np.array(found) / 1000 - probabilities).max() < 1e-3
