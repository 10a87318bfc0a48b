"""models/datasets/dogs_vs_cats.py: a small archive of the same kind, from a server on this machine."""

import hashlib
import io
import os
import shlex
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from models import datasets
from models.datasets import DatasetError, dogs_vs_cats
from models.datasets.download import Source, only_one
from models.datasets.unpack import ArchiveError
from models.storage import ROOT
from tests.unit.models.datasets.file_server import FileServer, serving

EMPTY = {"Cat/666.jpg", "Dog/11702.jpg"}


def picture(seed: int, kind: str = "JPEG", **options) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 30, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def without_jfif(jpeg: bytes) -> bytes:
    """The same picture without the JFIF header, which many cameras do not write."""
    assert jpeg[2:4] == b"\xff\xe0"
    return jpeg[:2] + jpeg[4 + int.from_bytes(jpeg[4:6], "big") :]


def pet_images() -> dict[str, bytes]:
    """A few files of each kind in Microsoft's archive."""
    files = {f"PetImages/{kind}/{number}.jpg": picture(number) for kind in ("Cat", "Dog") for number in range(30)}
    files |= {f"PetImages/{name}": b"" for name in EMPTY}
    files["PetImages/Cat/40.jpg"] = picture(40, "GIF")
    files["PetImages/Dog/40.jpg"] = without_jfif(picture(40))
    files |= {"PetImages/Cat/Thumbs.db": b"x", "PetImages/Dog/Thumbs.db": b"x", "readme[1].txt": b"x"}
    return files | {"MSR-LA - 3467.docx": b"x"}


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


ARCHIVE = zipped(pet_images())


@pytest.fixture
def server(monkeypatch, tmp_path) -> Iterator[FileServer]:
    """A server of the small archive, set as the source, and a new folder for datasets."""
    with serving(ARCHIVE) as server:
        for name, value in {
            "no_proxy": "127.0.0.1",
            "RUNS_DIR": str(tmp_path / "runs"),
            "DATASETS_DIR": str(tmp_path / "datasets"),
            "DOGS_VS_CATS_URL": server.url,
            "DOGS_VS_CATS_SIZE": str(len(ARCHIVE)),
            "DOGS_VS_CATS_SHA256": hashlib.sha256(ARCHIVE).hexdigest(),
        }.items():
            monkeypatch.setenv(name, value)
        yield server


def test_nothing_is_fetched_until_somebody_asks(server):
    assert not dogs_vs_cats.is_available()
    with pytest.raises(DatasetError, match=r"run python -m models\.datasets\.dogs_vs_cats to fetch them \(787 MB\)"):
        datasets.load("dogs-vs-cats", side=32)
    assert server.asked == []


def test_the_photos_are_fetched_unpacked_and_opened(server, tmp_path):
    told: list[str] = []
    photos = dogs_vs_cats.fetch(lambda doing, done, total: told.append(doing))
    assert photos == tmp_path / "datasets" / "dogs-vs-cats" / "PetImages"
    assert list(dict.fromkeys(told)) == ["fetching", "verifying", "unpacking"]
    assert dogs_vs_cats.is_available()
    wanted = {name for name in pet_images() if name.endswith(".jpg")}
    unpacked = {path.relative_to(photos.parent).as_posix() for path in photos.parent.rglob("*") if path.is_file()}
    assert unpacked == wanted
    assert {path.name for path in (tmp_path / "datasets").iterdir()} == {"dogs-vs-cats", "dogs-vs-cats.lock"}

    dataset = datasets.load("dogs-vs-cats", side=32)
    assert (dataset.name, dataset.classes, dataset.drawn) == ("dogs-vs-cats", ("cat", "dog"), False)
    assert {skipped.name for skipped in dataset.skipped} == EMPTY
    kept = dataset.part("all")
    assert {f"PetImages/{name}" for name in kept.names} == wanted - {f"PetImages/{name}" for name in EMPTY}
    assert [dataset.classes[label] for label in kept.labels] == [name[:3].lower() for name in kept.names]
    assert kept.images.shape == (62, 32, 32, 3)

    asked = len(server.asked)
    assert dogs_vs_cats.fetch() == photos
    assert len(server.asked) == asked


def test_an_unpacking_that_was_cut_does_not_fetch_again(server, tmp_path):
    def stop(doing: str, done: int, total: int) -> None:
        if doing == "unpacking":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dogs_vs_cats.fetch(stop)
    assert not dogs_vs_cats.is_available()
    assert (tmp_path / "datasets" / "dogs-vs-cats.zip").read_bytes() == ARCHIVE
    dogs_vs_cats.fetch()
    assert dogs_vs_cats.is_available()
    assert server.sent == len(ARCHIVE)


def test_without_a_folder_of_their_own_datasets_lie_with_the_runs(server, monkeypatch, tmp_path):
    monkeypatch.setenv("DATASETS_DIR", "")
    assert dogs_vs_cats.fetch() == tmp_path / "runs" / "datasets" / "dogs-vs-cats" / "PetImages"


# The source -----------------------------------------------------------------------------------------------------------


