"""What this project adds to `model.fit` costs: lines, checkpoints and files beside it, and pictures read from a disk.

The peer is `model.fit(images, labels)` as Keras's guides write it: all pictures in memory, no callbacks, the same
network, optimizer, batches and validation. Both sides are trained in one process and take turns, an epoch each, so that
whatever else the machine does meets both. A ratio is the peer's seconds over this project's, of two turns that follow
each other; the first turn of each side, with its tracing, is left out.

"with_everything" is a run as the command line trains it, with TensorBoard, early stopping, best model, a checkpoint
every ten seconds and one at the epoch's end. "from_files" is `model.fit` on a folder of JPEGs, prepared earlier.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from models import datasets
from models.datasets import Dataset, Part
from models.storage import runs_dir
from tests.bench.figures import print_figure

BENCH = "training"
ROOT = Path(__file__).parents[2]
SIDE = 64
BATCH_SIZE = 32
EVALUATION_BATCH = 128
PICTURES = 6400
"""Number of training pictures: 200 batches."""
VALIDATION = 64
TURNS = 5

EndOfTurn = Callable[[], None]
Side = Callable[[EndOfTurn], None]


def run() -> None:
    """Print both ratios. TensorFlow is loaded in a child process only."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = os.environ | {"RUNS_DIR": folder, "TF_CPP_MIN_LOG_LEVEL": "3"}
        subprocess.run([sys.executable, "-m", "tests.bench.training"], cwd=ROOT, env=environment, check=True)


def main() -> None:
    """Measure in this process, in RUNS_DIR."""
    data = datasets.load(f"drawn-pets:train={PICTURES},validation={VALIDATION},test=0", side=SIDE)
    _print("with_everything", ">= 0.97", lambda turn: _whole_run(data, turn), data)
    files = _written(runs_dir() / "photos")
    _print("from_files", ">= 0.95", lambda turn: _fit_pipeline(files, turn), files)


def _print(figure: str, goal: str, ours: Side, data: Dataset) -> None:
    in_memory = (_in_memory(data.train), _in_memory(data.validation))
    mine, peer = _in_turns(ours, lambda turn: _fit_arrays(*in_memory, turn))
    print_figure(
        BENCH,
        figure,
        "of model.fit's speed",
        [bare / own for own, bare in zip(mine, peer, strict=True)],
        goal=goal,
        n=PICTURES * TURNS,
        notes={
            "images_per_s": PICTURES / statistics.median(mine),
            "images_per_s_of_model_fit": PICTURES / statistics.median(peer),
            "steps": -(-PICTURES // BATCH_SIZE),
            "compared_with": "model.fit(images, labels), all in memory, no callbacks, the same validation",
        },
    )


# Turns ----------------------------------------------------------------------------------------------------------------


def _in_turns(ours: Side, peer: Side) -> tuple[list[float], list[float]]:
    """Seconds of the epochs of two trainings in two threads. While one works, the other waits.

    At the end of every epoch, each side calls the function that it is given, which returns when it is its turn again.

    Raises:
        RuntimeError: one of them ended before its last epoch.
    """
    sides = (ours, peer)
    may_go = (threading.Semaphore(1), threading.Semaphore(0))
    seconds: tuple[list[float], list[float]] = ([], [])

    def play(number: int) -> None:
        begun = 0.0

        def turn() -> None:
            nonlocal begun
            seconds[number].append(time.perf_counter() - begun)
            may_go[1 - number].release()
            may_go[number].acquire()
            begun = time.perf_counter()

        may_go[number].acquire()
        try:
            begun = time.perf_counter()
            sides[number](turn)
        finally:
            may_go[1 - number].release()

    other = threading.Thread(target=play, args=(1,))
    other.start()
    play(0)  # in the main thread, as a run's training always is
    other.join()
    if any(len(one) != TURNS + 1 for one in seconds):
        raise RuntimeError(f"{TURNS + 1} epochs were to be trained, and not {[len(one) for one in seconds]}.")
    return seconds[0][1:], seconds[1][1:]


# Sides ----------------------------------------------------------------------------------------------------------------


def _whole_run(data: Dataset, turn: EndOfTurn) -> None:
    """A run as models/training/fit.py trains it. An epoch's checkpoint, which follows its line, is in the next turn."""
    from models.runs.config import EarlyStopping, RunConfig
    from models.runs.records import BatchLine, EpochLine
    from models.runs.run_directory import RunDirectory, writing
    from models.training.session import Session

    config = RunConfig(
        dataset=data.name,
        side=SIDE,
        batch_size=BATCH_SIZE,
        epochs=TURNS + 1,
        early_stopping=EarlyStopping(patience=1000),
        tensorboard=True,
    )
    run = RunDirectory.create(runs_dir() / "run", config)

    def report(line: BatchLine | EpochLine) -> None:
        if line["kind"] == "epoch":
            turn()

    with writing(run):
        Session(run, config, data, report=report, asked=run.wish).train()


def _fit_pipeline(data: Dataset, turn: EndOfTurn) -> None:
    """`model.fit` on batches of prepared pictures from the disk."""
    from models.datasets.pipeline import evaluation_pipeline, training_pipeline

    classes = len(data.classes)
    _model().fit(
        training_pipeline(data.train, classes, batch_size=BATCH_SIZE, seed=0),
        steps_per_epoch=-(-len(data.train) // BATCH_SIZE),
        validation_data=evaluation_pipeline(data.validation, classes, batch_size=EVALUATION_BATCH),
        epochs=TURNS + 1,
        callbacks=[_at_epoch_end(turn)],
        shuffle=False,  # the pipeline has shuffled already
        verbose=0,
    )


def _fit_arrays(train: Part, validation: Part, turn: EndOfTurn) -> None:
    """`model.fit` on arrays in memory."""
    _model().fit(
        train.images,
        train.labels[:, np.newaxis],
        batch_size=BATCH_SIZE,
        validation_data=(validation.images, validation.labels[:, np.newaxis]),
        validation_batch_size=EVALUATION_BATCH,
        epochs=TURNS + 1,
        callbacks=[_at_epoch_end(turn)],
        verbose=0,
    )


def _at_epoch_end(turn: EndOfTurn) -> Any:
    import keras

    return keras.callbacks.LambdaCallback(on_epoch_end=lambda _epoch, _logs: turn())


def _model() -> Any:
    """The run's network, compiled as in models/training/session.py."""
    import keras
    import tensorflow as tf

    from models.zoo import assembly

    keras.utils.set_random_seed(0)
    tf.config.experimental.enable_op_determinism()
    model = assembly.build("convnet", side=SIDE, channels=3, classes=2)
    model.compile("adam", keras.losses.BinaryCrossentropy(), metrics=["accuracy"], jit_compile=False)
    return model


# Pictures -------------------------------------------------------------------------------------------------------------


def _in_memory(part: Part) -> Part:
    return Part(np.array(part.images), part.labels, part.names)


def _written(folder: Path) -> Dataset:
    """A folder of drawn pets as JPEGs, larger than the network's input, opened as a dataset."""
    drawn = datasets.load(f"drawn-pets:train={PICTURES},validation={VALIDATION},test=0,seed=1", side=96)
    for name, part in (("train", drawn.train), ("validation", drawn.validation)):
        for kind in drawn.classes:
            (folder / name / kind).mkdir(parents=True)
        for number, (image, label) in enumerate(zip(part.images, part.labels, strict=True)):
            Image.fromarray(image).save(folder / name / drawn.classes[label] / f"{number:05d}.jpg", quality=90)
    return datasets.load(f"folder:{folder}", side=SIDE)


if __name__ == "__main__":
    main()
