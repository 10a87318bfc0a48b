"""models/disk.py: what a disk refuses in sentences, patient moves, strays, and who may read what is made."""

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import disk, storage
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights, and refuses by itself")


# Sentences ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_refusal_is_a_sentence_without_the_systems_words_or_folders(number):
    error = OSError(number, os.strerror(number), "/home/teacher/runs/secret")
    said = disk.why(error)
    assert said.endswith(".")
    assert said[0].islower()
    assert "/" not in said
    assert os.strerror(number) not in said
    assert "Errno" not in said
    assert said.count(". ") == 1 or not disk.is_of_the_disk(error)  # what happened, and what to do


def test_what_can_be_done_differs():
    numbers = (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.ENOENT,
        errno.EIO,
        errno.EMFILE,
    )
    assert len({disk.why(OSError(number, "")) for number in numbers}) == len(numbers)
    assert "RUNS_DIR" in disk.why(OSError(errno.EROFS, ""))
    assert "DATASETS_DIR" in disk.why(OSError(errno.EACCES, ""), "DATASETS_DIR")


def test_a_full_disk_is_known_by_its_words_alone_as_hdf5_gives_them():
    error = OSError("Unable to synchronously create dataset (file write failed: No space left on device)")
    assert disk.is_full(error)
    assert disk.why(error) == disk.why(OSError(errno.ENOSPC, ""))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("{{node x}} /runs/a/events.out.tfevents.1.v2; No space left on device\n\tCould not flush", errno.ENOSPC),
        ("/runs/a/tensorboard is not a directory [Op:CreateSummaryFileWriter]", errno.ENOTDIR),
        ("/runs/a/tensorboard/train; Read-only file system", errno.EROFS),
        ("/runs/a; Permission denied", errno.EACCES),
        ("OOM when allocating tensor with shape[64,112,112,96]", None),
        ("Incompatible shapes: [16,2] vs. [16,3]", None),
    ],
)
def test_what_tensorflow_says_of_a_disk_is_known_by_its_words(text, number):
    found = disk.refusal_in(RuntimeError(text))
    assert (found and found.errno) == number


@pytest.mark.parametrize(
    "error",
    [BrokenPipeError(errno.EPIPE, ""), ConnectionResetError(errno.ECONNRESET, ""), TimeoutError(), ValueError()],
)
def test_networks_and_pipes_are_no_disks(error):
    assert not disk.is_of_the_disk(error)


# Moving ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let `disk` take this for Windows, and a move be refused twice, as while a virus scanner looks."""
    refused: list[int] = []

    def replace(source: object, target: object) -> None:
        if len(refused) < 2:
            refused.append(1)
            raise PermissionError(errno.EACCES, "Access is denied")
        os.rename(source, target)  # type: ignore[arg-type] # noqa: PTH104

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(os, "name", "nt")
    return refused


@posix
def test_a_move_that_windows_refuses_for_a_moment_is_tried_again(tmp_path, on_windows):
    storage.write_text(tmp_path / "a.txt", "a")
    (tmp_path / "run").mkdir()
    on_windows.clear()
    disk.move(tmp_path / "run", tmp_path / "aside")
    assert len(on_windows) == 2
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "aside"]  # noqa: PTH208


@posix
def test_elsewhere_a_refusal_is_about_rights_and_ends_at_once(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "")

    monkeypatch.setattr(Path, "replace", refuse)
    begun = time.monotonic()
    with pytest.raises(PermissionError):
        disk.move(tmp_path / "a", tmp_path / "b")
    assert time.monotonic() - begun < disk.PATIENCE


def test_what_stands_in_a_files_place_is_removed_too(tmp_path):
    disk.remove(tmp_path / "nothing")
    (tmp_path / "wish" / "deep").mkdir(parents=True)
    disk.remove(tmp_path / "wish")
    assert list(tmp_path.iterdir()) == []


def test_only_old_strays_are_swept(tmp_path):
    for name in (".a.tmp", ".b.tmp", "c.tmp"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".d.tmp").mkdir()
    for name in (".a.tmp", "c.tmp", ".d.tmp"):
        os.utime(tmp_path / name, (1000, 1000))
    disk.sweep(tmp_path, ".*.tmp", older_than=60)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.tmp", "c.tmp"]
    disk.sweep(tmp_path / "gone", "*", older_than=0)


@posix
def test_what_cannot_be_looked_at_is_not_there(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "")

    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(os, "listdir", refuse)
    monkeypatch.setattr(os, "scandir", refuse)
    assert not disk.is_there(tmp_path)
    assert disk.entries(tmp_path) == []


# Private --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mask() -> Iterator[None]:
    """The mask of most systems, and that of the tests afterwards."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> set[int]:
    """The rights of everything below a folder."""
    return {stat.S_IMODE(path.stat().st_mode) & 0o777 for path in folder.rglob("*")}


def fill(folder: Path) -> None:
    run = RunDirectory.create(folder / "first", RunConfig(dataset="digits", network="mlp"))
    storage.write_text(run.path / "owner", "me")
    run.checkpoints.mkdir()


@posix
def test_a_new_folder_of_runs_is_for_one_account_alone(tmp_path, monkeypatch, mask):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    storage.keep_private()
    fill(tmp_path / "runs")
    assert stat.S_IMODE((tmp_path / "runs").stat().st_mode) == 0o700
    assert modes(tmp_path / "runs") == {0o700, 0o600}


@posix
@pytest.mark.parametrize(
    ("given", "folders", "files"),
    [
        (0o755, 0o700, 0o600),
        (0o750, 0o700, 0o600),
        (0o770, 0o770, 0o660),
        (0o2775, 0o770, 0o660),
        (0o777, 0o777, 0o666),
    ],
)
def test_a_folder_that_accounts_share_says_so_by_its_rights(tmp_path, monkeypatch, mask, given, folders, files):
    runs = tmp_path / "runs"
    runs.mkdir()
    runs.chmod(given)
    monkeypatch.setenv("RUNS_DIR", str(runs))
    storage.keep_private()
    fill(runs)
    assert modes(runs) == {folders, files}
    assert stat.S_IMODE(runs.stat().st_mode) == given  # nobody asked this program to change it


@posix
def test_the_projects_own_folder_loses_rights_that_an_earlier_version_gave(tmp_path, monkeypatch, mask):
    monkeypatch.delenv("RUNS_DIR", raising=False)
    monkeypatch.setattr(storage, "ROOT", tmp_path)
    (tmp_path / "runs").mkdir(mode=0o755)
    storage.keep_private()
    assert stat.S_IMODE((tmp_path / "runs").stat().st_mode) == 0o700
    (tmp_path / "runs").chmod(0o775)
    storage.keep_private()
    assert stat.S_IMODE((tmp_path / "runs").stat().st_mode) == 0o775
