"""How soon a network answers for a visitor's photo, asked as the app asks: through the engine, the worker warm.

The photo is 512 pixels wide, as the app keeps it. The time has everything in it: the way to the worker, resize,
network and the way back. The floor is the network alone, one call in that same
worker. Networks that are not installed are built with fresh weights: that changes the answers and not the time.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from models.engine import Engine
from models.networks import inference
from models.networks.saved_network import open_network
from models.pictures.samples import sample
from tests.bench.events import running_engine
from tests.bench.figures import print_figure

BENCH = "inference"
ROOT = Path(__file__).parents[2]
REPETITIONS = 40
NETWORK = "efficientnet-lite0-pets"


def run() -> None:
    """Print the time of an answer."""
    with running_engine() as (engine, folder):
        file = _file(folder)
        pixels = sample("drawn-cat").pixels
        ask = partial(engine.predict, pixels, str(file))
        ask()  # the first question loads the network
        print_figure(
            BENCH,
            "answer_efficientnet_ms",
            "ms",
            _times(ask),
            goal="<= 100",
            floor=_floor(engine, file),
            notes={"weights": "installed" if inference.WEIGHTS in file.parents else "fresh", "photo": "512 × 512"},
        )


def _times(ask: Callable[[], Any]) -> list[float]:
    found = []
    for _ in range(REPETITIONS):
        begun = time.perf_counter()
        ask()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _file(folder: Path) -> Path:
    """The network's file, either installed or built now by a process that may import TensorFlow."""
    installed = inference.WEIGHTS / f"{NETWORK}.keras"
    if installed.is_file():
        return installed
    built = folder / f"{NETWORK}.keras"
    program = (
        "import sys; from models.zoo import assembly\n"
        "assembly.build('efficientnet-lite0', side=224, channels=3, classes=2, any_size=True).save(sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", program, str(built)], cwd=ROOT, check=True, capture_output=True)
    return built


def _floor(engine: Engine, file: Path) -> float:
    """Median time of the network alone, in the answering worker."""
    resources, _ = engine._place("ANSWER")  # the app has no such question
    return float(engine.client.submit(bare_calls, str(file), resources=resources, pure=False).result(timeout=120))


def bare_calls(file: str) -> float:
    """Return the median time, in milliseconds, of one call of a network on a prepared square. Runs on a worker."""
    import tensorflow as tf

    network = open_network(Path(file))
    square = tf.fill((1, network.side, network.side, network.channels), 100.0)
    call = tf.function(lambda pixels: network.model(pixels, training=False))
    call(square)  # the first call traces the network
    return statistics.median(_times(lambda: call(square).numpy()))
