"""models/storage.py: files that are there whole or not at all."""

import json
import math
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.datasets import dogs_vs_cats
from models.evaluation.shipped_scores import photos_folder
from models.storage import (
    ROOT,
    cache_dir,
    json_text,
    runs_dir,
    tidy_path,
    typed_path,
    without_paths,
    write_text,
    write_whole,
)

# Folders -------------------------------------------------------------------------------------------------------------


def test_runs_lie_in_the_projects_folder_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("RUNS_DIR", raising=False)
    assert runs_dir() == ROOT / "runs"
    assert (ROOT / "app.py").is_file()
    monkeypatch.setenv("RUNS_DIR", "")
    assert runs_dir() == ROOT / "runs"
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "läufe"))
    assert runs_dir() == (tmp_path / "läufe").resolve()
    assert cache_dir().parent == runs_dir()
    assert not runs_dir().exists()


def test_the_users_home_is_understood(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RUNS_DIR", "~/runs")
    assert runs_dir() == (tmp_path / "runs").resolve()


def test_a_relative_folder_is_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNS_DIR", "here")
    assert runs_dir() == (tmp_path / "here").resolve()


# Whole or not at all -------------------------------------------------------------------------------------------------


def test_text_is_written_as_utf_8_without_changing_a_line_end(tmp_path):
    write_text(tmp_path / "a.txt", "Hündin × 2\r\n\n")
    assert (tmp_path / "a.txt").read_bytes() == "Hündin × 2\r\n\n".encode()


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    write_text(tmp_path / "a.txt", "long " * 1000)
    write_text(tmp_path / "a.txt", "short")
    assert (tmp_path / "a.txt").read_text() == "short"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("no JSON")])
