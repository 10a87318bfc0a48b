"""Measure how often two networks are right on photos that are made smaller and smaller.

    python -m models.experiments.size_measuring --photos PATH

PATH holds `cats` and `dogs`: photos that neither network has learned from, such as the validation part of Dogs vs. Cats
(Kaggle 2013). Only the counts are written, beside this file.
"""

import argparse
import json
import sys
from pathlib import Path

from models import command_line
from models.evaluation.class_names import pet
from models.experiments.size_study import NETWORKS, SHIPPED, VIEWS, RightCount, SizeStudy, view
from models.networks.inference import predict
from models.pictures.photo import decode
from models.storage import typed_path, write_text

FOLDERS = {"cat": "cats", "dog": "dogs"}


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the file, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.experiments.size_measuring",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--photos", type=typed_path, required=True, metavar="PATH", help="the photos")
    options = parser.parse_args(arguments)
    try:
        counted = {network: measured(options.photos, network) for network in NETWORKS}
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    total = sum(one["photos"] for one in counted[NETWORKS[0]].values())
    study: SizeStudy = {
        "data": f"{total:,} photos of cats and dogs that the networks have not learned from, each cut to the square in "
        "its middle, brought to a size, and then to the side that the network takes.",
        "command": "python -m models.experiments.size_measuring --photos validation",
        "networks": counted,
    }
    write_text(SHIPPED, json.dumps(study, indent=1, allow_nan=False) + "\n")
    print(SHIPPED)
    return 0


def measured(photos: Path, network: str) -> dict[str, RightCount]:
    """Return cat and dog → how many photos there are, and of how many the network is right at each of `VIEWS`.

    Args:
        photos: holds a folder `cats` and a folder `dogs`.
        network: one of `NETWORKS`.

    Raises:
        OSError: there are no such folders.
        ValueError: a photo cannot be decoded, or the network is not there.
    """
    found: dict[str, RightCount] = {}
    for kind, folder in FOLDERS.items():
        files = sorted((photos / folder).iterdir())
        right = dict.fromkeys(VIEWS, 0)
        for file in files:
            pixels = decode(file.read_bytes()).pixels
            for name in VIEWS:
                right[name] += pet(predict(view(pixels, name), network)["top"][0][0]) == kind
        found[kind] = {"photos": len(files), "right": right}
        print(network, kind, right, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
