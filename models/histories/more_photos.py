"""Train the same network on more and more photos of cats and dogs, and write what came out.

    python -m models.histories.more_photos --photos PATH
    python -m models.histories.more_photos --photos PATH --size 400 --seed 2

PATH holds `train` and `validation`, each with `cats` and `dogs`: photos of Dogs vs. Cats (Kaggle 2013), for instance.
The second line measures one point again and only prints it. A command that was ended goes on where it was: finished
runs lie in the runs folder.
"""

import argparse
import gc
import hashlib
import json
import shutil
import sys
from pathlib import Path

from models import command_line, datasets, histories
from models.evaluation import figures, score
from models.histories import HistoryMachine
from models.histories.data_study import NAME, PROGRESS, SEEDS, SIDE, SIZES, UPDATES, MeasuredPoint, config
from models.networks.saved_network import model_file, open_network
from models.runs.records import known_fields
from models.runs.run_directory import RunDirectory, RunError
from models.storage import runs_dir, typed_path, write_text
from models.training.fit import train

CLASSES = ("cats", "dogs")


def main(arguments: list[str] | None = None) -> int:
    """Train everything, write the file, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.histories.more_photos",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--photos", type=typed_path, required=True, metavar="PATH", help="the photos")
    parser.add_argument("--size", type=int, action="append", metavar="N", help="measure this number of photos only")
    parser.add_argument("--seed", type=int, action="append", metavar="N", help="measure with this seed only")
    options = parser.parse_args(arguments)
    sizes, seeds = options.size or SIZES, options.seed if options.seed is not None else range(SEEDS)
    points, run = [], None
    try:
        for size in sizes:
            for seed in seeds:
                run = trained(options.photos, size, seed)
                points.append(point(run, size))
                print(json.dumps(points[-1], allow_nan=False), flush=True)
        if run is not None and not options.size and options.seed is None:
            print(write(run, points))
    except (ValueError, OSError, RunError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def linked(photos: Path, folder: Path, *, size: int, seed: int, watched: int = PROGRESS) -> None:
    """Fill a folder with links: `size` photos for training, `watched` for validation, all others for the test.

    With the same seed, a larger set of training photos contains the smaller one.

    Raises:
        RunError: there are not enough photos.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for kind in CLASSES:
        learned = _shuffled(photos / "train" / kind, f"{seed}")[: size // 2]
        if len(learned) < size // 2:
            raise RunError(f"{photos / 'train' / kind} has {len(learned)} photos, but {size // 2} are needed.")
        others = _shuffled(photos / "validation" / kind, "held out")
        parts = {"train": learned, "validation": others[: watched // 2], "test": others[watched // 2 :]}
        for part, files in parts.items():
            place = folder / part / kind
            place.mkdir(parents=True)
            for file in files:
                (place / file.name).symlink_to(file.resolve())


def _shuffled(folder: Path, seed: str) -> list[Path]:
    """The files of a folder in a random order that is the same on every machine."""
    return sorted(folder.iterdir(), key=lambda file: hashlib.sha256(f"{seed} {file.name}".encode()).digest())


def trained(photos: Path, size: int, seed: int) -> RunDirectory:
    """Return the run with these photos. It is trained now unless it has been before.

    Raises:
        RunError: it could not be trained.
    """
    place = runs_dir() / "more-photos"
    path, folder = place / f"{size}-{seed}", place / "photos" / f"{size}-{seed}"
    if not (path / "config.json").is_file():
        linked(photos, folder, size=size, seed=seed)
    run = (
        RunDirectory(path)
        if (path / "config.json").is_file()
        else RunDirectory.create(path, config(size, seed, str(folder)))
    )
    if run.state().name != "finished" and train(run) != "finished":
        raise RunError(f"{run.state().reason} The same command goes on from here.")
    shutil.rmtree(run.checkpoints, ignore_errors=True)
    return run


def point(run: RunDirectory, size: int) -> MeasuredPoint:
    """Count how many test photos the network of a finished run gets right.

    Raises:
        ValueError: the network or the photos cannot be opened.
    """
    import keras  # the training has loaded it already, or `open_network` will

    about = run.config()
    test = datasets.load(about.dataset, side=SIDE).test
    network = open_network(model_file(run.path))
    found = figures(test.labels, score(network.model, test), CLASSES)
    keras.backend.clear_session()
    gc.collect()
    last = run.epochs()[-1]
    return {
        "photos": size,
        "seed": about.seed,
        "test": found["n"],
        "right": sum(found["confusion_matrix"][place][place] for place in range(len(CLASSES))),
        "train_accuracy": last["accuracy"],
        "epochs": about.epochs,
        "seconds": round(last["seconds"], 1),
    }


def write(run: RunDirectory, points: list[MeasuredPoint]) -> Path:
    """Write the history of all points and return its file."""
    about = json.loads(run.config().to_json()) | {"dataset": "folder:PATH"}
    history = {
        "title": "The same network trained on more and more photos of cats and dogs",
        "command": "python -m models.histories.more_photos --photos PATH",
        "seed": sorted({point["seed"] for point in points}),
        "notes": "Photos of Dogs vs. Cats (Kaggle 2013, Microsoft Research's Asirra), half of them cats. A small "
        f"convnet begins anew for every point and makes about {UPDATES:,} updates, whatever the number of photos; the "
        "seed also decides which photos it gets. Accuracy is the share right of test photos from which nothing was "
        "learned.",
        "machine": known_fields(run.machine(), HistoryMachine),
        "minutes": round(sum(point["seconds"] for point in points) / 60),
        "config": about,
    }
    lines = ",\n".join(f"  {json.dumps(point, allow_nan=False)}" for point in points)
    others = [
        f" {json.dumps(name, allow_nan=False)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}"
        for name, value in history.items()
    ]
    target = histories.FOLDER / f"{NAME}.json"
    write_text(target, "{\n" + ",\n".join(others) + ',\n "points": [\n' + lines + '\n ],\n "runs": {}\n}\n')
    histories.load.cache_clear()
    return target


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
