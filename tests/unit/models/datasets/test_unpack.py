"""models/datasets/unpack.py: a stranger's archive becomes a whole folder or none, and nothing lies outside it."""

import io
import os
import re
import stat
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.datasets import DatasetError
from models.datasets.unpack import ArchiveError, unpack

WANTED = re.compile(r"Pets/(Cat|Dog)/\d+\.jpg")
FILES = {"Pets/Cat/1.jpg": b"a cat", "Pets/Cat/2.jpg": b"", "Pets/Dog/1.jpg": b"a dog" * 1000}
OTHERS = {"Pets/Cat/Thumbs.db": b"x", "licence.docx": b"x", "Pets/Dog/1.exe": b"x", "Pets/Dog/1.jpg.exe": b"x"}


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def archive(tmp_path) -> Path:
    path = tmp_path / "archive.zip"
    path.write_bytes(zipped(FILES | OTHERS))
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_wanted_files_are_unpacked_and_the_others_are_not(archive, tmp_path):
    told: list[tuple[str, int, int]] = []
    assert unpack(archive, tmp_path / "out" / "pets", WANTED, progress=lambda *report: told.append(report)) == 3
    assert tree(tmp_path / "out") == {f"pets/{name}": data for name, data in FILES.items()}
    assert told == [("unpacking", done, 5005) for done in (5, 5, 5005)]


@pytest.mark.parametrize(
    "name",
    [
        "../outside.jpg",
        "Pets/../../outside.jpg",
        "Pets/Cat/..",
        "/outside.jpg",
        "//server/outside.jpg",
        "C:/outside.jpg",
        "C:outside.jpg",
        "..\\outside.jpg",
        "\\\\server\\outside.jpg",
        "Pets/Cat/1.jpg:stream",
        "Pets/Cat/7.jpg\0.exe",
        "Pets/Cat/\x1b[2J7.jpg",
    ],
)
def test_an_archive_with_a_dangerous_name_is_refused_as_a_whole(tmp_path, name):
    # Names are written into the bytes, because zipfile would normalise some of them.
    stand_in = "n" * len(name)
    path = tmp_path / "archive.zip"
    path.write_bytes(zipped(FILES | {stand_in: b"evil"}).replace(stand_in.encode(), name.encode()))
    with pytest.raises(ArchiveError, match=r"archive\.zip was not unpacked: .*(outside|another place)"):
        unpack(path, tmp_path / "out" / "pets", WANTED)
    assert tree(tmp_path) == {"archive.zip": path.read_bytes()}
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_a_link_or_a_device_is_refused(tmp_path, kind):
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Pets/Cat/1.jpg", b"a cat")
        entry = zipfile.ZipInfo("Pets/Dog")
        entry.external_attr = (kind | 0o777) << 16
        archive.writestr(entry, b"/etc")
    with pytest.raises(ArchiveError, match="'Pets/Dog' in it is a link or a device"):
        unpack(path, tmp_path / "pets", WANTED)
    assert not (tmp_path / "pets").exists()


