"""What /image-data and /evaluation show of a folder is what lies in it now: added, removed or exchanged pictures."""

import base64
import io
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from components.lessons.image_data import dataset_explorer
from components.lessons.image_data.dataset_explorer import survey_job
from components.networks import choosers, score_job
from components.photo.photo_strip import Wish
from models import datasets
from models.datasets import DatasetError
from models.engine import EngineError
from models.engine.questions import SURVEY, Question
from models.evaluation.network_facts import network_facts
from models.evaluation.stored_scores import Judged, keep, pictures_digest, pieces
from models.networks.files import network_file, weights_digest
from models.survey import survey
from tests.app.visitor import Visitor

RED, GREEN, BLUE = (220, 20, 20), (20, 220, 20), (20, 20, 220)
NETWORK = "convnet"


def save(path: Path, colour: tuple[int, int, int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 40), colour).save(path, "BMP")


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two red cats and two blue dogs, each for training and for validation."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    for part in ("Training set", "validation"):
        for kind, colour in (("cats", RED), ("dogs", BLUE)):
            for number in range(2):
                save(tmp_path / "pets" / part / kind / f"{number}.bmp", colour)
    return tmp_path / "pets"


class Here:
    """Answers in this process: a survey as the engine does, and scores that are a picture's share of blue."""

    def ask(self, question: Question[object], *arguments: object, **_: object) -> object:
        try:
            return survey(*arguments) if question is SURVEY else self.judge(*arguments)  # type: ignore[arg-type]
        except (ValueError, DatasetError) as error:
            raise EngineError(str(error)) from None

    def judge(self, network: str, dataset: str, part: str, which: str, _seconds: float) -> dict[str, bool]:
        facts = network_facts(network, which)  # type: ignore[arg-type]
        assert facts is not None
        found = datasets.load(dataset, side=facts.side, resize=facts.resize)
        images = np.concatenate([piece.images for piece in pieces(found, part)])
        blue = (images[:, 5, 5, 2] / 255).astype(np.float32)
        keep(
            Judged(
                network=network,
                weights=weights_digest(network_file(network, which)),  # type: ignore[arg-type]
                dataset=dataset,
                part=part,
                pictures=pictures_digest(found, part),
                side=facts.side,
                resize=facts.resize,
                classes=("cats", "dogs"),
                labels=np.concatenate([piece.labels for piece in pieces(found, part)]),
                probabilities=np.stack([1 - blue, blue], axis=1),
                names=tuple(name for piece in pieces(found, part) for name in piece.names),
                features=np.stack([blue, blue], axis=1),
                distances=np.zeros(len(blue)),
            )
        )
        return {"finished": True}


