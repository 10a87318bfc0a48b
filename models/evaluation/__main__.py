"""Evaluate a trained network from the command line.

    python -m models.evaluation models/weights/convnet.keras --dataset folder:/home/me/photos
    python -m models.evaluation runs/first --dataset drawn-pets --part test --json

Classes match by name: the same one, else one that differs in case, blanks or marks, else a plural (`Cat` is `cats`).
In JSON, a figure that is 0 / 0 is null.
Exit codes: 0 evaluated, 2 cannot be done as asked, 130 ended by Ctrl-C.
"""

import argparse
import io
import json
import os
import sys
import time

import numpy as np

from models import command_line, datasets
from models.datasets import PARTS, Dataset, Part
from models.datasets.description import describe
from models.datasets.spelling import shown
from models.evaluation import figures, score
from models.evaluation.class_names import joined, matched
from models.figures import Figures, number_of, written
from models.networks.saved_network import NetworkError, SavedNetwork, model_file, open_network
from models.storage import typed_path


class Evaluation(Figures):
    """The figures, and the network and pictures that they belong to. "seconds" is the time for all predictions."""

    model: str
    dataset: str
    part: str
    skipped: int
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no ü shows \xfc
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        result = _evaluate(options)
    except ValueError as error:  # NetworkError, DatasetError, UnknownClassError, and what `score` raises
        print(f"error: {shown(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    if options.json:
        every_letter = sys.stdout.encoding.lower().replace("-", "") == "utf8"
        print(json.dumps(result, ensure_ascii=not every_letter, allow_nan=False))
    else:
        print(_table(result))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.evaluation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "model", type=typed_path, metavar="MODEL", help="a .keras file, or the folder of a run (its best model)"
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
    path = model_file(options.model)
    datasets.info(options.dataset)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    network = open_network(path)
    if network.added:
        print(
            f"note: {shown(str(network.path))} ends in numbers without an activation; {network.added} makes "
            "probabilities of them.",
            file=sys.stderr,
        )
    line = _Line()
    dataset = datasets.load(options.dataset, side=network.side, resize=network.resize, progress=line.show)
    classes = network.classes or _assumed(network, dataset)
    places = matched(dataset.classes, classes)
    for both in joined(dataset.classes, classes):
        print(f"note: {shown(both)}", file=sys.stderr)
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
        "model": shown(str(path)),
        "dataset": shown(options.dataset),
        "part": part,
        **figures(y_true, np.concatenate(scores), tuple(map(shown, classes)), threshold=options.threshold),
        "skipped": len(dataset.skipped),
        "seconds": round(seconds, 3),
    }


def _assumed(network: SavedNetwork, dataset: Dataset) -> tuple[str, ...]:
    """The dataset's classes, for a network whose own are not recorded."""
    if len(dataset.classes) != network.answers:
        raise NetworkError(
            f"{network.path} tells {number_of(network.answers, 'class', 'classes')} apart and {dataset.title} has "
            f"{len(dataset.classes):,}: "
            f'write the names of the network\'s classes as a list "classes" into {network.path.with_suffix(".json")}.'
        )
    classes = tuple(sorted(dataset.classes))
    print(
        f"note: the classes of {shown(str(network.path))} are not written down; taken in this order: "
        f"{', '.join(classes)}.",
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
        f"{name:<{first}}" + "".join(f"{count:>{width},}" for count in counts) + f"{written(own['recall']):>{width}}"
        for name, counts, own in zip(classes, matrix, of_class, strict=True)
    ]
    foot = f"{'precision':<{first}}" + "".join(f"{written(own['precision']):>{width}}" for own in of_class)
    pictures, skipped = number_of(result["n"], "picture"), result["skipped"]
    left_out = f" ({number_of(skipped, 'file')} {'was' if skipped == 1 else 'were'} left out)" if skipped else ""
    named = {
        "accuracy": result["accuracy"],
        "precision": result["precision"],
        "recall": result["recall"],
        "average precision": result["average_precision"],
    }
    speed = number_of(round(result["n"] / max(result["seconds"], 1e-3)), "picture")
    return "\n".join(
        [
            f"{result['model']} on {result['dataset']}, part {result['part']}: {pictures}{left_out}",
            "",
            f"{'':<{first}}{'predicted':>{width}}",
            head,
            *rows,
            foot,
            "",
            *(f"{name:<18}{written(figure):>10}" for name, figure in named.items()),
            *_meaning(result),
            f"{result['seconds']:.1f} s, {speed}/s",
        ]
    )


def _meaning(result: Evaluation) -> list[str]:
    """What the figures are of, and which have no value."""
    classes, over = result["classes"], result["averaged_over"]
    if over is None:
        lines = [
            f"Precision, recall and average precision are those of {classes[1]}, "
            f"predicted above a probability of {result['threshold']:g}."
        ]
    else:
        lines = ["Precision, recall and average precision are averages over the classes (macro)."]
        # The keys of a TypedDict are no variables.
        numbers = {"precision": over["precision"], "recall": over["recall"]}
        numbers["average precision"] = over["average_precision"]
        if set(numbers.values()) != {len(classes)}:
            each = ", ".join(f"{name} over {number:,}" for name, number in numbers.items())
            every = number_of(len(classes), "class", "classes")
            lines.append(f"Of {every}, those without a value are left out: {each}.")
    never = [name for name, own in zip(classes, result["per_class"], strict=True) if own["precision"] is None]
    absent = [name for name, own in zip(classes, result["per_class"], strict=True) if own["recall"] is None]
    if never or absent:
        lines.append("– has no value: it is 0 / 0.")
    if never:
        lines.append(f"Never predicted, so without a precision: {_listed(never)}.")
    if absent:
        lines.append(f"Without pictures, so without a recall: {_listed(absent)}.")
    return lines


def _listed(names: list[str], most: int = 10) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


if __name__ == "__main__":
    sys.exit(command_line.run(main))
