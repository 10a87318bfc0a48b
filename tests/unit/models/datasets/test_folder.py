"""models/datasets/folder.py: any folder of photos, however it came about, becomes a dataset or a clear sentence."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from models import datasets
from models.datasets import Dataset, DatasetError, folder
from models.storage import ROOT

MESSY = Path(os.environ.get("PHOTO_DATA", ROOT.parent / "shared" / "data" / "messy"))

RED, GREEN, BLUE = (220, 40, 40), (40, 180, 60), (40, 60, 210)
PARTS = ("train", "validation", "test")


@pytest.fixture(autouse=True)
def runs(monkeypatch, tmp_path_factory) -> None:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path_factory.mktemp("runs")))


@pytest.fixture
def root(tmp_path) -> Path:
    """Cats are red and dogs are blue, forty of each."""
    for kind, colour in (("cats", RED), ("dogs", BLUE)):
        for number in range(40):
            save(tmp_path / "pets" / kind / f"{number}.png", colour)
    return tmp_path / "pets"


def save(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (24, 20), **options) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, **options)


def load(root: Path | str, *, side: int = 16, **options) -> Dataset:
    return datasets.load(f"folder:{root}", side=side, **options)


def refusal(root: Path | str) -> str:
    with pytest.raises(DatasetError) as caught:
        load(root)
    return str(caught.value)


def everything(dataset: Dataset) -> dict[str, tuple[str, int, tuple[int, ...]]]:
    """Name → (part, label, colour of the middle)."""
    found = {}
    for name in PARTS:
        part = getattr(dataset, name)
        middles = part.images[:, part.images.shape[1] // 2, part.images.shape[2] // 2].tolist()
        rows = list(zip(part.names, part.labels.tolist(), map(tuple, middles), strict=True))
        found.update({file: (name, label, colour) for file, label, colour in rows})
        assert len(rows) == len(set(part.names)) == len(part)
    assert len(found) == sum(len(getattr(dataset, name)) for name in PARTS)
    return found


# The result ----------------------------------------------------------------------------------------------------------


def test_every_photo_is_in_one_part_with_the_label_of_its_folder(root):
    pets = load(root)
    assert pets.classes == ("cats", "dogs")
    found = everything(pets)
    assert set(found) == {f"{kind}/{number}.png" for kind in ("cats", "dogs") for number in range(40)}
    for name, (_, label, colour) in found.items():
        assert (label, colour) == ((0, RED) if name.startswith("cats") else (1, BLUE))


def test_the_dataset_is_what_the_interface_says(root):
    pets = load(root)
    assert (pets.name, pets.title, pets.maximum, pets.channels) == (f"folder:{root}", "pets", 255, 3)
    assert (pets.drawn, pets.divided, pets.skipped) == (False, False, ())
    for name in PARTS:
        part = getattr(pets, name)
        assert part.images.shape == (len(part), 16, 16, 3)
        assert (part.images.dtype, part.labels.dtype) == (np.uint8, np.int64)
        assert len(part)
        assert not part.images.flags.writeable
        assert isinstance(part.images, np.memmap)  # the memory does not fill, however many photos there are


def test_the_way_of_resizing_is_heard(tmp_path):
    wide = Image.new("RGB", (60, 20))
    wide.paste(RED, (0, 0, 20, 20))
    wide.paste(BLUE, (40, 0, 60, 20))
    for kind in ("cats", "dogs"):
        (tmp_path / kind).mkdir()
        wide.save(tmp_path / kind / "a.png")
    corners = {}
    for how in ("squash", "crop", "pad"):
        images = load(tmp_path, resize=how).part("all").images
        corners[how] = (tuple(images[0, 8, 0].tolist()), tuple(images[0, 0, 8].tolist()))
    assert corners["squash"][0] == RED
    assert corners["crop"][0] != RED
    assert corners["pad"] == (RED, (0, 0, 0))


def test_progress_is_told(root):
    told: list[tuple[str, int, int]] = []
    load(root, progress=lambda *report: told.append(report))
    assert told == [("reading photos", done, 80) for done in (0, 64, 80)]


# Division ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "tests"),
    [
        (("train", "validation", "test"), 2),
        (("train", "val"), 0),
        (("Train", "VALID", "Test"), 2),
        (("TRAIN", "Validation"), 0),
    ],
)
def test_a_division_that_is_brought_along_is_kept(tmp_path, names, tests):
    for part, number in zip(names, (4, 3, 1), strict=False):
        for kind, colour in (("cats", RED), ("dogs", BLUE)):
            for index in range(number):
                save(tmp_path / part / kind / f"{index}.png", colour)
    save(tmp_path / "raw" / "wolves" / "0.png", GREEN)  # another folder beside them
    pets = load(tmp_path)
    assert pets.divided
    assert pets.classes == ("cats", "dogs")
    assert [len(getattr(pets, name)) for name in PARTS] == [8, 6, tests]
    assert pets.train.names[:5] == (*(f"{names[0]}/cats/{index}.png" for index in range(4)), f"{names[0]}/dogs/0.png")
    assert pets.validation.labels.tolist() == [0, 0, 0, 1, 1, 1]


def test_training_photos_alone_are_classes_like_any_other(tmp_path):
    save(tmp_path / "train" / "a.png", RED)
    save(tmp_path / "aeroplane" / "a.png", BLUE)
    pets = load(tmp_path)
    assert pets.classes == ("aeroplane", "train")
    assert not pets.divided


def test_shares_are_about_right_over_many_names():
    lots = [folder._drawn_lot(f"cats/cat.{number}.jpg") for number in range(2000)]
    shares = {name: lots.count(name) / 20 for name in PARTS}
    assert shares == pytest.approx({"train": 75, "validation": 15, "test": 10}, abs=2.5)


def test_the_division_is_the_same_as_ever():
    # Figures of networks that were trained with different divisions must not be compared.
    lots = "".join(folder._drawn_lot(f"cats/{number}.jpg")[:2] for number in range(24))
    assert lots == "vatrtrtrtrvavatrtrvatrtrtrtrtrtrtrtrtetetrtrtrtr"


def test_photos_that_are_added_move_no_other_one_into_another_part(root):
    before = everything(load(root))
    for number in range(100, 130):
        save(root / "cats" / f"{number}.png", RED)
        save(root / "birds" / f"{number}.png", GREEN)
    after = everything(load(root))
    assert len(after) == len(before) + 60
    assert {name: after[name][0] for name in before} == {name: part for name, (part, _, _) in before.items()}


def test_order_does_not_depend_on_the_order_of_the_file_system(root, monkeypatch):
    save(root / "cats" / "Z" / "a.png", RED)
    save(root / "cats" / "a" / "z.png", RED)
    (root / "cats" / "z").symlink_to(root / "cats" / "a", target_is_directory=True)
    expected = load(root)
    real_scandir, real_iterdir = os.scandir, Path.iterdir

    class Backwards:
        def __init__(self, path) -> None:
            with real_scandir(path) as entries:
                self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None:
            pass

        close = __exit__

        def __iter__(self) -> Iterator[os.DirEntry]:
            return self

        def __next__(self) -> os.DirEntry:
            return next(self.entries)

    monkeypatch.setattr(os, "scandir", Backwards)
    monkeypatch.setattr(Path, "iterdir", lambda path: iter(sorted(real_iterdir(path), reverse=True)))
    assert [entry.name for entry in root.iterdir()] == ["dogs", "cats"]
    found = load(root)
    for name in PARTS:
        assert getattr(found, name).names == getattr(expected, name).names
    assert found.fingerprint() == expected.fingerprint()


# Contents of folders -------------------------------------------------------------------------------------------------


def test_folders_below_a_class_belong_to_it(root):
    save(root / "cats" / "2024" / "spring" / "a.png", GREEN)
    found = everything(load(root))
    assert found["cats/2024/spring/a.png"][1:] == (0, GREEN)


def test_hidden_files_and_folders_are_no_photos_and_no_classes(root):
    before = set(everything(load(root)))
    for name in (".DS_Store", "._0.png", "Thumbs.db", ".thumbnails/a.png", ".git/deep/a.png"):
        save(root / "cats" / name, GREEN, format="PNG")
    save(root / ".cache" / "a.png", GREEN)
    save(root / "a.png", GREEN)  # in no class
    pets = load(root)
    assert (set(everything(pets)), pets.skipped, pets.classes) == (before, (), ("cats", "dogs"))


def test_a_class_without_files_is_none(root):
    (root / "birds").mkdir()
    (root / "fish" / "salmon").mkdir(parents=True)
    assert load(root).classes == ("cats", "dogs")


def test_names_with_spaces_and_umlauts_are_names(tmp_path):
    root = tmp_path / "Meine Bilder: süß"
    save(root / "Katzen & Kater" / "Größe 1.png", RED)
    save(root / "Hündinnen" / "Frau Müller.png", BLUE)
    pets = load(root)
    assert pets.classes == ("Hündinnen", "Katzen & Kater")
    assert set(everything(pets)) == {"Hündinnen/Frau Müller.png", "Katzen & Kater/Größe 1.png"}
    assert pets.title == "Meine Bilder: süß"


def test_the_users_home_and_a_relative_path_are_understood(root, monkeypatch):
    monkeypatch.setenv("HOME", str(root.parent))
    monkeypatch.chdir(root.parent)
    assert len(everything(load("~/pets"))) == len(everything(load("pets"))) == 80


# Links ---------------------------------------------------------------------------------------------------------------


def test_links_to_photos_to_classes_and_to_folders_are_followed(root, tmp_path):
    both = tmp_path / "both"
    (both / "cats").mkdir(parents=True)
    (both / "cats" / "first.png").symlink_to(root / "cats" / "0.png")
    (both / "cats" / "all").symlink_to(root / "cats", target_is_directory=True)
    (both / "dogs").symlink_to(root / "dogs", target_is_directory=True)
    names = set(everything(load(both)))
    assert names == {
        "cats/first.png",
        *(f"cats/all/{number}.png" for number in range(40)),
        *(f"dogs/{number}.png" for number in range(40)),
    }


@pytest.mark.parametrize("target", [".", "..", "../..", "../../cats", "../deep", "../../../pets", "loop"])
def test_links_that_lead_back_bring_no_photo_twice_and_none_of_another_class(root, target):
    save(root / "cats" / "deep" / "a.png", RED)
    expected = set(everything(load(root)))
    (root / "cats" / "deep" / "loop").symlink_to(target, target_is_directory=True)
    pets = load(root)
    found = everything(pets)
    assert set(found) == expected
    assert {colour for _, label, colour in found.values() if label == 0} == {RED}
    # A link to itself is not a folder but a file that cannot be read.
    assert [name for name, _ in pets.skipped] == (["cats/deep/loop"] if target == "loop" else [])


def test_a_link_to_a_photo_that_is_gone_is_skipped(root):
    (root / "cats" / "gone.png").symlink_to(root / "nowhere.png")
    pets = load(root)
    assert pets.skipped == (("cats/gone.png", "This file cannot be read: No such file or directory."),)
    assert len(everything(pets)) == 80


# Files that are no photos --------------------------------------------------------------------------------------------


def test_files_that_are_no_photos_are_listed_with_their_reason_and_stop_nobody(root):
    whole = (root / "cats" / "0.png").read_bytes()
    bad = {
        "broken.png": (whole[: len(whole) // 2], "is damaged"),
        "empty.jpg": (b"", "This file is empty"),
        "notes.txt": (b"Whiskers likes tuna.", "This file is not a picture"),
        "paper.pdf": (b"%PDF-1.7\n" + bytes(100), "This file is a PDF document"),
        "page.jpg": (b"<!DOCTYPE html><html><body>404</body></html>", "This file is a web page"),
    }
    for name, (data, _) in bad.items():
        (root / "dogs" / name).write_bytes(data)
    save(root / "dogs" / "tiny.png", BLUE, (8, 8))
    for _ in range(2):  # prepared now, then read from the cache
        pets = load(root)
        reasons = dict(pets.skipped)
        assert set(reasons) == {f"dogs/{name}" for name in (*bad, "tiny.png")}
        for name, (_, reason) in bad.items():
            assert reason in reasons[f"dogs/{name}"]
        assert "only 8 by 8 pixels" in reasons["dogs/tiny.png"]
        assert len(everything(pets)) == 80


def test_a_photo_that_was_taken_sideways_is_upright(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # the top is on the right of the stored picture
    stored = Image.new("RGB", (60, 60), BLUE)
    stored.paste(RED, (0, 0, 30, 60))
    for kind in ("cats", "dogs"):
        (tmp_path / kind).mkdir()
        stored.save(tmp_path / kind / "a.jpg", exif=exif, quality=95)
    image = load(tmp_path).part("all").images[0].astype(int)
    assert np.abs(image[2] - RED).max() < 20
    assert np.abs(image[13] - BLUE).max() < 20


@pytest.mark.skipif(not MESSY.is_dir(), reason="the collection of difficult files is not on this machine")
def test_real_files_that_break_naive_code(tmp_path):
    save(tmp_path / "drawn" / "a.png", RED)
    (tmp_path / "messy").symlink_to(MESSY, target_is_directory=True)
    pets = load(tmp_path, side=48)
    files = {path.name for path in MESSY.iterdir()}
    refused = {name.removeprefix("messy/"): reason for name, reason in pets.skipped}
    assert set(refused) == {"SYNTHETIC_zero_byte.jpg"}  # truncated.jpg lacks half of its end marker only
    assert "empty" in refused["SYNTHETIC_zero_byte.jpg"]
    assert {name.removeprefix("messy/") for name in everything(pets)} == files - set(refused) | {"drawn/a.png"}


# Unreadable classes --------------------------------------------------------------------------------------------------


def parts_with(root: Path, damaged: str) -> Path:
    """Cats, dogs and rabbits for training and validation; the files of one folder are no photos."""
    for part in ("train", "validation"):
        for kind, colour in (("cats", RED), ("dogs", BLUE), ("rabbits", GREEN)):
            for number in range(2):
                save(root / part / kind / f"{number}.png", colour)
    for file in (root / damaged).iterdir():
        file.write_bytes(b"")
    return root


def test_a_class_of_which_no_training_file_can_be_read_is_refused_by_its_name(tmp_path):
    text = refusal(parts_with(tmp_path, "train/rabbits"))
    assert text.startswith("rabbits (in validation) has no pictures for training, which knows cats and dogs.")


def test_a_class_of_which_no_validation_file_can_be_read_is_remarked(tmp_path):
    pets = load(parts_with(tmp_path, "validation/rabbits"))
    assert pets.classes == ("cats", "dogs", "rabbits")
    assert pets.remarks == ("No file of rabbits in the validation part can be read.",)
    assert len(pets.skipped) == 2


def test_a_folder_without_any_photo_is_no_class(root):
    (root / "notes").mkdir()
    (root / "notes" / "read me.txt").write_text("Whiskers likes tuna.")
    pets = load(root)
    assert pets.classes == ("cats", "dogs")
    assert pets.remarks == ("No file of notes can be read: it is no class.",)
    assert {label for _, label, _ in everything(pets).values()} == {0, 1}


def test_the_digests_are_those_of_the_pixels(root):
    for _ in range(2):  # decoded now, then read from the cache
        part = load(root).validation
        assert part.digests == tuple(datasets.pixels_digest(image) for image in part.images)
    before = load(root).fingerprint()
    save(root / "cats" / "1.png", GREEN)
    assert load(root).fingerprint() != before
    save(root / "cats" / "1.png", RED)
    assert load(root).fingerprint() == before  # the same pixels, though the file is a new one


# Sentences -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["nowhere", "~nobody-of-this-name/pets", "pets.png"])
def test_a_path_that_is_no_folder_is_said(tmp_path, path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "pets.png", RED)
    text = f"There is no folder {path}: name one that holds a folder of photos for each class."
    assert refusal(path) == text


@pytest.mark.parametrize("name", ["a" * 300, "deep/" * 1000 + "end", "a" * 5000, "null\0byte", "lone \ud800", "loop"])
def test_a_path_that_cannot_be_one_is_said(tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    path = f"{tmp_path}/{name}"
    text = refusal(path)
    text.encode()
    assert text.startswith(f"There is no folder {tmp_path}/{name[:4]}")
    assert text.endswith(": name one that holds a folder of photos for each class.")
    assert len(text) < 300
    assert folder.state(path) == ""


def test_a_path_that_may_not_be_looked_at_is_said(tmp_path, monkeypatch):
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", closed)
    assert refusal(tmp_path) == f"The folder {tmp_path} may not be looked into: choose one that may be read."


def test_a_folder_without_classes_is_said(tmp_path):
    save(tmp_path / "a.png", RED)
    assert refusal(tmp_path) == (
        f"{tmp_path} holds no class: at least two folders with photos are needed, each named for its class, such as "
        "cats and dogs. 1 photo lies in no class and is left out: a.png."
    )


def test_a_folder_with_one_class_is_said(tmp_path):
    save(tmp_path / "cats" / "a.png", RED)
    (tmp_path / "dogs").mkdir()
    assert refusal(tmp_path).startswith(f"{tmp_path} holds one class only: at least two folders")


def test_a_class_of_which_no_file_can_be_read_is_said(tmp_path):
    save(tmp_path / "cats" / "a.png", RED)
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "dogs" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "dogs" / name).write_bytes(b"")
    text = refusal(tmp_path)
    assert text.startswith(
        f"In {tmp_path}, only one of 2 classes has photos that can be read. 2 files cannot be used, "
    )
    assert "the first because: This file is empty" in text
    (tmp_path / "dogs" / "b.jpg").unlink()
    assert "read. 1 file cannot be used: This file is empty" in refusal(tmp_path)


def test_no_file_that_can_be_read_is_said(tmp_path):
    for kind in ("cats", "dogs"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "a.txt").write_text("no photo")
    assert refusal(tmp_path).startswith(f"In {tmp_path}, none of 2 classes has photos that can be read. 2 files")


def test_photos_without_folders_for_classes_are_said(tmp_path):
    for name in ("cat.0.jpg", "cat.1.jpg", "dog.0.jpg"):  # as a contest gave them
        save(tmp_path / name, RED)
    assert refusal(tmp_path).endswith("3 photos lie in no class and are left out: cat.0.jpg, cat.1.jpg and dog.0.jpg.")
