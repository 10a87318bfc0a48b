"""How soon a network answers for a visitor's photo, asked as the app asks: through the engine, the worker warm.

The photo is 512 pixels wide, as the app keeps it. The time has everything in it: the way to the worker, resize,
network, packing of the feature maps in 8 bits, and the way back. The floor is the network alone, one call in that same
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

# Name → network and side, for the file that is built where none is installed.
BUILT = {"convnet": ("convnet", 96), "efficientnet-lite0-pets": ("efficientnet-lite0", 224)}


def run() -> None:
    """Print the time of an answer and of all feature maps."""
    with running_engine() as (engine, folder):
        files = {name: _file(name, folder) for name in BUILT}
        pixels = sample("drawn-cat").pixels
        maps = str(files["convnet"])
        answer = str(files["efficientnet-lite0-pets"])
        for figure, goal, name, ask in (
            ("feature_maps_convnet_ms", "<= 120", "convnet", partial(engine.activations, pixels, maps)),
            ("answer_efficientnet_ms", "<= 100", "efficientnet-lite0-pets", partial(engine.predict, pixels, answer)),
        ):
            ask()  # the first one loads the network
            times = _times(ask)
            installed = inference.WEIGHTS in files[name].parents
            print_figure(
                BENCH,
                figure,
                "ms",
                times,
                goal=goal,
                floor=_floor(engine, files[name]),
                notes={"weights": "installed" if installed else "fresh", "photo": "512 × 512"},
            )


def _times(ask: Callable[[], Any]) -> list[float]:
    found = []
    for _ in range(REPETITIONS):
        begun = time.perf_counter()
        ask()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _file(name: str, folder: Path) -> Path:
    """The network's file, installed or built now by a process that may import TensorFlow."""
    installed = inference.WEIGHTS / f"{name}.keras"
    if installed.is_file():
        return installed
    built = folder / f"{name}.keras"
    network, side = BUILT[name]
    program = (
        "import sys; from models.zoo import assembly\n"
        "assembly.build(sys.argv[1], side=int(sys.argv[2]), channels=3, classes=2, any_size=True).save(sys.argv[3])"
    )
    words = [sys.executable, "-c", program, network, str(side), str(built)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return built


def _floor(engine: Engine, file: Path) -> float:
    """Median time of the network alone, in the worker that answers."""
    resources, _ = engine._answering_place()  # no question of the app's asks for this
    return float(engine._client.submit(bare_calls, str(file), resources=resources, pure=False).result(timeout=120))


def bare_calls(file: str) -> float:
    """Return the median time, in milliseconds, of one call of a network on a square that is ready. Runs on a worker."""
    import tensorflow as tf

    network = open_network(Path(file))
    square = tf.fill((1, network.side, network.side, network.channels), 100.0)
    call = tf.function(lambda pixels: network.model(pixels, training=False))
    call(square)  # traced once
    return statistics.median(_times(lambda: call(square).numpy()))
