"""`dogs-vs-cats`: the 25,000 photos of "Dogs vs. Cats", from Microsoft's archive (787 MB), fetched when somebody asks.

    python -m models.datasets.dogs_vs_cats

fetches, verifies and unpacks them, and goes on where an earlier call was cut. Settings, all environment variables:
DATASETS_DIR, the folder for datasets (default: `datasets` in RUNS_DIR); DOGS_VS_CATS_URL, another address, such as a
copy in your own network; DOGS_VS_CATS_SIZE (bytes) and DOGS_VS_CATS_SHA256, by which that file is verified.

Source: Elson, Douceur, Howell & Saul, "Asirra: A CAPTCHA that Exploits Interest-Aligned Manual Image Categorization",
CCS 2007. The photos' licence is unknown: they serve teaching and research and are no part of this project.
"""

import argparse
import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

from models import command_line
from models.datasets import Dataset, DatasetError, Info, Request, folder
from models.datasets.download import Source, download, only_one
from models.datasets.unpack import ArchiveError, unpack
from models.progress import Progress
from models.storage import chosen_path, runs_dir

INFO = Info("dogs-vs-cats", "Dogs vs. Cats: 25,000 photos")

URL = "https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip"
SIZE = 824_887_076
"""Size in bytes, as the server gives it."""

SHA256 = "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9"
"""The file's checksum as TensorFlow Datasets publishes it for cats_vs_dogs; others who downloaded it confirm it."""

COMMAND = "python -m models.datasets.dogs_vs_cats"

_PHOTO = re.compile(r"PetImages/(Cat|Dog)/\d+\.jpg")  # the archive also holds Thumbs.db and a licence


def load(request: Request) -> Dataset:
    """Open the photos that `fetch` has downloaded, divided as every folder is. Nothing is downloaded here.

    Files that cannot be decoded are listed in `skipped`: at least Cat/666.jpg and Dog/11702.jpg, which have 0 bytes.
    TensorFlow Datasets drops 1,738 files whose first bytes lack "JFIF". But a JPEG may also begin with its Exif data,
    and some files are GIF or PNG pictures named .jpg. `models.pictures.photo` reads them as well, so they stay.

    Raises:
        DatasetError: the photos are not here; the text says how to fetch them.
    """
    if not is_available():
        raise DatasetError(
            f"The photos of Dogs vs. Cats are not on this machine yet: run {COMMAND} to fetch them (787 MB)."
        )
    photos = folder.load(replace(request, argument=str(_photos_dir())))
    return replace(photos, name=INFO.name, title=INFO.title, classes=tuple(kind.lower() for kind in photos.classes))


def file_of(_argument: str, name: str) -> Path:
    """Return the file of a picture, by its name in its part."""
    return _photos_dir() / name


def state(_argument: str) -> str:
    """Return a text that changes when any of the photos does; "" if they are not here."""
    return folder.state(str(_photos_dir()))


def is_available() -> bool:
    """Whether the photos are on this machine."""
    return _photos_dir().is_dir()


def fetch(progress: Progress | None = None) -> Path:
    """Download, verify and unpack the photos, unless they are here; go on where an earlier call was interrupted.

    The archive is deleted after it has been unpacked. Unpacking takes about 1.7 GB of space.

    Args:
        progress: called with the step ("fetching", "verifying", "unpacking") and the number of bytes that are done.

    Returns:
        The folder that holds the folders Cat and Dog.

    Raises:
        DatasetError: a setting is invalid, another process is downloading, the server cannot be reached, the file is
            another one, or there is no space; the text says which, and what to do.
    """
    if is_available():
        return _photos_dir()
    source = _source()
    home = _home()
    with only_one(home.parent / f"{home.name}.lock", "fetching Dogs vs. Cats"):
        if not is_available():  # another process may just have finished
            archive = home.parent / f"{home.name}.zip"
            download(source, archive, progress=progress)
            try:
                unpack(archive, home, _PHOTO, progress=progress)
            except ArchiveError:
                archive.unlink()  # or the next call would fail on the same bytes
                raise
            archive.unlink()
    return _photos_dir()