def asked_source(monkeypatch) -> Source:
    """The source of a download with the present settings."""
    seen: list[Source] = []

    def note(source: Source, *_, **__) -> None:
        seen.append(source)
        raise DatasetError("not in a test")

    monkeypatch.setattr(dogs_vs_cats, "download", note)
    with pytest.raises(DatasetError, match="not in a test"):
        dogs_vs_cats.fetch()
    return seen[0]


def test_by_default_microsofts_file_is_fetched_and_verified(server, monkeypatch):
    for name in ("DOGS_VS_CATS_URL", "DOGS_VS_CATS_SIZE", "DOGS_VS_CATS_SHA256"):
        monkeypatch.setenv(name, "")
    source = asked_source(monkeypatch)
    assert source == Source(dogs_vs_cats.URL, dogs_vs_cats.SIZE, dogs_vs_cats.SHA256)
    assert source.url.startswith("https://download.microsoft.com/")


def test_of_a_file_of_your_own_only_what_you_say_is_verified(server, monkeypatch):
    monkeypatch.setenv("DOGS_VS_CATS_SIZE", "")
    monkeypatch.setenv("DOGS_VS_CATS_SHA256", "")
    assert asked_source(monkeypatch) == Source(server.url, None, None)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DOGS_VS_CATS_SIZE", "787 MB", 'a number of bytes, not "787 MB"'),
        ("DOGS_VS_CATS_SIZE", "0", 'a number of bytes, not "0"'),
        ("DOGS_VS_CATS_SIZE", "-5", 'a number of bytes, not "-5"'),
        ("DOGS_VS_CATS_SHA256", "abc", '64 hexadecimal digits, not "abc"'),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(server, monkeypatch, name, value, message):
    monkeypatch.setenv(name, value)
    with pytest.raises(DatasetError, match=f"{name} has to be {message}"):
        dogs_vs_cats.fetch()
    assert server.asked == []


def test_another_archive_is_refused_and_not_kept(server, monkeypatch, tmp_path):
    server.data = zipped({"Holidays/1.jpg": picture(1)})
    monkeypatch.setenv("DOGS_VS_CATS_SIZE", "")
    monkeypatch.setenv("DOGS_VS_CATS_SHA256", "")
    with pytest.raises(ArchiveError, match="holds none of the files that were expected"):
        dogs_vs_cats.fetch()
    assert {path.name for path in (tmp_path / "datasets").iterdir()} == {"dogs-vs-cats.lock"}


def test_two_processes_do_not_fetch_at_once(server, tmp_path):
    with (
        only_one(tmp_path / "datasets" / "dogs-vs-cats.lock", "fetching"),
        pytest.raises(DatasetError, match=r"Another process is fetching Dogs vs\. Cats already: wait"),
    ):
        dogs_vs_cats.fetch()
    assert server.asked == []


# The command ----------------------------------------------------------------------------------------------------------


def start() -> subprocess.Popen[str]:
    """Start the command that the message above names."""
    words = shlex.split(dogs_vs_cats.COMMAND)
    assert words[0] == "python"
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *words[1:]], cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def test_the_command_says_how_far_it_is_and_where_the_photos_are(server, tmp_path):
    with start() as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out == f"The photos are in {dogs_vs_cats.fetch()}. Train on them with --dataset dogs-vs-cats.\n"
    lines = err.splitlines()
    assert [line.split()[0] for line in (lines[0], lines[-1])] == ["fetching", "unpacking"]
    assert "█" * 24 in lines[-1]
    assert f"of {len(ARCHIVE) / 2**20:,.1f} MB" in lines[0]


def test_the_command_fails_with_a_sentence(server):
    server.answers = [404]
    with start() as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert err == f"{server.url} could not be fetched: the server answered 404 Not Found. Check the address.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a child in another way")
def test_ctrl_c_stops_the_command_and_the_next_one_goes_on(server, tmp_path):
    part = tmp_path / "datasets" / "dogs-vs-cats.zip.part"
    server.stall = 20.0
    with start() as process:
        assert process.stderr is not None
        for _ in range(2):  # before and after the first bytes
            process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "Stopped. What has come is kept: the same command goes on from there."
    kept = part.stat().st_size
    assert 0 < kept <= len(ARCHIVE) // 2
    server.stall = 0.0
    dogs_vs_cats.fetch()
    assert server.asked[-1]["Range"] == f"bytes={kept}-"
    assert dogs_vs_cats.is_available()


def test_on_a_terminal_one_line_changes_in_place(server, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert dogs_vs_cats.main([]) == 0
    captured = capsys.readouterr()
    steps = [step.split("\r") for step in captured.err.split("\n")]
    assert [step[-1].split()[0] for step in steps[:-1]] == ["fetching", "verifying", "unpacking"]
    assert steps[-1] == [""]
    assert os.environ["DATASETS_DIR"] in captured.out


def test_speed_and_time_left_count_what_came_in_this_call(monkeypatch, capsys):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bar = dogs_vs_cats._Bar()
    megabyte = 2**20
    bar("fetching", 400 * megabyte, 800 * megabyte)  # half of it comes from an earlier call
    now[0] += 10
    bar("fetching", 500 * megabyte, 800 * megabyte)
    line = capsys.readouterr().err.split("\r")[-1]
    assert "500.0 of 800.0 MB    10.0 MB/s  0:30 left" in line
    assert "█" * 15 + "░" * 9 in line
