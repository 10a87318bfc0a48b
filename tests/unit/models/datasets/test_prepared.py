"""models/datasets/prepared.py: photos are decoded once; whatever lies on the disk is used, or made again."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import kept_arrays
from models.datasets import DatasetError, Skipped, pixels_digest, prepared
from models.datasets.prepared import Prepared, photos, prepare
from models.pictures import photo
from models.pictures.photo import MAX_BYTES, PhotoError
from models.storage import ROOT, cache_dir

SHAPE = (6, 6, 3)


@pytest.fixture(autouse=True)
def runs(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))


class Reader:
    """Reads pictures that are filled with their own number, and counts the calls."""

    def __init__(self, *damaged: int) -> None:
        self.damaged = damaged
        self.asked: list[int] = []

    def __call__(self, number: int) -> np.ndarray:
        self.asked.append(number)
        if number in self.damaged:
            raise PhotoError(f"Number {number} is damaged.")
        return np.full(SHAPE, number % 256, np.uint8)


def prepare_numbers(read, count: int = 5, key: str = "numbers", **options) -> Prepared:
    names = [f"{number}.png" for number in range(count)]
    return prepare(key, read, names, shape=SHAPE, doing="counting", **options)


def prepare_photos(folder: Path, *, side: int = 16, how="squash") -> Prepared:
    files = sorted(folder.iterdir())
    return photos(files, [file.name for file in files], side=side, how=how, progress=None)


def save_photo(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (40, 30)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


def cache() -> set[str]:
    """Endings of the files in the cache."""
    return {path.name.partition(".")[2] for path in cache_dir().iterdir()}


# Prepared once -------------------------------------------------------------------------------------------------------


def test_pictures_come_in_their_order_and_only_mapped():
    result = prepare_numbers(Reader(), count=600)  # more than one portion
    assert result.images.shape == (600, *SHAPE)
    assert result.images.dtype == np.uint8
    np.testing.assert_array_equal(result.images[:, 0, 0, 0], np.arange(600) % 256)
    np.testing.assert_array_equal(result.kept, np.arange(600))
    assert result.kept.dtype == np.int64
    assert result.skipped == ()
    assert isinstance(result.images, np.memmap)
    assert not result.images.flags.writeable


def test_the_second_time_nothing_is_read():
    first = prepare_numbers(Reader())
    again = Reader()
    second = prepare_numbers(again)
    assert again.asked == []
    np.testing.assert_array_equal(first.images, second.images)


def test_another_key_shape_or_name_is_another_preparation():
    prepare_numbers(Reader())
    other = Reader()
    prepare_numbers(other, key="other numbers")
    assert sorted(other.asked) == [0, 1, 2, 3, 4]


def test_what_could_not_be_used_is_left_out_and_said_each_time():
    for reader in (Reader(1, 3), Reader()):
        result = prepare_numbers(reader)
        np.testing.assert_array_equal(result.kept, [0, 2, 4])
        np.testing.assert_array_equal(result.images[:, 0, 0, 0], [0, 2, 4])
        assert result.skipped == (
            Skipped("1.png", "Number 1 is damaged."),
            Skipped("3.png", "Number 3 is damaged."),
        )


def test_nothing_usable_is_an_empty_array():
    for reader in (Reader(*range(5)), Reader()):
        result = prepare_numbers(reader)
        assert result.images.shape == (0, *SHAPE)
        assert len(result.kept) == 0
        assert len(result.skipped) == 5


def test_only_the_array_and_its_list_are_left():
    prepare_numbers(Reader(2))
    assert cache() == {"npy", "json"}


def test_progress_goes_up_to_the_number_of_pictures():
    told: list[tuple[str, int, int]] = []
    prepare_numbers(Reader(), count=600, progress=lambda *report: told.append(report))
    assert told == [("counting", done, 600) for done in (*range(0, 600, prepared.PORTION), 600)]


# Interrupted ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_a_preparation_that_is_cut_leaves_nothing(error):
    def cut(*_: object) -> None:
        raise error

    with pytest.raises(error):
        prepare_numbers(Reader(), progress=cut)
    assert list(cache_dir().iterdir()) == []
    again = Reader()
    assert len(prepare_numbers(again).images) == 5
    assert len(again.asked) == 5


KILLED = """
import time
import numpy as np
from models.datasets.prepared import prepare
def tell(doing, done, total):
    if done:
        print("working", flush=True)
        time.sleep(60)
def read(number):
    return np.zeros((6, 6, 3), np.uint8)
