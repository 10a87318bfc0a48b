"""How fast pictures are judged, against `model.predict` alone; how fast the page /evaluation answers its visitors."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import evaluation_page
from tests.bench.figures import print_figure

BENCH = "evaluation"
ROOT = Path(__file__).parents[2]
NETWORK = "convnet"
PICTURES = 1600
DATASET = f"drawn-pets:train=1,validation=0,test={PICTURES}"
REPETITIONS = 5


def run() -> None:
    """Print every figure."""
    scoring_ratio()
    evaluation_page.run()


def scoring_ratio() -> None:
    """Print the ratio of the time of a whole judgement to that of `model.predict` alone on the same pictures.

    The pictures are on the disk already. A judgement opens them, compares their digest, traces its two-output network
    anew, computes answers, features and the distances between those, reports its progress, and writes the results to
    the disk. The peer is `predict` of the same network, traced before, on the same pictures in memory as 32-bit
    numbers, in batches of the same size. Both take turns in one process, in which TensorFlow and the network are
    loaded.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = os.environ | {"RUNS_DIR": folder, "TF_CPP_MIN_LOG_LEVEL": "3"}
        told = subprocess.run(
            [sys.executable, "-m", "tests.bench.evaluation"],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    times = json.loads(told.splitlines()[-1])
    ratios = [one["judge"][0] / one["predict"][0] for one in times]
    seconds = statistics.median(one["judge"][0] for one in times)
    notes: dict[str, object] = {
        "judged_s": seconds,
        "predict_s": statistics.median(one["predict"][0] for one in times),
        "pictures_per_s": PICTURES / seconds,
        # If other processes use the cores, too, this figure is fairer.
        "ratio_of_processor_time": statistics.median(one["judge"][1] / one["predict"][1] for one in times),
    }
    print_figure(BENCH, "scoring_1600_ratio", "times", ratios, goal="<= 1.15", n=PICTURES * REPETITIONS, notes=notes)


def measured() -> list[dict[str, tuple[float, float]]]:
    """Return for each repetition the seconds of a judgement and of `predict`: (wall time, processor time)."""
    import numpy as np

    from models import datasets
    from models.evaluation import scoring
    from models.networks.inference import resolve
    from models.networks.saved_network import open_network
    from models.storage import cache_dir

    network = open_network(Path(resolve(NETWORK)))
    opened = datasets.load(DATASET, side=network.side, resize=network.resize)
    images = np.asarray(opened.test.images, np.float32)
    network.model.predict(images[: scoring.BATCH], batch_size=scoring.BATCH, verbose=0)
    scoring.judge(NETWORK, DATASET, "train")  # loads the network, without storing scores of the test part
    ways = {
        "judge": lambda: scoring.judge(NETWORK, DATASET, "test"),
        "predict": lambda: network.model.predict(images, batch_size=scoring.BATCH, verbose=0),
    }
    times = []
    for _ in range(REPETITIONS):
        times.append({name: _timed(way) for name, way in ways.items()})
        for file in cache_dir().glob("scores-*-test.*"):
            file.unlink()
    return times


def _timed(way: Callable[[], Any]) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    way()
    return time.perf_counter() - clock, time.process_time() - processor


if __name__ == "__main__":
    print(json.dumps(measured()))
