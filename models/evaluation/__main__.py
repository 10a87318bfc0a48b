"""Evaluate a trained network from the command line.

    python -m models.evaluation models/weights/convnet.keras --dataset folder:/home/me/photos
    python -m models.evaluation runs/first --dataset drawn-pets --part test --json

Classes match by name, case and plural aside: `Cat` is `cats`.
Exit codes: 0 evaluated, 2 cannot be done as asked, 130 ended by Ctrl-C.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from models import datasets
from models.datasets import PARTS, Dataset, Part
from models.datasets.description import describe
from models.evaluation import figures, score
from models.evaluation.class_names import matched
from models.figures import Figures
from models.networks.saved_network import NetworkError, SavedNetwork, model_file, open_network


class Evaluation(Figures):
    """The figures, and the network and pictures that they belong to. "seconds" is the time for all predictions."""

    model: str
    dataset: str
    part: str
    skipped: int
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        result = _evaluate(options)
    except ValueError as error:  # NetworkError, DatasetError, UnknownClassError, and what `score` raises
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    print(json.dumps(result, ensure_ascii=False, allow_nan=False) if options.json else _table(result))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.evaluation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "model", type=Path, metavar="MODEL", help="a .keras file, or the folder of a run (its best model)"
    )
    parser.add_argument("--dataset", required=True, metavar="NAME", help=f"{', '.join(datasets.names())} (folder:PATH)")
    parser.add_argument(
        "--part",
        choices=(*PARTS, "all"),
        help="the pictures to evaluate (validation, where the dataset brings such a part, else all)",
    )
    parser.add_argument(
        "--threshold",
        type=_share,
        default=0.5,
        metavar="X",
        help="of two classes, the probability above which the second one is predicted (0.5)",
    )
    parser.add_argument("--batch-size", type=_count, default=128, metavar="N", help="pictures computed at once (128)")
    parser.add_argument("--json", action="store_true", help="print one object of JSON on the standard output")
    return parser


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"a probability from 0 to 1 is needed, not {text}")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"at least 1 picture is needed, not {text}")
    return value


def _evaluate(options: argparse.Namespace) -> Evaluation:
    # Mistakes that can be found without TensorFlow are reported before it loads, which takes seconds.
    path = model_file(options.model.expanduser())
    datasets.info(options.dataset)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    network = open_network(path)
    line = _Line()
    dataset = datasets.load(options.dataset, side=network.side, resize=network.resize, progress=line.show)
    classes = network.classes or _assumed(network, dataset)
    places = matched(dataset.classes, classes)
    part, pictures = _chosen(dataset, options.part)
    print("\n".join(describe(dataset)), file=sys.stderr if options.json else sys.stdout)
    count = sum(len(one) for one in pictures)
    begun = time.monotonic()
    scores, done = [], 0
    for one in pictures:  # one after another: joined, memory-mapped parts would be read into memory

        def tell(now: int, _total: int, before: int = done) -> None:
            line.show("evaluating", before + now, count)

        scores.append(score(network.model, one, batch_size=options.batch_size, progress=tell))
        done += len(one)
    seconds = time.monotonic() - begun
    y_true = places[np.concatenate([one.labels for one in pictures])]
    return {
        "model": str(path),
        "dataset": options.dataset,
        "part": part,
        **figures(y_true, np.concatenate(scores), classes, threshold=options.threshold),
        "skipped": len(dataset.skipped),
        "seconds": round(seconds, 3),
    }


def _assumed(network: SavedNetwork, dataset: Dataset) -> tuple[str, ...]:
    """The dataset's classes, for a network whose own are not recorded."""
    if len(dataset.classes) != network.answers:
        raise NetworkError(
            f"{network.path} tells {network.answers} classes apart and {dataset.title} has {len(dataset.classes)}: "
            f'write the names of the network\'s classes as a list "classes" into {network.path.with_suffix(".json")}.'
        )
    classes = tuple(sorted(dataset.classes))
    print(
        f"note: the classes of {network.path} are not written down; taken in this order: {', '.join(classes)}.",
        file=sys.stderr,
    )
    return classes


def _chosen(dataset: Dataset, name: str | None) -> tuple[str, list[Part]]:
    """The name of the part to evaluate, and its pictures in one or several pieces."""
    if name is None:
        name = "validation" if dataset.divided and len(dataset.validation) else "all"
    if name == "all":
        return name, [part for part in (dataset.train, dataset.validation, dataset.test) if len(part)]
    return name, [dataset.part(name)]


class _Line:
    """Shows the progress in one line that changes on a terminal; nothing in a file or a pipe."""

    def __init__(self) -> None:
        self.moves = sys.stderr.isatty()

    def show(self, doing: str, done: int, total: int) -> None:
        if self.moves:
            end = "\r\033[K" if done >= total else ""
            print(f"\r\033[K{doing}: {done:,} of {total:,}{end}", end="", file=sys.stderr, flush=True)


def _table(result: Evaluation) -> str:
    """The confusion matrix with precision and recall at its edges, and the figures below it."""
    classes, matrix, of_class = result["classes"], result["confusion_matrix"], result["per_class"]
    first = max(len("precision"), len("true"), *map(len, classes))
    width = max(len("precision"), len(f"{result['n']:,}"), *map(len, classes)) + 2
    head = f"{'true':<{first}}" + "".join(f"{name:>{width}}" for name in classes) + f"{'recall':>{width}}"
    rows = [
        f"{name:<{first}}" + "".join(f"{count:>{width},}" for count in counts) + f"{own['recall']:>{width}.4f}"
        for name, counts, own in zip(classes, matrix, of_class, strict=True)
    ]
    foot = f"{'precision':<{first}}" + "".join(f"{own['precision']:>{width}.4f}" for own in of_class)
    skipped = f" ({result['skipped']:,} files were skipped)" if result["skipped"] else ""
    area = result["average_precision"]
    if result["threshold"] is None:
        meaning = "Precision, recall and average precision are averages over the classes."
    else:
        meaning = (
            f"Precision, recall and average precision are those of {classes[1]}, "
            f"predicted above a probability of {result['threshold']:g}."
        )
    named = {
        "accuracy": f"{result['accuracy']:.4f}",
        "precision": f"{result['precision']:.4f}",
        "recall": f"{result['recall']:.4f}",
        "average precision": "undefined" if area is None else f"{area:.4f}",
    }
    speed = result["n"] / max(result["seconds"], 1e-3)
    return "\n".join(
        [
            f"{result['model']} on {result['dataset']}, part {result['part']}: {result['n']:,} pictures{skipped}",
            "",
            f"{'':<{first}}{'predicted':>{width}}",
            head,
            *rows,
            foot,
            "",
            *(f"{name:<18}{value:>10}" for name, value in named.items()),
            meaning,
            f"{result['seconds']:.1f} s, {speed:.0f} pictures/s",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
