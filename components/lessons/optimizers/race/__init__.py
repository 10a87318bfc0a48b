"""The race: optimizers on one loss of two weights, step by step, with every step's numbers."""

from collections.abc import Mapping
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
    RUNNERS,
    START,
    STEPS,
    STORIES,
    RaceScene,
)
from components.lessons.optimizers.race.texts import (
    ABOUT,
    EXACT_ABOUT,
    LABELS,
    LINES,
    LOOKS,
    NOISE_ABOUT,
    NOISY_GRADIENT,
    STORY_LABELS,
    STORY_TEXTS,
    SURFACE_LABELS,
    TEXTS,
    Line,
)
from components.player import animation, register
from models.arithmetic.loss_surfaces import BATCH_SIZE, SURFACES, batches, halves
from models.arithmetic.optimizer_updates import RULES, Run, adam_rate, run

KEY = "optimizer_race"

NOISY = ("digits",)
"""The surfaces whose gradient can be that of a batch: the loss is a mean over pictures."""

COLUMNS, ROWS = 121, 81
LEVELS = 14
REACH = 10
"""A run has diverged when a weight is farther from 0 than ten times half the map's width."""

_mount = register(KEY, Path(__file__).resolve().parent)


@lru_cache(maxsize=32)
def races(surface: str, noise: bool, x: float, y: float, rates: tuple[tuple[str, float], ...]) -> tuple[Run, ...]:
    """Return the path of every runner, in the order of `rates`, which are pairs of a runner and its learning rate."""
    ground = SURFACES[surface]
    drawn = batches(STEPS + 1) if noise else None

    def gradient(weights: np.ndarray, step: int) -> np.ndarray:
        return ground.gradient(weights) if drawn is None else ground.batch_gradient(weights, drawn[step])

    return tuple(
        run(
            RUNNERS[runner],
            ground.loss,
            gradient,
            start=(x, y),
            learning_rate=rate,
            steps=STEPS,
            reach=REACH * ground.width,
        )
        for runner, rate in rates
    )


def races_of(scene: RaceScene) -> tuple[Run, ...]:
    """Return the path of every runner in a scene, in the order of its `rates`."""
    return races(scene.surface, scene.noise, scene.x, scene.y, tuple(scene.rates.items()))


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


class Runner(TypedDict):
    """Who takes part: its rule and looks, the lines of its step, Keras's learning rate."""

    name: str
    rule: str
    label: str
    colour: str
    shape: str
    lines: list[Line]
    defaultRate: str
    firstSlot: float


class StoryChoice(TypedDict):
    """A step of the story: the scene with which it begins, at which position, and who takes part."""

    scene: dict[str, str]
    position: int
    runners: list[str]


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
    runners: list[Runner]
    first: dict[str, dict[str, str]]
    stories: dict[str, StoryChoice]
    noisy: list[str]
    correction: str
    batches: str
    batchSize: int
    story: str
    about: str
    ground: Ground
    runs: list[EncodedRun]


def payload(scene: RaceScene) -> RaceMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed.

    For each runner, `runs` has the arrays of `models.arithmetic.optimizer_updates.Run` as float32. The browser has
    the same rules: while the start or a learning rate is dragged, it computes the paths itself until Python's arrive.
    `batches` are the pictures of each step, uint16 (steps + 1, batchSize), and empty where gradients are exact.
    """
    return {
        "texts": TEXTS,
        "choices": {"surface": _choices(SURFACE_LABELS), "story": _choices(STORY_LABELS)},
        "steps": STEPS,
        "topSpeed": MAX_SPEED,
        "reach": REACH,
        "rates": [LOWEST_RATE, HIGHEST_RATE],
        "runners": [_runner(name, noise=scene.noise) for name in scene.rates],
        "first": {name: _first(name) for name in SURFACES},
        "stories": {name: _story(name) for name in STORIES},
        "noisy": list(NOISY),
        "correction": encode_array(np.array([adam_rate(np.float32(1), step) for step in range(1, STEPS + 1)]), "f4"),
        "batches": encode_array(batches(STEPS + 1) if scene.noise else np.zeros(0), "u2"),
        "batchSize": BATCH_SIZE,
        "story": STORY_TEXTS[scene.story],
        "about": _about(scene),
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


def _choices(labels: Mapping[str, str]) -> list[list[str]]:
    return [list(item) for item in labels.items()]


def _runner(name: str, *, noise: bool) -> Runner:
    rule = RULES[RUNNERS[name]]
    lines = LINES[rule.name]
    return {
        "name": name,
        "rule": rule.name,
        "label": LABELS[name],
        "colour": LOOKS[name][0],
        "shape": LOOKS[name][1],
        "lines": [NOISY_GRADIENT, *lines[1:]] if noise else lines,
        "defaultRate": f"{rule.default_rate:g}",
        "firstSlot": rule.first_slot,
    }


def _first(surface: str) -> dict[str, str]:
    """Return the parameters that go with a surface: itself, start and learning rates."""
    params = RaceScene.at_first(surface).all_params()
    return {name: params[name] for name in ("surface", "x", "y", *RUNNERS)}


def _story(name: str) -> StoryChoice:
    scene = RaceScene.of_story(name)
    params = {key: text for key, text in scene.all_params().items() if key not in ("position", "speed")}
    return {"scene": params, "position": scene.position, "runners": list(STORIES[name].runners)}


def _about(scene: RaceScene) -> str:
    if scene.surface not in NOISY:
        return ABOUT[scene.surface]
    return f"{ABOUT[scene.surface]} {NOISE_ABOUT if scene.noise else EXACT_ABOUT}"


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