def main(arguments: list[str] | None = None) -> int:
    """Download the photos from the command line, with a progress bar on stderr.

    Returns:
        The exit code: 0 for success, 1 for a failure, which a sentence explains, 130 for Ctrl-C.
    """
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Fetch, verify and unpack the 25,000 photos of Dogs vs. Cats (787 MB, once)."
    )
    parser.parse_args(arguments)
    bar = _Bar()
    try:
        photos = fetch(bar)
    except DatasetError as error:
        bar.end()
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        bar.end()
        print("Stopped. What has come is kept: the same command goes on from there.", file=sys.stderr)
        return 130
    bar.end()
    print(f"The photos are in {photos}. Train on them with --dataset {INFO.name}.")
    return 0


# Where things are -----------------------------------------------------------------------------------------------------


def _home() -> Path:
    return (chosen_path("DATASETS_DIR") or runs_dir() / "datasets").resolve() / INFO.name


def _photos_dir() -> Path:
    return _home() / "PetImages"


def _source() -> Source:
    """The address, size and checksum of the file. Of a user's own file, only what they give."""
    url = os.environ.get("DOGS_VS_CATS_URL") or URL
    known = Source(URL, SIZE, SHA256) if url == URL else Source(url)
    size = os.environ.get("DOGS_VS_CATS_SIZE") or known.size
    sha256 = os.environ.get("DOGS_VS_CATS_SHA256") or known.sha256
    if not re.fullmatch(r"[1-9]\d*", str(size or 1)):
        raise DatasetError(f'DOGS_VS_CATS_SIZE has to be a number of bytes, not "{size}".')
    if sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise DatasetError(f'DOGS_VS_CATS_SHA256 has to be 64 hexadecimal digits, not "{sha256}".')
    return Source(url, int(size) if size else None, sha256)


# At the terminal ------------------------------------------------------------------------------------------------------


class _Bar:
    """Shows progress on stderr: one line that changes on a terminal, a line every ten percent in a log."""

    WIDTH = 24

    def __init__(self) -> None:
        self.doing = ""
        self.started, self.first = 0.0, 0  # when this step began, and with how many bytes from an earlier call
        self.shown = 0.0
        self.tenth = -1
        self.changing = sys.stderr.isatty()

    def __call__(self, doing: str, done: int, total: int) -> None:
        now = time.monotonic()
        if doing != self.doing or done < self.first:
            self.end()
            self.doing, self.started, self.first, self.shown, self.tenth = doing, now, done, 0.0, -1
        whole = done == total
        tenth = 10 * done // total if total else 0
        if self.changing and (whole or now - self.shown >= 0.2):
            print(f"\r{self._line(done, total, now)}\x1b[K", end="", file=sys.stderr, flush=True)
        elif not self.changing and tenth > self.tenth:
            print(self._line(done, total, now), file=sys.stderr, flush=True)
        else:
            return
        self.shown, self.tenth = now, tenth

    def end(self) -> None:
        """End the line that changes, if there is one."""
        if self.changing and self.doing:
            print(file=sys.stderr)
        self.doing = ""

    def _line(self, done: int, total: int, now: float) -> str:
        speed = (done - self.first) / max(now - self.started, 0.001)
        rate = f"{speed / 2**20:6.1f} MB/s" if done > self.first else ""
        if not total:
            return f"{self.doing:<9} {done / 2**20:,.1f} MB  {rate}"
        full = self.WIDTH * done // total
        bar = "█" * full + "░" * (self.WIDTH - full)
        left = round((total - done) / speed) if speed else 0
        time_left = f"  {left // 60}:{left % 60:02d} left" if left else ""
        return f"{self.doing:<9} {bar} {done / 2**20:,.1f} of {total / 2**20:,.1f} MB  {rate}{time_left}"


if __name__ == "__main__":
    sys.exit(command_line.run(main))
