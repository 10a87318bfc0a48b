"""models/datasets/download.py, against a server on this machine that does everything a network does."""

import hashlib
import json
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.datasets import DatasetError
from models.datasets.download import FRUITLESS, Source, WrongFileError, download, only_one
from models.storage import ROOT
from tests.unit.models.datasets.file_server import FileServer, serving

DATA = random.Random(0).randbytes(2_000_000)
CHECKSUM = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def server(monkeypatch) -> Iterator[FileServer]:
    """A server of `DATA`."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(DATA) as server:
        yield server


def fetch(server: FileServer, target: Path, *, size: int | None = len(DATA), sha256: str | None = CHECKSUM, **options):
    options = {"timeout": 5.0, "pause": 0.001} | options
    download(Source(server.url, size, sha256), target, **options)


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "datasets" / "file.zip"


def left(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()} if target.parent.is_dir() else set()


# Fetching -------------------------------------------------------------------------------------------------------------


def test_a_file_is_fetched_and_nothing_is_left_beside_it(server, target):
    told: list[tuple[str, int, int]] = []
    fetch(server, target, progress=lambda *report: told.append(report))
    assert target.read_bytes() == DATA
    assert left(target) == {"file.zip"}
    fetching = [report[1:] for report in told if report[0] == "fetching"]
    assert fetching == sorted(fetching)
    assert fetching[0] == (0, len(DATA))
    assert fetching[-1] == (len(DATA), len(DATA))
    assert told[-1] == ("verifying", len(DATA), len(DATA))


def test_each_cut_is_continued_where_it_happened(server, target):
    server.cuts = [300_001, 1, 700_000, 0]
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert server.sent == len(DATA), "some bytes were fetched twice"
    ranges = [asked.get("Range") for asked in server.asked]
    assert ranges == [None, "bytes=300001-", "bytes=300002-", "bytes=1000002-", "bytes=1000002-"]
    assert {asked.get("If-Range") for asked in server.asked[1:]} == {'"version 1"'}


def test_a_bad_line_is_borne_as_long_as_it_brings_something(server, target):
    server.cuts = [len(DATA) // (4 * FRUITLESS)] * 3 * FRUITLESS
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert len(server.asked) == 3 * FRUITLESS + 1


def test_a_server_without_ranges_starts_anew_and_finishes(server, target):
    server.ranges, server.cuts = False, [1_500_000]
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert server.sent == 1_500_000 + len(DATA)


@pytest.mark.parametrize("ranges", [True, False])
def test_when_attempts_bring_nothing_new_a_sentence_says_so_and_the_part_is_kept(server, target, ranges):
    server.ranges, server.cuts, server.always_cut = ranges, [500_000], 0 if ranges else 400_000
    with pytest.raises(DatasetError, match=r"could not be fetched \(the connection was cut\): check the connection"):
        fetch(server, target)
    assert len(server.asked) == 1 + FRUITLESS
    assert left(target) == {"file.zip.part", "file.zip.part.json"}
    server.ranges, server.always_cut = True, None
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert server.asked[-1]["Range"] == f"bytes={500_000 if ranges else 400_000}-"


def test_a_file_that_has_changed_on_the_server_starts_anew(server, target):
    server.always_cut = 900_000
    server.cuts = [900_000] + [0] * FRUITLESS
    with pytest.raises(DatasetError, match="could not be fetched"):
        fetch(server, target)
    newer = DATA[::-1]
    server.data, server.etag, server.always_cut, server.cuts = newer, '"version 2"', None, []
    fetch(server, target, sha256=hashlib.sha256(newer).hexdigest())
    assert target.read_bytes() == newer


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
def test_a_file_without_a_mark_of_its_version_is_never_pieced_together(server, target, etag):
    server.etag, server.cuts = etag, [900_000]
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert all("Range" not in asked for asked in server.asked)


def test_a_part_of_another_address_is_not_continued(server, target):
    target.parent.mkdir()
    Path(f"{target}.part").write_bytes(b"x" * 1000)
    Path(f"{target}.part.json").write_text('{"url": "http://127.0.0.1/other", "version": "\\"version 1\\""}')
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert "Range" not in server.asked[0]


@pytest.mark.parametrize("note", ["", "[]", "{}", "null", '{"url": 1', "\xff"])
def test_a_damaged_note_means_a_new_start(server, target, note):
    target.parent.mkdir()
    Path(f"{target}.part").write_bytes(b"x" * 1000)
    Path(f"{target}.part.json").write_bytes(note.encode("latin-1"))
    fetch(server, target)
    assert target.read_bytes() == DATA


def leave_part(server: FileServer, target: Path, part: bytes) -> None:
    target.parent.mkdir()
    Path(f"{target}.part").write_bytes(part)
    Path(f"{target}.part.json").write_text(json.dumps({"url": server.url, "version": server.etag}))


@pytest.mark.parametrize("size", [len(DATA), None])
def test_a_part_that_is_whole_already_is_only_verified(server, target, size):
    leave_part(server, target, DATA)
    fetch(server, target, size=size)
    assert target.read_bytes() == DATA
    assert server.sent == 0
    assert len(server.asked) == (0 if size else 1)


@pytest.mark.parametrize("size", [len(DATA), None])
def test_a_part_that_is_longer_than_the_file_starts_anew(server, target, size):
    leave_part(server, target, DATA + b"more")
    fetch(server, target, size=size)
    assert target.read_bytes() == DATA
    assert len(server.asked) == (1 if size else 2)


def test_an_answer_that_continues_at_another_place_starts_anew(server, target):
    server.shift, server.cuts = 7, [900_000]
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert [asked.get("Range") for asked in server.asked] == [None, "bytes=900000-", None]


def test_a_silent_connection_counts_as_cut(server, target):
    server.stall = 1.5
    fetch(server, target, timeout=0.3)
    assert target.read_bytes() == DATA
    assert server.asked[1]["Range"] == f"bytes={len(DATA) // 2}-", "what came before the silence was lost"


def test_a_server_that_is_busy_is_asked_again(server, target):
    server.answers = [503, 429, 500]
    fetch(server, target)
    assert target.read_bytes() == DATA


def test_a_redirection_is_followed_also_when_going_on(server, target):
    server.url, server.cuts = server.url.replace("/file", "/moved"), [900_000]
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert server.sent == len(DATA)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_server_that_refuses_is_asked_once(server, target, status):
    server.answers = [status] * 9
    with pytest.raises(DatasetError, match=rf"the server answered {status} .*\. Check the address\."):
        fetch(server, target)
    assert len(server.asked) == 1
    assert left(target) == set()


def test_a_server_that_is_not_there_is_named(target):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DatasetError, match=rf"127\.0\.0\.1:{port}/x could not be fetched \(Connection refused\)"):
        download(Source(f"http://127.0.0.1:{port}/x"), target, pause=0.001)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "x.zip", ""])
def test_only_http_is_fetched(target, url):
    with pytest.raises(DatasetError, match="give an address that begins with http or https"):
        download(Source(url), target)


# Verifying ------------------------------------------------------------------------------------------------------------


def test_a_wrong_checksum_deletes_what_came(server, target):
    server.data = DATA[:-1] + b"x" if DATA[-1:] != b"x" else DATA[:-1] + b"y"
    with pytest.raises(WrongFileError, match=rf"its SHA-256 is [0-9a-f]{{64}} instead of {CHECKSUM}\. It was deleted"):
        fetch(server, target)
    assert left(target) == set()


def test_a_file_of_another_length_is_refused_before_it_is_read(server, target):
    server.data = b"<html>Please log in to the school's network</html>"
    with pytest.raises(WrongFileError, match="is a file of 50 bytes, but 2,000,000 were expected"):
        fetch(server, target)
    assert left(target) == set()


def test_a_file_of_no_announced_length_is_measured_when_it_is_here(server, target):
    server.says_length, server.data = False, DATA + b"x"
    with pytest.raises(WrongFileError, match="sent more than the 2,000,000 bytes"):
        fetch(server, target)
    assert left(target) == set()
    server.data = DATA
    fetch(server, target)
    assert target.read_bytes() == DATA


def test_an_endless_answer_of_no_known_length_is_taken_as_it_ends(server, target):
    server.says_length = False
    fetch(server, target, size=None, sha256=None)
    assert target.read_bytes() == DATA


def test_a_checksum_in_capitals_is_the_same(server, target):
    fetch(server, target, sha256=CHECKSUM.upper())
    assert target.is_file()


def test_a_whole_file_is_verified_and_not_fetched_again(server, target):
    fetch(server, target)
    asked = len(server.asked)
    fetch(server, target)
    assert len(server.asked) == asked
    target.write_bytes(DATA[:-1])
    fetch(server, target)
    assert target.read_bytes() == DATA


# Failures on this side ------------------------------------------------------------------------------------------------


def test_without_enough_room_nothing_more_is_fetched_and_the_part_is_kept(server, target, monkeypatch):
    leave_part(server, target, DATA[:900_000])
    usage = shutil.disk_usage(target.parent)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
        with pytest.raises(DatasetError, match=r"has 1\.0 MB left, but 1\.0 MB are needed: make room"):
            fetch(server, target)
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert server.asked[-1]["Range"] == "bytes=900000-"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of this kind")
def test_a_disk_that_fills_up_on_the_way_keeps_the_part(server, target):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))  # the system refuses any byte after these
        with pytest.raises(DatasetError, match=r"file\.zip cannot be written in .*datasets: the file would be larger"):
            fetch(server, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    kept = Path(f"{target}.part").stat().st_size
    assert 700_000 < kept <= 1_000_000
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert server.asked[-1]["Range"] == f"bytes={kept}-"


def test_a_folder_that_cannot_be_made_is_named(server, tmp_path):
    (tmp_path / "datasets").write_text("a file where the folder should be")
    with pytest.raises(DatasetError, match=r"file\.zip cannot be written in .*datasets"):
        fetch(server, tmp_path / "datasets" / "file.zip")


def test_ctrl_c_keeps_the_part(server, target):
    def stop(doing: str, done: int, total: int) -> None:
        if done > 1_000_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(server, target, progress=stop)
    kept = Path(f"{target}.part").stat().st_size
    assert kept > 700_000
    fetch(server, target)
    assert target.read_bytes() == DATA
    assert server.asked[-1]["Range"] == f"bytes={kept}-"


HOLD = """
import sys, time
from pathlib import Path
from models.datasets.download import only_one
with only_one(Path(sys.argv[1]), "fetching the moon"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_says_that_the_first_is_at_work_until_that_one_dies(tmp_path):
    lock = tmp_path / "new folder" / "x.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            with (
                pytest.raises(DatasetError, match="Another process is fetching the moon already: wait until"),
                only_one(lock, "fetching the moon"),
            ):
                pass
        finally:
            holder.kill()
            holder.wait()
    for _ in range(2):  # and it can be taken again and again
        with only_one(lock, "fetching the moon"):
            pass
