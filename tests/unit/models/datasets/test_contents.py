"""models/datasets/contents.py: what counts in a folder, and how much of it is looked at."""

import os
from pathlib import Path

import pytest

from models import datasets
from models.datasets import DatasetError, contents, folder
from models.datasets.contents import TOO_LARGE, left_by_systems


def fill(root: Path, count: int, ending: str = ".jpg") -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (root / f"{number}{ending}").touch()
    return root


def refusal(root: Path) -> str:
    with pytest.raises(DatasetError) as caught:
        datasets.load(f"folder:{root}", side=16)
    with pytest.raises(DatasetError) as again:
        folder.listed(str(root))
    assert str(caught.value) == str(again.value)
    return str(caught.value)


def test_dogs_vs_cats_is_far_below_the_limit():
    assert contents.MOST_ENTRIES >= 10 * 25_000


def test_a_folder_with_too_many_files_is_said(tmp_path, monkeypatch):
    fill(tmp_path / "cats", 10)
    fill(tmp_path / "dogs", 10)
    before = folder.state(str(tmp_path))
    monkeypatch.setattr(contents, "MOST_ENTRIES", 22)  # with the two folders
    assert folder.state(str(tmp_path)) == before
    assert len(folder.listed(str(tmp_path)).part("all")) == 20
    (tmp_path / "cats" / "more.jpg").touch()
    assert refusal(tmp_path) == (
        f"{tmp_path} holds more than 22 files and folders. Choose the folder of the photos itself."
    )
    assert folder.state(str(tmp_path)) == TOO_LARGE
    (tmp_path / "cats" / "more.jpg").unlink()
    assert folder.state(str(tmp_path)) not in ("", TOO_LARGE)


def test_a_folder_of_other_files_is_left_early(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "MOST_OTHERS", 200)
    fill(tmp_path / "lib", 200, ".so")
    fill(tmp_path / "share", 0)
    fill(tmp_path / "bin", 1)
    assert folder.state(str(tmp_path)) != TOO_LARGE
    fill(tmp_path / "lib", 1, ".a")
    for late in ("x", "y"):
        fill(tmp_path / late, 50)
    looked: list[str] = []
    real = os.scandir

    def scandir(path: str) -> object:
        looked.append(Path(path).name)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert folder.state(str(tmp_path)) == TOO_LARGE
    assert looked == [tmp_path.name, "bin", "lib"]
    assert refusal(tmp_path) == (
        f"{tmp_path} is no folder of photos: of the first 202 files in it, only 1 is named like a photo. Choose the "
        "folder of the photos itself."
    )


def test_a_long_look_that_ended_in_a_refusal_is_not_repeated_at_once(tmp_path, monkeypatch):
    fill(tmp_path / "cats", 10)
    monkeypatch.setattr(contents, "MOST_ENTRIES", 5)
    monkeypatch.setattr(contents, "_SLOW", -1)
    monkeypatch.setattr(contents, "_refused", {})
    said = refusal(tmp_path)
    monkeypatch.setitem(contents._refused, str(tmp_path), (float("inf"), said))
    monkeypatch.setattr(contents, "_walk", None)
    assert refusal(tmp_path) == said
    monkeypatch.undo()
    monkeypatch.setattr(contents, "_refused", {})
    fill(tmp_path / "dogs", 10)
    assert folder.listed(str(tmp_path)).classes == ("cats", "dogs")


def test_files_beside_the_photos_do_no_harm(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "MOST_OTHERS", 20)
    for kind in ("cats", "dogs"):
        fill(tmp_path / kind, 30)
        fill(tmp_path / kind, 30, ".json")
    assert folder.state(str(tmp_path)) != TOO_LARGE
    assert folder.listed(str(tmp_path)).classes == ("cats", "dogs")


def test_folders_that_go_on_and_on_are_said(tmp_path):
    deep = tmp_path / "cats" / "/".join(["deep"] * 38)
    fill(deep, 1)
    fill(tmp_path / "dogs", 1)
    assert len(folder.listed(str(tmp_path)).part("all")) == 2
    fill(deep / "deeper" / "deepest", 1)
    assert f"{tmp_path} holds more than 40 folders inside of each other." in refusal(tmp_path)
    assert folder.state(str(tmp_path)) == TOO_LARGE


def test_links_that_lead_to_each_other_end(tmp_path):
    fill(tmp_path / "cats", 1)
    fill(tmp_path / "dogs", 1)
    for place in ("maze", "maze/a", "maze/b"):
        (tmp_path / place).mkdir()
        for number in range(20):
            (tmp_path / place / f"link {number}").symlink_to(tmp_path / "maze", target_is_directory=True)
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "self.jpg").symlink_to("self.jpg")
    found = folder.listed(str(tmp_path))
    assert found.classes == ("cats", "dogs")
    assert "maze holds no files and is left out." in found.remarks


@pytest.mark.parametrize(
    "name",
    [
        "__MACOSX",
        "lost+found",
        "#recycle",
        "@eaDir",
        "$RECYCLE.BIN",
        "System Volume Information",
        ".Trash-1000",
        "Icon\r",
    ],
)
def test_what_systems_leave_is_known(name):
    assert left_by_systems(name)
    assert not left_by_systems(f"my {name}")
