"""models/datasets/spelling.py: names that are no text are shown, and one rule says which names mean the same."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image

from models import datasets
from models.datasets import Dataset, DatasetError, folder
from models.datasets.description import describe
from models.datasets.spelling import plain, shown
from models.evaluation.class_names import UnknownClassError, matched

RED, GREEN, BLUE = (220, 40, 40), (40, 180, 60), (40, 60, 210)

any_bytes = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")


@pytest.fixture(autouse=True)
def runs(monkeypatch, tmp_path_factory) -> None:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path_factory.mktemp("runs")))


def on_disk(root: Path, path: bytes, colour: tuple[int, int, int] = GREEN) -> Path:
    """Save a picture under a path that need not be text."""
    file = Path(os.fsdecode(os.fsencode(root) + b"/" + path))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        Image.new("RGB", (24, 20), colour).save(stream, "PNG")
    return file


def load(root: Path) -> Dataset:
    return datasets.load(f"folder:{root}", side=16)


def refusal(root: Path) -> str:
    with pytest.raises(DatasetError) as caught:
        load(root)
    return str(caught.value)


def names_in(dataset: Dataset) -> set[str]:
    return {name for part in (dataset.train, dataset.validation, dataset.test) for name in part.names}


# Names that are no text ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ch\udce2ts", "ch\ufffdts"),
        ("c\na\x1b[31mts\x7f", "c\ufffda\ufffd[31mts\ufffd"),
        ("a\u2028b\u2029c\x85d\ufffee", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("Kätzchen – \u0645\u06cc\u200c\u062e \U0001f408", "Kätzchen – \u0645\u06cc\u200c\u062e \U0001f408"),
    ],
)
def test_what_is_no_text_is_shown_as_a_sign(name, text):
    assert shown(name) == text
    assert shown(text) == text


@any_bytes
@pytest.mark.parametrize(
    ("real", "text"),
    [(b"ch\xe2ts", "ch\ufffdts"), (b"\x83l\x83R", "\ufffdl\ufffdR"), (b"c\na\x1b[31mts", "c\ufffda\ufffd[31mts")],
)
def test_files_and_classes_of_such_names_are_shown_and_found_again(tmp_path, real, text):
    on_disk(tmp_path, b"cats/%b.png" % real)
    on_disk(tmp_path, b"cats/%b/%b/deep.png" % (real, real))
    on_disk(tmp_path, b"%b too/a.png" % real, RED)
    on_disk(tmp_path, b"%b too/empty%b.jpg" % (real, real)).write_bytes(b"")
    on_disk(tmp_path, b"%b.jpg" % real)
    pets, listed = load(tmp_path), folder.listed(str(tmp_path))
    assert pets.classes == listed.classes == tuple(sorted(("cats", f"{text} too")))
    assert names_in(pets) == {f"cats/{text}.png", f"cats/{text}/{text}/deep.png", f"{text} too/a.png"}
    assert [one.name for one in pets.skipped] == [f"{text} too/empty{text}.jpg"]
    assert names_in(listed) == names_in(pets) | {f"{text} too/empty{text}.jpg"}
    assert all(folder.file_of(str(tmp_path), name).is_file() for name in names_in(listed))
    for one in (pets, listed):
        assert any(f"left out: {text}.jpg." in line for line in one.remarks)
        for line in describe(one):
            line.encode()
            assert line.replace("\u00a0", " ").isprintable()
    assert load(tmp_path).fingerprint() == pets.fingerprint()


@any_bytes
def test_files_that_would_be_shown_alike_have_numbers(tmp_path):
    on_disk(tmp_path, b"dogs/a.png", RED)
    files = [on_disk(tmp_path, b"cats/caf%b.png" % letter) for letter in (b"\xe8", b"\xe9", b"\xea")]
    taken = on_disk(tmp_path, "cats/caf\ufffd (2).png".encode())
    expected = {
        "cats/caf\ufffd.png": files[0],
        "cats/caf\ufffd (2).png": taken,
        "cats/caf\ufffd (3).png": files[1],
        "cats/caf\ufffd (4).png": files[2],
    }
    assert names_in(load(tmp_path)) == {*expected, "dogs/a.png"}
    assert {name: folder.file_of(str(tmp_path), name) for name in expected} == expected
    assert folder.file_of(str(tmp_path), "cats/gone\ufffd.png") == tmp_path / "cats" / "gone\ufffd.png"


@any_bytes
@pytest.mark.parametrize("parts", [(b"", b""), (b"train/", b"train/"), (b"train/", b"validation/")])
@pytest.mark.parametrize("names", [(b"ch\xe2ts", b"ch\xe4ts"), (b"ca\nts", b"ca\rts"), (b"\xff", "\ufffd".encode())])
def test_classes_that_would_be_shown_alike_are_refused(tmp_path, parts, names):
    for part, name in zip(parts, names, strict=True):
        on_disk(tmp_path, part + name + b"/a.png")
        on_disk(tmp_path, part + b"dogs/a.png")
    text = shown(os.fsdecode(names[0]))
    assert f"holds folders for different classes that can only be shown as {text}: " in refusal(tmp_path)


@any_bytes
def test_refusals_and_titles_can_be_shown(tmp_path):
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/Bilder\xfc"))
    for name in (b"ch\xe2ts/train/a.png", b"ch\xe2ts/test/a.png", b"dogs/a.png"):
        on_disk(root, name)
    assert refusal(root).startswith(f"{tmp_path}/Bilder\ufffd holds the parts test and train inside of ch\ufffdts.")
    assert refusal(root / "none").startswith(f"There is no folder {tmp_path}/Bilder\ufffd/none:")
    shutil.rmtree(root / os.fsdecode(b"ch\xe2ts") / "test")
    assert load(root).title == "Bilder\ufffd"


# Names that mean the same --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("st. bernard", "St Bernard", "st_bernard", "st-bernard", "St.Bernard"),
        (
            "golden retriever",
            "golden–retriever",
            "golden\u200b retriever",
            "Golden\u00a0Retriever",
            "golden\xadretriever",
        ),
        ("king charles' spaniel", "King Charles’ Spaniel", "king_charles_spaniel"),
        ("2023-01", "2023_01", "2023 – 01"),
        ("class 1", "Class_1", "class1", "class.1"),
        ("1,5 mm", "1.5mm"),
        ("Straße", "STRASSE"),
        ("Ka\u0308tzchen", "K\u00e4tzchen", "K\u00c4TZCHEN"),
    ],
)
def test_case_blanks_and_marks_do_not_count_between_parts_and_in_an_evaluation(tmp_path, names):
    for other in names[1:]:
        root = tmp_path / str(names.index(other))
        for path in (f"train/{names[0]}", f"validation/{other}", "train/zebras", "validation/zebras"):
            (root / path).mkdir(parents=True)
            (root / path / "a.png").touch()
        found = folder.listed(str(root))
        assert len(found.classes) == 2
        assert matched(found.classes, found.classes).tolist() == [0, 1]
        assert matched([other, "zebras"], found.classes).tolist() == [0, 1]
        assert matched([names[0]], [other, "zebras"]).tolist() == [0]


@pytest.mark.parametrize(
    ("one", "other"), [("1.5", "15"), ("-1", "1"), ("1 2", "12"), ("c", "c#"), ("cat", "cat\u200d"), ("_", "-")]
)
def test_marks_that_make_another_name_count(tmp_path, one, other):
    for path in (f"train/{one}", f"validation/{other}", "train/zebras", "validation/zebras"):
        (tmp_path / path).mkdir(parents=True)
        (tmp_path / path / "a.png").touch()
    with pytest.raises(DatasetError, match="no pictures for training"):
        folder.listed(str(tmp_path))
    with pytest.raises(UnknownClassError):
        matched([other], [one, "zebras"])


def test_the_same_name_wins_and_rivals_stay_apart():
    both = ("st. bernard", "St Bernard")
    assert matched(both, both[::-1]).tolist() == [1, 0]
    with pytest.raises(UnknownClassError, match="could be the network's"):
        matched(["st-bernard"], both)
    assert plain("-") == ""
