"""One file takes at most 300 MB and three seconds of processor time, whatever is in it; see `bombs`.

Memory and time are measured from outside, of the process that opens a visitor's photos.
"""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from models.datasets import prepared
from models.pictures.opening import FAILED, PhotoOpener
from models.pictures.photo import MAX_BYTES, Photo, PhotoError, decode
from models.pictures.photo_limits import TOO_MUCH
from tests.unit.models.pictures.bombs import BOMBS

MOST_MEMORY = 300 * 10**6
MOST_SECONDS = 3.0

LOOKED_THROUGH = {
    "PNG": (
        "5,000 colour profiles",
        "5,000 packed texts with wrong checksums",
        "5,000 packed international texts",
        "packed texts behind the pixels",
        "300,000 texts",
        "EXIF in a text of line ends",
        "texts of 24 MB",
        "two million private chunks",
        "two million private chunks behind the pixels",
        "two million empty parts",
        "pixels in parts of one byte",
        "600,000 frames",
        "50 megapixels in 16 bits",
        "50 megapixels in 16 bits, each from its neighbours",
    ),
    "JPEG": (
        "24 MB of fill bytes",
        "24 MB of escaped bytes between two markers",
        "six million empty segments",
        "six million comments",
        "comments of a byte",
        "empty segments behind the pixels",
        "a flood of quantisation tables",
        "a flood of Huffman tables",
        "a flood of arithmetic conditions",
        "a hundred scans of 50 megapixels",
        "progressive, 50 megapixels",
        "progressive, 50 megapixels of CMYK",
        "progressive, scans that hold nothing",
    ),
    "GIF": (
        "12 million blocks of a comment",
        "five million comments",
        "comments of 255 bytes",
        "three million empty extensions",
        "three million controls of a frame",
        "programs' blocks",
        "junk before the frame",
    ),
    "BMP": (
        "RLE8 of line ends",
        "RLE8 of empty runs",
        "RLE8 of short lines",
        "RLE8 of jumps",
        "RLE8 of literal bytes",
        "RLE4 of runs",
        "RLE4 of literal bytes",
    ),
    "TIFF": (
        "floats of 50 megapixels",
        "32-bit numbers of 50 megapixels",
        "RGB of 50 megapixels",
        "16-bit RGBA of 50 megapixels",
        "16-bit RGBA of 50 megapixels in strips",
        "one tile of 50 megapixels",
        "strips without number",
        "strips without number, packed",
        "entries that each are all of it",
        "65,000 entries",
        "one number of millions",
    ),
    "WebP": ("200,000 frames", "three million chunks"),
    "AVIF": ("small tiles", "10,000 pictures"),
    "HEIC": ("small tiles", "10,000 pictures"),
}
"""Bombs that are refused before any decoder sees them: wherever a picture is decoded, beside the web process or not."""

REFUSED = {f"{kind}: {name}" for kind, names in LOOKED_THROUGH.items() for name in names}

SLOW = {
    "PNG: 50 megapixels and transparency",
    "PNG: 50 megapixels of grey and transparency",
    "PNG: 50 megapixels of 16-bit grey, one transparent",
    "PNG: 50 megapixels of a palette",
    "PNG: 50 megapixels of one transparent colour",
    "PNG: a stream of 24 GB",
    "JPEG: 50 megapixels of noise",
    "GIF: a screen of 50 megapixels",
    "GIF: a frame of 50 megapixels",
    "BMP: of 16 bits",
    "BMP: of 50 megapixels in one bit",
    "TIFF: floats of 50 megapixels in strips",
    "TIFF: 32-bit numbers of 50 megapixels in strips",
    "TIFF: 16-bit grey of 50 megapixels",
    "TIFF: premultiplied RGBA of 50 megapixels in strips",
    "TIFF: CMYK of 50 megapixels",
    "TIFF: LAB of 50 megapixels",
    "TIFF: float tiles of 50 megapixels",
    "TIFF: tiles of 50 megapixels",
    "TIFF: differences of 50 megapixels",
    "TIFF: a tile table of 24 MB",
    "WebP: 30 megapixels",
    "WebP: 50 megapixels, lossless",
}
"""Relatives of others that are measured in every run."""


