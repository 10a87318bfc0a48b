"""The way from the photo to a network's input, step by step: every array with its shape, its type and its line."""

from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np

from components.browser import Texts
from components.lessons.image_data.network_input.scene import MAX_SPEED, SLOWEST, InputScene
from components.lessons.image_data.network_input.texts import CHOICES, TEXTS, TITLES, Facts, facts, lines, sentences
from components.photo.uploads import png_url
from components.player import animation, register
from models.pictures.network_input import Stages, network_input
from models.pictures.photo import Photo

KEY = "network_input"
SHOWN_SIDE = 256
"""Longest side, in pixels, at which a picture larger than the network's input is sent for display."""

_mount = register(KEY, Path(__file__).resolve().parent)


class InputStep(Facts):
    """A step: what is done in it, its Keras line, and the array behind it as a picture's URL."""

    title: str
    words: str
    code: str
    picture: str


class InputMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    slowest: float
    topSpeed: int
    steps: list[InputStep]
    frame: list[float]


def payload(photo: Photo, scene: InputScene) -> InputMessage:
    """Return everything that the browser needs to play one scene, whatever its position and speed."""
    stages = network_input(photo.pixels, side=scene.side, how=scene.how, to=scene.to)
    words, code = sentences(photo, stages, scene), lines(photo, stages, scene)
    pictures = _pictures(stages)
    return {
        "texts": TEXTS,
        "choices": CHOICES,
        "slowest": SLOWEST,
        "topSpeed": MAX_SPEED,
        "steps": [
            {"title": TITLES[step], "words": words[step], "code": code[step], "picture": pictures[step], **facts(array)}
            for step, array in enumerate(stages)
        ],
        "frame": _frame(stages),
    }


def network_input_steps(photo: Photo) -> InputScene:
    """Draw the steps of `photo` and return the scene that they show."""
    return animation(
        _mount, KEY, InputScene, lambda scene: payload(photo, scene), subject=photo.digest, prefix="input-"
    )


def _pictures(stages: Stages) -> list[str]:
    """Return each stage's picture as a URL. Rescaled numbers are the same picture in other units."""
    resized = png_url(stages.resized)
    return [png_url(_shown(stages.photo)), png_url(_shown(stages.cut)), resized, resized, resized]


def _frame(stages: Stages) -> list[float]:
    """Return the crop's place on the photo: left, top, width, height as shares; a padded one extends beyond it."""
    (height, width), (rows, columns) = stages.photo.shape[:2], stages.cut.shape[:2]
    left, top = int((width - columns) / 2), int((height - rows) / 2)
    return [left / width, top / height, columns / width, rows / height]


def _shown(pixels: np.ndarray) -> np.ndarray:
    scale = SHOWN_SIDE / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
