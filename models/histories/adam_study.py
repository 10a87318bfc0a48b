"""The Adam paper's comparison of optimizers: what is trained in it, and what a history of it says.

`python -m models.histories.adam_paper` trains. Nothing here needs TensorFlow.

Source: Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015, section 6.2 and figure 2 (a).
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from models import histories
from models.figures import listed, percent
from models.runs.config import RunConfig

OPTIMIZERS: Mapping[str, str] = MappingProxyType(
    {
        "adagrad": "AdaGrad",
        "rmsprop": "RMSProp",
        "nesterov": "SGDNesterov",
        "adadelta": "AdaDelta",
        "adam": "Adam",
    }
)
"""Name in `RunConfig` → name in the paper's figure, in the figure's order."""

BATCH_SIZE = 128
DROPOUT = 0.5
"""Share after both hidden layers. The paper gives none; a half is usual for hidden units."""

EPOCHS: Mapping[str, int] = MappingProxyType({"digits": 100, "mnist": 20})
"""Dataset → number of epochs. An epoch of MNIST has 36 times as many updates."""

LAST = 5
"""Number of epochs over which a run's final cost is averaged: with dropout, one epoch's cost jumps."""

LOW_COST = 0.1
"""The first epoch below this cost shows how fast an optimizer begins."""


def config(optimizer: str, *, learning_rate: float, seed: int, dataset: str = "digits", epochs: int = 0) -> RunConfig:
    """Return one run of the comparison.

    Args:
        optimizer: one of `OPTIMIZERS`.
        learning_rate: the optimizer's.
        seed: decides the initial weights, the order and dropout.
        dataset: "digits" or "mnist".
        epochs: number of epochs; 0: as in `EPOCHS`.

    Raises:
        ConfigError: a value that a run cannot have.
    """
    return RunConfig(
        dataset=dataset,
        network="mlp",
        network_options={"hidden_dropout": DROPOUT, "dropout": DROPOUT},
        optimizer=optimizer,
        learning_rate=learning_rate,
        batch_size=BATCH_SIZE,
        epochs=epochs or EPOCHS[dataset],
        keep_best=False,
        checkpoint_seconds=3600,  # these runs are short: the checkpoints at the ends of epochs are enough
        seed=seed,
    )


def final_cost(epochs: Sequence[Mapping[str, Any]]) -> float:
    """Return the mean training cost of a run's last epochs; infinite if it has none."""
    costs = [line["loss"] for line in epochs[-LAST:]]
    return statistics.fmean(costs) if costs else float("inf")


@dataclass(frozen=True, eq=False)
class Result:
    """The results of one optimizer's runs, one for each seed.

    Attributes:
        optimizer: one of `OPTIMIZERS`.
        learning_rate: the same for all of them.
        costs: training cost, float64 (seeds, epochs).
        finals: `final_cost` of each seed, float64 (seeds,).
        accuracies: on the validation part after the last epoch, 0 to 1, float64 (seeds,).
        tried: the learning rates that were tried, rising, each with its final cost; infinite if the run diverged.
    """

    optimizer: str
    learning_rate: float
    costs: np.ndarray
    finals: np.ndarray
    accuracies: np.ndarray
    tried: tuple[tuple[float, float], ...] = ()

    @property
    def label(self) -> str:
        """Its name in the paper's figure."""
        return OPTIMIZERS[self.optimizer]

    @property
    def median(self) -> np.ndarray:
        """Median cost over the seeds, float64 (epochs,)."""
        return np.asarray(np.median(self.costs, axis=0))

    @property
    def final(self) -> float:
        """Median of the final costs."""
        return float(np.median(self.finals))

    @property
    def accuracy(self) -> float:
        """Median accuracy on the validation part, 0 to 1."""
        return float(np.median(self.accuracies))

    @property
    def fast(self) -> int | None:
        """The first epoch, from 1, whose median cost is below `LOW_COST`; None if there is none."""
        below = np.flatnonzero(self.median < LOW_COST)
        return int(below[0]) + 1 if len(below) else None