@pytest.fixture(scope="module")
def opener() -> Iterator[PhotoOpener]:
    found = PhotoOpener(at_once=1)
    found.warm_up()
    yield found
    found.close()


class Watch:
    """The memory and the processor time that a process takes while it is watched.

    Where the system keeps the peak of a process's memory and forgets it when told to (Linux), that is the figure;
    elsewhere, the process is looked at every 2 ms.
    """

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._status, self._reset = (Path(f"/proc/{pid}/{name}") for name in ("status", "clear_refs"))
        self._done = threading.Event()
        self.peak = self.seconds = 0.0

    def __enter__(self) -> "Watch":
        self._level, self._begin = self._process.memory_info().rss, self._used()
        with contextlib.suppress(OSError):
            self._reset.write_text("5")
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, psutil.Error, StopIteration):
            self._look()
        self._done.set()
        self._watcher.join()

    def _used(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def _look(self) -> None:
        peak = self._process.memory_info().rss
        if self._reset.exists():
            line = next(line for line in self._status.read_text().splitlines() if line.startswith("VmHWM"))
            peak = int(line.split()[1]) * 1024
        self.peak, self.seconds = max(self.peak, peak - self._level), self._used() - self._begin

    def _watch(self) -> None:
        with contextlib.suppress(OSError, psutil.Error, StopIteration):  # the process was ended
            while not self._done.wait(0.002):
                self._look()


def opened(opener: PhotoOpener, data: bytes) -> tuple[Photo | PhotoError, Watch]:
    while not opener.processes():  # the one before has been ended
        time.sleep(0.01)
    with Watch(opener.processes()[0]) as watch:
        try:
            outcome: Photo | PhotoError = opener.submit(data, visitor=("", "test")).photo()
        except PhotoError as error:
            outcome = error
    return outcome, watch


def test_the_bombs_have_names_that_are_there():
    assert set(BOMBS) >= REFUSED | SLOW


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_file_that_is_built_as_no_photo_is_refused_before_it_is_decoded(name):
    with pytest.raises(PhotoError) as refusal:
        decode(data := BOMBS[name]())
    assert str(refusal.value) == TOO_MUCH
    assert len(data) <= MAX_BYTES


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in sorted(set(BOMBS) - REFUSED)],
)
def test_no_file_takes_more_memory_or_time_than_a_photo_may(opener, name):
    data = BOMBS[name]()
    assert len(data) <= MAX_BYTES
    outcome, watch = opened(opener, data)
    assert watch.peak <= MOST_MEMORY
    assert watch.seconds <= MOST_SECONDS
    assert isinstance(outcome, Photo) or str(outcome) != FAILED


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_refused_costs_next_to_nothing(opener, name):
    outcome, watch = opened(opener, BOMBS[name]())
    assert str(outcome) == TOO_MUCH
    assert watch.peak <= MOST_MEMORY / 2  # the file itself lies there three times at most
    assert watch.seconds <= MOST_SECONDS / 3


def test_photos_of_a_folder_are_looked_through_as_well(tmp_path):
    names = ("PNG: 5,000 colour profiles", "JPEG: six million comments", "GIF: 12 million blocks of a comment")
    files = [tmp_path / f"{number}.jpg" for number in range(len(names))]
    for file, name in zip(files, names, strict=True):
        file.write_bytes(BOMBS[name]())
    found = prepared.photos(files, names, side=32, how="squash", progress=None)
    assert len(found.images) == 0
    assert [one.name for one in found.skipped] == list(names)
    assert {one.reason for one in found.skipped} == {TOO_MUCH}