def test_an_encrypted_archive_is_refused(tmp_path):
    data = bytearray(zipped({"Pets/Cat/1.jpg": b"a cat"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "archive.zip"
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="is encrypted"):
        unpack(path, tmp_path / "pets", WANTED)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path):
    path = tmp_path / "archive.zip"
    path.write_bytes(zipped({f"Pets/Cat/{number}.jpg": bytes(2**20) for number in range(4)}))
    assert path.stat().st_size < 10_000
    with pytest.raises(ArchiveError, match="would unpack to 4 MB, and at most 3 are unpacked"):
        unpack(path, tmp_path / "pets", WANTED, max_bytes=3 * 2**20)
    with pytest.raises(ArchiveError, match="has 4 entries, and at most 3 are read"):
        unpack(path, tmp_path / "pets", WANTED, max_entries=3)
    assert unpack(path, tmp_path / "pets", WANTED, max_bytes=4 * 2**20, max_entries=4) == 4


def test_an_entry_gives_no_more_than_it_declares(tmp_path):
    data = zipped({"Pets/Cat/1.jpg": bytes(2**20)})
    path = tmp_path / "archive.zip"
    path.write_bytes(data.replace((2**20).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(ArchiveError, match="is damaged"):
        unpack(path, tmp_path / "pets", WANTED)


def test_a_name_that_is_there_twice_is_refused(tmp_path):
    path = tmp_path / "archive.zip"
    path.write_bytes(zipped({"Pets/Cat/1.jpg": b"a", "Pets/Cat/2.jpg": b"b"}).replace(b"Cat/2", b"Cat/1"))
    with pytest.raises(ArchiveError, match=r"'Pets/Cat/1\.jpg' is in it twice"):
        unpack(path, tmp_path / "pets", WANTED)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is damaged or no ZIP archive"),
        (b"<html>log in</html>", "is damaged or no ZIP archive"),
        (zipped(FILES)[:-30], "is damaged or no ZIP archive"),
        (zipped(FILES, zipfile.ZIP_STORED).replace(b"a cat", b"a cow"), "is damaged or no ZIP archive"),
        (zipped(OTHERS), "holds none of the files that were expected"),
        (zipped({}), "holds none of the files that were expected"),
    ],
    ids=["empty", "page", "cut", "altered", "another archive", "nothing in it"],
)
def test_what_is_no_whole_archive_of_these_files_is_refused(tmp_path, data, message):
    path = tmp_path / "archive.zip"
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match=message):
        unpack(path, tmp_path / "out" / "pets", WANTED)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_cut_leaves_no_folder_and_the_next_call_begins_anew(archive, tmp_path):
    def stop(doing: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        unpack(archive, tmp_path / "out" / "pets", WANTED, progress=stop)
    assert list((tmp_path / "out").iterdir()) == []
    unfinished = tmp_path / "out" / ".pets.unpacking" / "Pets" / "Cat"  # left by a kill
    unfinished.mkdir(parents=True)
    (unfinished / "1.jpg").write_bytes(b"half a c")
    (unfinished / "99.jpg").write_bytes(b"of an older archive")
    unpack(archive, tmp_path / "out" / "pets", WANTED)
    assert tree(tmp_path / "out") == {f"pets/{name}": data for name, data in FILES.items()}


def test_what_is_there_already_is_not_touched(archive, tmp_path):
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "mine.jpg").write_bytes(b"mine")
    with pytest.raises(DatasetError, match="exists already: move it away"):
        unpack(archive, tmp_path / "pets", WANTED)
    assert tree(tmp_path / "pets") == {"mine.jpg": b"mine"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of this kind")
def test_a_full_disk_is_a_sentence_and_leaves_the_archive(archive, tmp_path):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        with pytest.raises(DatasetError, match=r"could not be unpacked in .*: the file would be larger") as raised:
            unpack(archive, tmp_path / "out" / "pets", WANTED)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not isinstance(raised.value, ArchiveError)
    assert list((tmp_path / "out").iterdir()) == []
    assert archive.is_file()


GOOD = zipped(FILES)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_archive_is_unpacked_or_refused_but_nothing_lies_outside(damage):
    data = bytearray(GOOD)
    for place, value in damage:
        data[place] = value
    with tempfile.TemporaryDirectory() as folder:
        archive, pets = Path(folder, "a", "archive.zip"), Path(folder, "a", "b", "pets")
        pets.parent.mkdir(parents=True)
        archive.write_bytes(data)
        try:
            unpack(archive, pets, WANTED)
        except DatasetError:
            assert not pets.exists()
        # A changed name may be another wanted name. Contents are protected by their checksums.
        assert all(WANTED.fullmatch(name) for name in tree(pets))
        assert {os.path.relpath(path, folder) for path in Path(folder).rglob("*") if pets not in path.parents} <= {
            "a",
            str(Path("a", "archive.zip")),
            str(Path("a", "b")),
            str(Path("a", "b", "pets")),
        }
