"""How fast pets are drawn, and that they need a convolutional network: what it and logistic regression reach.

Both learn from the same 4,000 pictures of 64 × 64 pixels: logistic regression from the pixels as they are, the convnet
as the command line trains it, for at most three minutes. Drawing is measured in seconds of one core (`process_time`).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from models import datasets
from models.pictures.pet_drawing import SPECIES, draw_pet
from tests.bench.figures import print_figure

BENCH = "drawn_pets"
ROOT = Path(__file__).parents[2]
SIDE = 64
SIZES = "drawn-pets:train=4000,validation=800,test=1000"
TRAINING = "--network convnet --epochs 8 --batch-size 64 --learning-rate 0.002 --schedule cosine --seed 0 --json"
LIMIT = 180
"""Seconds of training."""


def run() -> None:
    """Print the figures of the drawn pets."""
    _print_speed()
    _print_logistic_regression(datasets.load(SIZES, side=SIDE))
    _print_convnet()


def _print_speed(pictures: int = 200, repetitions: int = 5) -> None:
    draw_pet("cat", side=SIDE, seed=0)  # computes the curves' weights, which are cached
    speeds = []
    for repetition in range(repetitions):
        before = time.process_time()
        for seed in range(repetition * pictures, (repetition + 1) * pictures):
            draw_pet(SPECIES[seed % 2], side=SIDE, seed=seed)
        speeds.append(pictures / (time.process_time() - before))
    print_figure(BENCH, "drawing", "pictures per second of a core", speeds, goal=">= 250", n=pictures * repetitions)


def _print_logistic_regression(dataset: datasets.Dataset) -> None:
    from sklearn.linear_model import LogisticRegression

    def pixels(part: datasets.Part) -> np.ndarray:
        return part.images.reshape(len(part), -1) / np.float32(255)

    best = 0.0
    notes: dict[str, float] = {}
    for strength in (1.0, 0.01, 0.001):  # C: the smaller it is, the smaller are the weights
        classifier = LogisticRegression(C=strength, max_iter=300).fit(pixels(dataset.train), dataset.train.labels)
        reached = 100 * float(classifier.score(pixels(dataset.test), dataset.test.labels))
        notes |= {
            f"C={strength}": reached,
            f"C={strength} train": 100 * float(classifier.score(pixels(dataset.train), dataset.train.labels)),
        }
        best = max(best, reached)
    print_figure(BENCH, "logistic_regression", "% of the test", [best], goal="<= 75", n=len(dataset.test), notes=notes)


def _print_convnet() -> None:
    """Print the validation accuracy of the last epoch that ended within the limit."""
    reached: dict[str, float] = {"val_accuracy": 0.0, "seconds": 0.0, "epoch": -1}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "models.training", "start", "--dataset", SIZES, "--run", f"{folder}/run"]
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
        training = subprocess.Popen(
            [*command, *TRAINING.split()], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert training.stdout is not None
        with training:
            for line in training.stdout:
                event = json.loads(line)
                if event["kind"] == "epoch" and event["seconds"] <= LIMIT:
                    reached = event
                elif event["kind"] == "epoch":
                    training.terminate()
    notes = {"seconds": reached["seconds"], "epochs": int(reached["epoch"]) + 1}
    accuracy = 100 * reached["val_accuracy"]
    print_figure(BENCH, "convnet", "% of the validation", [accuracy], goal=">= 95", n=800, notes=notes)