@pytest.fixture
def teacher(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A visitor who may open folders, and who has scrolled to the explorer."""
    monkeypatch.setattr(survey_job, "engine_or_word", lambda _: Here())
    monkeypatch.setattr(score_job, "engine_or_word", lambda _: Here())
    monkeypatch.setattr(dataset_explorer, "judged", lambda *_, **__: None)
    monkeypatch.setattr(choosers, "is_teacher", lambda: True)
    monkeypatch.setattr(datasets, "_SPARING", 0)  # on a busy machine, the files would be looked at less often
    visitor.app.session_state["dataset-explorer-near:seen"] = True
    return visitor


def until(visitor: Visitor, holds: Callable[[], bool]) -> None:
    """Run the page until something holds."""
    end = time.monotonic() + 60
    visitor.app.run()
    while not holds():
        assert time.monotonic() < end, visitor.messages
        time.sleep(0.05)
        visitor.app.run()
    assert not visitor.app.exception


def supplied(visitor: Visitor, key: str, count: int) -> list[tuple[int, ...]]:
    """The colours of the thumbnails that a browser would get, () for one that is missing."""
    subject = ""
    for number in (1, 2):  # the first answer says which pictures these are
        visitor.app.session_state[f"{key}:wish"] = Wish(subject, number, list(range(count)))
        visitor.app.run()
        sent = [json.loads(node.proto.bytes or node.proto.json or "null") for node in visitor.app.get("bidi_component")]
        answers = [one for one in sent if isinstance(one, dict) and one.get("key") == key]
        if not answers:  # the engine is looking
            return []
        answer = answers[0]
        subject = answer["subject"]
    return [colour(answer["photos"].get(str(number), "")) for number in range(count)]


def colour(url: str) -> tuple[int, ...]:
    """The colour of the middle of a picture, 255 or 0 in each channel."""
    if not url:
        return ()
    with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as picture:
        pixel = picture.convert("RGB").getpixel((48, 48))
    assert isinstance(pixel, tuple)
    return tuple(220 if value > 128 else 20 for value in pixel)


def exchange(file: Path, colour: tuple[int, int, int]) -> None:
    """Put other pixels into a file of the same name, size and time."""
    before = file.stat()
    save(file, colour)
    assert file.stat().st_size == before.st_size
    if os.name != "nt":  # Windows does not note when a file's entry has changed
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_the_explorer_shows_what_lies_in_the_folder_now(teacher: Visitor, pets: Path) -> None:
    teacher.open("image_data", **{"set-data": "folder", "set-folder": str(pets)})

    def says(words: str) -> None:
        until(teacher, lambda: any(words in message for message in teacher.messages))

    def shown(count: int) -> list[tuple[int, ...]]:
        return supplied(teacher, "dataset-explorer-gallery-photos", count)

    says("8 pictures in 2 classes")
    assert shown(8) == [RED, RED, BLUE, BLUE] * 2
    exchange(pets / "validation" / "cats" / "1.bmp", GREEN)
    until(teacher, lambda: shown(8) == [RED, RED, BLUE, BLUE, RED, GREEN, BLUE, BLUE])
    save(pets / "validation" / "dogs" / "2.bmp", GREEN)
    says("9 pictures in 2 classes")
    assert shown(9) == [RED, RED, BLUE, BLUE, RED, GREEN, BLUE, BLUE, GREEN]
    (pets / "Training set" / "cats" / "0.bmp").unlink()
    says("8 pictures in 2 classes")
    assert shown(8) == [RED, BLUE, BLUE, RED, GREEN, BLUE, BLUE, GREEN]
    for file in (pets / "validation" / "dogs").iterdir():
        file.write_bytes(b"")
    says("5 pictures in 2 classes")
    assert "No file of dogs in the validation part can be read." in teacher.markup
    shutil.rmtree(pets)
    says("There is no folder")
    assert not [node for node in teacher.app.get("bidi_component") if node.proto.component_name == "picture_gallery"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_the_evaluation_shows_files_whose_names_are_no_text(teacher: Visitor, pets: Path) -> None:
    cats = pets / "validation" / "cats"
    for number in range(2):
        (cats / f"{number}.bmp").rename(cats / os.fsdecode(b"caf%b.bmp" % bytes([0xE8 + number])))
    exchange(cats / os.fsdecode(b"caf\xe9.bmp"), GREEN)
    teacher.open("evaluation", network=NETWORK, data="folder", folder=str(pets), part="validation")
    until(teacher, lambda: supplied(teacher, "threshold-board-photos", 4) == [RED, GREEN, BLUE, BLUE])
    teacher.follow(network=NETWORK, data="folder", folder="/" + "a" * 300, part="validation")
    until(teacher, lambda: any("There is no folder" in message for message in teacher.messages))


def test_the_evaluation_shows_what_lies_in_the_folder_now(teacher: Visitor, pets: Path) -> None:
    choice = {"network": NETWORK, "data": "folder", "folder": str(pets), "part": "validation"}
    teacher.open("evaluation", **choice)

    def says(words: str) -> None:
        until(teacher, lambda: any(words in message for message in teacher.messages))

    def shown(count: int) -> list[tuple[int, ...]]:
        return supplied(teacher, "threshold-board-photos", count)

    says("4 pictures of the folder")
    assert shown(4) == [RED, RED, BLUE, BLUE]
    exchange(pets / "validation" / "cats" / "1.bmp", GREEN)
    until(teacher, lambda: shown(4) == [RED, GREEN, BLUE, BLUE])
    save(pets / "validation" / "dogs" / "2.bmp", GREEN)
    says("5 pictures of the folder")
    assert shown(5) == [RED, GREEN, BLUE, BLUE, GREEN]
    (pets / "validation" / "cats" / "0.bmp").unlink()
    says("4 pictures of the folder")
    assert shown(4) == [GREEN, BLUE, BLUE, GREEN]
    save(pets / "Training set" / "cats" / "5.bmp", GREEN)  # of another part: nothing changes
    until(teacher, lambda: shown(4) == [GREEN, BLUE, BLUE, GREEN])
