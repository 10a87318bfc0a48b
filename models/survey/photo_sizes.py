"""Widths and heights of the course's photos of cats and dogs, measured once, for whoever does not have the photos.

    python -m models.survey.photo_sizes PATH … --data "where the photos are from"

Each PATH holds a folder of photos for each class. Only the sizes are written, beside this file.
"""

import argparse
import json
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import numpy as np

from models import command_line
from models.pictures.photo import MAX_BYTES, PhotoError, original_size
from models.storage import json_text, typed_path, write_text

SHIPPED = Path(__file__).resolve().with_suffix(".json")


class PhotoSizes(TypedDict):
    """What was measured: "sizes" is class → (width, height, number of photos) for every size that there is, upright."""

    data: str
    sizes: dict[str, list[tuple[int, int, int]]]


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the file, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.survey.photo_sizes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folders", type=typed_path, nargs="+", metavar="PATH", help="with a folder of photos for each class"
    )
    parser.add_argument("--data", required=True, help="where the photos are from, for people")
    options = parser.parse_args(arguments)
    try:
        sizes = measured(options.folders)
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    if not sizes:
        print("There is no photo in these folders.", file=sys.stderr)
        return 2
    write_text(SHIPPED, to_json({"data": options.data, "sizes": sizes}))
    print(SHIPPED)
    return 0


def measured(folders: list[Path]) -> dict[str, list[tuple[int, int, int]]]:
    """Return class → (width, height, number of photos), sorted. What is no photo is left out.

    Raises:
        OSError: a folder or a file cannot be read.
    """
    found: dict[str, Counter[tuple[int, int]]] = {}
    for folder in folders:
        for kind in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
            for file in sorted(entry for entry in kind.iterdir() if entry.is_file()):
                with file.open("rb") as opened:
                    data = opened.read(MAX_BYTES + 1)
                try:
                    size = original_size(data)
                except PhotoError:
                    continue
                found.setdefault(kind.name, Counter())[size] += 1
    return {kind: [(*size, count) for size, count in sorted(sizes.items())] for kind, sizes in sorted(found.items())}


def to_json(sizes: PhotoSizes) -> str:
    """Return the JSON, one class a line."""
    lines = [f"  {json_text(kind)}: {json_text(rows)}" for kind, rows in sizes["sizes"].items()]
    return f'{{\n "data": {json_text(sizes["data"])},\n "sizes": {{\n' + ",\n".join(lines) + "\n }\n}\n"


@lru_cache(maxsize=1)
def shipped_sizes() -> PhotoSizes:
    """Return what was measured on the photos that do not come along."""
    found: PhotoSizes = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return found


def every_photo(sizes: PhotoSizes) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Return one row a photo: sizes int64 (n, 2), width and height; labels int64 (n,); and the classes."""
    classes = tuple(sizes["sizes"])
    rows = [(label, *row) for label, kind in enumerate(classes) for row in sizes["sizes"][kind]]
    table = np.array(rows, np.int64).reshape(-1, 4)
    every = np.repeat(table, table[:, 3], axis=0)
    return every[:, 1:3], every[:, 0], classes


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
