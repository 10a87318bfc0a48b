"""stopping_chart/rule.js: where a training ends and which epochs are kept is what Keras's own callbacks decide."""

from typing import Any

import numpy as np
import pytest

from components.lessons.callbacks.stopping_chart import shipped_curves
from tests.node import in_node
from tests.stopping_reference import by_keras

DECIDED = """
import { earlyStopping, keptEpochs } from "./lessons/callbacks/stopping_chart/rule.js";
answer(
  told.map(({ values, bestOnly, ...settings }) => ({
    stop: earlyStopping(values, settings),
    kept: keptEpochs(values, { ...settings, bestOnly }),
  })),
);
"""


def shipped() -> list[dict[str, Any]]:
    return [
        {"values": curves.figures[monitor], "patience": patience, "minDelta": min_delta, "maximise": maximise}
        for curves in shipped_curves().values()
        for monitor, maximise in [("val_loss", False), ("val_accuracy", True), ("loss", False)]
        for patience in (0, 1, 3, 7, 40)
        for min_delta in (0, 0.005, 0.1, 1)
    ]


def drawn() -> list[dict[str, Any]]:
    """Figures of few different values: many are equal, and many differ by exactly `minDelta`."""
    random = np.random.default_rng(8)
    return [
        {
            "values": (random.integers(0, 20, random.integers(1, 26)) / 8).tolist(),
            "patience": int(random.integers(0, 9)),
            "minDelta": float(random.choice([0.0, 0.125, 0.3])),
            "maximise": bool(random.integers(2)),
        }
        for _ in range(300)
    ]


@pytest.mark.parametrize("made", [shipped, drawn])
@pytest.mark.parametrize("best_only", [True, False])
def test_the_browser_decides_as_keras_does(made, best_only):
    cases = [{**case, "bestOnly": best_only} for case in made()]
    decided = in_node(DECIDED, cases)
    for case, found in zip(cases, decided, strict=True):
        assert found == by_keras(case), case
    ends = [found["stop"]["stopped"] for found in decided]
    assert 0.2 < np.mean(ends) < 0.95, "both ends of a training are looked at"
