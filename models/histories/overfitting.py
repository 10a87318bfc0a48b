"""Train a network until it has memorised its photos, and measure it on test photos after every epoch.

    python -m models.histories.overfitting --photos PATH
    python -m models.histories.overfitting --photos PATH --seed 1

PATH holds `train` and `validation`, each with `cats` and `dogs`: photos of Dogs vs. Cats (Kaggle 2013), for instance.
The photos in `validation` are divided: with some of them a training is watched, and the others are the test, which
neither the training nor a stop ever sees. The second line trains with one seed and only prints what came out. A command
that was ended begins the seed anew at which it was; finished ones lie in the runs folder.
"""

import argparse
import gc
import json
import shutil
import sys
from pathlib import Path
from typing import Any, TypedDict

from models import command_line, datasets
from models.datasets import Part
from models.histories import HistoryRun
from models.histories.__main__ import gather, write
from models.histories.more_photos import linked
from models.runs import checkpoint
from models.runs.config import RunConfig
from models.runs.records import BatchLine, EpochLine
from models.runs.run_directory import RunDirectory, RunError
from models.storage import json_text, runs_dir, typed_path, write_text
from models.training.fit import train

NAME = "overfitting"
SEEDS = (1, 2, 3)
PHOTOS = 2000
"""Number of training photos, half of them cats."""

WATCHED = 400
"""Number of validation photos. The others are the test."""

SIDE = 32
EPOCHS = 30
FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")


class Measured(TypedDict):
    """The figures of one epoch's weights on the test photos, as Keras's `evaluate` returns them."""

    test_loss: float
    test_accuracy: float


def config(seed: int, folder: str) -> RunConfig:
    """Return one run: a network that nothing keeps from memorising, at a constant learning rate.

    Args:
        seed: decides the first weights, the order of the photos, and which photos are in the folder.
        folder: holds train, validation and test, each with a folder of photos for each class.

    Raises:
        ConfigError: a value that a run cannot have.
    """
    return RunConfig(
        dataset=f"folder:{folder}",
        network="plain",
        network_options={"units": 128, "dropout": 0},
        side=SIDE,
        optimizer="adam",
        learning_rate=0.0005,
        batch_size=32,
        epochs=EPOCHS,
        keep_best=False,
        checkpoint_seconds=3600,  # only at the ends of epochs: those are what is measured
        seed=seed,
    )


def main(arguments: list[str] | None = None) -> int:
    """Train everything, write the file, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.histories.overfitting",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--photos", type=typed_path, required=True, metavar="PATH", help="the photos")
    parser.add_argument("--seed", type=int, action="append", metavar="N", help="train with this seed only")
    options = parser.parse_args(arguments)
    try:
        runs, measured = {}, {}
        for seed in options.seed or SEEDS:
            label = f"{PHOTOS:,} photos, seed {seed}"
            runs[label], measured[label] = trained(options.photos, seed)
        if not options.seed:
            print(write_history(runs, measured))
    except (ValueError, OSError, RunError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def trained(photos: Path, seed: int) -> tuple[RunDirectory, list[Measured]]:
    """Train with one seed, unless that has been done, and return the run and the test figures of each of its epochs.

    Raises:
        RunError: there are not enough photos, or the run could not be trained.
    """
    place = runs_dir() / NAME
    path, folder, kept = place / str(seed), place / "photos" / str(seed), place / f"{seed}.json"
    if kept.is_file():
        return RunDirectory.open(path), json.loads(kept.read_text(encoding="utf-8"))
    shutil.rmtree(path, ignore_errors=True)
    linked(photos, folder, size=PHOTOS, seed=seed, watched=WATCHED)
    run = RunDirectory.create(path, config(seed, str(folder)))
    test = datasets.load(run.config().dataset, side=SIDE).test
    measured: list[Measured] = []

    def report(line: BatchLine | EpochLine) -> None:
        # The first batch of an epoch: the checkpoint on the disk is still that of the end of the epoch before.
        if line["kind"] == "batch" and line["step"] == 1 and line["epoch"] > 0:
            measured.append(measure(run, test))
            print(json_text({"seed": seed, **run.epochs()[-1], **measured[-1]}), flush=True)

    if train(run, report=report) != "finished":
        raise RunError(f"{run.state().reason} The same command begins this seed anew.")
    measured.append(measure(run, test))
    write_text(kept, json_text(measured))
    shutil.rmtree(run.checkpoints, ignore_errors=True)
    return run, measured


def measure(run: RunDirectory, test: Part) -> Measured:
    """Return the figures of the weights in a run's newest checkpoint on test pictures, by Keras's `evaluate`.

    Raises:
        RunError: there is no checkpoint of the end of an epoch.
    """
    found = checkpoint.load_newest(run.checkpoints)
    if found is None or found[1]["step"] != 0:
        raise RunError(f"The run {run.name} has no checkpoint of the end of an epoch.")
    model = _network(run)
    for variable, value in zip(model.variables, found[0], strict=False):  # after the weights comes the optimizer
        variable.assign(value)
    figures = model.evaluate(_batches(test), return_dict=True, verbose=0)
    gc.collect()
    return {"test_loss": float(figures["loss"]), "test_accuracy": float(figures["accuracy"])}


def _network(run: RunDirectory) -> Any:
    """A network like the run's, to hold the weights of a checkpoint."""
    from models.zoo import assembly

    about = run.config()
    model = assembly.build(
        about.network, side=about.resolved_side, channels=3, classes=2, options=about.network_options
    )
    model.compile(loss="binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def _batches(test: Part) -> Any:
    from models.datasets.pipeline import evaluation_pipeline

    return evaluation_pipeline(test, 2, batch_size=128)


def write_history(runs: dict[str, RunDirectory], measured: dict[str, list[Measured]]) -> Path:
    """Write the history and return its file."""
    history = gather(
        runs,
        title="A network that memorises its photos",
        notes=f"Photos of Dogs vs. Cats (Kaggle 2013, Microsoft Research's Asirra), half of them cats: {PHOTOS:,} for "
        f"training, {WATCHED} for validation. A plain convnet without normalisation, Dropout or augmentation. After "
        "every epoch, its weights were measured on test photos that neither the training nor a stop ever saw. The seed "
        "decides the first weights, the order, and which photos are for training.",
        command="python -m models.histories.overfitting --photos PATH",
        figures=FIGURES,
    )
    for label, lines in measured.items():
        one: HistoryRun = history["runs"][label]
        one["config"]["dataset"] = "folder:PATH"
        for epoch, line in zip(one["epochs"], lines, strict=True):
            epoch.update(line)
    history["test"] = next(iter(runs.values())).data()["test"]
    return write(NAME, history)


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