def test_a_write_that_fails_midway_leaves_the_file_as_it_was(tmp_path, error):
    write_text(tmp_path / "a.txt", "before")

    def fail(file):
        file.write(b"half")
        file.flush()
        raise error

    with pytest.raises(type(error)):
        write_whole(tmp_path / "a.txt", fail)
    assert (tmp_path / "a.txt").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_that_never_was_is_not_there_after_a_failure(tmp_path):
    with pytest.raises(ZeroDivisionError):
        write_whole(tmp_path / "a.txt", lambda file: 1 // 0)
    assert list(tmp_path.iterdir()) == []


def test_the_bytes_reach_the_disk_before_the_file_takes_its_name(tmp_path, monkeypatch):
    happened: list[tuple[str, object]] = []
    sync, replace = os.fsync, os.replace

    def synced(handle):
        happened.append(("synced", os.fstat(handle).st_size))
        sync(handle)

    def named(source, target):
        happened.append(("named", Path(target).name))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", named)
    write_text(tmp_path / "a.txt", "12345")
    assert happened[:2] == [("synced", 5), ("named", "a.txt")]


def test_a_missing_folder_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_text(tmp_path / "missing" / "a.txt", "text")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_others_may_read_what_this_process_lets_them_read(tmp_path):
    before = os.umask(0o022)
    try:
        write_text(tmp_path / "a.txt", "text")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o644


def test_several_writers_at_once_leave_one_of_their_texts(tmp_path):
    texts = [str(number) * 200_000 for number in range(4)]

    def write(text: str) -> None:
        for _ in range(5):
            write_text(tmp_path / "a.txt", text)

    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    seen = set()
    while any(thread.is_alive() for thread in threads):
        if (tmp_path / "a.txt").exists():
            seen.add((tmp_path / "a.txt").read_text())
    assert seen <= set(texts)
    assert (tmp_path / "a.txt").read_text() in texts
    assert len(list(tmp_path.iterdir())) == 1


REWRITE = """
import sys
from pathlib import Path
from models.storage import write_text
print("ready", flush=True)
while True:
    for digit in "0123456789":
        write_text(Path(sys.argv[1]), digit * 300_000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is for POSIX")
def test_a_writer_that_is_killed_at_any_moment_leaves_a_whole_file(tmp_path):
    file = tmp_path / "a.txt"
    write_text(file, "0" * 300_000)
    for milliseconds in (3, 17, 40):
        writer = subprocess.Popen(
            [sys.executable, "-c", REWRITE, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        with writer.stdout:
            writer.stdout.readline()
            time.sleep(milliseconds / 1000)
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        text = file.read_text()
        assert len(text) == 300_000
        assert len(set(text)) == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            FileNotFoundError(2, "No such file or directory", "/home/me/runs/a/config.json"),
            "No such file or directory: config.json",
        ),
        (OSError(28, "No space left on device"), "No space left on device"),
        (ValueError("no layer in '/home/me/runs/a/best.keras'"), "no layer in 'best.keras'"),
        (ValueError("no layer in '/home/my runs/of me/best.keras'"), "no layer in 'best.keras'"),
        (ValueError('no "C:\\Users\\Max Meier\\a b.keras"'), 'no "a b.keras"'),
        (ValueError("~/runs/a/best.keras is damaged"), "best.keras is damaged"),
        (ValueError(r"C:\Users\me\a.keras is damaged"), "a.keras is damaged"),
        (
            ValueError("no answer from https://example.org/a/b, 3/4 read"),
            "no answer from https://example.org/a/b, 3/4 read",
        ),
    ],
)
def test_an_error_is_told_without_the_folders_of_its_files(error, told):
    assert without_paths(error) == told


# Paths that people type or paste -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "{path}",
        "{path} ",
        "  {path}\n",
        "\u202a{path}\u202c",  # as Windows copies it from a dialogue
        "\u00a0{path}\ufeff",
        '"{path}"',  # as Windows copies it from a folder
        "'{path}'",
        ' "{path}" ',
        "“{path}”",
        "„{path}“",
        "„{path}”",
        "'\"{path}\"'",
        "file://{url}",
        "FILE://{url}",
        "file://localhost{url}",
        "file:{url}",
        "”{path}”",
        "»{path}«",
        "‹{path}›",
        '"file://{url}"',
        "file://{path}",
    ],
)
@pytest.mark.parametrize("name", ["photos", "my photos", "Fotos Jänner", "50% off", "it's"])
def test_a_path_is_understood_however_it_was_copied(tmp_path, typed, name):
    folder = tmp_path / name
    folder.mkdir()
    url = folder.as_uri().removeprefix("file://")
    found = typed_path(typed.format(path=folder, url=url))
    assert found == folder
    assert tidy_path(str(found)) == str(folder)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("my photos", "my\\ photos"),
        ("Anna & Ben (1)", "Anna\\ \\&\\ Ben\\ \\(1\\)"),
        ("it's", "it\\'s"),
        ("it's mine", "'it'\\''s mine'"),
    ],
)
def test_what_a_terminal_writes_is_understood(tmp_path, name, written):
    (tmp_path / name).mkdir()
    assert typed_path(f"{tmp_path}/{written}") == tmp_path / name
    assert tidy_path(f"/nowhere/{written}") == f"/nowhere/{written}"


def test_what_is_there_exactly_as_typed_is_what_was_meant(tmp_path):
    for name in ("photos ", "'photos'", "photos"):
        (tmp_path / name).mkdir()
    assert typed_path(f"{tmp_path}/photos ") == tmp_path / "photos "
    assert typed_path(f"file://{tmp_path}/photos%20") == tmp_path / "photos "
    assert typed_path(f"{tmp_path}/'photos'") == tmp_path / "'photos'"


def test_the_home_folder_can_be_typed(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert typed_path(' "~/photos" ') == tmp_path / "photos"
    assert str(typed_path("~nobody-here/photos")) == "~nobody-here/photos"


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("", ""),
        ("  ", ""),
        ('""', ""),
        ("file:///C:/Users/Lena/Fotos", "C:/Users/Lena/Fotos"),
        ('"C:\\Users\\Lena\\Fotos"', "C:\\Users\\Lena\\Fotos"),
        ("file://server/share/a%20b", "//server/share/a b"),
        ("file://[", "file://["),
        ("photos", "photos"),
        ('"', '"'),
        ("it\\'s", "it\\'s"),
        ('"a\\', '"a\\'),
        ("a\x00b", "a\x00b"),
        ("/" + "x" * 5000, "/" + "x" * 5000),
    ],
)
def test_paths_of_other_systems_and_nonsense_stay_text(typed, path):
    assert tidy_path(typed) == path
    assert tidy_path(tidy_path(typed)) == path


# JSON ----------------------------------------------------------------------------------------------------------------


def test_json_is_what_every_reader_takes():
    value = {"a": [1.5, math.nan, (math.inf, -math.inf)], "b": {"c": math.nan, "d": "NaN"}, "e": 1e37, "ü": None}

    def refuse(name: str) -> None:
        pytest.fail(f"{name} is no JSON")

    again = json.loads(json_text(value), parse_constant=refuse)
    assert again == {"a": [1.5, None, [None, None]], "b": {"c": None, "d": "NaN"}, "e": 1e37, "ü": None}
    assert json_text({"a": 1}, indent=1) == '{\n "a": 1\n}'
    assert json.loads(json_text({"x": 1 / 3, "y": 5e-324})) == {"x": 1 / 3, "y": 5e-324}


@pytest.mark.parametrize("written", ['"{}"', "'{}'", " {} ", "file://{}", "{}"])
def test_a_path_in_an_environment_variable_is_understood_as_a_typed_one(tmp_path, monkeypatch, written):
    for name in ("RUNS_DIR", "PET_PHOTOS", "DATASETS_DIR"):
        monkeypatch.setenv(name, written.format(tmp_path / "mine"))
    assert runs_dir() == photos_folder() == tmp_path / "mine"
    assert dogs_vs_cats._home().parent == tmp_path / "mine"
    for name in ("RUNS_DIR", "PET_PHOTOS", "DATASETS_DIR"):
        monkeypatch.setenv(name, ' "" ')
    assert runs_dir() == ROOT / "runs"
    assert photos_folder() == ROOT / "runs" / "datasets" / "pet-photos"
