"""How long a new head on EfficientNet-Lite0 takes: its frozen base looks at every picture once, not in every epoch.

The peer is the same run as earlier versions trained it, the whole network in every epoch; its losses are the same. Both
take turns, each in a process of its own that begins without any features. "run" is all that a visitor waits for, from
the start of the process: TensorFlow's import, the network, the features, training with a checkpoint, a view and
best.keras in every epoch, and last.keras. "fit" is what the run itself counts as trained: features and epochs.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from models.datasets import photos
from models.pictures.pet_drawing import draw_pet
from models.pictures.pet_drawing.animals import Species
from models.pictures.photo import Photo
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from tests.bench.figures import print_figure

BENCH = "head"
ROOT = Path(__file__).parents[2]
NETWORK = "efficientnet-lite0"
SIDE = 224
DRAWN_SIDE = 128
"""The largest size at which pets are drawn. The run resizes them to 224 pixels, like any photo."""
BATCH_SIZE = 8


class Case(NamedTuple):
    """A training on drawn pets, which the network gets at 224 × 224 pixels.

    Attributes:
        own: they count as a visitor's own photos; otherwise, they are files in a folder.
        pictures: their number. Of own ones, a fifth is for validation; files have a fifth more for it.
        epochs: number of epochs.
        repetitions: number of repetitions of each side.
    """

    own: bool
    pictures: int
    epochs: int
    repetitions: int


CASES = {"20_photos_10_epochs": Case(True, 20, 10, 3), "1000_pets_5_epochs": Case(False, 1000, 5, 1)}


def run() -> None:
    """Print both figures of every case."""
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            pictures = _written(case, Path(folder))
            told = [
                {way: _in_a_process(case, way, pictures, Path(folder, str(number), way)) for way in ("once", "whole")}
                for number in range(case.repetitions)
            ]
        for figure in ("run", "fit"):
            before = statistics.median(one["whole"][figure] for one in told)
            now = [one["once"][figure] for one in told]
            notes: dict[str, object] = {
                "whole_network_every_epoch_s": before,
                "times_as_fast": before / statistics.median(now),
                "features_s": statistics.median(one["once"]["features"] for one in told),
                "largest_difference_of_a_loss": max(
                    abs(left - right)
                    for one in told
                    for left, right in zip(one["once"]["losses"], one["whole"]["losses"], strict=True)
                ),
            }
            print_figure(BENCH, f"{name}_{figure}_s", "s", now, notes=notes)


def _in_a_process(case: Case, way: str, pictures: Path, folder: Path) -> dict[str, Any]:
    environment = os.environ | {"RUNS_DIR": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3"}
    dataset = "photos" if case.own else f"folder:{pictures}"
    run = RunDirectory.create(
        folder / "run", RunConfig(dataset=dataset, network=NETWORK, epochs=case.epochs, batch_size=BATCH_SIZE)
    )
    if way == "whole":  # as if an earlier version had begun the run
        run.machine_file.write_text(json.dumps({"sessions": []}), encoding="utf-8")
    if not case.own:  # decoded and resized beforehand: that takes the same time for both
        program = f"from models import datasets; datasets.load({dataset!r}, side={SIDE}, resize='crop')"
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
    words = [str(run.path), *([str(pictures)] if case.own else [])]
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tests.bench.head", *words], cwd=ROOT, env=environment, check=True)
    seconds = time.perf_counter() - begun
    if run.machine()["features_once"] != (way == "once"):
        raise RuntimeError(f"The run {run.path} did not go the way that was to be measured.")
    return {
        "run": seconds,
        "fit": run.epochs()[-1]["seconds"],
        "features": run.machine().get("features_seconds", 0.0),
        "losses": [line["loss"] for line in run.epochs()],
    }


def _written(case: Case, folder: Path) -> Path:
    """Drawn pets: a folder with one folder a class, or one file, packed like a visitor's photos."""
    if case.own:
        pets = [(kind, Photo(pet, "pet", "upload", pet.shape[:2])) for kind, pet in _drawn(range(case.pictures))]
        (folder / "packed").write_bytes(photos.pack(pets))
        return folder / "packed"
    every = range(case.pictures + case.pictures // 5)
    for part, seeds in (("train", every[: case.pictures]), ("validation", every[case.pictures :])):
        for number, (kind, pet) in enumerate(_drawn(seeds)):
            file = folder / "pets" / part / kind / f"{number:05d}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pet).save(file, quality=90)
    return folder / "pets"


def _drawn(seeds: range) -> Iterator[tuple[Species, np.ndarray]]:
    kinds: tuple[Species, Species] = ("cat", "dog")
    return ((kinds[seed % 2], draw_pet(kinds[seed % 2], side=DRAWN_SIDE, seed=seed)) for seed in seeds)


def main(run: Path, packed: Path | None = None) -> None:
    """Train a run in this process."""
    from models.training.fit import train

    state = train(RunDirectory.open(run), pictures=packed.read_bytes() if packed else None)
    if state != "finished":
        raise RuntimeError(f"The run ended as {state}.")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
