"""The Adam paper's comparison of optimizers, run for real.

    python -m models.histories.adam_paper
    python -m models.histories.adam_paper --dataset mnist --epochs 20

Five optimizers train the same multilayer perceptron with dropout. Each gets the learning rate that served it best in
trials of its own; then it trains once for every seed. What came out is written to models/histories/adam-DATASET.json.
A command that was ended goes on where it was: finished runs lie in the runs folder.
"""

import argparse
import gc
import math
import shutil
import sys
from collections.abc import Mapping
from types import MappingProxyType

from models import command_line
from models.histories.__main__ import gather, write
from models.histories.adam_study import EPOCHS, LAST, OPTIMIZERS, config, final_cost
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, RunError
from models.storage import runs_dir
from models.training.fit import train

SEEDS = 5
FIRST_RATES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "adagrad": (0.003, 0.01, 0.03),
        "rmsprop": (0.0003, 0.001, 0.003),
        "nesterov": (0.03, 0.1, 0.3),
        "adadelta": (0.3, 1.0, 3.0),
        "adam": (0.0003, 0.001, 0.003),
    }
)
"""The learning rates that are tried first. While the best one is at an edge, the next one beyond it is tried, too."""

FARTHEST = 4
"""Most rates that are tried beyond the first ones."""


def next_rate(costs: Mapping[float, float]) -> float | None:
    """Return the rate to try next, beyond the edge at which the best one is, or None if the best one is inside.

    Args:
        costs: learning rate → final training cost; infinite where the run diverged.
    """
    rates = sorted(costs)
    best = min(rates, key=lambda rate: costs[rate])
    if best == rates[-1]:
        return _step(best, up=True)
    if best == rates[0]:
        return _step(best, up=False)
    return None


def _step(rate: float, *, up: bool) -> float:
    """The neighbour in 1, 3, 10, 30, 100 …: half a power of ten away, rounded."""
    power = math.floor(math.log10(rate) + 1e-9)
    leading = round(rate / 10**power)
    beyond = {(1, True): 3, (3, True): 10, (1, False): 0.3, (3, False): 1}[leading, up]
    return float(f"{beyond * 10.0**power:.1g}")


def main(arguments: list[str] | None = None) -> int:
    """Train everything, write the file, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.histories.adam_paper",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dataset", choices=tuple(EPOCHS), default="digits", help="what to learn")
    parser.add_argument("--epochs", type=int, metavar="N", help="passes over it")
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N", help="runs of each optimizer")
    options = parser.parse_args(arguments)
    epochs = options.epochs or EPOCHS[options.dataset]
    try:
        grid = {name: tried(name, dataset=options.dataset, epochs=epochs) for name in OPTIMIZERS}
        runs = {}
        for name in OPTIMIZERS:
            best = min(grid[name], key=lambda rate: grid[name][rate])
            for seed in range(options.seeds):
                wanted = config(name, learning_rate=best, seed=seed, dataset=options.dataset, epochs=epochs)
                runs[f"{name} {seed}"] = _trained(wanted)
        words = ["python -m models.histories.adam_paper", f"--dataset {options.dataset}", f"--epochs {epochs}"]
        history = gather(
            runs,
            title="Five optimizers train a multilayer perceptron with dropout, as in the Adam paper",
            notes="Each optimizer ran with the learning rate that gave it the lowest training cost at the end, tried "
            f"with seed 0; the cost is the mean of the last {LAST} epochs. Its other settings are Keras's defaults; "
            "SGDNesterov is SGD with Nesterov momentum 0.9.",
            command=" ".join([*words, f"--seeds {options.seeds}"]),
            figures=("loss", "accuracy", "val_loss", "val_accuracy"),
        )
        # JSON has no infinity: a rate with which the run diverged has the cost null.
        history["grid"] = {
            name: [(rate, cost if math.isfinite(cost) else None) for rate, cost in sorted(costs.items())]
            for name, costs in grid.items()
        }
        history["images"] = next(iter(runs.values())).data()["train"]
        print(write(f"adam-{options.dataset}", history))
    except (RunError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def tried(optimizer: str, *, dataset: str, epochs: int) -> dict[float, float]:
    """Train with one learning rate after another and return rate → final training cost.

    Raises:
        RunError: a run could not be trained at all.
    """
    rates = list(FIRST_RATES[optimizer])
    costs: dict[float, float] = {}
    for _ in range(len(rates) + FARTHEST):
        rate = rates.pop(0) if rates else next_rate(costs)
        if rate is None:
            break
        run = _trained(config(optimizer, learning_rate=rate, seed=0, dataset=dataset, epochs=epochs))
        costs[rate] = final_cost(run.epochs()) if run.state().name == "finished" else math.inf
    return costs


def _trained(wanted: RunConfig) -> RunDirectory:
    """Return the run with these values. It is trained now unless it has been before. One that diverged has failed."""
    name = f"{wanted.optimizer}-{wanted.learning_rate:g}-{wanted.seed}"
    path = runs_dir() / f"adam-paper-{wanted.dataset}-{wanted.epochs}" / name
    run = RunDirectory(path) if (path / "config.json").is_file() else RunDirectory.create(path, wanted)
    if run.state().name not in ("finished", "failed"):
        state = train(run)
        if state == "paused":
            raise RunError(f"{run.state().reason} The same command goes on from here.")
        _make_room()
    shutil.rmtree(run.checkpoints, ignore_errors=True)  # 13 MB each, and not needed any more
    last = run.epochs()
    print(f"{name}: {run.state().name}, cost {final_cost(last):.5f} after {len(last)} epochs", flush=True)
    return run


def _make_room() -> None:
    import keras  # the training has loaded it already

    keras.backend.clear_session()
    gc.collect()


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