prepare("numbers", read, ["0.png"] * 300, shape=(6, 6, 3), doing="", progress=tell)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is for POSIX")
def test_a_preparation_that_is_killed_leaves_nothing(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", KILLED], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert list(cache_dir().iterdir()) == []


def test_two_that_prepare_the_same_at_once_both_get_it():
    meeting = threading.Barrier(2, timeout=20)
    results = []

    def work() -> None:
        def read(number: int) -> np.ndarray:
            if number == 0:
                meeting.wait()
            return np.full(SHAPE, number, np.uint8)

        results.append(prepare_numbers(read))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        np.testing.assert_array_equal(result.images[:, 0, 0, 0], range(5))
    assert cache() == {"npy", "json"}


# Damaged -------------------------------------------------------------------------------------------------------------


def array_of(shape, dtype=np.uint8):
    return lambda path: np.save(path, np.zeros(shape, dtype))


def as_zip(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, np.zeros((5, 6, 6, 3), np.uint8))


DAMAGE = {
    "the list is empty": ("json", lambda path: path.write_bytes(b"")),
    "the list is cut": ("json", lambda path: path.write_bytes(path.read_bytes()[:9])),
    "the list is none": ("json", lambda path: path.write_text("[]")),
    "the list is null": ("json", lambda path: path.write_text("null")),
    "the list lacks a part": ("json", lambda path: path.write_text(json.dumps({"kept": [0, 1, 2, 3, 4]}))),
    "the list is shorter": ("json", lambda path: path.write_text(json.dumps({"kept": [0, 1], "skipped": []}))),
    "the list has words": ("json", lambda path: path.write_text(json.dumps({"kept": ["a"], "skipped": []}))),
    "the list is no text": ("json", lambda path: path.write_bytes(b"\xff\xfe\x00")),
    "the list is gone": ("json", lambda path: path.unlink()),
    "the array is gone": ("npy", lambda path: path.unlink()),
    "the array is empty": ("npy", lambda path: path.write_bytes(b"")),
    "the array is cut": ("npy", lambda path: os.truncate(path, path.stat().st_size - 1)),
    "the array's head is cut": ("npy", lambda path: os.truncate(path, 40)),
    "the array is something else": ("npy", lambda path: path.write_bytes(b"PK" * 500)),
    "the array is a zip file": ("npy", as_zip),
    "the array has another shape": ("npy", array_of((5, 6, 6, 1))),
    "the array has another type": ("npy", array_of((5, 6, 6, 3), np.int16)),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_damaged_is_made_again(what):
    ending, damage = DAMAGE[what]
    prepare_numbers(Reader())
    (file,) = cache_dir().glob(f"*.{ending}")
    damage(file)
    again = Reader()
    result = prepare_numbers(again)
    assert sorted(again.asked) == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(result.images[:, 0, 0, 0], range(5))
    once_more = Reader()
    prepare_numbers(once_more)
    assert once_more.asked == []


@pytest.mark.parametrize("place", ["runs", "runs/cache"])
def test_a_cache_that_cannot_be_written_is_said_in_a_sentence(tmp_path, place):
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("a file where a folder should be")
    with pytest.raises(DatasetError) as caught:
        prepare_numbers(Reader())
    text = str(caught.value)
    assert text.startswith("The pictures could not be prepared in the cache folder, where they need 0 MB: ")
    assert text.endswith("something else stands in its place. Put the folder back, then try again.")


def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(monkeypatch):
    def full(path: Path, write: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_arrays, "write_whole", full)
    with pytest.raises(DatasetError, match=r"need 2 MB: the disk is full\. Make room there, then try again\.$"):
        prepare_numbers(Reader(), count=20_000)
    assert list(cache_dir().iterdir()) == []


# The oldest are forgotten --------------------------------------------------------------------------------------------


def test_those_that_nobody_used_for_longest_are_deleted_when_there_are_too_many(monkeypatch):
    for age, key in enumerate("abc"):
        prepare_numbers(Reader(), key=key)
        (newest,) = [path for path in cache_dir().glob("*.json") if time.time() - path.stat().st_mtime < 100]
        os.utime(newest, (1000 - age, 1000 - age))
    prepare_numbers(Reader(), key="c")  # used again
    size = next(cache_dir().glob("*.npy")).stat().st_size
    monkeypatch.setattr(kept_arrays, "CACHE_BYTES", 3 * size)
    prepare_numbers(Reader(), key="d")
    left = {key for key in "abcd" if not asked(key)}
    assert len(list(cache_dir().glob("*.npy"))) == 4  # "b" has just been made again
    assert left == {"a", "c", "d"}


def asked(key: str) -> list[int]:
    """The items that had to be read for a key; nothing is deleted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_arrays, "CACHE_BYTES", 2**40)
        reader = Reader()
        prepare_numbers(reader, key=key)
    return reader.asked


def test_what_was_just_made_stays_however_large(monkeypatch):
    monkeypatch.setattr(kept_arrays, "CACHE_BYTES", 1)
    prepare_numbers(Reader(), key="old")
    prepare_numbers(Reader(), key="new")
    assert len(list(cache_dir().iterdir())) == 2
    assert not asked("new")


# Photos on the disk --------------------------------------------------------------------------------------------------


@pytest.fixture
def reads(monkeypatch) -> list[int]:
    """The sizes of all files that are decoded."""
    sizes: list[int] = []
    decode = photo.decode

    def counted(data: bytes, **options):
        sizes.append(len(data))
        return decode(data, **options)

    monkeypatch.setattr(prepared, "decode", counted)
    return sizes


def test_photos_are_decoded_once(tmp_path, reads):
    save_photo(tmp_path / "pets" / "a.png", (200, 0, 0))
    save_photo(tmp_path / "pets" / "b.png", (0, 0, 200))
    for _ in range(2):
        result = prepare_photos(tmp_path / "pets")
        np.testing.assert_array_equal(result.images[:, 8, 8], [[200, 0, 0], [0, 0, 200]])
    assert len(reads) == 2


def test_a_photo_that_has_changed_is_read_again(tmp_path, reads):
    file = tmp_path / "pets" / "a.bmp"
    save_photo(file, (200, 0, 0))
    prepare_photos(file.parent)
    state = file.stat()
    save_photo(file, (0, 0, 200))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))  # as large as before, and a nanosecond newer
    assert tuple(prepare_photos(file.parent).images[0, 8, 8]) == (0, 0, 200)
    save_photo(file, (0, 200, 0), (41, 31))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))  # as old as before, larger
    assert tuple(prepare_photos(file.parent).images[0, 8, 8]) == (0, 200, 0)
    assert len(reads) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of the entry")
def test_a_photo_of_the_same_size_and_time_is_another_one_if_it_was_exchanged(tmp_path):
    file = tmp_path / "pets" / "a.bmp"
    save_photo(file, (200, 0, 0))
    first = prepare_photos(file.parent)
    state = file.stat()
    save_photo(file, (0, 0, 200))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    second = prepare_photos(file.parent)
    assert tuple(second.images[0, 8, 8]) == (0, 0, 200)
    assert first.digests != second.digests


def test_only_photos_that_have_changed_are_decoded_again(tmp_path, reads):
    pets = tmp_path / "pets"
    for number in range(6):
        save_photo(pets / f"{number}.bmp", (number * 40, 0, 0), (20 + number, 20))

    def prepared_now() -> list[int]:
        files = sorted(pets.iterdir())
        names = [file.name for file in files]
        result = photos(files, names, side=16, how="squash", progress=None, folder=pets)
        assert result.digests == tuple(pixels_digest(image) for image in result.images)
        return [int(red) for red in result.images[:, 8, 8, 0]]

    assert prepared_now() == [0, 40, 80, 120, 160, 200]
    reads.clear()
    save_photo(pets / "2.bmp", (90, 0, 0), (30, 20))  # exchanged
    (pets / "4.bmp").unlink()
    save_photo(pets / "45.bmp", (180, 0, 0), (31, 20))  # added
    (pets / "1.bmp").rename(pets / "9.bmp")  # another name is another file
    assert prepared_now() == [0, 90, 120, 180, 200, 40]
    assert len(reads) == 3
    reads.clear()
    for path in cache_dir().glob("*.json"):  # damaged: everything is decoded again
        path.write_text('{"kept": [900], "skipped": [], "marks": []}')
    assert prepared_now() == [0, 90, 120, 180, 200, 40]
    assert len(reads) == 6


@pytest.mark.parametrize("change", [{"side": 20}, {"how": "crop"}])
def test_another_size_or_way_is_read_again(tmp_path, reads, change):
    save_photo(tmp_path / "pets" / "a.png", (200, 0, 0))
    prepare_photos(tmp_path / "pets")
    prepare_photos(tmp_path / "pets", **change)
    assert len(reads) == 2


def test_two_folders_whose_files_look_alike_are_not_taken_for_one_another(tmp_path):
    # Uncompressed files, unpacked from archives that set the same date for all files.
    for folder, colour in (("one", (200, 0, 0)), ("two", (0, 0, 200))):
        save_photo(tmp_path / folder / "a.bmp", colour)
        os.utime(tmp_path / folder / "a.bmp", (1000, 1000))
        assert tuple(prepare_photos(tmp_path / folder).images[0, 8, 8]) == colour


def test_the_same_files_under_other_names_are_skipped_under_those(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    for name in ("cats/a.png", "train/cats/a.png"):
        result = photos([tmp_path / "a.png"], [name], side=16, how="squash", progress=None)
        assert [skipped.name for skipped in result.skipped] == [name]


def test_a_file_that_is_gone_or_no_file_is_skipped_with_its_reason(tmp_path):
    save_photo(tmp_path / "a.png", (200, 0, 0))
    (tmp_path / "b.png").mkdir()
    files = [tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png"]
    result = photos(files, ["a", "b", "c"], side=16, how="squash", progress=None)
    np.testing.assert_array_equal(result.kept, [0])
    assert result.skipped == (
        Skipped("b", "This is no ordinary file: a photo is needed."),
        Skipped("c", "This file cannot be read: No such file or directory."),
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_does_not_keep_everybody_waiting(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")
    result = photos([tmp_path / "a.jpg"], ["a"], side=16, how="squash", progress=None)
    assert result.skipped == (Skipped("a", "This is no ordinary file: a photo is needed."),)


def test_of_a_film_among_the_photos_no_more_is_read_than_a_photo_may_have(tmp_path, reads):
    with (tmp_path / "film.mov").open("wb") as file:
        file.truncate(40 * MAX_BYTES)  # sparse: it takes no space on the disk
    result = photos([tmp_path / "film.mov"], ["film.mov"], side=16, how="squash", progress=None)
    assert reads == [MAX_BYTES + 1]
    assert len(result.skipped) == 1
