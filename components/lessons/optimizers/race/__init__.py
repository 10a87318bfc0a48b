"""The race: seven optimizers on one loss of two weights, step by step, with every step's numbers."""

from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.optimizers.race.scene import (
    HIGHEST_RATE,
    LOWEST_RATE,
    MAX_SPEED,
    RATES,
    START,
    STEPS,
    RaceScene,
)
from components.lessons.optimizers.race.texts import ABOUT, LABELS, LINES, LOOKS, SURFACE_LABELS, TEXTS, Line
from components.player import animation, register
from models.arithmetic.loss_surfaces import SURFACES, halves
from models.arithmetic.optimizer_updates import RULES, Run, adam_rate, run

KEY = "optimizer_race"

COLUMNS, ROWS = 121, 81
LEVELS = 14
REACH = 10
"""A run has diverged when a weight is farther from 0 than ten times half the map's width."""

_mount = register(KEY, Path(__file__).resolve().parent)


@lru_cache(maxsize=32)
def races(surface: str, x: float, y: float, rates: tuple[float, ...]) -> tuple[Run, ...]:
    """Return the path of every optimizer, in the order of `RULES`, which is also that of `rates`."""
    ground = SURFACES[surface]
    return tuple(
        run(
            name,
            ground.loss,
            ground.gradient,
            start=(x, y),
            learning_rate=rate,
            steps=STEPS,
            reach=REACH * ground.width,
        )
        for name, rate in zip(RULES, rates, strict=True)
    )


def races_of(scene: RaceScene) -> tuple[Run, ...]:
    """Return the path of every optimizer in a scene, in the order of `RULES`."""
    return races(scene.surface, scene.x, scene.y, tuple(scene.rates.values()))


class Ground(TypedDict):
    """A surface's map: what `_ground` returns."""

    name: str
    width: float
    height: float
    columns: int
    rows: int
    losses: str
    levels: list[float]
    least: float
    minima: list[list[float]]
    inputs: str
    labels: str


class OptimizerRule(TypedDict):
    """An optimizer: its looks, the lines of its step, Keras's learning rate."""

    name: str
    label: str
    colour: str
    shape: str
    lines: list[Line]
    defaultRate: str
    firstSlot: float


class EncodedRun(TypedDict):
    """The arrays of a `Run` as float32, encoded."""

    weights: str
    losses: str
    gradients: str
    changes: str
    slots: str
    ended: int | None


class RaceMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    steps: int
    topSpeed: int
    reach: int
    rates: list[float]
    rules: list[OptimizerRule]
    first: dict[str, dict[str, str]]
    correction: str
    about: str
    ground: Ground
    runs: list[EncodedRun]


def payload(scene: RaceScene) -> RaceMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    For each optimizer, `runs` has the arrays of `models.arithmetic.optimizer_updates.Run` as float32. The browser has
    the same rules: while the start or a learning rate is dragged, it computes the paths itself until Python's arrive.
    """
    return {
        "texts": TEXTS,
        "choices": {"surface": [list(item) for item in SURFACE_LABELS.items()]},
        "steps": STEPS,
        "topSpeed": MAX_SPEED,
        "reach": REACH,
        "rates": [LOWEST_RATE, HIGHEST_RATE],
        "rules": [
            {
                "name": name,
                "label": LABELS[name],
                "colour": LOOKS[name][0],
                "shape": LOOKS[name][1],
                "lines": LINES[name],
                "defaultRate": f"{rule.default_rate:g}",
                "firstSlot": rule.first_slot,
            }
            for name, rule in RULES.items()
        ],
        "first": {name: RaceScene.at_first(name).all_params() for name in SURFACES},
        "correction": encode_array(np.array([adam_rate(np.float32(1), step) for step in range(1, STEPS + 1)]), "f4"),
        "about": ABOUT[scene.surface],
        "ground": _ground(scene.surface),
        "runs": [
            {
                "weights": encode_array(way.weights, "f4"),
                "losses": encode_array(way.losses, "f4"),
                "gradients": encode_array(way.gradients, "f4"),
                "changes": encode_array(way.changes, "f4"),
                "slots": encode_array(way.slots, "f4"),
                "ended": way.ended,
            }
            for way in races_of(scene)
        ],
    }


@lru_cache(maxsize=len(SURFACES))
def _ground(name: str) -> Ground:
    """Return a surface's map: losses on a grid, float32 (81, 121), levels of contour lines, minima, data."""
    surface = SURFACES[name]
    losses = surface.grid(COLUMNS, ROWS)
    least = float(surface.loss(np.array(surface.minima)).min())
    inputs, labels = halves() if name == "digits" else (np.zeros((0, 2)), np.zeros(0))
    return {
        "name": name,
        "width": surface.width,
        "height": surface.height,
        "columns": COLUMNS,
        "rows": ROWS,
        "losses": encode_array(losses, "f4"),
        "levels": contour_levels(losses),
        "least": least,
        "minima": [list(place) for place in surface.minima],
        "inputs": encode_array(inputs, "f8"),
        "labels": encode_array(labels, "u1"),
    }


def contour_levels(losses: np.ndarray) -> list[float]:
    """Return the losses of the contour lines, ascending: spread over the map, and denser where the loss is low."""
    shares = (np.arange(1, LEVELS + 1) / (LEVELS + 1)) ** 1.7
    return [float(level) for level in np.quantile(losses, shares)]


def optimizer_race() -> RaceScene:
    """Draw the race and return the scene that it shows."""
    return animation(_mount, KEY, RaceScene, payload, subject="race")


__all__ = ["RATES", "START", "STEPS", "RaceScene", "optimizer_race", "payload", "races_of"]