def results(history: Mapping[str, Any]) -> list[Result]:
    """Return the results in a history of the comparison, one for each optimizer, in the figure's order.

    Raises:
        ValueError: it is not a history of this comparison: an optimizer is missing, or its runs differ in more than
            their seed.
    """
    found = []
    for optimizer in OPTIMIZERS:
        runs = [run for run in history["runs"].values() if run["config"]["optimizer"] == optimizer]
        rates = {run["config"]["learning_rate"] for run in runs}
        lengths = {len(run["epochs"]) for run in runs}
        if len(rates) != 1 or len(lengths) != 1:
            raise ValueError(f"The history has no comparable runs of {OPTIMIZERS[optimizer]}.")
        tried = history.get("grid", {}).get(optimizer, [])
        found.append(
            Result(
                optimizer,
                rates.pop(),
                np.array([[line["loss"] for line in run["epochs"]] for run in runs], np.float64),
                np.array([final_cost(run["epochs"]) for run in runs], np.float64),
                np.array([run["epochs"][-1]["val_accuracy"] for run in runs], np.float64),
                tuple((rate, float("inf") if cost is None else cost) for rate, cost in tried),
            )
        )
    return found


def shipped(dataset: str) -> Mapping[str, Any] | None:
    """Return the shipped history of the comparison on a dataset, or None."""
    name = f"adam-{dataset}"
    return histories.load(name) if name in histories.names() else None


def best_rates(dataset: str) -> dict[str, float]:
    """Return optimizer → its best learning rate on a dataset, or on the digits if nobody has tried this dataset.

    Raises:
        ValueError: no history is shipped.
    """
    history = shipped(dataset) or shipped("digits")
    if history is None:
        raise ValueError("There is no comparison of optimizers.")
    return {result.optimizer: result.learning_rate for result in results(history)}


def findings(found: Sequence[Result]) -> list[str]:
    """Return the results in sentences, and how they differ from the paper, in which Adam's cost is the lowest."""
    ranked = sorted(found, key=lambda result: result.final)
    adam = next(result for result in found if result.optimizer == "adam")
    first, second = ranked[:2]
    place = ranked.index(adam) + 1
    epochs = adam.costs.shape[1]
    sentences = []
    if place == 1:
        sentences.append(
            f"As in the paper, Adam ends lowest: in the last {LAST} of {epochs} epochs its training cost is "
            f"{figure(first.final)} on average, the next one's, {second.label}, {figure(second.final)}."
        )
    else:
        sentences.append(
            f"In the paper, Adam ends lowest. Here it does not: {first.label} does. In the last {LAST} of {epochs} "
            f"epochs, {first.label}’s training cost is {figure(first.final)} on average and Adam’s "
            f"{figure(adam.final)}, place {place} of {len(ranked)}."
        )
    rival = second if place == 1 else first
    if _overlap(rival, adam):
        sentences.append(
            f"But the seeds of Adam and {rival.label} overlap: which of the two ends lower depends on the luck of the "
            "first weights, the order and the dropout."
        )
    quick = sorted((result for result in found if result.fast is not None), key=lambda result: result.fast or 0)
    if quick:
        least = quick[0].fast
        fastest = [result.label for result in quick if result.fast == least]
        most = quick[-1].fast
        slowest = [result.label for result in quick if result.fast == most]
        sentence = f"{listed(fastest)} {_verb('get', fastest)} below {LOW_COST:g} first, in epoch {least}"
        sentence += f"; {listed(slowest)} {_verb('need', slowest)} {most}." if most != least else "."
        never = [result.label for result in found if result.fast is None]
        sentences.append(sentence + (f" {listed(never)} never {'do' if len(never) > 1 else 'does'}." if never else ""))
    accuracies = [result.accuracy for result in found]
    best = [result for result in found if result.accuracy == max(accuracies)]
    sentences.append(
        f"On digits that were not trained on, the five are {percent(min(accuracies))} to {percent(max(accuracies))} "
        f"accurate (best: {listed([result.label for result in best])}). "
        + (
            f"{first.label}, with the lowest training cost, is among the best here, too."
            if first in best
            else "The lowest training cost does not bring the best accuracy."
        )
    )
    return sentences


def _overlap(one: Result, other: Result) -> bool:
    return bool(one.finals.min() <= other.finals.max() and other.finals.min() <= one.finals.max())


def _verb(verb: str, names: Sequence[str]) -> str:
    return verb if len(names) > 1 else f"{verb}s"


def figure(cost: float) -> str:
    """Return a cost with two significant digits, without an exponent."""
    if not np.isfinite(cost):
        return "diverged"
    if cost <= 0:
        return "0"
    rounded = float(f"{cost:.1e}")
    return f"{rounded:.{max(0, 1 - math.floor(math.log10(rounded)))}f}"
