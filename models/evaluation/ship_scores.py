"""Ship a network's scores: judge it on pictures, and write what `models.evaluation.shipped_scores` reads.

    python -m models.evaluation.ship_scores convnet --photos DATA/validation
    python -m models.evaluation.ship_scores drawn-pets --photos DATA/validation --drawn
    python -m models.evaluation.ship_scores digits --digits

The folder holds the 1,600 photos as cats/….jpg and dogs/….jpg. They are read and left where they are: figures measured
on them come along, they do not. Drawn pets and digits come along themselves.
"""

import argparse
import hashlib
import io
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

from models import command_line
from models import weights as networks
from models.evaluation import figures
from models.evaluation.neighbours import own_distances
from models.evaluation.scoring import judge
from models.evaluation.shipped_scores import (
    DIGITS,
    MOST_FEATURES,
    PARTS,
    PET_PHOTOS,
    JudgementCard,
    ScoresCard,
    file_digest,
    first_half,
)
from models.evaluation.stored_scores import Judged, known
from models.storage import typed_path

DRAWN = {"validation": "drawn-pets:train=2,test=0", "test": "drawn-pets:train=2,validation=0"}
"""Part → the drawn pets of which only this part is drawn: a picture is the same, however many others there are."""


def main(arguments: list[str] | None = None) -> int:
    """Write the two files of a network's scores and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.evaluation.ship_scores",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("network", help="the name of a network that comes with the course, or efficientnet-lite0")
    parser.add_argument("--photos", type=typed_path, help="judge it on the photos: the folder of the 1,600")
    parser.add_argument("--drawn", action="store_true", help="judge it on the drawn pets")
    parser.add_argument("--digits", action="store_true", help="judge it on the digits")
    options = parser.parse_args(arguments)
    if not (options.photos or options.drawn or options.digits):
        parser.error("on which pictures? --photos, --drawn, --digits")
    try:
        card = ship(options.network, options.photos, drawn=options.drawn, digits=options.digits)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for one in card["judgements"]:
        print(f"{one['dataset']}, {one['part']}: {one['n']:,} pictures, accuracy {one['accuracy']:.4f}")
    return 0


Shipped = tuple[str, Judged, np.ndarray | None]
"""A part, its judgement, and the digests of the photos' files, uint8 (n, 8), where the pictures have files."""


def ship(network: str, photos: Path | None = None, *, drawn: bool = False, digits: bool = False) -> ScoresCard:
    """Judge a network on what is asked for, write both files and return the card.

    Raises:
        ValueError: no such network or photos; the text says which.
    """
    judged: list[Shipped] = []
    command = f"python -m models.evaluation.ship_scores {network}"
    if photos is not None:
        of_photos = _judged(network, f"folder:{photos}", "all")
        judged += [(part, *_half(of_photos, photos, part)) for part in PARTS]
        command += f" --photos {photos.name}"
    if drawn:
        judged += [(part, _judged(network, DRAWN[part], part), None) for part in PARTS]
        command += " --drawn"
    if digits:
        judged += [(part, _judged(network, DIGITS, part), None) for part in PARTS]
        command += " --digits"
    return write(network, judged, command)


def write(network: str, judged: list[Shipped], command: str) -> ScoresCard:
    """Write both files of a network's scores into the folder of the weights, and return the card.

    Args:
        network: its name.
        judged: the judgements.
        command: what made them, for the card.
    """
    arrays: dict[str, np.ndarray] = {}
    listed: list[JudgementCard] = []
    for place, (part, found, files) in enumerate(judged):
        few = found.features.shape[1] <= MOST_FEATURES
        parts = {
            "labels": found.labels.astype(np.uint8),
            "probabilities": found.probabilities,
            "names": np.frombuffer("\n".join(found.names).encode(), np.uint8),
            "distances": (own_distances(found.features) if few else np.zeros(0)).astype(np.float32),
            "features": (found.features if few else found.features[:, :0]).astype(np.float16),
            "files": np.zeros((len(found), 0), np.uint8) if files is None else files,
        }
        digest = hashlib.sha256()
        for name in ("names", "labels", "files"):
            digest.update(parts[name].tobytes())
        measured = figures(found.labels, found.probabilities, found.classes)
        listed.append(
            {
                "dataset": found.dataset,
                "part": part,
                # Of pictures that lie in the cache, every pixel counts: the page shows those that were judged.
                "pictures": found.pictures if found.dataset == DIGITS else digest.hexdigest(),
                "side": found.side,
                "resize": found.resize,
                "classes": list(found.classes),
                "n": len(found),
                "accuracy": measured["accuracy"],
                "confusion_matrix": measured["confusion_matrix"],
            }
        )
        arrays |= {f"{place}-{name}": array for name, array in parts.items()}
    written = io.BytesIO()
    np.savez_compressed(written, allow_pickle=False, **arrays)
    card: ScoresCard = {
        "network": network,
        "weights": judged[0][1].weights,
        "checksum": hashlib.sha256(written.getvalue()).hexdigest(),
        "command": command,
        "versions": {name: version(name) for name in ("tensorflow", "keras", "numpy")},
        "judgements": listed,
    }
    (networks.FOLDER / f"{network}.scores.npz").write_bytes(written.getvalue())
    text = json.dumps(card, indent=1, allow_nan=False) + "\n"
    (networks.FOLDER / f"{network}.scores.json").write_text(text, encoding="utf-8")
    return card


def _judged(network: str, dataset: str, part: str) -> Judged:
    turn = judge(network, dataset, part)
    found = known(turn["weights"], dataset, part, turn["pictures"])
    assert found is not None
    return found


def _half(found: Judged, photos: Path, part: str) -> tuple[Judged, np.ndarray]:
    """One half of a judgement of all photos, in the order of the names, and the digests of its photos' files."""
    first = first_half(list(found.names), found.labels)
    places = np.flatnonzero(first == (part == PARTS[0]))
    places = np.array(sorted(places.tolist(), key=lambda place: found.names[place]), np.int64)
    names = tuple(found.names[place] for place in places)
    digests = b"".join(file_digest((photos / name).read_bytes()) for name in names)
    half = Judged(
        network=found.network,
        weights=found.weights,
        dataset=PET_PHOTOS,
        part=part,
        pictures="",
        side=found.side,
        resize=found.resize,
        classes=found.classes,
        labels=found.labels[places],
        probabilities=found.probabilities[places],
        names=names,
        features=found.features[places],
        distances=np.zeros(0),
    )
    return half, np.frombuffer(digests, np.uint8).reshape(len(names), -1)


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
